"""清单 | The whole inventory under a basis: energy CO2, CH4 and N2O of burning, processes, and their sum, recomputed.

Every row is recomputed from its lines as on its own screen; here rows of one category and gas are added, weighed by
the one GWP edition of the basis, and added again. What the basis counts is read from ``purpose_rules.csv``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain import gases, gates, process
from pipelines.reports.explain.burning import Emission, emissions
from pipelines.reports.explain.chains import LEDGER_PLACES, Chain
from pipelines.reports.explain.energy import PUBLISHED, published, sources
from pipelines.reports.explain.evidence import Column, Evidence, Row
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.releasing import Releases, potential
from pipelines.reports.explain.shapes import Explanation, Section, Step
from pipelines.reports.explain.uses import Book
from pipelines.reports.inventory import CATEGORIES
from pipelines.units import decimals

UNIT = "t CO2e"
FORMULA = (
    "Σ 能源 CO2 + Σ 燃烧 CH4、N2O × GWP（口径计入的）+ Σ 过程与逸散 × GWP；生物质 CO2 与另列的不在合计内"
)
_CORE, _RULE = "core.inventory.co2e_t", "combustion_ch4_n2o"
_USES = {"stationary": "fuel_stationary", "mobile": "fuel_mobile"}


class Group(NamedTuple):
    """What is added up: one category and gas, and whether the basis counts it."""

    category: str
    scope: str
    gas: str
    is_biogenic: bool
    is_optional: bool

    @property
    def is_in_total(self) -> bool:
        """Neither shown beside the total nor CO2 of biomass."""
        return not self.is_optional and not (self.is_biogenic and self.gas == "CO2")

    @property
    def name(self) -> str:
        """How the screen calls it."""
        beside = "（另列，不计入）" if self.is_optional else ""
        origin = "（生物质，不计入）" if self.is_biogenic and self.gas == "CO2" else ""
        return f"{CATEGORIES.get(self.category, self.category)} {self.gas}{beside}{origin}"


class Item(NamedTuple):
    """One row of core.inventory recomputed: the gas, and by the GWP of the basis."""

    mass_t: Decimal | None
    gwp: Decimal | None
    is_provisional: bool = False

    @property
    def co2e_t(self) -> Decimal | None:
        """To the places the ledger keeps; unknown where mass or GWP is."""
        return _times(self.mass_t, self.gwp)


@dataclass
class Rows:
    """A month's rows by group, and the parts they were recomputed in."""

    groups: dict[Group, list[Item]] = field(default_factory=lambda: defaultdict(list))
    parts: list[Part] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)

    @property
    def ordered(self) -> list[tuple[Group, list[Item]]]:
        """Energy before processes, what counts before what does not."""
        order = list(CATEGORIES)
        return sorted(
            self.groups.items(),
            key=lambda pair: (not pair[0].is_in_total, order.index(pair[0].category), pair[0].gas),
        )


def district(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """The district's month."""
    return _screen(evidence, figure, month, f"全区温室气体清单（{month}）")


def factory(evidence: Evidence, figure: str, month: Month, factory_id: str) -> Explanation:
    """A factory's month."""
    title = f"{evidence.name_of(factory_id)}（{factory_id}） · 温室气体清单（{month}）"
    return _screen(evidence, figure, month, title, factory_id)


def _screen(evidence: Evidence, figure: str, month: Month, title: str, factory_id: str = "") -> Explanation:
    purpose = process.purpose_asked(evidence, figure, month)
    rows = _rows(evidence, month, purpose, factory_id)
    stored = _stored(evidence, month, purpose, factory_id)
    if not stored and not rows.groups:
        raise NotFound(f"{month} 没有清单数据。", f"no inventory in {month}")
    parts = Parts.of(rows.parts)
    total = _sum(item.co2e_t for group, items in rows.groups.items() if group.is_in_total for item in items)
    kept = _sum(row["co2e_t"] for row in stored if row["is_in_total"])
    return Explanation(
        figure=figure,
        title=title,
        value="未知" if total is None else f"{figures.number(total)} {UNIT}{_beside(rows)}",
        formula=FORMULA,
        steps=[
            *parts.parting,
            *_sums(evidence, rows, stored, {"month": month.first, "purpose": purpose}, factory_id),
            Step("合计", "计入的各项之和", total, UNIT, "精确相加", _CORE, kept),
        ],
        gates=parts.gates(),
        sections=[_section(rows)],
        sources=sources(evidence, rows.chains) if factory_id else [],
        notes=[
            f"{group.name}：{_unknown(items)} 项未知，不在合计内。"
            for group, items in rows.ordered
            if _unknown(items)
        ],
        parts_compared=parts.compared,
        part_roundings=parts.roundings,
        scope=f"全链复算：{len(parts)} 项逐一由原文复算后求和；各项与合计和台账清单（core.inventory）、清单月表逐位比较",
        closer=[f"{name}@{purpose}/{'/'.join(figure.split('/')[1:])}" for name in ("co2", "process")],
        facts=process.facts(evidence, purpose),
    )


def _rows(evidence: Evidence, month: Month, purpose: str, factory_id: str) -> Rows:
    """Energy CO2, CH4 and N2O of burning where the basis has a rule for them, CO2 of biomass, processes."""
    rows = Rows()
    book = Book(evidence, month, purpose, factory_id)
    for who in book.factories():
        for code in book.codes(who):
            for emission in emissions(book, who, code):
                _burnt_energy(rows, evidence, book, f"{who}/{code}", emission)
    releases = Releases(evidence, month, purpose, factory_id)
    edition, treated = releases.purpose["gwp_edition"], handling(book)
    for item in gases.of_month(book, factory_id):
        if item.gas != "CO2" and treated not in ("counted", "shown"):
            continue
        is_optional = item.gas != "CO2" and treated == "shown"
        group = Group(_USES[item.key[4]], "direct", item.gas, item.is_biogenic, is_optional)
        rows.groups[group].append(
            Item(item.mass_t, _gwp(evidence, edition, item.gas, is_biogenic=item.is_biogenic))
        )
        rows.parts.append(Part(f"{'/'.join(item.key[:2])} {item.gas}", item.steps, item.gates))
        rows.chains += item.chains
    for made in releases.made:
        label = f"{made.line['factory_id']}/{made.line['activity_code']}"
        rows.parts.append(Part(label, made.steps, made.gates))
        rows.chains += made.chains
        if made.is_counted:
            group = Group("process", "direct", made.gas, made.is_biogenic, is_optional=False)
            gwp = _gwp(evidence, edition, made.gas, is_biogenic=made.is_biogenic)
            rows.groups[group].append(Item(made.emitted_t, gwp))
    return rows


def _burnt_energy(rows: Rows, evidence: Evidence, book: Book, label: str, emission: Emission) -> None:
    """The CO2 of one emission: of a fuel the part of vehicles and the rest, which add up to the last digit."""
    rows.parts.append(Part(label, emission.steps, emission.gates))
    rows.chains += [emission.chain] if emission.chain else []
    purpose = next(r for r in evidence.printed.rows("purposes") if r["purpose"] == book.purpose)
    gwp = _gwp(evidence, purpose["gwp_edition"], "CO2", is_biogenic=False)
    is_provisional = bool(emission.stored.get("is_provisional"))
    mobile_t = emission.mobile_t
    rest = emission.co2_t
    if mobile_t is not None and rest is not None:
        rest = decimals.total([rest, -mobile_t])
    if not emission.is_all_mobile:
        category = "fuel_stationary" if emission.kind == "fuel" else emission.kind
        group = Group(category, emission.scope, "CO2", is_biogenic=False, is_optional=False)
        rows.groups[group].append(Item(rest, gwp, is_provisional))
    if emission.mobile:
        group = Group("fuel_mobile", emission.scope, "CO2", is_biogenic=False, is_optional=False)
        rows.groups[group].append(Item(mobile_t, gwp, is_provisional))


def _gwp(evidence: Evidence, edition: str, gas: str, *, is_biogenic: bool) -> Decimal | None:
    row = potential(evidence, edition, gas, is_biogenic=is_biogenic)
    return None if row is None else Decimal(row["gwp"])


def _times(mass_t: Decimal | None, gwp: Decimal | None) -> Decimal | None:
    if mass_t is None or gwp is None:
        return None
    return decimals.rounded(decimals.product(mass_t, gwp), LEDGER_PLACES, ROUND_HALF_UP)


def equivalent(evidence: Evidence, edition: str, item: gases.Burning) -> Decimal | None:
    """二氧化碳当量 | By one GWP edition; unknown where mass or potential is."""
    return _times(item.mass_t, _gwp(evidence, edition, item.gas, is_biogenic=item.is_biogenic))


def handling(book: Book) -> str:
    """What the printed rule of the basis does with CH4 and N2O of burning; blank where none speaks."""
    return next(
        (
            row["handling"]
            for row in book.evidence.printed.rows("purpose_rules")
            if (row["purpose"], row["item"]) == (book.purpose, _RULE)
            and row.covers(book.day)
            and gates.usable(book.evidence, row).holds
        ),
        "",
    )


def _stored(evidence: Evidence, month: Month, purpose: str, factory_id: str) -> list[Row]:
    only, more = (" and factory_id = ?", [factory_id]) if factory_id else ("", [])
    columns = "category, scope, gas, is_biogenic, is_optional, is_in_total, co2e_t"
    sql = f"select {columns} from core.inventory where month = ? and purpose = ?{only}"
    return evidence.rows(sql, month.first, purpose, *more)


def _sums(
    evidence: Evidence, rows: Rows, stored: Sequence[Row], where: dict[str, object], factory_id: str
) -> list[Step]:
    """Each group beside the exact sum of the ledger's rows, and beside the mart of the district or the factory."""
    kept: dict[Group, list[Row]] = defaultdict(list)
    for row in stored:
        kept[Group(*(row[name] for name in Group._fields))].append(row)
    steps: list[Step] = []
    for group, items in rows.ordered:
        told, own = f"{len(items)} 项之和", _sum(row["co2e_t"] for row in kept.pop(group, []))
        value = _sum(item.co2e_t for item in items)
        steps.append(Step(group.name, told, value, UNIT, "精确相加", _CORE, own))
        if not factory_id:
            steps += _mart(evidence, "mart.inventory_month", {**where, **group._asdict()}, group, items)
        elif where["purpose"] == evidence.headline:
            which = {**where, **group._asdict(), "factory_id": factory_id}
            steps += _mart(evidence, "mart.inventory_factory_month", which, group, items)
    # A stored group that no recomputed row stands behind is the gravest difference of all.
    return steps + [
        Step(f"{group.name} 来源", "没有来源行", None, UNIT, "", _CORE, _sum(row["co2e_t"] for row in left))
        for group, left in kept.items()
    ]


def _mart(
    evidence: Evidence, table: str, where: dict[str, object], group: Group, items: Sequence[Item]
) -> list[Step]:
    """Masses of one gas added first and weighed once: no rounding but the last."""
    mass, gwp = _sum(item.mass_t for item in items), items[0].gwp
    co2e = None if mass is None or gwp is None else published(decimals.product(mass, gwp))
    unknown = len(items) if gwp is None else sum(1 for item in items if item.mass_t is None)
    is_provisional = any(item.is_provisional for item in items)
    columns = [
        Column("mass_t", f"{group.name} 月表：质量", "先求和", published(mass), f"t {group.gas}", PUBLISHED),
        Column("co2e_t", f"{group.name} 月表：当量", "质量之和 × GWP", co2e, UNIT, PUBLISHED),
        Column("unknown_rows", f"{group.name} 月表：未知项", "", unknown, "项"),
        Column("is_provisional", f"{group.name} 月表：暂用因子", "有一项暂用即是", is_provisional),
    ]
    return evidence.columns(table, where, columns)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; nothing when nothing is."""
    known = [value for value in values if value is not None]
    return decimals.total(known) if known else None


def _unknown(items: Iterable[Item]) -> int:
    return sum(1 for item in items if item.co2e_t is None)


def _beside(rows: Rows) -> str:
    unknown = sum(_unknown(items) for group, items in rows.groups.items() if group.is_in_total)
    return f"，另有 {unknown} 项未知" if unknown else ""


def _section(rows: Rows) -> Section:
    told = [
        (
            group.name,
            "计入" if group.is_in_total else "不计入",
            str(len(items)),
            figures.number(_sum(item.mass_t for item in items), 6),
            figures.number(_sum(item.co2e_t for item in items), 6),
            str(_unknown(items)),
        )
        for group, items in rows.ordered
    ]
    return Section("清单各项（每项均由原文复算）", ("项", "合计", "行", "t 该气体", UNIT, "未知行"), told)
