"""其他气体的不确定度 | The 95 % half-width of processes and of CH4, N2O of burning, recomputed row by row in CO2e.

U² = Σ (当量 × u activity)² + Σ over factors of (Σ 当量 × u factor)², as for energy CO2: errors of activity figures are
independent, all rows of one factor are wrong together. GWP has no part in it: the errors are those of masses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain import gases, inventory, process
from pipelines.reports.explain.energy import MART_PLACES, PUBLISHED, published
from pipelines.reports.explain.evidence import Column, Evidence, Row
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.releasing import Release, Releases
from pipelines.reports.explain.shapes import MOST_ROWS, Explanation, Section, Step
from pipelines.reports.explain.tiers import WORST, Tiers, Weighed, compared
from pipelines.reports.explain.uncertainty import Spread, by_tier, root, tier_columns, tier_sources
from pipelines.reports.explain.uses import Book
from pipelines.units import decimals

FORMULA = (
    "U² = Σ(当量 × u活动)² + Σ因子(Σ当量 × u因子)²；± = √U² ÷ 覆盖的当量，95 % 置信；不含 GWP 自身的误差"
)
SQUARES = "每项当量取 4 位小数，乘半宽取 4 位，再平方；同一因子的当量先相加；每个因子取 6 位小数；四舍五入"
UNIT = "t CO2e"
_TABLE, _ROWS = "mart.gas_quality_month", "core.gas_quality"
_SHORT_PLACES = 4


@dataclass
class Found:
    """What the lines of a month give: rows weighed, and the parts they were recomputed in."""

    rows: list[Weighed] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def district(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """The district's month, under the headline basis or a named one."""
    purpose = process.purpose_asked(evidence, figure, month)
    found = _found(evidence, month, purpose)
    if not found.rows:
        raise NotFound(f"{month} 没有过程与其他气体数据。", f"no process or other gas in {month}")
    spread, parts = Spread(found.rows), Parts.of(found.parts)
    covered = spread.tonnes(is_covered=True)
    return Explanation(
        figure=figure,
        title=f"全区过程、逸散与燃烧其他气体的不确定度与数据质量（{month}）",
        value=_value(spread, covered),
        formula=FORMULA,
        steps=[
            *parts.parting,
            *_sums(evidence, spread, {"purpose": purpose, "month": month.first}),
            *root(squared(spread), covered, UNIT),
        ],
        gates=parts.gates("因子与半宽条件"),
        sections=[by_tier(spread, UNIT), _by_kind(evidence, spread)],
        sources=tier_sources(evidence, found.rows),
        notes=_notes(spread),
        parts_compared=parts.compared,
        part_roundings=parts.roundings,
        scope=f"全链复算：{len(found.rows)} 项（行 × 气体）由原文复算，档次由来源行和印发的档次表另行判定",
        closer=[
            f"process@{purpose}/{month}",
            f"inventory@{purpose}/{month}",
            f"uncertainty@{purpose}/{month}",
        ],
        facts=process.facts(evidence, purpose),
    )


def _found(evidence: Evidence, month: Month, purpose: str) -> Found:
    """Processes, and CH4 and N2O of burning where the basis counts them."""
    book = Book(evidence, month, purpose)
    tiers, found = Tiers(book), Found()
    sql = f"select * from {_ROWS} where month = ?"
    stored = {_key(row): row for row in evidence.rows(sql, month.first)}
    for made in Releases(evidence, month, purpose).made:
        if made.is_counted and not (made.gas == "CO2" and made.is_biogenic):
            kept = stored.get(_of_line(made), {})
            _take(found, tiers, kept, _released(tiers, made), made.emitted_t, made)
    if inventory.handling(book) != "counted":
        return found
    edition = next(r for r in evidence.printed.rows("purposes") if r["purpose"] == purpose)["gwp_edition"]
    for item in gases.of_month(book):
        if item.gas != "CO2":
            row = _burnt(tiers, item, inventory.equivalent(evidence, edition, item))
            _take(found, tiers, stored.get(("burning", *item.key), {}), row, item.mass_t, item)
    return found


def _released(tiers: Tiers, made: Release) -> Weighed:
    code = str(made.line["activity_code"])
    factor = tiers.of_gas("process", code, made.level)
    activity = tiers.document(made.line)
    return Weighed(
        str(made.line["factory_id"]), code, made.gas, made.factor_id, made.co2e_t, activity, factor
    )


def _burnt(tiers: Tiers, item: gases.Burning, co2e_t: Decimal | None) -> Weighed:
    factory, code = item.key[:2]
    factor = tiers.of_gas("burning", item.gas, "international" if item.factor_id else "")
    return Weighed(factory, code, item.gas, item.factor_id, co2e_t, tiers.activity(factory, code), factor)


def _take(
    found: Found,
    tiers: Tiers,
    kept: Row,
    row: Weighed,
    mass_t: Decimal | None,
    made: Release | gases.Burning,
) -> None:
    """A row with its tiers beside what the ledger keeps: its own tier goes by the mass, its sums by the equivalent."""
    steps = [*made.steps, *compared(replace(row, co2_t=mass_t), kept, _ROWS)]
    found.parts.append(
        Part(f"{row.factory_id}/{row.code} {row.kind}", steps, [*made.gates, *tiers.gates(row)])
    )
    found.rows.append(row)


def squared(spread: Spread) -> Decimal | None:
    """The square of the half-width; nothing when nothing is covered."""
    groups: dict[tuple[str, Decimal | None], list[Weighed]] = defaultdict(list)
    for row in spread.covered:
        groups[(row.factor_id, row.factor.half_width)].append(row)
    if not groups:
        return None
    activity = decimals.total([_six(decimals.total([_own(row) for row in rows])) for rows in groups.values()])
    return decimals.total([activity, _six(decimals.total([_shared(rows) for rows in groups.values()]))])


def _own(row: Weighed) -> Decimal:
    """(当量 × u activity)² of one row."""
    return _square(row.short_t, row.activity.half_width)


def _shared(rows: Sequence[Weighed]) -> Decimal:
    """(Σ当量 × u factor)² of all rows of one factor: added whole, then cut once."""
    tonnes = decimals.total([row.co2_t for row in rows if row.co2_t is not None])
    return _square(decimals.rounded(tonnes, _SHORT_PLACES, ROUND_HALF_UP), rows[0].factor.half_width)


def _square(tonnes: Decimal, share: Decimal | None) -> Decimal:
    wide = decimals.rounded(decimals.product(tonnes, share or Decimal(0)), _SHORT_PLACES, ROUND_HALF_UP)
    return decimals.product(wide, wide)


def _six(value: Decimal) -> Decimal:
    return decimals.rounded(value, MART_PLACES, ROUND_HALF_UP)


def _sums(evidence: Evidence, spread: Spread, where: dict[str, object]) -> list[Step]:
    """Every column of the mart, recomputed."""
    whole, covered = published(spread.tonnes()), published(spread.tonnes(is_covered=True))
    lowest = max(WORST if row.co2_t is None else row.quality_tier for row in spread.rows)
    columns = [
        Column("co2e_t", "当量", f"{len(spread.rows)} 项之和", whole, UNIT, PUBLISHED),
        Column("covered_t", "半宽覆盖的当量", f"{len(spread.covered)} 项之和", covered, UNIT, PUBLISHED),
        Column("half_width_squared_t2", "半宽平方", "活动与因子两部分之和", squared(spread), "t²", SQUARES),
        *tier_columns(spread, UNIT),
        Column("lowest_tier", "最低档", "各项中最差", lowest),
        Column("emission_rows", "项数", "行 × 气体", len(spread.rows), "项"),
        Column("rows_unknown", "未知的项", "没有因子或 GWP", spread.without_factor, "项"),
        Column("rows_uncovered", "半宽未知的项", "没有来源给出半宽", spread.uncovered, "项"),
    ]
    return evidence.columns(_TABLE, where, columns)


def _by_kind(evidence: Evidence, spread: Spread) -> Section:
    """Rows that share activity or fuel, gas and tiers."""
    names = {row["activity_code"]: row["name_zh"] for row in evidence.printed.rows("activities")}
    names |= {row["energy_code"]: row["name_zh"] for row in evidence.printed.rows("energy_kinds")}
    groups: dict[tuple[str, ...], list[Weighed]] = defaultdict(list)
    for row in spread.rows:
        groups[(row.code, row.kind, row.activity.told, row.factor.told)].append(row)
    told = []
    for (code, gas, activity, factor), rows in sorted(groups.items()):
        tonnes = Spread(rows).tonnes()
        shown = "未知" if tonnes is None else figures.number(tonnes, MART_PLACES)
        told.append((names.get(code, code), gas, activity, factor, str(len(rows)), shown))
    header = ("活动或燃料", "气体", "活动数据", "因子", "项", UNIT)
    return Section("按活动、气体和档次", header, told[:MOST_ROWS])


def _notes(spread: Spread) -> list[str]:
    told = []
    if spread.without_factor:
        told.append(f"{spread.without_factor} 项没有因子或 GWP：未知，不在当量和半宽之内，质量档为 5。")
    if spread.uncovered:
        told.append(f"{spread.uncovered} 项没有来源给出半宽：计入当量，不计入半宽。")
    return told


def _value(spread: Spread, covered: Decimal | None) -> str:
    whole = spread.tonnes()
    if whole is None:
        return "未知"
    part = f"（覆盖 {figures.percent(covered, whole, 1)}）" if spread.uncovered else ""
    return f"{figures.plus_minus(squared(spread), covered)}{part}，当量 {figures.number(whole)} {UNIT}"


def _of_line(made: Release) -> tuple[str, ...]:
    return ("process", str(made.line["receipt_id"]), str(made.line["line_no"]), made.gas)


def _key(row: Row) -> tuple[str, ...]:
    """How a stored row is found again: a line and gas, or a use of a fuel and gas."""
    names: tuple[str, ...] = ("source", "factory_id", "energy_code", "receipt_id", "line_no", "use", "gas")
    if row["source"] == "process":
        names = ("source", "receipt_id", "line_no", "gas")
    return tuple("" if row[name] is None else str(row[name]) for name in names)
