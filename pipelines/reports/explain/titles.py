"""Screens of one factory's standing: 6+X membership, green status; and the four readings of the national count."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import words
from pipelines.reports.explain.evidence import Column, Evidence, Row
from pipelines.reports.explain.goals import FEN
from pipelines.reports.explain.policy import District, Membership, Status, membership
from pipelines.reports.explain.shapes import NONE, Explanation, Section, Step, called

_NATIONAL = "national_green_factories"
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
        steps += _reading(evidence, month, name, rows, is_chosen=name == chosen)
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


def _reading(
    evidence: Evidence, month: Month, name: str, rows: Sequence[Row], *, is_chosen: bool
) -> list[Step]:
    """One reading: how many, how many are missing, and who."""
    where, label = {"month": month.first, "reading": name}, words.READINGS[name]
    aim = next((t for t in evidence.printed.targets(month.first) if t["computed_by"] == _NATIONAL), None)
    target = None if aim is None else Decimal(str(aim["target"]["value"]))
    gap = None if target is None else max(Decimal(0), target - len(rows))
    is_met = None if target is None else len(rows) >= target
    columns = [
        Column("factories", label, f"名单 {len(rows)} 家，按统一社会信用代码去重", len(rows), "家"),
        Column("target", f"{label}：目标", "规划原文", target, "家", absent=NONE),
        Column("gap", f"{label}：距目标", "目标 − 家数，达到为零", gap, "家", absent=NONE),
        Column("is_met", f"{label}：达到", "家数 ≥ 目标", is_met, absent=NONE),
        Column("is_headline", f"{label}：采用", "口径设置", is_chosen),
    ]
    table = "mart.national_green_factory_member"
    sql = f"select factory_id, award_cycle from {table} where month = ? and reading = ?"
    listed = [_listed(row) for row in evidence.rows(sql, *where.values())]
    return [
        *evidence.columns("mart.national_green_factory", where, columns),
        Step(
            f"{label}：名单与批次年度",
            "逐家对照",
            "、".join(sorted(map(_listed, rows))) or "无",
            place=f"{table}.award_cycle",
            stored="、".join(sorted(listed)) or "无",
        ),
    ]


def _listed(row: Row) -> str:
    return f"{row['factory_id']}（{row['award_cycle']}）"


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
        *_above_scale(evidence, month, factory_id),
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


def _above_scale(evidence: Evidence, month: Month, factory_id: str) -> list[Step]:
    """规上 | As registered on the first of the month, beside the factory's month where it has one."""
    where = {"factory_id": factory_id, "month": month.first}
    if not evidence.rows(
        "select month from mart.factory_month where factory_id = ? and month = ?", *where.values()
    ):
        return []
    row = evidence.registered(factory_id, month.first)
    value = row["is_above_scale"] if row else None
    return evidence.compare(
        "规上（月初）", "名录", value, "mart.factory_month", "is_above_scale", where, absent=NONE
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
    steps += _listing(evidence, district, factory_id, status)
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


def _listing(evidence: Evidence, district: District, factory_id: str, status: Status) -> list[Step]:
    """The factory's row in the list of green factories at the month end; none without a valid title."""
    if not status.titles:
        return []
    title = status.titles[0]
    member = next((m for m in district.members if m.factory_id == factory_id), None)
    output = member.output_cny if member else None
    columns = [
        Column("level", "名单：级别", "月末有效的最高级别", status.level),
        Column("award_cycle", "名单：批次年度", "最高级别的称号", title["award_cycle"]),
        Column("published_on", "名单：公布日期", "最高级别的称号", title["published_on"]),
        Column("is_6x_above_scale", "名单：计入绿色占比的企业", "期末为 6+X 规上企业", member is not None),
        Column("output_ytd_cny", "名单：年初累计产值", "6+X 规上企业的产值之和", output, "元", FEN),
    ]
    where = {"month": district.month.first, "factory_id": factory_id}
    return evidence.columns("mart.green_factory", where, columns)


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
