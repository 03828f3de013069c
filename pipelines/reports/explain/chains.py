"""Factors multiplied out again from printed rows: fuels, purchased energy, heat values, coal coefficients, units.

Each chain keeps its terms, so that a screen can show the multiplication with units and with the row behind every
number. Which row applies is taken from the ledger; that it *may* be applied is checked in :mod:`.gates`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from pipelines.errors import NotFound
from pipelines.reports.explain.printed import Printed, PrintedRow
from pipelines.units import Quantity, decimals

LEDGER_PLACES = 12
EVEN = "因子、乘数取 12 位小数，四舍六入五成双"
_CARBON, _NCV, _OXIDATION = "carbon_content", "ncv", "oxidation_fraction"
_CO2, _IPCC = "co2_ef", "ipcc"
DEFINITION = "definition"


@dataclass(frozen=True)
class Term:
    """One number of a multiplication, with its unit and the printed row it stands in."""

    text: str
    unit: str
    what: str
    row: PrintedRow | None = None

    def __str__(self) -> str:
        return f"{self.text} {pretty(self.unit)}".rstrip()


@dataclass(frozen=True)
class Chain:
    """A number multiplied out: ``value`` rounded as the ledger rounds it, ``exact`` before."""

    factor_id: str
    unit: str
    exact: Decimal
    terms: Sequence[Term]
    edition: PrintedRow | None = None
    """Of a fuel's factor: the heat value row of its edition, which names edition and fuel."""

    @property
    def value(self) -> Decimal:
        """With the ledger's twelve decimals, half to even."""
        return decimals.rounded(self.exact, LEDGER_PLACES, ROUND_HALF_EVEN)

    @property
    def expression(self) -> str:
        """The terms with their units."""
        return " × ".join(str(term) for term in self.terms)

    @property
    def rows(self) -> list[tuple[str, PrintedRow]]:
        """What each printed row is, and the row."""
        return [(term.what, term.row) for term in self.terms if term.row is not None]


@dataclass(frozen=True)
class FuelParts:
    """The parts of a fuel's CO2 factor: heat value × carbon of the heat × (oxidation × 44/12)."""

    heat: Term
    carbon: Sequence[Term]
    oxidised: Sequence[Term]
    co2_per_gj: Decimal
    co2_per_carbon: Decimal
    edition: PrintedRow


class Chains:
    """Chains by factor and canonical unit, each made once."""

    def __init__(self, printed: Printed) -> None:
        self._printed = printed
        self._made: dict[tuple[str, ...], Chain] = {}

    def emission_factor(self, factor_id: str, unit: str) -> Chain:
        """t CO2 per *unit*.

        Raises:
            NotFound: the rulebook has no such factor.
        """
        return self._once(("emission", factor_id, unit), lambda: self._emission(factor_id, unit))

    def heat_value(self, factor_id: str, unit: str) -> Chain:
        """低位发热量 | GJ per *unit*; electricity and heat are energy by definition."""
        return self._once(
            ("heat", factor_id, unit), lambda: self._single(factor_id, f"GJ/{unit}", "低位发热量", unit)
        )

    def coal(self, factor_id: str, unit: str) -> Chain:
        """折标准煤系数 | tce per *unit*."""
        return self._once(
            ("coal", factor_id, unit), lambda: self._single(factor_id, f"tce/{unit}", "折标准煤系数")
        )

    def conversion(self, stated: str, unit: str, density_id: str | None) -> Chain:
        """*unit* per *stated* unit, through a density row where the two measure different things."""
        return self._once(
            ("unit", stated, unit, density_id or ""), lambda: self._convert(stated, unit, density_id)
        )

    def form_units(self, unit: str, form_unit: str) -> Chain:
        """205-1 form units per canonical unit."""
        return self.conversion(unit, form_unit, None)

    def heat_in_tonnes(
        self, canonical: str, unit: str, enthalpy: Decimal | None, temperature: Decimal | None
    ) -> Chain:
        """Heat of a tonne of steam, by its enthalpy, or of hot water, by its temperature.

        Steam: (h − 83.74) / 1000 GJ; water: (T − 20) × 4.1868 / 1000 GJ.

        Raises:
            NotFound: the lines state neither, or the rulebook has no reference state.
        """
        if enthalpy is not None:
            zero, state, step, row = self._subject("steam_reference_enthalpy"), enthalpy, "kJ/kg", None
            per = self._printed.quantity(Decimal(1), step).to(f"{canonical}/{unit}").value
        elif temperature is not None:
            zero, state, step = self._subject("hot_water_reference_temp"), temperature, "degC"
            row = self._printed.constant("water_heat_capacity")
            stated = decimals.ratio(Decimal(row["numerator"]), Decimal(row["denominator"]))
            per = self._printed.quantity(stated, row["unit"]).to(f"{canonical}/{unit}/{step}").value
        else:
            raise NotFound("以吨计的热力没有焓值或温度。", "heat in tonnes without enthalpy or temperature")
        base = self._printed.quantity(Decimal(zero["value"]), zero["unit"]).to(step).value
        # The ledger rounds the product half up, where its other multipliers are rounded half to even.
        exact = decimals.product(decimals.total([state, -base]), per)
        terms = (
            Term(f"({plain(state)} − {plain(base)})", step, "基准状态", zero),
            Term(
                plain(per), f"{canonical}/{unit} ÷ ({step})", "单位换算" if row is None else "热水比热", row
            ),
        )
        value = decimals.rounded(exact, LEDGER_PLACES, ROUND_HALF_UP)
        return Chain(zero.row_id, f"{canonical}/{unit}", value, terms)

    def parts(self, factor_id: str, unit: str) -> FuelParts:
        """The parts of a fuel's factor, each from its printed row.

        IPCC 2006 states the CO2 of a terajoule instead, complete oxidation included.

        Raises:
            NotFound: the rulebook has not all parts of it.
        """
        fuel, _, edition = factor_id.removeprefix("fuel.").rpartition(".")
        ncv = self._parameter("calorific_values", fuel, edition, _NCV)
        heat = Term(plain(self._amount(ncv).to(f"GJ/{unit}").value), f"GJ/{unit}", "低位发热量", ncv)
        ratio = self._printed.constant("co2_per_carbon")
        four = Term(f"{ratio['numerator']}/{ratio['denominator']}", "", "碳与二氧化碳的质量换算", ratio)
        up, down = Decimal(ratio["numerator"]), Decimal(ratio["denominator"])
        if edition == _IPCC:
            row = self._parameter("fuel_factors", fuel, edition, _CO2)
            per_heat = self._amount(row).to("t/GJ").value
            term = Term(plain(per_heat), "t CO2/GJ", "单位热量排放因子", row)
            return FuelParts(heat, (term,), (four,), per_heat, decimals.ratio(up, down), ncv)
        carbon = self._parameter("fuel_factors", fuel, edition, _CARBON)
        oxidation = self._parameter("fuel_factors", fuel, edition, _OXIDATION)
        held = self._amount(carbon).to("t/GJ").value
        share = Decimal(oxidation["value"])
        burnt = Term(oxidation["value"], "", "碳氧化率", oxidation)
        return FuelParts(
            heat,
            (Term(plain(held), "t C/GJ", "单位热值含碳量", carbon),),
            (burnt, four),
            decimals.ratio(decimals.product(held, share, up), down),
            decimals.ratio(decimals.product(share, up), down),
            ncv,
        )

    def _once(self, key: tuple[str, ...], make: object) -> Chain:
        if key not in self._made:
            self._made[key] = make()  # type: ignore[operator]
        return self._made[key]

    def _emission(self, factor_id: str, unit: str) -> Chain:
        if factor_id.startswith("fuel.") and self._printed.factor(factor_id) is None:
            return self._fuel(factor_id, unit)
        return self._single(factor_id, f"t/{unit}", "排放因子")

    def _fuel(self, factor_id: str, unit: str) -> Chain:
        """CO2 of a fuel: heat value × carbon content × oxidation × 44/12, the division last."""
        parts = self.parts(factor_id, unit)
        terms = (parts.heat, *parts.carbon, *parts.oxidised)
        exact = decimals.product(*(Decimal(term.text) for term in terms if "/" not in term.text))
        if parts.edition["edition"] == _IPCC:
            # The CO2 of a terajoule is stated as such: 44/12 is in it.
            return Chain(factor_id, f"t/{unit}", exact, terms[:2], parts.edition)
        ratio = self._printed.constant("co2_per_carbon")
        above = decimals.product(exact, Decimal(ratio["numerator"]))
        exact = decimals.ratio(above, Decimal(ratio["denominator"]))
        return Chain(factor_id, f"t/{unit}", exact, terms, parts.edition)

    def _single(self, factor_id: str, wanted: str, what: str, unit: str = "") -> Chain:
        if factor_id == DEFINITION:
            one = self._printed.quantity(Decimal(1), unit).to("GJ").value
            return Chain(factor_id, wanted, one, (Term(plain(one), wanted, "单位定义"),))
        row = self._printed.factor(factor_id)
        if row is None:
            raise NotFound(
                f"规则中没有因子 {factor_id}，无法复算。", f"the rulebook has no factor {factor_id}"
            )
        exact = self._amount(row).to(wanted).value
        return Chain(factor_id, wanted, exact, (Term(plain(exact), wanted, what, row),))

    def _convert(self, stated: str, unit: str, density_id: str | None) -> Chain:
        row = self._printed.factor(density_id) if density_id else None
        amount = self._printed.quantity(Decimal(1), stated)
        if row is not None:
            amount = amount * self._amount(row)
        exact = amount.to(unit).value
        term = Term(plain(exact), f"{unit}/{stated}", "密度" if row else "单位换算", row)
        return Chain(density_id or "", f"{unit}/{stated}", exact, (term,))

    def _subject(self, subject: str) -> PrintedRow:
        for row in self._printed.rows("process_factors"):
            if row["subject"] == subject:
                return row
        raise NotFound(f"规则中没有 {subject}，无法复算。", f"the rulebook has no {subject}")

    def _amount(self, row: PrintedRow) -> Quantity:
        return self._printed.quantity(Decimal(row["value"]), row["unit"])

    def _parameter(self, table: str, fuel: str, edition: str, parameter: str) -> PrintedRow:
        wanted = "fallback" if edition == _IPCC else "enterprise_accounting"
        for row in self._printed.rows(table):
            found = (row["fuel"], row["edition"], row.get("parameter") or _NCV, row["purpose"])
            # Biogenic CO2 (CO2_bio) is another gas: it makes no factor of fossil CO2.
            if found == (fuel, edition, parameter, wanted) and row.get("gas") in ("", "C", "CO2"):
                return row
        raise NotFound(
            f"规则中没有 {fuel} {edition} 版的 {parameter}，无法复算。",
            f"the rulebook has no {parameter} of {fuel}, edition {edition}",
        )


def plain(value: Decimal) -> str:
    """Every digit, no exponent, no trailing zeros.

    >>> plain(Decimal("0.0153000")), plain(Decimal("1E+4"))
    ('0.0153', '10000')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def pretty(unit: str) -> str:
    """A unit key as people write it.

    >>> pretty("wan_Nm3"), pretty("t/MWh"), pretty("MJ_per_Nm3")
    ('万Nm³', 't/MWh', 'MJ/Nm³')
    """
    return unit.replace("_per_", "/").replace("wan_", "万").replace("m3", "m³").replace("m2", "m²")
