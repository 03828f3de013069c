"""Screens of one factory's standing: 6+X membership, green status; and the four readings of the national count."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import words
from pipelines.reports.explain.evidence import Evidence, Row
from pipelines.reports.explain.policy import District, Membership, Status, membership
from pipelines.reports.explain.shapes import Explanation, Section, Step, called

_REASONS = {
    "by_code": "行业代码即可确定",
    "by_tag": "企业名录已标注",
    "tag_needed": "该行业只有部分属于集群，待区里标注，暂不计入",
    "no_output": "服务或电力行业，产值不计入制造业",
    "outside": "不在 6+X 产业之内",
}


def national(evidence: Evidence, month: Month, figure: str) -> Explanation:
    """The four readings of "8", with names."""
    evidence.month_exists(month)
    district = District(evidence, month)
    chosen = evidence.printed.setting("national_reading", month.first)
    lists = {name: district.national(name) for name in words.READINGS}
    steps: list[Step] = []
    for name, rows in lists.items():
        told = f"名单 {len(rows)} 家，按统一社会信用代码去重"
        where = {"month": month.first, "reading": name}
        label = words.READINGS[name]
        steps += evidence.compare(
            label, told, len(rows), "mart.national_green_factory", "factories", where, unit="家"
        )
        stored = evidence.rows(
            "select factory_id from mart.national_green_factory_member where month = ? and reading = ?",
            *where.values(),
        )
        steps.append(
            Step(
                f"{label}：名单",
                "逐家对照",
                "、".join(sorted(row["factory_id"] for row in rows)) or "无",
                place="mart.national_green_factory_member.factory_id",
                stored="、".join(sorted(row["factory_id"] for row in stored)) or "无",
            )
        )
    return Explanation(
        figure=figure,
        title=f"国家级绿色工厂（{month}，{words.READINGS[chosen]}）",
        value=f"{len(lists[chosen])} 家",
        formula="按统一社会信用代码去重；新创建或存量、按批次年度或公布日期，共四种读法",
        steps=steps,
        sections=[_national_section(evidence, lists[chosen])],
        lines=evidence.lines(lists[chosen], 10),
        scope="全链复算：全部称号原文行按四种读法重新判定",
        closer=[f"green_status/{month}/{row['factory_id']}" for row in lists[chosen][:5]],
    )


def member_of(evidence: Evidence, month: Month, factory_id: str, figure: str) -> Explanation:
    """6+X 归属 | Which cluster a factory belongs to at the month end, and why."""
    evidence.month_exists(month)
    row = _register_row(District(evidence, month), factory_id)
    judged = membership(evidence.printed, row["industry_code"], row["tag_6x"])
    where = {"factory_id": factory_id, "valid_from": row["valid_from"]}
    table, told = "core.factory_cluster", f"行业代码 {row['industry_code']}，标注 {row['tag_6x'] or '无'}"
    steps = [
        *evidence.compare("产业集群", told, judged.cluster, table, "cluster", where),
        *evidence.compare("判定理由", _REASONS[judged.reason], judged.reason, table, "reason", where),
        *evidence.compare("计入九个集群", "", judged.is_in_a9, table, "is_in_a9", where),
        *evidence.compare("计入 2024 年六个产业", "", judged.is_in_b6, table, "is_in_b6", where),
    ]
    return Explanation(
        figure=figure,
        title=f"{row['name']}（{factory_id}）的 6+X 归属（{month} 月末）",
        value=judged.cluster or "不计入 6+X",
        formula="行业代码的最长前缀决定集群；只有部分属于集群的行业由区里标注",
        steps=steps,
        sections=[_industry_section(judged)],
        lines=[evidence.line(row["receipt_id"], row["line_no"])],
        scope="由名录原文行和行业对照表重新判定",
        closer=[f"green_status/{month}/{factory_id}", f"output/{month}/{factory_id}"],
    )


def status_of(evidence: Evidence, month: Month, factory_id: str, figure: str) -> Explanation:
    """绿色工厂状态 | The titles a factory holds at the month end."""
    evidence.month_exists(month)
    district = District(evidence, month)
    status = district.status(factory_id)
    where = {"factory_id": factory_id, "month": month.first}
    told = "月末前公布且未移出的称号中级别最高者"
    steps = [
        *evidence.compare("最高级别", told, status.level, "core.green_status", "level", where),
        *evidence.compare(
            "计入绿色占比",
            "有一项有效称号属于计入的级别",
            status.counts_for_share if status.titles else None,
            "core.green_status",
            "counts_for_share",
            where,
        ),
    ]
    every = [row for row in district.titles if row["factory_id"] == factory_id]
    return Explanation(
        figure=figure,
        title=f"{evidence.name_of(factory_id)}（{factory_id}）的绿色工厂状态（{month} 月末）",
        value=called(words.LEVELS, status.level) or "无有效称号",
        formula="公布日期在月末以前、移出日期在月末以后（或未移出）",
        steps=steps,
        sections=[_titles_section(every, status)],
        lines=evidence.lines(every, 6),
        scope="由称号原文行重新判定",
        closer=[f"membership/{month}/{factory_id}", f"output/{month}/{factory_id}"],
    )


def _national_section(evidence: Evidence, rows: Sequence[Row]) -> Section:
    return Section(
        "采用读法的名单",
        ("统一社会信用代码", "企业", "批次年度", "公布日期", "文号"),
        [
            (
                row["factory_id"],
                evidence.name_of(row["factory_id"]),
                str(row["award_cycle"]),
                str(row["published_on"]),
                row["document_no"] or "",
            )
            for row in rows
        ],
    )


def _industry_section(judged: Membership) -> Section:
    row = judged.row
    cells = (
        []
        if row is None
        else [(row["prefix"], row["name_zh"], row["cluster_zh"], row["coverage"], row["role"], row["note"])]
    )
    return Section("行业对照表中匹配的一行", ("前缀", "行业", "集群", "覆盖", "角色", "说明"), cells)


def _titles_section(rows: Sequence[Row], status: Status) -> Section:
    valid = {(row["receipt_id"], row["line_no"]) for row in status.titles}
    return Section(
        "称号",
        ("级别", "批次年度", "公布日期", "移出日期", "文号", "月末有效"),
        [
            (
                called(words.LEVELS, row["level"]),
                str(row["award_cycle"]),
                str(row["published_on"]),
                str(row["removed_on"] or ""),
                row["document_no"] or "",
                "是" if (row["receipt_id"], row["line_no"]) in valid else "否",
            )
            for row in rows
        ],
    )


def _register_row(district: District, factory_id: str) -> Row:
    for row in district.registers:
        if row["factory_id"] == factory_id:
            return row
    raise NotFound(
        f"{factory_id} 在 {district.month} 月末不在企业名录内。",
        f"{factory_id} is not on the register at the end of {district.month}",
    )
