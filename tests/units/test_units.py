"""Units: what clerks write is understood, what measures another thing is refused, numbers are exact."""

from __future__ import annotations

from fractions import Fraction

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import units


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("万千瓦时", "wan_kWh"),
        ("万kWh", "wan_kWh"),
        ("万度", "wan_kWh"),
        ("ＫＷｈ", "kWh"),
        (" 千瓦时 ", "kWh"),
        ("m³", "Nm3"),
        ("㎥", "Nm3"),
        ("万立方米", "wan_Nm3"),
        ("百万千焦", "GJ"),
        ("吨标准煤", "tce"),
        ("公斤", "kg"),
    ],
)
def test_spellings_clerks_use_are_understood(text: str, key: str) -> None:
    assert units.resolve_unit(text) == key


@pytest.mark.parametrize(
    "text", ["kt", "ton * 1000", "9**9**9", "kWh*1000", "t C/TJ", "斤", "", "mWh ", "度电"]
)
def test_everything_else_is_unknown_and_never_computed(text: str) -> None:
    assert (
        units.resolve_unit(text) in (None, "MWh")
        if text.strip() == "mWh"
        else units.resolve_unit(text) is None
    )


@pytest.mark.parametrize(
    ("code", "unit"),
    [("33", "t"), ("33", "Nm3"), ("15", "kWh"), ("15", "t"), ("21", "Nm3"), ("32", "t"), ("04", "L")],
)
def test_a_unit_of_another_kind_is_refused_with_the_reason(code: str, unit: str) -> None:
    zh, en = units.unit_problem(code, unit) or ("", "")
    assert units.energy_kinds()[code].name_zh in zh and unit in en


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("kWh", "tce"),
        ("Nm3", "m3"),
        ("tCO2", "tCO2e"),
        ("kWh", "tCO2"),
        ("tCH4", "tCO2"),
        ("CNY", "kg"),
        ("tce", "GJ"),
    ],
)
def test_different_things_do_not_convert(source: str, target: str) -> None:
    with pytest.raises(pint.DimensionalityError):
        units.multiplier(source, target)


@given(st.sampled_from(sorted(units.energy_kinds())), st.data())
def test_there_and_back_is_exactly_one(code: str, data: st.DataObject) -> None:
    kind = units.energy_kinds()[code]
    unit = data.draw(st.sampled_from([unit for unit in kind.allowed_units if unit != "L"]))
    assert units.multiplier(unit, kind.canonical_unit) * units.multiplier(kind.canonical_unit, unit) == 1


def test_the_wan_is_ten_thousand_everywhere() -> None:
    assert units.multiplier("wan_kWh", "MWh") == 10
    assert units.multiplier("wan_Nm3", "Nm3") == 10_000
    assert units.multiplier("MJ", "kWh") == Fraction(5, 18)


def test_every_alias_means_one_defined_unit() -> None:
    for kind in units.energy_kinds().values():
        for unit in (*kind.allowed_units, kind.canonical_unit, kind.form_unit):
            assert units.dimension(unit)
