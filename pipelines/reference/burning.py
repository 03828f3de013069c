"""What burning needs beyond one CO2 factor: measured values, CH4 and N2O, biomass, heat in tonnes, what a basis counts.

Fuel CO2 is amount × heat value × carbon of the heat × oxidation × 44/12 (发改办气候〔2015〕1722号, the
GB/T 32151 series). Where a factory measured one of the first two, the default edition gives the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from pipelines import units
from pipelines.reference.choices import Chooser
from pipelines.reference.datafiles import LONG_AGO, OPEN_END, Complaints, Row, day, hold_unit, number
from pipelines.reference.physics import Physics, constant

_MEASURED = {
    "ncv": "实测低位发热量",
    "carbon": "实测含碳量",
    "both": "实测低位发热量、实测含碳量",
}
_MEASURED_VALUE: dict[str, Any] = {
    "factor_id": "measured",
    "title": "企业实测值（检测报告或供应商证明，凭证号见来源行）",
    "document_number": "",
    "publisher": "",
    "published_on": None,
    "confidence": "single",
    "purpose": "",
    "value_text": "",
    "unit_text": "",
    "note": "有凭证的实测值代替缺省值",
}
# Measured with what → the unit it becomes, by the kind's canonical unit.
_MEASURES = {
    "ncv_gj": "GJ/{unit}",
    "carbon_of_heat": "t/GJ",
    "carbon_of_amount": "t/{unit}",
}
_AMOUNTS = ("t", "Nm3")
_GASES = ("CH4", "N2O")


def fuel_parameters(physics: Physics, chooser: Chooser, complaints: Complaints) -> list[dict[str, Any]]:
    """ref.fuel_parameter: the parts of each edition's CO2 factor, per energy kind it may be chosen for.

    The heat value, tonnes of carbon and of CO2 in one GJ, tonnes of CO2 from one tonne of carbon (oxidation ×
    44/12), and the ids of the results in which a measured value takes the place of the edition's.
    """
    ratio = constant(physics, "co2_per_carbon")
    found = []
    for kind in physics.rows["energy_kinds"]:
        for factor_id, (heat, content, *oxidation) in chooser.burnt_parts(kind):
            ncv = _in(heat, f"GJ/{kind['canonical_unit']}", complaints)
            # IPCC states the CO2 of a terajoule, completely oxidised, where Chinese editions state carbon.
            share = number(oxidation[0], "value", complaints) if oxidation else Fraction(1)
            oxidised = share * ratio
            carbon = _in(content, "t/GJ", complaints) / (1 if oxidation else ratio)
            found.append(
                {
                    "factor_id": factor_id,
                    "energy_code": kind["energy_code"],
                    "edition": heat["edition"],
                    "ncv_gj": units.to_decimal(ncv),
                    "carbon_t_per_gj": units.to_decimal(carbon),
                    "co2_t_per_gj": units.to_decimal(carbon * oxidised),
                    "co2_t_per_carbon_t": units.to_decimal(oxidised),
                    **{f"measured_{what}_id": _measured_id(what, factor_id) for what in _MEASURED},
                }
            )
    return found


def measured_sources(derived: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """ref.factor_source rows of results with a measured value; *derived* are those of the editions' own."""
    return [
        _MEASURED_VALUE,
        *(
            {
                **row,
                "factor_id": _measured_id(what, row["factor_id"]),
                "value_text": f"{name} 代替 {row['factor_id']} 的缺省值：{row['value_text']}",
                "note": f"{name}见来源行；其余参数取 {row['factor_id']}（{row['note']}）",
            }
            for row in derived
            for what, name in _MEASURED.items()
        ),
    ]


def measured_units(physics: Physics) -> list[dict[str, Any]]:
    """ref.measured_unit: which units a measured value may be stated in, and its exact multiplier.

    A heat value becomes GJ per canonical unit; carbon becomes tonnes per GJ of heat, or per canonical unit:
    one of the three multipliers is there, the others are empty.
    """
    names = sorted({row["unit"] for row in physics.rows["unit_aliases"]})
    rows = [
        {"energy_code": kind["energy_code"], "unit": unit, **_measured(unit, kind["canonical_unit"])}
        for kind in physics.rows["energy_kinds"]
        if kind["is_fuel"] == "true" and kind["canonical_unit"] in _AMOUNTS
        for unit in names
    ]
    return [row for row in rows if any(row[measure] is not None for measure in _MEASURES)]


def heat_formulas(physics: Physics, complaints: Complaints) -> list[dict[str, Any]]:
    """ref.heat_formula: GJ in a tonne of steam or hot water above its reference state.

    Steam: t × (h − 83.74) / 1000, h in kJ/kg. Hot water: t × (T − 20) × 4.1868 / 1000, T in ℃.
    """
    rows = {row["subject"]: row for row in physics.rows["process_factors"]}
    steam, water = rows["steam_reference_enthalpy"], rows["hot_water_reference_temp"]
    hold_unit(steam, "unit", "kJ/kg", complaints)
    hold_unit(water, "unit", "degC", complaints)
    code, unit = units.HEAT_IN_TONNES
    return [
        {
            "energy_code": code,
            "unit": unit,
            "steam_zero": units.to_decimal(number(steam, "value", complaints)),
            "steam_step": units.to_decimal(units.multiplier("kJ/kg", "GJ/t")),
            "steam_id": steam["factor_id"],
            "water_zero": units.to_decimal(number(water, "value", complaints)),
            "water_step": units.to_decimal(constant(physics, "water_heat_capacity")),
            "water_id": water["factor_id"],
        }
    ]


def combustion_gases(
    physics: Physics, as_of: date, complaints: Complaints, *, official: bool
) -> list[dict[str, Any]]:
    """ref.combustion_gas: tonnes of CH4 and N2O per GJ burnt, and the CO2 of biomass, by energy kind and use.

    A kind nothing is chosen for, or whose row may not be used, has rows without a factor: unknown, not zero.
    """
    factors = {row["factor_id"]: row for row in physics.rows["fuel_factors"]}
    heat = {row["fuel"]: row for row in physics.rows["calorific_values"] if row["edition"] == "ipcc"}
    found, answered = [], set()
    for row in physics.rows["combustion_gases"]:
        factor = factors[row["factor_id"]]
        usable = physics.usable(factor, as_of, official=official)
        answered.add((row["energy_code"], row["use"], row["gas"]))
        found.append(
            _gas(row["energy_code"], row["use"], row["gas"], row["note"])
            | {
                "valid_from": day(row, "valid_from", LONG_AGO, complaints),
                "valid_to": day(row, "valid_to", OPEN_END, complaints),
                "factor_t": _per_gj(factor, complaints) if usable else None,
                "fallback_ncv_gj": _fallback(heat.get(row["heat_fuel"]), physics, row["energy_code"]),
                "factor_id": factor["factor_id"] if usable else None,
                "level": "international" if usable else None,
                "confidence": factor["confidence"],
            }
        )
    found += [
        _gas(kind["energy_code"], use, gas, "没有选定的缺省因子，排放未知")
        for kind in physics.rows["energy_kinds"]
        if kind["is_fuel"] == "true" and "true" not in (kind["is_of_which"], kind["is_total"])
        for use in ("stationary", "mobile")
        for gas in _GASES
        if (kind["energy_code"], use, gas) not in answered
    ]
    return found


def purpose_rules(physics: Physics, as_of: date, complaints: Complaints) -> list[dict[str, Any]]:
    """ref.purpose_rule: what an accounting basis counts beyond CO2 of what was used, from which day."""
    return [
        {name: row[name] for name in ("rule_id", "purpose", "item", "handling", "note")}
        | _interval(row, complaints)
        for row in physics.rows["purpose_rules"]
        if physics.usable(row, as_of, official=True)
    ]


def renewable_rules(physics: Physics, as_of: date, complaints: Complaints) -> list[dict[str, Any]]:
    """ref.renewable_rule: which green power counts in 可再生能源利用率, and the evidence it needs."""
    return [
        {name: row[name] for name in ("rule_id", "kind", "evidence", "note")}
        | {"is_counted": row["is_counted"] == "true"}
        | _interval(row, complaints)
        for row in physics.rows["renewable_rules"]
        if physics.usable(row, as_of, official=True)
    ]


def _in(row: Row, target: str, complaints: Complaints) -> Fraction:
    return number(row, "value", complaints) * hold_unit(row, "unit", target, complaints)


def _measured_id(what: str, factor_id: str) -> str:
    return f"measured.{what}+{factor_id}"


def _measured(unit: str, canonical: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for measure, pattern in _MEASURES.items():
        target = pattern.format(unit=canonical)
        fits = _states(measure, unit) and units.dimension(unit) == units.dimension(target)
        found[measure] = units.to_decimal(units.multiplier(unit, target)) if fits else None
    return found


def _states(measure: str, unit: str) -> bool:
    """Carbon units carry the C in their name: t/TJ alone could be carbon or CO2."""
    return ("C" in unit) == measure.startswith("carbon")


def _gas(code: str, use: str, gas: str, note: str) -> dict[str, Any]:
    empty = dict.fromkeys(("factor_t", "fallback_ncv_gj", "factor_id", "level", "confidence"))
    return {
        "energy_code": code,
        "use": use,
        "gas": gas,
        "valid_from": LONG_AGO,
        "valid_to": OPEN_END,
        "note": note,
        **empty,
    }


def _per_gj(factor: Row, complaints: Complaints) -> Any:
    scale = hold_unit(factor, "unit", "kg/TJ", complaints) * Fraction(1, 1_000_000)
    return units.to_decimal(number(factor, "value", complaints) * scale)


def _fallback(heat: Row | None, physics: Physics, code: str) -> Any:
    """The heat value that belongs to the factor, for kinds no edition has one for; only per tonne."""
    kind = next(row for row in physics.rows["energy_kinds"] if row["energy_code"] == code)
    target = f"GJ/{kind['canonical_unit']}"
    if heat is None or units.dimension(heat["unit"]) != units.dimension(target):
        return None
    return units.to_decimal(Fraction(heat["value"]) * units.multiplier(heat["unit"], target))


def _interval(row: Row, complaints: Complaints) -> dict[str, Any]:
    return {
        "valid_from": day(row, "valid_from", LONG_AGO, complaints),
        "valid_to": day(row, "valid_to", OPEN_END, complaints),
    }
