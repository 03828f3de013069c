"""同比、环比: both months recomputed, and never compared across a change of what the factors rest on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import NotFound
from pipelines.reports import Explanation
from tests.reports.explain.conftest import Golden, rewritten

Alter = Callable[[str], Callable[[str], Explanation]]


@pytest.mark.parametrize(
    "figure",
    ["yoy/2023-01", "mom/2023-01", "mom/2022-12", "mom@shanghai_ets/2023-01", "yoy@market_residual/2022-12"],
)
def test_both_months_agree(golden: Golden, figure: str) -> None:
    screen = golden.explain(figure)
    assert screen.agrees, screen.verdict()
    assert screen.compared > 40


def test_the_change_is_that_of_the_two_district_months(golden: Golden) -> None:
    screen = golden.explain("mom/2023-01")
    values = {step.name: step.value for step in screen.steps}
    now, before = values["综合能耗 2023-01"], values["综合能耗 2022-12"]
    change = 100 * (now - before) / before  # type: ignore[operator]
    assert f"综合能耗（当量）{change:+.1f}%" in screen.value
    assert golden.explain("coal/2023-01").value.split()[0] in f"{now:,}"
    assert golden.explain("yoy/2023-01").value == "排放 无上年同期；综合能耗（当量）无上年同期"


LAST_PLACE = "0.000001"
PLANTED = [
    (f"update mart.district_month set {column} = coalesce({column}, 0) + {LAST_PLACE}", figure, column)
    for figure, columns in (
        ("mom/2023-01", ("co2_t", "co2_previous_month_t", "coal_tce", "coal_previous_month_tce")),
        ("yoy/2023-01", ("co2_same_month_last_year_t", "coal_same_month_last_year_tce")),
    )
    for column in columns
]
PLANTED += [
    (f"update mart.district_month set {column} = not {column}", figure, column)
    for figure, column in (
        ("mom/2023-01", "is_new_basis_since_previous_month"),
        ("yoy/2023-01", "is_new_basis_since_last_year"),
    )
]


@pytest.mark.parametrize(("statement", "figure", "column"), PLANTED)
def test_an_altered_digit_is_told(
    golden: Golden, altered: Alter, statement: str, figure: str, column: str
) -> None:
    assert golden.explain(figure).agrees
    screen = altered(statement)(figure)
    assert screen.first_difference is not None
    assert screen.first_difference.place == f"mart.district_month.{column}"


@pytest.mark.parametrize("month", ["2022-12", "2023-01"])
def test_an_altered_part_of_either_month_is_told(altered: Alter, month: str) -> None:
    told = f"update core.emission set co2_t = co2_t + 0.000000000001 where month = date '{month}-01'"
    screen = altered(told)("mom/2023-01")
    assert screen.first_difference is not None
    assert screen.first_difference.place == "core.emission.co2_t"
    assert screen.first_difference.name.startswith(month)


def test_another_series_is_not_compared_and_is_named(golden: Golden, tmp_path: Path) -> None:
    name = "emission_factors/purchased_factors.csv"
    row = next(
        line
        for line in (golden.published.rules / name).read_text("utf-8").splitlines()
        if line.startswith("elec.provincial.cn-sh.2023,")
    )
    series = next(cell for cell in row.split(",") if "provincial" in cell and not cell.startswith("elec."))
    assert series
    with rewritten(golden, tmp_path, name, row, row.replace(f",{series},", ",another_series,")) as published:
        screen = golden.ask("mom/2023-01", published)
    assert not screen.agrees


def test_a_month_without_energy_is_told(golden: Golden) -> None:
    with pytest.raises(NotFound, match="没有能源数据"):
        golden.explain("yoy/2021-03")
