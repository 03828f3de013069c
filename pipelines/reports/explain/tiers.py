"""数据质量档与半宽 | Which tier an emission belongs to, looked up anew from its lines and the printed tables.

What a line can show for its figure (meter, document, purchase and stocks) gives the tier of the activity; where the
factor came from gives the factor's. ``quality_tiers.csv`` names the half-width of a tier, ``uncertainty.csv`` gives it.
A half-width that may not be used is unknown, not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from pipelines.reports.explain import gates, reading
from pipelines.reports.explain.burning import Emission
from pipelines.reports.explain.chains import LEDGER_PLACES, plain
from pipelines.reports.explain.evidence import Evidence, Row
from pipelines.reports.explain.flows import CUMULATIVE
from pipelines.reports.explain.printed import PrintedRow
from pipelines.reports.explain.shapes import Gate, Step
from pipelines.reports.explain.uses import Book
from pipelines.units import decimals

WORST = 5
SHORT = "排放取到 0.0001 t，四舍五入"
_WIDTH_PLACES = 4
_BOUGHT = {"electricity_exported": "electricity", "heat_exported": "heat"}
"""What is passed on carries the factor of what was bought."""


@dataclass(frozen=True)
class Tier:
    """One row of quality_tiers.csv and the half-width it names; either may be missing."""

    name: str
    row: PrintedRow | None = None
    width: PrintedRow | None = None

    @property
    def quality(self) -> int | None:
        """1 best to 5 worst; unknown where the tables have no such tier."""
        return int(self.row["quality_tier"]) if self.row else None

    @property
    def half_width(self) -> Decimal | None:
        """95 %, as a share."""
        if self.width is None:
            return None
        return decimals.rounded(Decimal(self.width["half_width"]), _WIDTH_PLACES, ROUND_HALF_UP)

    @property
    def squared(self) -> Decimal | None:
        """Its square, from the printed number."""
        if self.width is None:
            return None
        share = Decimal(self.width["half_width"])
        return decimals.rounded(decimals.product(share, share), LEDGER_PLACES, ROUND_HALF_EVEN)

    @property
    def told(self) -> str:
        """Its name and half-width."""
        share = self.half_width
        name = self.row["name_zh"] if self.row else f"{self.name or '无'}（没有档次）"
        return f"{name}，{'半宽未知' if share is None else f'± {plain(share * 100)}%'}"


@dataclass
class Weighed:
    """One row of core.emission with the tiers of its activity and its factor."""

    factory_id: str
    code: str
    kind: str
    factor_id: str
    co2_t: Decimal | None
    activity: Tier
    factor: Tier
    steps: list[Step] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)

    @property
    def quality_tier(self) -> int:
        """The worse of activity and factor; 5 without a factor."""
        first, second = self.activity.quality, self.factor.quality
        return WORST if self.co2_t is None or first is None or second is None else max(first, second)

    @property
    def squared(self) -> Decimal | None:
        """Square of the row's relative half-width: activity² + factor²; unknown where one is."""
        first, second = self.activity.squared, self.factor.squared
        return None if first is None or second is None else decimals.total([first, second])

    @property
    def is_covered(self) -> bool:
        """Whether the half-width speaks of this row."""
        return self.squared is not None

    @property
    def short_t(self) -> Decimal:
        """To the fourth place, as the ledger adds it."""
        return decimals.rounded(self.co2_t or Decimal(0), _WIDTH_PLACES, ROUND_HALF_UP)

    @property
    def agrees(self) -> bool:
        """Every step and every condition."""
        return all(step.agrees for step in self.steps) and all(gate.holds for gate in self.gates)


class Tiers:
    """The tiers of one month's emissions under the book's basis."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._evidence: Evidence = book.evidence
        printed = book.evidence.printed
        self._rows = printed.rows("quality_tiers")
        self._widths = {
            row["subject"]: row
            for row in printed.rows("uncertainty")
            if gates.usable(book.evidence, row).holds
        }
        sql = "select * from core.emission_quality where month = ? and purpose = ?"
        stored = book.evidence.rows(sql, book.day, book.purpose)
        self._stored = {_key(row["factory_id"], row["energy_code"], row): row for row in stored}

    def of(self, factory: str, code: str, emission: Emission) -> Weighed:
        """An emission with its tiers, beside what the ledger keeps of them."""
        activity = self.activity(factory, code)
        factor = self._factor(factory, emission)
        factor_id = emission.chain.factor_id if emission.chain else emission.stored.get("factor_id")
        made = Weighed(factory, code, emission.kind, factor_id or "", emission.co2_t, activity, factor)
        kept = self._stored.get(_key(factory, code, {"kind": emission.kind, **emission.stored}), {})
        made.steps = [*emission.steps, *compared(made, kept, "core.emission_quality")]
        made.gates = [*emission.gates, *self.gates(made)]
        return made

    def of_gas(self, side: str, kind: str, level: str) -> Tier:
        """The tier of a factor of processes (by activity) or of other gases of burning (by gas)."""
        columns = ("side", "applies_to", "tier")
        wanted = (side, kind, level)
        found = [row for row in self._rows if tuple(row[column] for column in columns) == wanted]
        return self._tier(level, found)

    def document(self, line: Row) -> Tier:
        """What a line that states no meter can show: a document, or nothing."""
        return self._activity("invoice" if line.get("document_no") else "stated")

    def activity(self, factory: str, code: str) -> Tier:
        """What the weakest line of the use can show."""
        lines = self._book.lines.get((factory, code), [])
        found = [self._activity(self._shown(line)) for line in lines]
        return min(found, key=_strength) if found else Tier("")

    def _shown(self, line: Row) -> str:
        if line["meter_id"] is not None:
            return "metered" if line["document_no"] is None else "metered_document"
        if line["document_no"] is not None:
            return "invoice"
        bought = self._book.flows.stated(line, "purchased").value
        stocks = (bought, self._opening(line), reading.number(line["closing_stock_text"]))
        return "stated" if None in stocks else "balance"

    def _opening(self, line: Row) -> Decimal | None:
        """月初库存 | Of a year-to-date line that of the month before's end; it states the year's beginning itself."""
        if line.get("basis") != CUMULATIVE or self._book.day.month == 1:
            return reading.number(line["opening_stock_text"])
        before = self._book.flows.before(line)
        return reading.number(before["closing_stock_text"]) if before else None

    def _activity(self, name: str) -> Tier:
        return self._tier(
            name, [row for row in self._rows if (row["side"], row["tier"]) == ("activity", name)]
        )

    def _factor(self, factory: str, emission: Emission) -> Tier:
        level = self._level(factory, emission)
        kind = _BOUGHT.get(emission.kind, emission.kind)
        wanted = ("factor", kind, level, "true" if emission.stored.get("is_provisional") else "false")
        columns = ("side", "applies_to", "tier", "is_provisional")
        found = [row for row in self._rows if tuple(row[column] for column in columns) == wanted]
        return self._tier(level, found)

    def _tier(self, name: str, rows: Sequence[PrintedRow]) -> Tier:
        row = rows[0] if rows else None
        return Tier(name, row, self._widths.get(row["subject"]) if row else None)

    def _level(self, factory: str, emission: Emission) -> str:
        """Where the factor came from, by the written order it was chosen in; blank without a factor."""
        if emission.kind == "green_power":
            return "contract"
        if emission.chain is None:
            return ""
        if emission.kind != "fuel":
            return self._level_of_bought(emission.chain.rows[0][1])
        if emission.chain.factor_id.startswith("measured."):
            return "measured"
        named = emission.chain.edition or emission.chain.rows[0][1]
        sector = self._evidence.sector(factory, self._book.day)
        for row in self._evidence.printed.rows("fuel_editions"):
            is_its = row["edition"] == named["edition"] and row.get("sector") in ("", sector)
            if is_its and row.covers(self._book.day, "used_from", "used_to"):
                return row["level"]
        return ""

    def _level_of_bought(self, factor: PrintedRow) -> str:
        wanted = (factor["carrier"], factor["parameter"], factor["purpose"], factor["region"])
        for row in self._evidence.printed.rows("purchased_resolution"):
            found = (row["carrier"], row["parameter"], row["factor_purpose"], row["region"])
            if row["purpose"] == self._book.purpose and found == wanted:
                return row["level"]
        return ""

    def gates(self, made: Weighed) -> list[Gate]:
        """May the half-widths of a row be used."""
        widths = (made.activity.width, made.factor.width)
        return [gates.usable(self._evidence, row) for row in widths if row is not None]


def compared(made: Weighed, kept: Row, place: str) -> list[Step]:
    """The tiers and half-widths of a row beside what the ledger keeps at *place*."""
    rows: list[tuple[str, str, str, Decimal | int | str | None]] = [
        ("活动数据档", made.activity.told, "activity_tier", made.activity.name or None),
        ("因子级别", made.factor.told, "factor_tier", made.factor.name or None),
        ("活动数据半宽", made.activity.told, "activity_half_width", made.activity.half_width),
        ("因子半宽", made.factor.told, "factor_half_width", made.factor.half_width),
        ("质量档", "活动与因子中较差的一档；没有因子的为 5", "quality_tier", made.quality_tier),
        ("半宽平方", "活动² + 因子²", "half_width_squared", made.squared),
    ]
    return [
        Step(name, told, value, "", "", f"{place}.{column}", kept.get(column))
        for name, told, column, value in rows
    ]


def _strength(tier: Tier) -> tuple[bool, int, bool, Decimal, str]:
    """Weakest first: no tier at all, then the worse tier, then the wider one."""
    share = tier.half_width
    return (tier.quality is not None, -(tier.quality or 0), share is None, -(share or Decimal(0)), tier.name)


def _key(factory: str, code: str, row: Row) -> tuple[str, ...]:
    return (factory, code, row["kind"], str(row.get("receipt_id")), str(row.get("first_line_no")))
