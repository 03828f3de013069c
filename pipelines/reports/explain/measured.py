"""实测值复算 | What a factory measured, read again from its texts: heat value and carbon content, with evidence.

A measured value counts only with a document number on the same line (凭证号); without one the default holds. The
other parts of a fuel's factor stay the edition's own. The ledger rounds the measured value, the edition's parts and
the product each to twelve decimals; so does this.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from pipelines.reports.explain import reading
from pipelines.reports.explain.chains import LEDGER_PLACES, Chain, Chains, Term, plain, pretty
from pipelines.reports.explain.evidence import Row
from pipelines.reports.explain.printed import Printed
from pipelines.reports.explain.shapes import Step
from pipelines.units import decimals

_BETWEEN = 18
"""Decimals the ledger keeps of heat value × carbon content."""

ROUNDING = "实测值、相乘得的因子取 12 位小数，四舍五入"


@dataclass(frozen=True)
class Measured:
    """The measured values of a group of lines, as stated; all empty where nothing was proven."""

    ncv: Decimal | None = None
    ncv_unit: str = ""
    carbon: Decimal | None = None
    carbon_unit: str = ""

    @classmethod
    def of(cls, printed: Printed, row: Row) -> Measured:
        """What a line proves."""
        if row.get("document_no") is None:
            return cls()
        ncv, carbon = (reading.number(row.get(f"measured_{name}_text")) for name in ("ncv", "carbon"))
        return cls(
            ncv,
            _unit(printed, row, "ncv") if ncv is not None else "",
            carbon,
            _unit(printed, row, "carbon") if carbon is not None else "",
        )

    def ncv_gj(self, printed: Printed, canonical: str) -> Decimal:
        """GJ in one canonical unit.

        Raises:
            ValueError: the unit does not fit the energy kind.
        """
        return _converted(printed, self.ncv or Decimal(0), self.ncv_unit, f"GJ/{canonical}")

    def carbon_of(self, printed: Printed, canonical: str) -> tuple[Decimal, str]:
        """Tonnes of carbon in one GJ, or in one canonical unit; and which.

        Raises:
            ValueError: the unit does not fit the energy kind.
        """
        carbon = self.carbon or Decimal(0)
        try:
            return _converted(printed, carbon, self.carbon_unit, "t/GJ"), "t/GJ"
        except ValueError:
            of_amount = f"t/{canonical}"
            return _converted(printed, carbon, self.carbon_unit, of_amount), of_amount

    def what(self, printed: Printed, canonical: str) -> str:
        """ncv, carbon or both; carbon of the amount leaves no room for a heat value."""
        if self.carbon is None:
            return "ncv" if self.ncv is not None else ""
        is_of_heat = self.carbon_of(printed, canonical)[1] == "t/GJ"
        return "both" if is_of_heat and self.ncv is not None else "carbon"


def base_of(factor_id: str) -> str:
    """The edition's own factor behind a result with measured values.

    >>> base_of("measured.ncv+fuel.coke.b"), base_of("fuel.coke.b")
    ('fuel.coke.b', 'fuel.coke.b')
    """
    return factor_id.partition("+")[2] if factor_id.startswith("measured.") else factor_id


def ncv_step(printed: Printed, measured: Measured, canonical: str, stored: Row) -> Step:
    """The measured heat value in GJ of a canonical unit, beside the ledger's."""
    value = measured.ncv_gj(printed, canonical)
    told = f"{plain(measured.ncv or Decimal(0))} {pretty(measured.ncv_unit)}（实测，有凭证号）"
    place, unit = "core.energy_use.measured_ncv_gj", f"GJ/{pretty(canonical)}"
    return Step("实测低位发热量", told, value, unit, ROUNDING, place, stored.get("measured_ncv_gj"))


def carbon_step(printed: Printed, measured: Measured, canonical: str, stored: Row) -> Step:
    """The measured carbon content in tonnes of a GJ or of a canonical unit, beside the ledger's."""
    value, unit = measured.carbon_of(printed, canonical)
    column = "carbon_of_heat" if unit == "t/GJ" else "carbon_of_amount"
    told = f"{plain(measured.carbon or Decimal(0))} {pretty(measured.carbon_unit)}（实测，有凭证号）"
    place = f"core.energy_use.{column}"
    return Step("实测含碳量", told, value, pretty(unit), ROUNDING, place, stored.get(column))


def factor(printed: Printed, chains: Chains, measured: Measured, base: str, canonical: str) -> Chain:
    """t CO2 per canonical unit with the measured values in the places of the edition's own.

    Raises:
        NotFound: *base* is not a fuel's factor of an edition.
        ValueError: a measured value's unit does not fit.
    """
    parts = chains.parts(base, canonical)
    heat = parts.heat
    what = measured.what(printed, canonical)
    if measured.ncv is not None:
        value = measured.ncv_gj(printed, canonical)
        heat = Term(plain(value), f"GJ/{canonical}", "实测低位发热量")
    if measured.carbon is None:
        exact = decimals.product(_number(heat), _even(parts.co2_per_gj))
        terms = [heat, *parts.carbon, *parts.oxidised]
    else:
        carbon, unit = measured.carbon_of(printed, canonical)
        shown = Term(plain(carbon), unit.replace("t/", "t C/"), "实测含碳量")
        held, terms = carbon, [shown, *parts.oxidised]
        if unit == "t/GJ":
            # An edition's heat value enters with twelve decimals, as the ledger keeps it.
            own = _number(heat) if measured.ncv is not None else _even(_number(heat))
            held = decimals.rounded(decimals.product(own, carbon), _BETWEEN, ROUND_HALF_UP)
            terms = [heat, *terms]
        exact = decimals.product(held, _even(parts.co2_per_carbon))
    value = decimals.rounded(exact, LEDGER_PLACES, ROUND_HALF_UP)
    return Chain(f"measured.{what}+{base}", f"t/{canonical}", value, terms, parts.edition)


def _number(term: Term) -> Decimal:
    return Decimal(term.text)


def _even(value: Decimal) -> Decimal:
    return decimals.rounded(value, LEDGER_PLACES, ROUND_HALF_EVEN)


def _unit(printed: Printed, row: Row, name: str) -> str:
    text = row.get(f"measured_{name}_unit_text")
    return printed.unit_of(text) or str(text)


def _converted(printed: Printed, value: Decimal, unit: str, wanted: str) -> Decimal:
    multiplier = _even(printed.quantity(Decimal(1), unit).to(wanted).value)
    return decimals.rounded(decimals.product(value, multiplier), LEDGER_PLACES, ROUND_HALF_UP)
