"""清单 | The whole inventory under a basis: energy CO2, CH4 and N2O of burning, processes, and their sum, recomputed.

Every part is recomputed from its lines as on its own screen; here the parts are put into CO2e by the one GWP
edition of the basis and added. What the basis counts is read from ``purpose_rules.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain import gases, gates, process
from pipelines.reports.explain.burning import emissions
from pipelines.reports.explain.chains import LEDGER_PLACES, Chain
from pipelines.reports.explain.energy import sources
from pipelines.reports.explain.evidence import Evidence, Row
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.releasing import HALF_UP, Releases, potential
from pipelines.reports.explain.shapes import Explanation, Section, Step
from pipelines.reports.explain.uses import Book
from pipelines.units import decimals

UNIT = "t CO2e"
FORMULA = (
    "Σ 能源 CO2 + Σ 燃烧 CH4、N2O × GWP（口径计入的）+ Σ 过程与逸散 × GWP；生物质 CO2 与另列的不在合计内"
)
_PLACE = "core.inventory.co2e_t"
_RULE = "combustion_ch4_n2o"
_GASES = ("CH4", "N2O")


@dataclass
class Share:
    """One line of the sum: what it is, its values in CO2e (none where unknown), and the parts that make it."""

    name: str
    is_in_total: bool
    values: list[Decimal | None] = field(default_factory=list)
    made: list[Part] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)

    @property
    def total(self) -> Decimal | None:
        """The sum of what is known; nothing when nothing is."""
        known = [value for value in self.values if value is not None]
        return decimals.total(known) if known else None

    @property
    def unknown(self) -> int:
        """How many rows are unknown: they are in no sum."""
        return sum(1 for value in self.values if value is None)


def district(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """The district's month."""
    return _screen(evidence, figure, month, f"全区温室气体清单（{month}）")


def factory(evidence: Evidence, figure: str, month: Month, factory_id: str) -> Explanation:
    """A factory's month."""
    title = f"{evidence.name_of(factory_id)}（{factory_id}） · 温室气体清单（{month}）"
    return _screen(evidence, figure, month, title, factory_id)


def _screen(evidence: Evidence, figure: str, month: Month, title: str, factory_id: str = "") -> Explanation:
    purpose = process.purpose_asked(evidence, figure, month)
    parts = _parts(evidence, month, purpose, factory_id)
    rows = _stored(evidence, month, purpose, factory_id)
    if not rows and not any(part.values for part in parts):
        raise NotFound(f"{month} 没有清单数据。", f"no inventory in {month}")
    made = Parts.of(item for part in parts for item in part.made)
    counted = [part.total for part in parts if part.is_in_total and part.total is not None]
    total = decimals.total(counted) if counted else None
    return Explanation(
        figure=figure,
        title=title,
        value="未知" if total is None else f"{figures.number(total)} {UNIT}{_beside(parts)}",
        formula=FORMULA,
        steps=[*made.parting, *_sums(parts, rows), _whole(total, rows)],
        gates=made.gates(),
        sections=[_section(parts)],
        sources=sources(evidence, [chain for part in parts for chain in part.chains]) if factory_id else [],
        notes=[f"{part.name}：{part.unknown} 项未知，不在合计内。" for part in parts if part.unknown],
        parts_compared=made.compared,
        part_roundings=made.roundings,
        scope=f"全链复算：{len(made)} 项逐一由原文复算后求和；各项与合计和台账清单（core.inventory）逐位比较",
        closer=[f"{name}@{purpose}/{'/'.join(figure.split('/')[1:])}" for name in ("co2", "process")],
        facts=process.facts(evidence, purpose),
    )


def _parts(evidence: Evidence, month: Month, purpose: str, factory_id: str) -> list[Share]:
    """Energy CO2, each gas of burning, CO2 of biomass, processes."""
    book = Book(evidence, month, purpose, factory_id)
    releases = Releases(evidence, month, purpose, factory_id)
    parts = [_energy(book), *_burning(book, releases.purpose["gwp_edition"], factory_id)]
    made = Share("过程与逸散", is_in_total=True)
    for release in releases.made:
        label = f"{release.line['factory_id']}/{release.line['activity_code']}"
        made.made.append(Part(label, release.steps, release.gates))
        made.chains += release.chains
        if release.is_counted:
            made.values.append(release.co2e_t)
    return [*parts, made]


def _energy(book: Book) -> Share:
    made = Share("能源 CO2", is_in_total=True)
    for who in book.factories():
        for code in book.codes(who):
            for emission in emissions(book, who, code):
                made.values.append(emission.co2_t)
                made.made.append(Part(f"{who}/{code}", emission.steps, emission.gates))
                made.chains += [emission.chain] if emission.chain else []
    return made


def _burning(book: Book, edition: str, factory_id: str) -> list[Share]:
    treated = handling(book)
    made = gases.of_month(book, factory_id)
    parts = []
    for gas in _GASES if treated in ("counted", "shown") else ():
        is_in_total = treated == "counted"
        part = Share(f"燃烧 {gas}{'' if is_in_total else '（另列，不计入）'}", is_in_total)
        for item in (item for item in made if item.gas == gas):
            part.values.append(equivalent(book.evidence, edition, item))
            part.made.append(Part(gas, item.steps, item.gates))
            part.chains += item.chains
        parts.append(part)
    return parts


def equivalent(evidence: Evidence, edition: str, item: gases.Burning) -> Decimal | None:
    """二氧化碳当量 | By one GWP edition; unknown where mass or potential is."""
    row = potential(evidence, edition, item.gas, is_biogenic=item.is_biogenic)
    if row is None or item.mass_t is None:
        return None
    exact = decimals.product(item.mass_t, Decimal(row["gwp"]))
    return decimals.rounded(exact, LEDGER_PLACES, ROUND_HALF_UP)


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
    columns = "category, gas, is_biogenic, is_in_total, co2e_t"
    sql = f"select {columns} from core.inventory where month = ? and purpose = ?{only}"
    return evidence.rows(sql, month.first, purpose, *more)


def _sums(parts: Iterable[Share], rows: Sequence[Row]) -> list[Step]:
    return [
        Step(
            part.name,
            f"{len(part.values)} 项之和",
            part.total,
            UNIT,
            HALF_UP,
            _PLACE,
            _total(_of(part, rows)),
        )
        for part in parts
    ]


def _whole(total: Decimal | None, rows: Sequence[Row]) -> Step:
    kept = _total([row for row in rows if row["is_in_total"]])
    return Step("合计", "计入的各项之和", total, UNIT, "精确相加", _PLACE, kept)


def _of(part: Share, rows: Sequence[Row]) -> list[Row]:
    """The stored rows one line of the sum stands for."""
    if part.name.startswith("过程"):
        return [row for row in rows if row["category"] == "process"]
    own = [row for row in rows if row["category"] != "process"]
    if part.name.startswith("能源"):
        return [row for row in own if row["gas"] == "CO2" and not row["is_biogenic"]]
    return [row for row in own if f" {row['gas']}" in part.name and row["is_in_total"] == part.is_in_total]


def _total(rows: Sequence[Row]) -> Decimal | None:
    known = [row["co2e_t"] for row in rows if row["co2e_t"] is not None]
    return decimals.total(known) if known else None


def _beside(parts: Iterable[Share]) -> str:
    unknown = sum(part.unknown for part in parts if part.is_in_total)
    return f"，另有 {unknown} 项未知" if unknown else ""


def _section(parts: Iterable[Share]) -> Section:
    rows = [
        (
            part.name,
            "计入" if part.is_in_total else "不计入",
            str(len(part.values)),
            "未知" if part.total is None else figures.number(part.total, 6),
            str(part.unknown),
        )
        for part in parts
    ]
    return Section("清单各项（每项均由原文复算）", ("项", "合计", "行", UNIT, "未知行"), rows)
