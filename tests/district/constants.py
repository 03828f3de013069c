"""常数表 | The oracle's own few constants, each with its document. Kept apart from emission_factors/ on purpose.

Only what the sample district uses. Rounding as docs/method says: a factor has 12 decimals (half to even), a
product of amount and factor has 12 decimals (half away from zero).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import NamedTuple

PURPOSES = ("location_provincial", "shanghai_ets")

_EXACT = Context(prec=120)
_PLACES = Decimal(1).scaleb(-12)
_CARBON_TO_CO2 = Fraction(44, 12)


class Fuel(NamedTuple):
    """One fuel: heat value in GJ per canonical unit, carbon in t C/TJ, oxidised share, and where they stand."""

    heat_gj: str
    carbon_t_per_tj: str
    oxidised: str
    document: str


# Edition b (the enterprise's own sector guide, activity 2021-2023); raw coal stands only in edition d.
_B = "发改办气候〔2015〕1722号 附录二"
FUELS: Mapping[str, Fuel] = {
    "01": Fuel("20.908", "26.37", "0.94", "发改办气候〔2011〕1041号；热值 GB/T 2589-2008"),
    "15": Fuel("0.038931", "15.3", "0.99", f"{_B}：389.31 GJ/万Nm3"),
    "19": Fuel("44.8", "18.9", "0.98", _B),
    "21": Fuel("43.33", "20.2", "0.98", _B),
    "23": Fuel("47.31", "17.2", "0.99", _B),
}

# Activity year → t CO2/MWh.
ELECTRICITY: Mapping[str, Mapping[int, str]] = {
    "shanghai_ets": {2021: "0.42", 2022: "0.42", 2023: "0.42"},  # 沪环气〔2022〕34号：4.2 t/万kWh
    # 公告2024年第12号、公告2024年第33号、公告2025年第47号
    "location_provincial": {2021: "0.5834", 2022: "0.5849", 2023: "0.5737"},
}
# t CO2/GJ: 沪环气〔2022〕34号; the national default of the sector guides.
HEAT: Mapping[str, str] = {"shanghai_ets": "0.06", "location_provincial": "0.11"}

# 沪环气候〔2023〕89号: settled inter-provincial green power counts as zero, for Shanghai reporting alone,
# from activity year 2022 (read from the reporting calendar).
GREEN_ZERO_FROM = date(2022, 1, 1)

# 当量 tce per canonical unit: GB/T 2589-2008 and -2020, form 205-1; equal where both give one.
COAL_TCE: Mapping[str, str] = {
    "01": "0.7143",
    "15": "0.00133",
    "19": "1.4714",
    "21": "1.4571",
    "23": "1.7143",
    "32": "0.03412",
    "33": "0.1229",
}
# Canonical units per form unit: an adopted coefficient is stated per 万立方米.
FORM_UNIT: Mapping[str, int] = {"15": 10_000}

NAMES: Mapping[str, str] = {
    "01": "原煤",
    "02": "无烟煤",
    "04": "一般烟煤",
    "15": "天然气",
    "19": "汽油",
    "21": "柴油",
    "23": "液化石油气",
    "32": "热力",
    "33": "电力",
    "36": "生物质废料",
    "40": "能源合计",
}
CANONICAL_UNIT: Mapping[str, str] = {"15": "Nm3", "32": "GJ", "33": "MWh", "40": "tce"}
NOT_COUNTED = frozenset({"02", "04", "40"})

_MULTIPLIERS: Mapping[str, Fraction] = {
    "kWh": Fraction(1, 1000),
    "MWh": Fraction(1),
    "wan_kWh": Fraction(10),
    "Nm3": Fraction(1),
    "wan_Nm3": Fraction(10_000),
    "t": Fraction(1),
    "kg": Fraction(1, 1000),
    "GJ": Fraction(1),
    "MJ": Fraction(1, 1000),
    "tce": Fraction(1),
}
# t per litre: upper limits of GB 17930-2016 (gasoline 775 kg/m3) and GB 19147-2016 (diesel 845 kg/m3).
_LITRE: Mapping[str, Fraction] = {"19": Fraction(775, 10**6), "21": Fraction(845, 10**6)}


def multiplier(energy_code: str, unit: str) -> Fraction:
    """Canonical units in one *unit* of an energy kind."""
    return _LITRE[energy_code] if unit == "L" else _MULTIPLIERS[unit]


def canonical(energy_code: str, unit: str, amount: Decimal) -> Decimal:
    """*amount* in the kind's canonical unit, 12 decimals.

    >>> canonical("33", "wan_kWh", Decimal("1.25")) == Decimal("12.5")
    True
    """
    return rounded(Fraction(amount) * multiplier(energy_code, unit))


def rounded(value: Fraction) -> Decimal:
    """12 decimals, half away from zero."""
    quotient = _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return quotient.quantize(_PLACES, ROUND_HALF_UP, _EXACT)


def times(amount: Decimal, factor: Decimal) -> Decimal:
    """Amount × factor, 12 decimals."""
    return _EXACT.multiply(amount, factor).quantize(_PLACES, ROUND_HALF_UP, _EXACT)


def fuel_co2(energy_code: str) -> Fraction:
    """t CO2 per canonical unit: heat value × carbon × oxidised share × 44/12, exactly.

    >>> float(fuel_co2("21"))
    3.145122493333333
    """
    fuel = FUELS[energy_code]
    carbon = Fraction(fuel.heat_gj) * Fraction(fuel.carbon_t_per_tj) / 1000
    return carbon * Fraction(fuel.oxidised) * _CARBON_TO_CO2


def factor(purpose: str, energy_code: str, year: int) -> Decimal | None:
    """t CO2 per canonical unit with 12 decimals; None where nobody published one."""
    if energy_code == "33":
        return Decimal(ELECTRICITY[purpose][year])
    if energy_code == "32":
        return Decimal(HEAT[purpose])
    if energy_code not in FUELS:
        return None
    exact = fuel_co2(energy_code)
    quotient = _EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return quotient.quantize(_PLACES, ROUND_HALF_EVEN, _EXACT)


def coal_tce(energy_code: str, used: Decimal, adopted: Decimal | None) -> Decimal | None:
    """当量 tce; the factory's adopted coefficient (column 10 of 205-1) wins over the reference."""
    if adopted is not None:
        return times(rounded(Fraction(used) / FORM_UNIT[energy_code]), adopted)
    coefficient = COAL_TCE.get(energy_code)
    return None if coefficient is None else times(used, Decimal(coefficient))
