"""电力各口径并列: one consumption, every basis from the same lines; green power credited by each basis's own rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.reports import Explanation
from tests.reports.explain.conftest import A, C, E, Golden, rewritten

Alter = Callable[[str], Callable[[str], Explanation]]


def test_every_row_of_the_mart_is_recomputed_to_the_last_digit(golden: Golden) -> None:
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        sql = "select distinct strftime(month, '%Y-%m') as month, factory_id from mart.electricity_basis order by all"
        rows = list(ledger.rows(sql).iter_rows())
    assert len(rows) >= 4
    figures = {f"electricity/{month}/{factory}" for month, factory in rows}
    for figure in figures | {f"electricity/{month}" for month, _ in rows}:
        screen = golden.explain(figure)
        assert screen.agrees, (figure, screen.verdict())
        assert screen.compared > 60


def test_the_worked_case_comes_out_on_every_basis(golden: Golden) -> None:
    # 戊 2022-12: 200 MWh bought, 50 passed on; 30 MWh by certificate counts with the residual mix alone.
    screen = golden.explain(f"electricity/2022-12/{E}")
    values = {step.name: step.value for step in screen.steps}
    assert values["location_provincial 计费电量"] == Decimal(200)
    assert values["location_provincial 外供扣减"] == Decimal(-50)
    assert values["location_provincial 排放"] == Decimal("87.735")
    assert values["market_residual 按零计的绿电"] == Decimal(30)
    assert values["market_residual 申报的绿电"] == Decimal(65)
    assert values["market_residual 不抵减的绿电"] == Decimal(35)
    assert values["shanghai_ets 按零计的绿电"] == 0
    assert values["shanghai_ets 排放"] == Decimal("63")


LAST_PLACE = "0.000001"
PLANTED = [
    (
        f"update mart.electricity_basis set {column} = {column} + {LAST_PLACE}",
        f"mart.electricity_basis.{column}",
    )
    for column in (
        "charged_mwh",
        "credited_mwh",
        "exported_mwh",
        "declared_mwh",
        "uncredited_mwh",
        "factor_t",
        "co2_t",
    )
]
PLANTED += [
    ("update mart.electricity_basis set factor_id = 'x'", "mart.electricity_basis.factor_id"),
    ("update core.emission set co2_t = co2_t + 0.000000000001", "core.emission.co2_t"),
    (
        "update core.green_credit set is_credited = not is_credited where scheme = 'market_residual'",
        "core.green_credit.is_credited",
    ),
    (
        "update raw.energy_line set purchased_text = '21' where purchased_text = '20'",
        "core.emission.activity",
    ),
    (
        "insert into mart.electricity_basis select * replace ('x' as purpose) from mart.electricity_basis "
        "where purpose = 'shanghai_ets'",
        "mart.electricity_basis.charged_mwh",
    ),
]


@pytest.mark.parametrize("figure", ["electricity/2022-12", f"electricity/2022-12/{E}"])
@pytest.mark.parametrize(("statement", "place"), PLANTED)
def test_an_altered_digit_is_told(
    golden: Golden, altered: Alter, statement: str, place: str, figure: str
) -> None:
    screen = altered(statement)(figure)
    assert not screen.agrees
    assert place in {step.place for step in screen.steps if not step.agrees}, screen.verdict()


def test_a_published_mart_that_was_altered_is_told(golden: Golden) -> None:
    name = "mart.electricity_basis"
    mart = golden.published.marts[name].with_columns(pl.col("co2_t") + Decimal("0.000001"))
    published = replace(golden.published, marts={**golden.published.marts, name: mart})
    for figure in ("electricity/2022-12", f"electricity/2022-12/{E}"):
        screen = golden.ask(figure, published)
        assert screen.first_difference is not None and screen.first_difference.is_published


def test_a_rule_of_one_basis_that_differs_is_told(golden: Golden, tmp_path: Path) -> None:
    name, old = "emission_factors/green_power_rules.csv", "market_residual,certificate,zero,certificate"
    with rewritten(golden, tmp_path, name, old, "market_residual,certificate,none,none") as published:
        assert not golden.ask(f"electricity/2022-12/{E}", published).agrees


def test_a_factory_without_purchased_power_is_told(golden: Golden) -> None:
    with pytest.raises(NotFound, match="没有外购电力"):
        golden.explain(f"electricity/2022-12/{C}")
    assert golden.explain(f"electricity/2023-01/{A}").agrees
