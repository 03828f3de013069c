"""二氧化碳复算 | The emission of one energy use recomputed: activity × factor, and green power set against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from pipelines.reports.explain import gates, reading
from pipelines.reports.explain.chains import EVEN, LEDGER_PLACES, Chain, plain, pretty
from pipelines.reports.explain.evidence import Row
from pipelines.reports.explain.shapes import Gate, Step
from pipelines.reports.explain.uses import HALF_UP, Book
from pipelines.units import decimals

_UNKNOWN = "没有可用因子：未知，不是零"


@dataclass
class Emission:
    """One row of core.emission recomputed."""

    kind: str
    scope: str
    unit: str
    activity: Decimal | None
    stored: Row
    co2_t: Decimal | None = None
    chain: Chain | None = None
    steps: list[Step] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    formula: str = ""


def emissions(book: Book, factory: str, code: str) -> list[Emission]:
    """The recomputed emission rows of one energy use under the book's accounting basis."""
    kind = book.evidence.printed.kind(code)
    stored = {_key(row): row for row in book.emissions.get((factory, code), [])}
    made: list[Emission] = []
    if not book.is_counted(code) or kind["is_recovered"] == "true":
        pass
    elif kind["carrier"] == "electricity":
        made = _electricity(book, factory, code, stored)
    elif kind["carrier"] == "heat" or kind["is_fuel"] == "true":
        made = _direct(book, factory, code, stored, is_fuel=kind["is_fuel"] == "true")
    return made + [_unfounded(row) for row in stored.values()]


def _key(row: Row) -> tuple[str, ...]:
    if row["kind"] in ("electricity", "green_power"):
        return (row["kind"],)
    return (row["kind"], row["receipt_id"], str(row["first_line_no"]))


def _direct(
    book: Book, factory: str, code: str, stored: dict[tuple[str, ...], Row], *, is_fuel: bool
) -> list[Emission]:
    """Fuels without the part used as raw material; purchased heat whole."""
    made = []
    name, scope = ("fuel", "direct") if is_fuel else ("heat", "indirect")
    for part in book.parts(factory, code):
        if part.used is None:
            continue
        row = stored.pop((name, part.receipt_id, str(part.first_line_no)), {})
        activity, told = part.used, f"{plain(part.used)} {pretty(part.canonical)}"
        if is_fuel and part.feedstock is not None:
            activity = decimals.total([part.used, -part.feedstock])
            told = f"{plain(part.used)} − {plain(part.feedstock)}（用于原材料，不燃烧）"
        emission = Emission(name, scope, part.canonical, activity, row)
        emission.steps.append(_activity(emission, told))
        _apply(book, factory, code, emission)
        emission.formula = _formula(part.amount, part.unit, part.canonical, part.chains[0], emission)
        made.append(emission)
    return made


def _electricity(book: Book, factory: str, code: str, stored: dict[tuple[str, ...], Row]) -> list[Emission]:
    """The month's whole consumption less what counts zero under the basis."""
    parts = [part for part in book.parts(factory, code) if part.used is not None]
    if not parts:
        return []
    unit = parts[0].canonical
    used = decimals.total([part.used for part in parts if part.used is not None])
    green, steps, green_gates = _zero_rated(book, factory, unit)
    green = min(green, used)
    emission = Emission(
        "electricity", "indirect", unit, decimals.total([used, -green]), stored.pop(("electricity",), {})
    )
    told = " + ".join(plain(part.used) for part in parts if part.used is not None)
    emission.steps += steps
    emission.steps.append(_activity(emission, f"{told}{f' − {plain(green)}（绿电按零计）' if green else ''}"))
    _apply(book, factory, code, emission)
    emission.gates += green_gates
    first = parts[0]
    if len(parts) == 1 and not green:
        emission.formula = _formula(first.amount, first.unit, unit, first.chains[0], emission)
    made = [emission]
    if green:
        made.append(_green_row(unit, green, stored.pop(("green_power",), {})))
    return made


def _zero_rated(book: Book, factory: str, unit: str) -> tuple[Decimal, list[Step], list[Gate]]:
    """Green power that counts zero under the basis by a printed rule."""
    rules = {
        row["kind"]: row
        for row in book.evidence.printed.rows("green_power_rules")
        if row["purpose"] == book.purpose and row["treatment"] == "zero" and row.covers(book.day)
    }
    amounts, held = [], []
    for line in book.green.get((factory,), []):
        rule = rules.get(line["kind"])
        if rule is None:
            continue
        stated = book.evidence.printed.unit_of(line["unit_text"]) or ""
        value = reading.number(line["quantity_text"]) or Decimal(0)
        amounts.append(book.quantity(value, stated).to(unit).value)
        held.append(gates.usable(book.evidence, rule))
    total = decimals.rounded(decimals.total(amounts), LEDGER_PLACES, ROUND_HALF_UP)
    told = " + ".join(plain(amount) for amount in amounts)
    steps = [Step("按零计的绿电", told, total, pretty(unit), HALF_UP)] if amounts else []
    return total, steps, list(dict.fromkeys(held))


def _green_row(unit: str, green: Decimal, row: Row) -> Emission:
    emission = Emission("green_power", "indirect", unit, green, row, Decimal(0))
    emission.steps.append(_activity(emission, "不超过当月用电量的绿电"))
    emission.steps.append(
        Step(
            "排放（绿电）",
            f"{plain(green)} {pretty(unit)} × 0",
            Decimal(0),
            "t CO2",
            "",
            "core.emission.co2_t",
            row.get("co2_t"),
        )
    )
    return emission


def _activity(emission: Emission, told: str) -> Step:
    place = "core.emission.activity"
    return Step(
        "活动水平", told, emission.activity, pretty(emission.unit), "", place, emission.stored.get("activity")
    )


def _apply(book: Book, factory: str, code: str, emission: Emission) -> None:
    """The factor the ledger names, multiplied out again, checked, and applied."""
    row = emission.stored
    factor_id = row.get("factor_id")
    if factor_id is None:
        emission.steps.append(
            Step("排放", _UNKNOWN, None, "t CO2", "", "core.emission.co2_t", row.get("co2_t"))
        )
        return
    chain = book.chains.emission_factor(factor_id, emission.unit)
    emission.chain = chain
    emission.gates += _gates(book, factory, code, emission, chain)
    emission.steps.append(
        Step(
            "排放因子",
            chain.expression,
            chain.value,
            f"t CO2/{pretty(emission.unit)}",
            EVEN,
            "core.emission.factor_t",
            row["factor_t"],
        )
    )
    if emission.activity is not None:
        exact = (
            (book.quantity(emission.activity, emission.unit) * book.quantity(chain.value, chain.unit))
            .to("t")
            .value
        )
        emission.co2_t = decimals.rounded(exact, LEDGER_PLACES, ROUND_HALF_UP)
    told = f"{plain(emission.activity or Decimal(0))} {pretty(emission.unit)} × {plain(chain.value)} t CO2/{pretty(emission.unit)}"
    emission.steps.append(
        Step("排放", told, emission.co2_t, "t CO2", HALF_UP, "core.emission.co2_t", row["co2_t"])
    )


def _gates(book: Book, factory: str, code: str, emission: Emission, chain: Chain) -> list[Gate]:
    """The conditions of the factor the ledger names."""
    row = emission.stored
    if emission.kind == "fuel":
        return [
            *gates.of_fuel(book.evidence, chain, code, book.day, book.evidence.sector(factory, book.day)),
            *gates.of_sector(book.evidence, factory, book.day, row.get("sector")),
        ]
    is_provisional = bool(row["is_provisional"])
    printed = chain.rows[0][1]
    return gates.of_purchased(
        book.evidence, printed, book.purpose, code, book.day, is_provisional=is_provisional
    )


def _formula(amount: Decimal | None, unit: str, canonical: str, conversion: Chain, emission: Emission) -> str:
    """The whole multiplication on one line, from the number on the form to tonnes."""
    if amount is None or emission.chain is None or emission.co2_t is None:
        return ""
    first = f"{plain(amount)} {pretty(unit)}"
    if unit != canonical:
        first += f" × {conversion.expression}"
    return f"{first} × {emission.chain.expression} = {plain(emission.co2_t)} t CO2"


def _unfounded(row: Row) -> Emission:
    emission = Emission(row["kind"], row["scope"], row["activity_unit"], None, row)
    emission.steps = [
        Step("活动水平", "没有准入的来源行", None, "", "", "core.emission.activity", row["activity"])
    ]
    return emission
