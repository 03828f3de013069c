"""二氧化碳复算 | The emission of one energy use recomputed: activity × factor, net of exports and green power."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from pipelines.reports.explain import gates, measured, netting
from pipelines.reports.explain.chains import EVEN, LEDGER_PLACES, Chain, plain, pretty
from pipelines.reports.explain.evidence import Row
from pipelines.reports.explain.shapes import Gate, Step
from pipelines.reports.explain.uses import HALF_UP, Book, UsePart
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
    mobile: Decimal | None = None
    """其中运输工具消费 | The part of a fuel burnt by vehicles; nothing where none was reported."""
    steps: list[Step] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    formula: str = ""

    @property
    def mobile_t(self) -> Decimal | None:
        """CO2 of the part burnt by vehicles; nothing without such a part or without a factor."""
        if not self.mobile or self.chain is None:
            return None
        exact = decimals.product(self.mobile, self.chain.value)
        return decimals.rounded(exact, LEDGER_PLACES, ROUND_HALF_UP)

    @property
    def is_all_mobile(self) -> bool:
        """Whether vehicles burnt the whole of it."""
        return bool(self.mobile) and self.mobile == self.activity


def emissions(book: Book, factory: str, code: str) -> list[Emission]:
    """The recomputed emission rows of one energy use under the book's accounting basis."""
    kind = book.evidence.printed.kind(code)
    stored = {_key(row): row for row in book.emissions.get((factory, code), [])}
    made: list[Emission] = []
    if not book.is_counted(code):
        pass
    elif kind["carrier"] == "electricity":
        made = _electricity(book, factory, code, stored)
    elif kind["carrier"] == "heat" and kind["is_recovered"] != "true":
        made = _heat(book, factory, code, stored)
    elif kind["is_fuel"] == "true" and kind["is_renewable"] != "true":
        # Carbon of biomass is no emission here; it stands apart in core.combustion_gas.
        made = _fuel(book, factory, code, stored)
    return made + [_unfounded(row) for row in stored.values()]


def _key(row: Row) -> tuple[str, ...]:
    if row["kind"] in ("electricity", "electricity_exported", "green_power"):
        return (row["kind"],)
    return (row["kind"], row["receipt_id"], str(row["first_line_no"]))


def _fuel(book: Book, factory: str, code: str, stored: dict[tuple[str, ...], Row]) -> list[Emission]:
    """Fuels without the part used as raw material; a measured part of the factor in the edition's place."""
    made = []
    for part in book.parts(factory, code):
        if part.used is None:
            continue
        row = stored.pop(("fuel", part.receipt_id, str(part.first_line_no)), {})
        activity, told = part.used, f"{plain(part.used)} {pretty(part.canonical)}"
        if part.feedstock is not None:
            activity = decimals.total([part.used, -part.feedstock])
            told = f"{plain(part.used)} − {plain(part.feedstock)}（用于原材料，不燃烧）"
        emission = Emission("fuel", "direct", part.canonical, activity, row)
        emission.steps.append(_activity(emission, told))
        if part.transport is not None:
            emission.mobile = min(part.transport, activity)
            emission.steps.append(_mobile(emission))
        _apply(book, factory, code, emission, part)
        emission.formula = _formula(part.amount, part.unit, part.canonical, part.chains[0], emission)
        made.append(emission)
    return made


def _heat(book: Book, factory: str, code: str, stored: dict[tuple[str, ...], Row]) -> list[Emission]:
    """Purchased heat; what was passed on is set against it where the basis nets exports."""
    made = []
    for part in book.parts(factory, code):
        if part.used is None:
            continue
        at = (part.receipt_id, str(part.first_line_no))
        net = netting.of([part], nets=netting.nets_exports(book))
        emission = Emission("heat", "indirect", part.canonical, net.gross, stored.pop(("heat", *at), {}))
        emission.steps.append(_activity(emission, f"{net.told} {pretty(part.canonical)}"))
        _apply(book, factory, code, emission)
        if net.exported is None:
            emission.formula = _formula(part.amount, part.unit, part.canonical, part.chains[0], emission)
        made.append(emission)
        made += _exported(book, factory, code, net, part.canonical, stored, ("heat_exported", *at))
    return made


def _electricity(book: Book, factory: str, code: str, stored: dict[tuple[str, ...], Row]) -> list[Emission]:
    """The month's net purchase less what counts zero under the basis."""
    parts = [part for part in book.parts(factory, code) if part.used is not None]
    if not parts:
        return []
    unit = parts[0].canonical
    net = netting.of(parts, nets=netting.nets_exports(book))
    credit = netting.zero_rated(book, factory, unit)
    green = min(credit.quantity, net.gross, net.used)
    row = stored.pop(("electricity",), {})
    emission = Emission("electricity", "indirect", unit, decimals.total([net.gross, -green]), row)
    emission.steps += credit.steps
    less = f" − {plain(green)}（绿电按零计）" if green else ""
    emission.steps.append(_activity(emission, f"{net.told}{less}"))
    _apply(book, factory, code, emission)
    emission.gates += credit.gates
    first = parts[0]
    if len(parts) == 1 and not green and net.exported is None:
        emission.formula = _formula(first.amount, first.unit, unit, first.chains[0], emission)
    made = [emission]
    if green:
        made.append(_green_row(unit, green, stored.pop(("green_power",), {})))
    return made + _exported(book, factory, code, net, unit, stored, ("electricity_exported",))


def _exported(
    book: Book,
    factory: str,
    code: str,
    net: netting.Net,
    unit: str,
    stored: dict[tuple[str, ...], Row],
    key: tuple[str, ...],
) -> list[Emission]:
    """外供 | What was passed on, negative, with the factor of what was bought."""
    if net.exported is None:
        return []
    emission = Emission(key[0], "indirect", unit, -net.exported, stored.pop(key, {}))
    emission.steps.append(_activity(emission, f"−{plain(net.exported)} {pretty(unit)}（外供，按口径扣减）"))
    _apply(book, factory, code, emission)
    return [emission]


def _green_row(unit: str, green: Decimal, row: Row) -> Emission:
    emission = Emission("green_power", "indirect", unit, green, row, Decimal(0))
    emission.steps.append(_activity(emission, "不超过当月用电量和购电量的绿电"))
    told, place = f"{plain(green)} {pretty(unit)} × 0", "core.emission.co2_t"
    emission.steps.append(Step("排放（绿电）", told, Decimal(0), "t CO2", "", place, row.get("co2_t")))
    return emission


def _activity(emission: Emission, told: str) -> Step:
    place = "core.emission.activity"
    return Step(
        "活动水平", told, emission.activity, pretty(emission.unit), "", place, emission.stored.get("activity")
    )


def _mobile(emission: Emission) -> Step:
    told, place = "其中运输工具消费，不超过燃烧量", "core.emission.mobile_activity"
    unit, kept = pretty(emission.unit), emission.stored.get("mobile_activity")
    return Step("运输工具燃烧", told, emission.mobile, unit, "", place, kept)


def _apply(book: Book, factory: str, code: str, emission: Emission, part: UsePart | None = None) -> None:
    """The factor the ledger names, multiplied out again, checked, and applied; *part* is a fuel's use."""
    row = emission.stored
    factor_id = row.get("factor_id")
    place = "core.emission.co2_t"
    if factor_id is None:
        emission.steps.append(Step("排放", _UNKNOWN, None, "t CO2", "", place, row.get("co2_t")))
        return
    chain = _chain(book, emission, str(factor_id), part)
    emission.chain = chain
    emission.gates += _gates(book, factory, code, emission, chain)
    unit = f"t CO2/{pretty(emission.unit)}"
    rounding = EVEN if chain.factor_id == measured.base_of(chain.factor_id) else measured.ROUNDING
    emission.steps.append(
        Step(
            "排放因子",
            chain.expression,
            chain.value,
            unit,
            rounding,
            "core.emission.factor_t",
            row["factor_t"],
        )
    )
    if emission.activity is not None:
        amount = book.quantity(emission.activity, emission.unit)
        exact = (amount * book.quantity(chain.value, chain.unit)).to("t").value
        emission.co2_t = decimals.rounded(exact, LEDGER_PLACES, ROUND_HALF_UP)
    told = f"{plain(emission.activity or Decimal(0))} {pretty(emission.unit)} × {plain(chain.value)} {unit}"
    emission.steps.append(Step("排放", told, emission.co2_t, "t CO2", HALF_UP, place, row["co2_t"]))


def _chain(book: Book, emission: Emission, factor_id: str, part: UsePart | None) -> Chain:
    """The factor by its id; of a fuel with measured values, those with the named edition's other parts."""
    base = measured.base_of(factor_id)
    printed, unit = book.evidence.printed, emission.unit
    what = part.measured.what(printed, unit) if part else ""
    if part is None or not what:
        chain = book.chains.emission_factor(base, unit)
    else:
        chain = measured.factor(printed, book.chains, part.measured, base, unit)
        use = book.use_row(part)
        if part.measured.ncv is not None:
            emission.steps.append(measured.ncv_step(printed, part.measured, unit, use))
        if part.measured.carbon is not None:
            emission.steps.append(measured.carbon_step(printed, part.measured, unit, use))
    if what or base != factor_id:
        told = "凭证齐全的实测值代替缺省值" if what else "没有可用的实测值，按缺省值"
        place = "core.emission.factor_id"
        emission.steps.append(Step("因子编号", told, chain.factor_id, "", "", place, factor_id))
    return chain


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
