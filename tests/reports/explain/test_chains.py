"""Every factor the reference can choose is multiplied out a second time, from the printed rows, to the last digit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from pipelines import paths, reference
from pipelines.reports.explain.chains import Chains
from pipelines.reports.explain.printed import Printed
from pipelines.reports.explain.shapes import shown


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return reference.load(paths.EMISSION_FACTORS, as_of=date(2026, 6, 30)).tables


@pytest.fixture(scope="module")
def chains() -> Chains:
    return Chains(Printed(paths.CHECKOUT))


def canonical(tables: dict[str, pl.DataFrame], code: str) -> str:
    kinds = tables["ref.energy_kind"]
    return str(kinds.filter(pl.col("energy_code") == code)["canonical_unit"][0])


def test_every_emission_factor(tables: dict[str, pl.DataFrame], chains: Chains) -> None:
    rows = [row for row in tables["ref.emission_factor"].to_dicts() if row["gas"] == "CO2"]
    assert len(rows) > 200
    for row in rows:
        chain = chains.emission_factor(row["factor_id"], canonical(tables, row["energy_code"]))
        assert chain.value == row["factor_t"], row["factor_id"]
        assert chain.expression


def test_every_heat_value(tables: dict[str, pl.DataFrame], chains: Chains) -> None:
    for row in tables["ref.heat_value"].to_dicts():
        chain = chains.heat_value(row["factor_id"], canonical(tables, row["energy_code"]))
        assert chain.value == row["ncv_gj"], row["factor_id"]


def test_every_coal_coefficient(tables: dict[str, pl.DataFrame], chains: Chains) -> None:
    for row in tables["ref.standard_coal"].to_dicts():
        chain = chains.coal(row["factor_id"], canonical(tables, row["energy_code"]))
        assert chain.value == row["coefficient_tce"], row["factor_id"]


def test_every_unit_a_kind_may_be_stated_in(tables: dict[str, pl.DataFrame], chains: Chains) -> None:
    for row in tables["ref.unit_conversion"].to_dicts():
        chain = chains.conversion(row["unit"], row["to_unit"], row["factor_id"])
        assert chain.value == row["multiplier"], row


def test_numbers_are_shown_with_every_digit() -> None:
    assert shown(Decimal("-1234.50")) == "-1,234.5"
    assert shown(Decimal("-0.5")) == "-0.5"
    assert shown(Decimal("0E-12")) == "0"
    assert shown(Decimal("12345678901234567890.123456789012")) == "12,345,678,901,234,567,890.123456789012"
