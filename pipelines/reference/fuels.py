"""What burning one unit of a fuel gives, edition by edition: the rows it is made of, multiplied out.

Chinese editions state three parameters, CO2 = 热值 × 单位热值含碳量 × 碳氧化率 × 44/12; IPCC 2006 states the
CO2 of a terajoule, complete oxidation included. The inputs of one value always come from one edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from pipelines import units
from pipelines.reference.datafiles import Complaints, Row, hold_unit, number

INPUTS = ("ncv", "carbon_content", "oxidation_fraction")
"""热值、单位热值含碳量、碳氧化率: what a Chinese edition must state of a fuel."""
IPCC_INPUTS = ("ncv", "co2_ef")
"""What IPCC 2006 states."""

_IPCC = "ipcc"
_PURPOSES = {_IPCC: "fallback"}
"""The ``purpose`` a row of an edition must have; enterprise accounting where nothing is said here."""
_GASES = ("", "C", "CO2")

Parts = dict[tuple[str, str], dict[str, Row]]
"""(fuel, edition) → parameter → row."""


def parts(rows: Iterable[Row]) -> Parts:
    """The rows of calorific_values and fuel_factors that can enter a CO2 factor, by fuel and edition."""
    found: Parts = {}
    for row in rows:
        wanted = _PURPOSES.get(row["edition"], "enterprise_accounting")
        # Biogenic CO2 (CO2_bio) is another gas: it never makes a factor of fossil CO2.
        if row["purpose"] == wanted and row.cells.get("gas", "") in _GASES:
            found.setdefault((row["fuel"], row["edition"]), {})[row.cells.get("parameter", "ncv")] = row
    return found


def inputs_of(edition: str) -> tuple[str, ...]:
    """The parameters an edition must state of a fuel for a factor to be made."""
    return IPCC_INPUTS if edition == _IPCC else INPUTS


def complete(found: Parts) -> dict[str, tuple[Row, ...]]:
    """``fuel.<fuel>.<edition>`` → its inputs, where the edition states them all."""
    return {
        factor_name(fuel, edition): tuple(by_parameter[name] for name in inputs_of(edition))
        for (fuel, edition), by_parameter in sorted(found.items())
        if all(name in by_parameter for name in inputs_of(edition))
    }


def fits(ncv: Row, edition: str, canonical: str) -> bool:
    """Whether an edition's heat value can be applied to the ledger's unit of a kind.

    IPCC states gases by the tonne and the ledger keeps them in Nm3; without a density there is no way across.
    A Chinese edition in the wrong unit is a mistake, which the conversion tells with file and line.
    """
    return edition != _IPCC or units.dimension(ncv["unit"]) == units.dimension(f"GJ/{canonical}")


def factor_name(fuel: str, edition: str) -> str:
    """The ``factor_id`` of a multiplied-out factor."""
    return f"fuel.{fuel}.{edition}"


def value(rows: Sequence[Row], canonical: str, ratio: Fraction, complaints: Complaints) -> Fraction:
    """Tonnes of CO2 of one canonical unit; *ratio* is 44/12."""
    ncv, *rest = rows
    heat = number(ncv, "value", complaints) * hold_unit(ncv, "unit", f"GJ/{canonical}", complaints)
    if len(rows) == len(IPCC_INPUTS):
        return heat * number(rest[0], "value", complaints) * hold_unit(rest[0], "unit", "t/GJ", complaints)
    carbon, oxidation = rest
    # t C/TJ is 1/1000 t C/GJ.
    tonnes = heat * number(carbon, "value", complaints) / 1000
    return tonnes * number(oxidation, "value", complaints) * ratio


def provenance(rows: Sequence[Row]) -> dict[str, Any]:
    """How the value was made, for ref.factor_source: figures, inputs, and the weakest confidence of them."""
    ncv, *rest = rows
    if len(rows) == len(IPCC_INPUTS):
        text = f"{ncv['value']} {ncv['unit']} × {rest[0]['value']} {rest[0]['unit']}"
    else:
        text = f"{ncv['value']} {ncv['unit']} × {rest[0]['value']} t C/TJ × {rest[1]['value']} × 44/12"
    return {
        "confidence": weakest(row["confidence"] for row in rows),
        "value_text": text,
        "unit_text": "",
        "note": f"由 {'、'.join(row['factor_id'] for row in rows)} 相乘",
    }


def missing(found: Mapping[str, Row], edition: str) -> list[str]:
    """The inputs an edition does not state."""
    return [name for name in inputs_of(edition) if name not in found]


def weakest(confidences: Iterable[str]) -> str:
    """The lowest confidence of several."""
    return min(confidences, key=("recalled", "single", "verified2").index)
