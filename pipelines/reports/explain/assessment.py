"""绿色工厂评价 | Screens of one factory's evaluation: gates, indicators and what may be said of them, judged again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.errors import NotFound
from pipelines.reports import figures, words
from pipelines.reports.explain.assessing import (
    FAIL,
    OPEN,
    PASS,
    Criterion,
    count,
    criteria,
    pass_mark,
    rule_sets,
)
from pipelines.reports.explain.evidence import Column, Evidence
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.shapes import MOST_ROWS, NONE, Explanation, Section, Source, Step, called

FORMULA = (
    "门槛报 1 为满足、0 为不满足；指标与阈值比较，单位须一致；缺值、缺阈值、阈值仅凭记忆的不可评，不作零分"
)
_RULES, _SUM = "mart.green_assessment", "mart.green_eligibility"


def factory(evidence: Evidence, figure: str, year: int, factory_id: str) -> Explanation:
    """A factory's year: every criterion, and the sum of them."""
    found = _found(evidence, factory_id, year)
    parts = Parts.of(Part(item.key, _steps(evidence, factory_id, year, item)) for item in found)
    columns = _columns(evidence, year, found)
    lines = list(
        {(line["receipt_id"], line["line_no"]): line for item in found for line in item.lines}.values()
    )
    return Explanation(
        figure=figure,
        title=f"{evidence.name_of(factory_id)}（{factory_id}） · 绿色工厂评价（{year} 年度）",
        value=_value(columns),
        formula=FORMULA,
        steps=[*parts.parting, *evidence.columns(_SUM, {"factory_id": factory_id, "year": year}, columns)],
        gates=parts.gates(),
        sections=[_section(found)],
        lines=evidence.lines(lines),
        sources=_sources(evidence, found),
        notes=["本系统从不给出“符合”：是否为国家级绿色工厂，只看工业和信息化部公布的名单。"],
        parts_compared=parts.compared,
        scope=f"全链复算：{len(found)} 条门槛和指标由 {len(lines)} 行原文与印发的规则逐条重判",
        closer=[f"assessment/{year}/{factory_id}/{item.key}" for item in found if item.lines][:5],
        facts={"评价日": f"{date(year, 12, 31)}（当年最后一日，由它选用规则集）"},
    )


def criterion(evidence: Evidence, figure: str, year: int, factory_id: str, key: str) -> Explanation:
    """One criterion of a factory's year."""
    every = _found(evidence, factory_id, year)
    found = [item for item in every if item.key == key]
    if not found:
        have = "、".join(item.key for item in every)
        raise NotFound(
            f"{year} 年的规则集没有指标 {key}，有：{have}。", f"no criterion {key!r}; there are {have}"
        )
    item = found[0]
    return Explanation(
        figure=figure,
        title=f"{evidence.name_of(factory_id)}（{factory_id}） · {item.item['name_zh']}（{year} 年度）",
        value=f"{words.VERDICTS[item.verdict]}{f'：{item.reason}' if item.reason else ''}",
        formula=_told(item),
        steps=[step for each in found for step in _steps(evidence, factory_id, year, each)],
        lines=evidence.lines(item.lines),
        sources=_sources(evidence, found),
        scope=f"全链复算：{len(item.lines)} 行原文与印发的规则重判",
        facts={
            "规则集": f"{item.rules.content['title_zh']}（{item.rules.content['number']}）",
            "条款": str(item.item.get("clause") or item.item.get("second_level") or "未写明"),
        },
    )


def _found(evidence: Evidence, factory_id: str, year: int) -> list[Criterion]:
    found = criteria(evidence, factory_id, year)
    if not any(item.lines for item in found):
        sql = f"select count(*) as rows from {_RULES} where factory_id = ? and year = ?"
        if not evidence.rows(sql, factory_id, year)[0]["rows"]:
            raise NotFound(
                f"{factory_id} 没有 {year} 年度准入的绿色绩效数据。",
                f"no admitted performance line of {factory_id} for {year}",
            )
    return found


def _steps(evidence: Evidence, factory_id: str, year: int, item: Criterion) -> list[Step]:
    where = {"factory_id": factory_id, "year": year, "rule_set": item.rules.name, "criterion": item.key}
    texts = " + ".join(f"“{line['value_text']}”" for line in item.lines) or "没有准入的行"
    unit, limit = item.limit.unit, item.limit
    reported = item.reported_unit or ""
    columns = [
        Column("value", "报送值", texts, item.value, reported, absent=NONE),
        Column("reported_unit", "报送单位", "原文", item.reported_unit, absent=NONE),
        Column("comparator", "比较方式", "规则集", item.comparator, absent=NONE),
        Column("threshold", "阈值", limit.source or "没有阈值", limit.value, unit, absent=NONE),
        Column("unit", "阈值单位", limit.source or "规则集", limit.unit),
        Column("threshold_source", "阈值出处", "标准条文优先，其次本行业参考值", limit.source, absent=NONE),
        Column("certainty", "确定程度", "规则集", str(item.item["certainty"])),
        Column("distance", "距阈值", "好于阈值为正", item.distance, unit, absent=NONE),
        Column("reason", "不可评的原因", "依次核对", item.reason, absent=NONE),
        Column("verdict", "结论", _told(item), item.verdict),
    ]
    return evidence.columns(_RULES, where, columns)


def _columns(evidence: Evidence, year: int, found: Sequence[Criterion]) -> list[Column]:
    """The sum, as the mart keeps it."""
    day = date(year, 12, 31)
    rules = {item.kind: item for item in rule_sets(evidence, day)}
    standard, veto = rules.get("standard"), rules.get("veto")
    failed, unknown = (count(found, is_gate=True, verdict=verdict) for verdict in (FAIL, OPEN))
    mark = pass_mark(standard, day) if standard else None
    if failed:
        verdict = "gates_failed"
    elif unknown:
        verdict = "gates_unknown"
    else:
        verdict = "no_pass_mark" if mark is None else "to_be_scored"
    by_day = "评价日有效的规则集"
    return [
        Column("rule_set", "标准", by_day, standard.name if standard else None),
        Column("veto_set", "否决情形", by_day, veto.name if veto else None),
        Column("gates_met", "满足的门槛", "", count(found, is_gate=True, verdict=PASS), "条"),
        Column("gates_failed", "不满足的门槛", "", failed, "条"),
        Column("gates_unknown", "未报的门槛", "", unknown, "条"),
        Column("indicators_passed", "满足的指标", "", count(found, is_gate=False, verdict=PASS), "条"),
        Column("indicators_failed", "不满足的指标", "", count(found, is_gate=False, verdict=FAIL), "条"),
        Column("indicators_unknown", "不可评的指标", "", count(found, is_gate=False, verdict=OPEN), "条"),
        Column("pass_mark", "合格分", "主管部门规定", mark, "分", absent="未规定"),
        Column("verdict", "结论", "先看门槛，再看合格分", verdict),
    ]


def _value(columns: Sequence[Column]) -> str:
    values = {column.name: column.value for column in columns}
    gates = (
        f"门槛 满足 {values['gates_met']}、不满足 {values['gates_failed']}、未报 {values['gates_unknown']}"
    )
    told = (
        f"指标 满足 {values['indicators_passed']}、不满足 {values['indicators_failed']}、"
        f"不可评 {values['indicators_unknown']}"
    )
    return f"{words.ELIGIBILITY[str(values['verdict'])]}；{gates}；{told}"


def _told(item: Criterion) -> str:
    """How the criterion is judged, in one line."""
    if item.is_gate:
        return "1 满足，0 不满足"
    if item.limit.value is None:
        return "没有阈值，不比较"
    sign = words.COMPARATORS.get(item.comparator or "", item.comparator)
    return f"报送值 {sign} {figures.plain(item.limit.value)} {item.limit.unit}"


def _section(found: Sequence[Criterion]) -> Section:
    rows = [
        (
            "门槛" if item.is_gate else "指标",
            str(item.item["name_zh"]),
            "—" if item.value is None else f"{figures.plain(item.value)} {item.reported_unit or ''}".strip(),
            "—" if item.limit.value is None else _told(item).removeprefix("报送值 "),
            words.VERDICTS[item.verdict],
            item.reason or "",
        )
        for item in found[:MOST_ROWS]
    ]
    return Section("逐条（由原文与印发的规则重判）", ("类别", "条目", "报送值", "阈值", "结论", "原因"), rows)


def _sources(evidence: Evidence, found: Sequence[Criterion]) -> list[Source]:
    """The rule sets, and reference values where one was taken."""
    sources = {}
    for item in found:
        content = item.rules.content
        sources[item.rules.place] = Source(
            item.rules.name,
            "规则集",
            "",
            "",
            str(content["title_zh"]),
            str(content["number"]),
            None,
            str(content.get("valid_from") or ""),
            str(content.get("valid_to") or ""),
            called(words.CERTAINTIES, str(content["certainty"])),
            item.rules.place,
        )
        row = item.limit.row
        if row is not None:
            told = Source(
                row["reference_id"], "参考值", row["value"], row["unit"], row["source"], "", None,
                row["valid_from"], row["valid_to"], called(words.CERTAINTIES, row["certainty"]), row.place,
            )  # fmt: skip
            sources[row.place] = told
    return list(sources.values())
