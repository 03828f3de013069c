"""Multipliers are exact, go there and back, and never cross from one kind of thing to another."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import units

SAME_KIND = [
    ["t", "kg", "g", "Gg"],
    ["kWh", "MWh", "wan_kWh", "GJ", "MJ", "kJ", "TJ", "J"],
    ["tce", "kgce", "wan_tce"],
    ["Nm3", "wan_Nm3"],
    ["L", "m3"],
    ["CNY", "qian_CNY", "wan_CNY", "yi_CNY"],
    ["GJ_per_t", "MJ_per_kg", "kJ_per_kg"],
    ["MJ_per_Nm3", "kJ_per_Nm3"],
]
THREE = st.sampled_from(SAME_KIND).flatmap(lambda kind: st.tuples(*[st.sampled_from(kind)] * 3))


@pytest.mark.parametrize(
    ("source", "target", "exact"),
    [
        ("wan_kWh", "MWh", Fraction(10)),
        ("kWh", "MWh", Fraction(1, 1000)),
        ("MWh", "GJ", Fraction(18, 5)),
        ("MJ", "kWh", Fraction(5, 18)),
        ("wan_Nm3", "Nm3", Fraction(10000)),
        ("kg", "t", Fraction(1, 1000)),
        ("wan_CNY", "CNY", Fraction(10000)),
        # 10,000 kWh a ton hide a factor of ten: 4.2 tCO2/万kWh is 0.42 t/MWh; GJ/万Nm3 is 0.1 MJ/Nm3.
        ("t/wan_kWh", "t/MWh", Fraction(1, 10)),
        ("GJ/wan_Nm3", "MJ/Nm3", Fraction(1, 10)),
        ("GJ/t", "MJ_per_kg", Fraction(1)),
        ("kgce/kWh", "tce/wan_kWh", Fraction(10)),
    ],
)
def test_multipliers_are_exact_fractions(source: str, target: str, exact: Fraction) -> None:
    assert units.multiplier(source, target) == exact


@settings(deadline=None)
@given(THREE)
def test_there_and_back_is_one_and_a_detour_changes_nothing(three: tuple[str, str, str]) -> None:
    first, second, third = three

    assert units.multiplier(first, second) * units.multiplier(second, first) == 1
    assert units.multiplier(first, third) == units.multiplier(first, second) * units.multiplier(second, third)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("t", "MWh"),
        ("Nm3", "kWh"),
        ("Nm3", "m3"),
        ("tce", "GJ"),
        ("tce", "t"),
        ("tCO2", "tCO2e"),
        ("tCO2", "tCH4"),
        ("tCO2", "t"),
        ("CNY", "count"),
        ("L", "t"),
    ],
)
def test_different_things_never_convert_by_accident(source: str, target: str) -> None:
    with pytest.raises(pint.DimensionalityError):
        units.multiplier(source, target)


@pytest.mark.parametrize("name", ["kt", "ton", "C", "T", "mt", "knot", "meter", "tonne"])
def test_none_of_pints_own_units_is_known(name: str) -> None:
    with pytest.raises(pint.UndefinedUnitError):
        units.multiplier(name, "t")
    with pytest.raises(ValueError, match="no unit"):
        units.dimension(name)


@pytest.mark.parametrize("text", ["", "t C/TJ", "kWh*1000", "t/", "9**9**9", "(t", "1/kWh", "t//MWh"])
def test_only_names_divided_by_names_are_unit_expressions(text: str) -> None:
    with pytest.raises(ValueError, match="no unit"):
        units.dimension(text)


def test_heat_and_electricity_factors_look_alike_to_units_so_the_carrier_must_tell() -> None:
    assert units.dimension("t/MWh") == units.dimension("t/GJ")


def test_standard_coal_per_kilowatt_hour_is_a_published_number_and_not_a_conversion() -> None:
    assert units.dimension("kgce/kWh") == {"[standard_coal]": 1, "[energy]": -1}
    assert units.dimension("tce") == {"[standard_coal]": 1}


def test_every_alias_names_a_unit_of_the_registry() -> None:
    for kind in units.energy_kinds().values():
        for unit in (kind.canonical_unit, kind.form_unit, *kind.allowed_units):
            assert units.dimension(unit)


@settings(deadline=None)
@given(st.fractions(min_value=-(10**9), max_value=10**9), st.integers(0, 12))
def test_rounding_is_never_off_by_more_than_half_of_the_last_place(value: Fraction, places: int) -> None:
    rounded = units.to_decimal(value, places)

    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**places)
    assert rounded.as_tuple().exponent == -places


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction(1, 8), 2, "0.12"),
        (Fraction(3, 8), 2, "0.38"),
        (Fraction(44, 12), 12, "3.666666666667"),
        (Fraction(-1, 8), 2, "-0.12"),
    ],
)
def test_ties_go_to_the_even_digit(value: Fraction, places: int, expected: str) -> None:
    assert units.to_decimal(value, places) == Decimal(expected)
