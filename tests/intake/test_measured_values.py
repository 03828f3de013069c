"""Measured heat values, carbon contents and heat in tonnes: what is asked for beside the number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.intake.test_silent_errors import A, errors, read

CARBON = "统一社会信用代码,报告期,能源代码,计量单位,消费量,实测含碳量,含碳量单位\n"
HEAT = "统一社会信用代码,报告期,能源代码,计量单位,消费量,蒸汽焓值,热水温度\n"


@pytest.mark.parametrize(
    ("code", "unit", "stated", "key"),
    [
        ("01", "吨", "tC/TJ", "tC_per_TJ"),
        ("01", "吨", "%", "percent_C"),
        ("01", "吨", "吨碳/吨", "tC_per_t"),
        ("15", "万立方米", "tC/万Nm3", "tC_per_wan_Nm3"),
        ("15", "万立方米", "kgC/m³", "kgC_per_Nm3"),
    ],
)
def test_a_carbon_content_is_read_with_its_unit(code: str, unit: str, stated: str, key: str) -> None:
    told = read(CARBON + f"{A},2023-05,{code},{unit},1,26.4,{stated}\n")

    assert told.is_accepted
    assert told.lines["measured_carbon"].to_list() == [Decimal("26.4")]
    assert told.lines["measured_carbon_unit"].to_list() == [key]


@pytest.mark.parametrize("stated", ["", "吨", "t/TJ", "GJ/t"])
def test_a_carbon_content_without_a_unit_of_carbon_is_asked_for_again(stated: str) -> None:
    assert errors(read(CARBON + f"{A},2023-05,01,吨,1,26.4,{stated}\n")) == {"E331"}


def test_a_unit_of_carbon_is_no_unit_of_heat() -> None:
    header = CARBON.replace("实测含碳量,含碳量单位", "实测低位发热量,低位发热量单位")
    assert errors(read(header + f"{A},2023-05,01,吨,1,20.9,tC/t\n")) == {"E324"}


@pytest.mark.parametrize(
    ("cells", "code"),
    [("t,100,,", "E332"), ("t,100,2763,90", "E333"), ("kg,100,2763,", "E307")],
)
def test_heat_in_tonnes_needs_its_enthalpy_or_its_temperature(cells: str, code: str) -> None:
    assert errors(read(HEAT + f"{A},2023-05,32,{cells}\n")) == {code}


@pytest.mark.parametrize("cells", ["吨,100,2763,", "吨,100,,90", "GJ,100,,", "百万千焦,100,2763,"])
def test_steam_hot_water_and_heat_are_accepted(cells: str) -> None:
    assert read(HEAT + f"{A},2023-05,32,{cells}\n").is_accepted


def test_only_heat_may_be_weighed() -> None:
    assert errors(read(HEAT + f"{A},2023-05,33,t,100,2763,\n")) == {"E307"}
