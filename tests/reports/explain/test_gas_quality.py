"""Half-widths of processes and of CH4, N2O of burning: rows of a line and a gas, in CO2e, squared factor by factor."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.reports import Explanation
from tests.reports.explain.conftest import Golden, rewritten

Alter = Callable[[str], Callable[[str], Explanation]]


def test_every_row_of_the_mart_is_recomputed_to_the_last_digit(golden: Golden) -> None:
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        sql = "select purpose, strftime(month, '%Y-%m') as month from mart.gas_quality_month order by all"
        rows = list(ledger.rows(sql).iter_rows())
    assert len(rows) >= 8
    for purpose, month in rows:
        screen = golden.explain(f"gas_uncertainty@{purpose}/{month}")
        assert screen.agrees, (purpose, month, screen.verdict())
        assert screen.compared > 20


def test_the_worked_square_comes_out(golden: Golden) -> None:
    # 2023-01, AR5. Every line is stated without a paper (± 20 %); leaked refrigerant and welding CO2 have ± 10 %;
    # gases of semiconductor plants have no half-width in the source, so the square does not speak of them.
    screen = golden.explain("gas_uncertainty@location_provincial/2023-01")
    rows = next(section for section in screen.sections if section.title.startswith("按活动")).rows
    covered = {row[0]: Decimal(row[5].replace(",", "")) for row in rows if "半宽未知" not in row[3]}
    assert set(covered) == {"制冷剂泄漏（补充量）", "二氧化碳保护焊"}
    expected = sum(
        (tonnes * share) ** 2 for tonnes in covered.values() for share in (Decimal("0.2"), Decimal("0.1"))
    )
    values = {step.name: step.value for step in screen.steps}
    assert abs(values["半宽平方"] - expected) < Decimal("0.01")  # type: ignore[operator]
    assert values["半宽覆盖的当量"] == sum(covered.values())
    assert any("没有来源给出半宽" in note for note in screen.notes)


def test_burning_counts_only_where_the_basis_counts_it(golden: Golden) -> None:
    with pytest.raises(NotFound):
        golden.explain("gas_uncertainty@location_provincial/2022-12")
    counted = golden.explain("gas_uncertainty@market_residual/2022-12")
    gases = {
        row[1] for section in counted.sections if section.title.startswith("按活动") for row in section.rows
    }
    assert gases == {"CH4", "N2O"}


def test_a_row_without_a_potential_is_unknown_and_of_the_worst_tier(golden: Golden) -> None:
    screen = golden.explain("gas_uncertainty@shanghai_ets/2023-01")
    values = {step.name: step.value for step in screen.steps}
    assert values["未知的项"] and values["最低档"] == 5
    assert any("没有因子或 GWP" in note for note in screen.notes)


LAST_PLACE = "0.000001"
MART = "mart.gas_quality_month"
PLANTED = [
    (f"update {MART} set {column} = {column} + {LAST_PLACE}", f"{MART}.{column}")
    for column in ("co2e_t", "covered_t", "half_width_squared_t2", "tier_4_t", "tier_5_t")
]
PLANTED += [
    (f"update {MART} set {column} = {column} + 1", f"{MART}.{column}")
    for column in ("emission_rows", "rows_unknown", "rows_uncovered")
]
PLANTED += [
    (f"update {MART} set lowest_tier = 1", f"{MART}.lowest_tier"),
    ("update stg.activity_line set document_no = '1'", "core.gas_quality.activity_tier"),
    ("update core.process_emission set level = 'international'", "core.gas_quality.factor_tier"),
    ("update core.combustion_gas set level = 'national'", "core.gas_quality.factor_tier"),
    ("update core.activity_quality set tier = 'metered'", "core.gas_quality.activity_tier"),
    (
        "update ref.quality_tier set half_width = half_width + 0.0001 where side = 'process'",
        "core.gas_quality.factor_half_width",
    ),
    (
        "update ref.quality_tier set half_width = half_width + 0.0001 where side = 'activity'",
        "core.gas_quality.activity_half_width",
    ),
    (
        "update ref.quality_tier set half_width_squared = half_width_squared + 0.000000000001",
        "core.gas_quality.half_width_squared",
    ),
    ("update ref.quality_tier set quality_tier = 2 where side = 'burning'", "core.gas_quality.quality_tier"),
    ("update core.process_emission set emitted_t = emitted_t + 0.000000000001", "core.process_emission.emitted_t"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "place"), PLANTED)
def test_an_altered_digit_is_told(altered: Alter, statement: str, place: str) -> None:
    ask = altered(statement)
    figures = ("gas_uncertainty/2023-01", "gas_uncertainty@market_residual/2022-12")
    found = {step.place for figure in figures for step in ask(figure).steps if not step.agrees}
    assert place in found


def test_a_half_width_of_the_printed_table_that_differs_is_told(golden: Golden, tmp_path: Path) -> None:
    name, old, new = "emission_factors/uncertainty.csv", "activity.estimate,0.2,", "activity.estimate,0.3,"
    with rewritten(golden, tmp_path, name, old, new) as published:
        screen = golden.ask("gas_uncertainty/2023-01", published)
    assert screen.first_difference is not None
    assert screen.first_difference.place == "core.gas_quality.activity_half_width"


def test_a_month_without_such_gases_is_told(golden: Golden) -> None:
    with pytest.raises(NotFound, match="没有过程与其他气体数据"):
        golden.explain("gas_uncertainty/2022-02")
