"""产值 | Screens of industrial output: the district's month, and one factory's year to date, down to lines as received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain.evidence import Column, Evidence, Row
from pipelines.reports.explain.goals import FEN, member_steps
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.policy import ADDED, OUTPUT, District
from pipelines.reports.explain.shapes import MOST_ROWS, NONE, Explanation, Section, Step
from pipelines.units import decimals

_LABELS = {OUTPUT: "工业总产值", ADDED: "工业增加值"}


def district(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """工业总产值 of the district's month, every factory's from its lines."""
    evidence.month_exists(month)
    year = District(evidence, month)
    lines: dict[str, list[Row]] = defaultdict(list)
    for row in evidence.admitted("output", month.first, month.first):
        lines[row["factory_id"]].append(row)
    if not lines:
        raise NotFound(f"{month} 没有准入的产值。", f"no admitted output in {month}")
    parts = Parts.of(Part(who, _month_steps(evidence, year, who, month, rows)) for who, rows in lines.items())
    totals = {who: _sum(year.yuan(row) for row in rows) for who, rows in lines.items()}
    value = _sum(totals.values())
    where = {"month": month.first, "purpose": evidence.headline}
    columns = [Column("output_value_cny", "全区当月", f"{len(lines)} 家之和", value, "元", FEN)]
    return Explanation(
        figure=figure,
        title=f"全区工业总产值（{month}）",
        value=_told(value),
        formula="各企业当月工业总产值之和；未报送的企业未知，不在合计内",
        steps=[*parts.parting, *evidence.columns("mart.district_month", where, columns)],
        sections=[_section(evidence, totals)],
        parts_compared=parts.compared,
        part_roundings=parts.roundings,
        scope=f"全链复算：{len(lines)} 家企业的产值原文逐行复算后求和",
        closer=[f"output/{month}/{who}" for who in _largest(totals)[:5]],
    )


def factory(evidence: Evidence, month: Month, factory_id: str, figure: str) -> Explanation:
    """A factory's output, month by month, with its lines."""
    evidence.month_exists(month)
    year = District(evidence, month)
    lines: dict[Month, list[Row]] = defaultdict(list)
    for row in evidence.admitted("output", Month(month.year, 1).first, month.first, factory_id):
        lines[Month.of(row["period"])].append(row)
    if not lines:
        raise NotFound(
            f"{factory_id} 在 {month.year} 年没有准入的产值。",
            f"{factory_id} reported no output in {month.year}",
        )
    steps = [
        step
        for each, rows in sorted(lines.items())
        for step in _month_steps(evidence, year, factory_id, each, rows)
    ]
    every = [row for rows in lines.values() for row in rows]
    whole = _sum(year.yuan(row) for row in every)
    member = next((m for m in year.members if m.factory_id == factory_id), None)
    steps += member_steps(evidence, month, member) if member else [Step("年初累计", "各月之和", whole, "元")]
    return Explanation(
        figure=figure,
        title=f"{evidence.name_of(factory_id)}（{factory_id}）的工业总产值（{month.year} 年 1 月至 {month.month} 月）",
        value=_told(whole),
        formula="各月工业总产值之和",
        steps=steps,
        lines=evidence.lines(every),
        notes=[] if member is not None else ["本企业期末不是 6+X 规上企业，产值不进入绿色占比。"],
        scope=f"全链复算：{len(every)} 行产值原文",
        closer=[f"membership/{month}/{factory_id}", f"green_status/{month}/{factory_id}"],
    )


def _month_steps(
    evidence: Evidence, year: District, factory_id: str, month: Month, rows: Sequence[Row]
) -> list[Step]:
    """工业总产值 and 工业增加值 of a factory's month beside the ledger's, and as published."""
    where = {"factory_id": factory_id, "month": month.first}
    columns = []
    for column, label in _LABELS.items():
        stated = [
            f"“{row[f'{column}_text']}” {year.money_unit(row, column)}"
            for row in rows
            if row[f"{column}_text"]
        ]
        value = _sum(year.yuan(row, column) for row in rows)
        told = " + ".join(stated) or "未填"
        absent = NONE if column == ADDED else "未知"
        columns.append(Column(column, f"{month} {label}", told, value, "元", FEN, absent))
    return [
        *evidence.columns("core.output", where, columns),
        *evidence.columns("mart.factory_month", where, columns),
    ]


def _section(evidence: Evidence, totals: Mapping[str, Decimal | None]) -> Section:
    rows = [(who, evidence.name_of(who), figures.number(totals[who])) for who in _largest(totals)[:MOST_ROWS]]
    return Section("按企业（由原文复算）", ("统一社会信用代码", "企业", "元"), rows)


def _largest(totals: Mapping[str, Decimal | None]) -> list[str]:
    return sorted(totals, key=lambda who: (totals[who] is None, -(totals[who] or Decimal(0)), who))


def _told(value: Decimal | None) -> str:
    return "未知" if value is None else f"{figures.number(value)} 元"


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return decimals.total(known) if known else None
