# ruff: noqa: E501 - a planted mistake is one row
"""CH4 and N2O of burning and the CO2 of biomass: recomputed, and told when anything is off."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.reports import Explanation
from tests.reports.explain.conftest import B, C, D, G, Golden, rewritten

Alter = Callable[[str], Callable[[str], Explanation]]


@pytest.mark.parametrize("month", ["2022-12", "2023-01"])
def test_every_month_agrees(golden: Golden, month: str) -> None:
    screen = golden.explain(f"combustion_gas/{month}")
    assert screen.agrees, screen.verdict()
    assert screen.compared > 6


def test_every_use_agrees(golden: Golden) -> None:
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        sql = "select distinct strftime(month, '%Y-%m'), factory_id, energy_code from core.combustion_gas order by all"
        uses = ledger.rows(sql).rows()
    assert len(uses) >= 8
    for use in uses:
        screen = golden.explain("combustion_gas/" + "/".join(use))
        assert screen.agrees, screen.verdict()


def test_vehicles_are_told_apart(golden: Golden) -> None:
    steps = {step.name: step.value for step in golden.explain(f"combustion_gas/2022-12/{D}/21").steps}
    assert steps["固定源 CH4 燃烧量"] == Decimal("6.5")
    assert steps["移动源 CH4 燃烧量"] == Decimal(3)
    # 6.5 t × 43.33 GJ/t × 3 kg/TJ
    assert steps["固定源 CH4 排放"] == Decimal("0.000844935")


def test_the_carbon_of_biomass_stands_here_and_not_in_the_emission(golden: Golden) -> None:
    screen = golden.explain(f"combustion_gas/2022-12/{G}/36")
    assert "CO2" in screen.value
    assert "CO2" not in golden.explain(f"combustion_gas/2022-12/{C}/15").value


LAST_DIGIT = "0.000000000001"
PLANTED = [
    (f"update core.combustion_gas set mass_t = mass_t + {LAST_DIGIT} where gas = 'N2O'", "combustion_gas/2022-12", "core.combustion_gas.mass_t"),
    (f"update core.combustion_gas set factor_t = factor_t + {LAST_DIGIT}", f"combustion_gas/2022-12/{C}/15", "core.combustion_gas.factor_t"),
    (f"update core.combustion_gas set ncv_gj = ncv_gj + {LAST_DIGIT}", f"combustion_gas/2022-12/{C}/15", "core.combustion_gas.ncv_gj"),
    ("update core.combustion_gas set factor_id = 'x'", f"combustion_gas/2022-12/{B}/21", "core.combustion_gas.factor_id"),
    (f"update raw.energy_line set transport_text = '4' where factory_id = '{D}'", f"combustion_gas/2022-12/{D}/21", "core.energy_use.transport"),
    (f"delete from core.combustion_gas where factory_id = '{D}'", f"combustion_gas/2022-12/{D}/21", "core.combustion_gas.activity"),
    ("insert into core.combustion_gas select * replace ('33' as energy_code) from core.combustion_gas where energy_code = '15'", "combustion_gas/2022-12", "core.combustion_gas.activity"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "figure", "place"), PLANTED)
def test_an_altered_gas_is_told(
    golden: Golden, altered: Alter, statement: str, figure: str, place: str
) -> None:
    assert golden.explain(figure).agrees
    screen = altered(statement)(figure)
    assert screen.first_difference is not None
    assert screen.first_difference.place == place


def test_a_choice_withdrawn_leaves_the_gas_unknown(golden: Golden, tmp_path: Path) -> None:
    name = "emission_factors/combustion_gases.csv"
    with rewritten(
        golden, tmp_path, name, "gas.21.stationary.ch4,21,", "gas.21.stationary.ch4,22,"
    ) as published:
        screen = golden.ask(f"combustion_gas/2022-12/{D}/21", published)
    assert screen.first_difference is not None and screen.first_difference.value is None


def test_a_kind_nobody_reported_is_told(golden: Golden) -> None:
    with pytest.raises(NotFound, match="21"):
        golden.explain(f"combustion_gas/2022-12/{D}/09")
