"""What some clerks' forms carry beyond consumption: year-to-date figures, steam by enthalpy, resold power, measured heat values, meters.

The oracle's figures: heat of steam in tonnes × (enthalpy − 83.74 kJ/kg), 沪发改环资 guides; nothing here comes from the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tests.sample.people import Factory

HEADERS = {
    "basis": "数据口径",
    "purchased": "购进量",
    "supplied": "外供量",
    "measured_ncv": "实测低位发热量",
    "measured_ncv_unit": "低位发热量单位",
    "steam_enthalpy": "蒸汽焓值",
    "meter_id": "计量点",
    "document_no": "凭证号",
}
STEAM_KJ_PER_KG = "2762.9"
STEAM_GJ_PER_T = (Fraction(STEAM_KJ_PER_KG) - Fraction("83.74")) / 1000


def is_cumulative(factory: Factory) -> bool:
    """States the year to date (本年累计) instead of the month."""
    return factory.number % 20 == 0


def states_steam(factory: Factory) -> bool:
    """Buys its heat as tonnes of steam."""
    return factory.number % 20 == 5


def resells(factory: Factory) -> bool:
    """Passes a twentieth of its power on to a neighbour, bought beside its own."""
    return factory.number % 20 == 6


def measures(factory: Factory) -> bool:
    """Has its gas measured, every second month."""
    return factory.number % 20 == 7


def columns(factory: Factory) -> tuple[str, ...]:
    """Canonical names of the columns its form has beyond the common eight."""
    return tuple(_columns(factory))


def _columns(factory: Factory) -> Iterator[str]:
    if is_cumulative(factory):
        yield "basis"
    if states_steam(factory):
        yield "steam_enthalpy"
    if resells(factory):
        yield from ("purchased", "supplied")
    if measures(factory):
        yield from ("measured_ncv", "measured_ncv_unit")
    # Two thirds know their meters, one third keeps the papers as well.
    if factory.number % 3:
        yield "meter_id"
    if factory.number % 3 == 2 or measures(factory):
        yield "document_no"


def resold(factory: Factory, code: str, stated: Decimal) -> Decimal:
    """Power passed on, in the unit of its clerk; zero for others."""
    return stated / 20 if code == "33" and resells(factory) else Decimal(0)


def measured_ncv(factory: Factory, month: int, code: str) -> Decimal | None:
    """MJ per cubic metre of gas, where it was measured."""
    if code == "15" and month % 2 and measures(factory):
        return Decimal("35.5") + Decimal(factory.number % 9 + month) / 10
    return None


def cells(factory: Factory, year: int, month: int, code: str, stated: Decimal) -> tuple[str, ...]:
    """The cells of :func:`columns`, for a month in which *stated* was consumed."""
    passed_on, heat = resold(factory, code, stated), measured_ncv(factory, month, code)
    told = {
        "basis": "本年累计",
        "steam_enthalpy": STEAM_KJ_PER_KG if code == "32" else "",
        "purchased": format(stated + passed_on, "f") if passed_on else "",
        "supplied": format(passed_on, "f") if passed_on else "",
        "measured_ncv": "" if heat is None else format(heat, "f"),
        "measured_ncv_unit": "" if heat is None else "MJ/m3",
        "meter_id": f"示例表{factory.number:03d}-{code}",
        "document_no": f"示例凭证{factory.number:03d}-{year}{month:02d}-{code}",
    }
    return tuple(told[name] for name in columns(factory))
