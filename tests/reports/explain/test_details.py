# ruff: noqa: E501 - a planted mistake is one row
"""Measured values, heat in tonnes, exports, proven green power, year-to-date lines, biomass: recomputed, and told when wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines import paths, reference
from pipelines.engine import Ledger
from pipelines.reports import Explanation
from pipelines.reports.explain import measured
from pipelines.reports.explain.chains import Chains
from pipelines.reports.explain.measured import Measured
from pipelines.reports.explain.printed import Printed
from tests.reports.explain.conftest import B, C, D, E, F, G, Golden, rewritten

Alter = Callable[[str], Callable[[str], Explanation]]


def test_the_lines_of_the_details_are_admitted(golden: Golden) -> None:
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        rows = ledger.rows(
            "select distinct submission.filename, fate.fate, fate.hold_codes from stg.line_fate as fate inner join raw.submission as submission"
            " on fate.receipt_id = submission.receipt_id where submission.filename in ('99-细项.csv', '99-绿证.csv')"
        ).rows()
    # The first year-to-date lines wait for the month before them; they serve all the same to be subtracted.
    held = ("99-细项.csv", "held", "Q113")
    assert sorted(rows) == [("99-细项.csv", "admitted", ""), held, ("99-绿证.csv", "admitted", "")]


@pytest.mark.parametrize("purpose", ["market_residual", "national_ets", "national_standard", "shanghai_ets"])
@pytest.mark.parametrize("month", ["2022-11", "2022-12", "2023-01"])
def test_the_district_agrees_under_every_basis(golden: Golden, purpose: str, month: str) -> None:
    screen = golden.explain(f"co2@{purpose}/{month}")
    assert screen.agrees, screen.verdict()


WORKED = [
    # 19 t × (2801.7 − 83.74) / 1000 + 23 t × (81.3 − 20) × 4.1868 / 1000 = 51.64124 + 5.90296932 GJ, × 0.11
    (f"co2@national_standard/2022-12/{D}/32", "6.3298630252"),
    # The month is the year to date less last month's; a half tonne of the two is raw material.
    (f"energy/2022-12/{F}/21", "86.66"),
    (f"energy/2022-12/{F}/15", "19562.8275"),
    # Measured 38.97 MJ/m3 for 70,000 m3, the default 38.931 for 300.
    (f"energy/2022-12/{C}/15", "2739.5793"),
]


@pytest.mark.parametrize(("figure", "value"), WORKED)
def test_worked_details_come_out(golden: Golden, figure: str, value: str) -> None:
    screen = golden.explain(figure)
    assert screen.agrees, screen.verdict()
    assert screen.value.split()[0].replace(",", "") == value


def test_a_measured_value_is_shown_with_the_rows_that_give_the_rest(golden: Golden) -> None:
    screen = golden.explain(f"co2/2022-12/{C}/21")
    assert any(
        step.name == "实测低位发热量" and step.value == Decimal("42.123456789") for step in screen.steps
    )
    assert any(step.value == "measured.both+fuel.diesel.b" for step in screen.steps)
    assert {source.what for source in screen.sources} >= {"碳氧化率", "碳与二氧化碳的质量换算"}
    assert "实测" not in " ".join(step.name for step in golden.explain(f"co2/2022-12/{C}/22").steps)


def test_exports_are_set_against_purchases_where_the_basis_says_so(golden: Golden) -> None:
    values = {
        s.name: s.value for s in golden.explain(f"co2/2022-12/{E}/33").steps if s.name.startswith("外供")
    }
    assert values["外供量（规范单位）"] == Decimal(50)
    activities = [s.value for s in golden.explain(f"co2/2022-12/{E}/33").steps if s.name == "活动水平"]
    assert activities == [Decimal(200), Decimal(-50)]
    whole = [
        s.value for s in golden.explain(f"co2@shanghai_ets/2022-12/{E}/33").steps if s.name == "活动水平"
    ]
    assert whole == [Decimal(150)]


def test_green_power_counts_zero_only_with_the_papers_asked_for(golden: Golden) -> None:
    steps = {step.name: step.value for step in golden.explain(f"co2@market_residual/2022-12/{E}/33").steps}
    assert steps["绿电 certificate 按零计"] is True
    assert steps["绿电 direct_line 按零计"] is False


def test_biomass_is_energy_and_no_emission(golden: Golden) -> None:
    screen = golden.explain(f"co2/2022-12/{G}/36")
    assert screen.agrees
    assert not any(step.name == "排放" for step in screen.steps)


def test_a_year_to_date_line_shows_both_totals(golden: Golden) -> None:
    screen = golden.explain(f"co2/2022-12/{F}/15")
    assert any("(“150.75” − “100.5”)" in step.expression for step in screen.steps)
    assert any(section.title.startswith("累计数折为本月数") for section in screen.sections)
    assert any(gate.name == "上月累计" and gate.holds for gate in screen.gates)


def test_an_unknown_equivalent_leaves_the_sum_unknown(golden: Golden) -> None:
    assert golden.explain(f"coal_generation/2022-12/{E}/33").value == "未知"
    assert golden.explain(f"coal_generation/2022-12/{E}").value.startswith("未知")
    assert not golden.explain(f"coal_generation/2022-12/{C}").value.startswith("未知")


LAST_DIGIT = "0.000000000001"
PLANTED = [
    (f"update core.energy_use set measured_ncv_gj = measured_ncv_gj + {LAST_DIGIT}", f"energy/2022-12/{C}/15", "core.energy_use.measured_ncv_gj"),
    (f"update core.energy_use set carbon_of_heat = carbon_of_heat + {LAST_DIGIT}", f"co2/2022-12/{C}/21", "core.energy_use.carbon_of_heat"),
    (f"update core.energy_use set carbon_of_amount = carbon_of_amount + {LAST_DIGIT}", f"co2/2022-12/{C}/19", "core.energy_use.carbon_of_amount"),
    ("update core.energy_use set heat_value_id = 'fuel.natural_gas.ncv.b' where heat_value_id = 'measured'", f"energy/2022-12/{C}/15", "core.energy_use.heat_value_id"),
    (f"update core.emission set factor_t = factor_t + {LAST_DIGIT}", f"co2/2022-12/{C}/19", "core.emission.factor_t"),
    ("update core.emission set factor_id = 'fuel.gasoline.b' where factor_id like 'measured.%gasoline%'", f"co2/2022-12/{C}/19", "core.emission.factor_id"),
    (f"update raw.energy_line set document_no = null where factory_id = '{C}'", f"co2/2022-12/{C}/19", "core.emission.factor_id"),
    (f"update raw.energy_line set document_no = 'x' where factory_id = '{C}'", f"co2/2022-12/{C}/22", "core.energy_use.measured_ncv_gj"),
    (f"update raw.energy_line set steam_enthalpy_text = '2801.8' where factory_id = '{D}'", f"co2/2022-12/{D}/32", "stg.energy_conversion.multiplier"),
    (f"update stg.energy_conversion set multiplier = multiplier + {LAST_DIGIT}", f"co2/2022-12/{D}/32", "stg.energy_conversion.multiplier"),
    (f"update core.energy_use set supplied = supplied + {LAST_DIGIT}", f"co2/2022-12/{E}/33", "core.energy_use.supplied"),
    (f"update core.energy_use set purchased = purchased + {LAST_DIGIT}", f"co2/2022-12/{E}/33", "core.energy_use.purchased"),
    ("delete from core.emission where kind = 'heat_exported'", f"co2/2022-12/{E}/32", "core.emission.activity"),
    ("update core.green_credit set is_credited = true", f"co2@market_residual/2022-12/{E}/33", "core.green_credit.is_credited"),
    ("update raw.green_power_line set certificate_ids = null", f"co2@market_residual/2022-12/{E}/33", "core.green_credit.quantity_mwh"),
    (f"update stg.energy_flow set consumed = consumed + 0.000000001 where factory_id = '{F}'", f"co2/2022-12/{F}/15", "stg.energy_flow.consumed"),
    (f"update raw.energy_line set consumed_text = '101' where factory_id = '{F}' and period = date '2022-11-01'", f"co2/2022-12/{F}/15", "stg.energy_flow.consumed"),
    (f"insert into core.emission select * replace ('{G}' as factory_id, '36' as energy_code) from core.emission where factory_id = '{B}' and month = date '2022-12-01' and energy_code = '21'", f"co2/2022-12/{G}/36", "core.emission.activity"),
    (f"update core.factory_metric set value = 1 where metric = 'coal_generation_tce' and factory_id = '{E}'", f"coal_generation/2022-12/{E}", "core.factory_metric.value"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "figure", "place"), PLANTED)
def test_an_altered_detail_is_told(
    golden: Golden, altered: Alter, statement: str, figure: str, place: str
) -> None:
    assert golden.explain(figure).agrees
    screen = altered(statement)(figure)
    assert screen.first_difference is not None
    assert screen.first_difference.place == place


def test_another_line_of_last_month_is_told(altered: Alter) -> None:
    screen = altered(f"update stg.energy_flow set previous_line_no = 99 where factory_id = '{F}'")(
        f"co2/2022-12/{F}/15"
    )
    assert screen.first_difference is None and not screen.agrees
    assert "上月累计" in {gate.name for gate in screen.gates if not gate.holds}


RULES = [
    ("emission_factors/process_factors.csv", "reference,,83.74,kJ/kg", "reference,,83.75,kJ/kg", f"co2/2022-12/{D}/32", "stg.energy_conversion.multiplier"),
    ("emission_factors/constants.csv", "water_heat_capacity,41868", "water_heat_capacity,41869", f"co2/2022-12/{D}/32", "stg.energy_conversion.multiplier"),
    ("emission_factors/purpose_rules.csv", "location_provincial,exported_energy,net", "location_provincial,exported_energy,none", f"co2/2022-12/{E}/32", "core.emission.activity"),
    ("emission_factors/green_power_rules.csv", "market_residual,certificate,zero,certificate", "market_residual,certificate,zero,settlement", f"co2@market_residual/2022-12/{E}/33", "core.green_credit.is_credited"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "figure", "place"), RULES)
def test_an_altered_rule_of_a_detail_is_told(
    golden: Golden, tmp_path: Path, name: str, old: str, new: str, figure: str, place: str
) -> None:
    with rewritten(golden, tmp_path, name, old, new) as published:
        screen = golden.ask(figure, published)
    assert screen.first_difference is not None and screen.first_difference.place == place


NOT_ADOPTED = ",33,CN,2024,0.3024,kgce/kWh,2024-01-01,2025-01-01,false,single,none.18,"
ADOPTED = ",33,CN,2024,0.3024,kgce/kWh,2022-01-01,2025-01-01,true,single,mee-2024-33.01,"


def test_an_adopted_equivalent_the_ledger_does_not_use_is_told(golden: Golden, tmp_path: Path) -> None:
    name = "emission_factors/generation_equivalents.csv"
    with rewritten(golden, tmp_path, name, NOT_ADOPTED, ADOPTED) as published:
        screen = golden.ask(f"coal_generation/2022-12/{E}/33", published)
    assert "主管部门采用的等价系数" in {gate.name for gate in screen.gates if not gate.holds}


def test_an_adopted_equivalent_in_use_agrees_and_names_its_document(golden: Golden, tmp_path: Path) -> None:
    factor = "sc.electricity_coal_equivalent.supply_2024"
    copy = tmp_path / "ledger.duckdb"
    shutil.copyfile(golden.home.ledger, copy)
    with Ledger.open(copy) as ledger:
        ledger.execute(
            f"update core.energy_use set generation_factor_id = '{factor}', coal_generation_tce = used * 0.3024 where factory_id = '{E}' and energy_code = '33'"
        )
    name = "emission_factors/generation_equivalents.csv"
    figure = f"coal_generation/2022-12/{E}/33"
    with rewritten(golden, tmp_path, name, NOT_ADOPTED, ADOPTED) as published:
        screen = golden.ask(figure, published, copy)
    assert screen.agrees, screen.verdict()
    assert screen.value.startswith("45.36 ")
    assert screen.sources[-1].factor_id == factor
    unadopted = golden.ask(figure, golden.published, copy)
    assert "主管部门采用的等价系数" in {gate.name for gate in unadopted.gates if not gate.holds}


def test_every_part_of_an_editions_factor_is_multiplied_out_again() -> None:
    """With every combination a factory can measure, in the ledger's roundings."""
    tables = reference.load(paths.EMISSION_FACTORS, as_of=date(2026, 6, 30)).tables
    kinds = {row["energy_code"]: row["canonical_unit"] for row in tables["ref.energy_kind"].to_dicts()}
    printed = Printed(paths.CHECKOUT)
    chains = Chains(printed)
    rows = tables["ref.fuel_parameter"].to_dicts()
    assert len(rows) > 40
    for row in rows:
        unit = kinds[row["energy_code"]]
        one = Measured(ncv=Decimal(1), ncv_unit=f"GJ_per_{unit}" if unit == "t" else "MJ_per_Nm3")
        scale = one.ncv_gj(printed, unit)
        found = measured.factor(printed, chains, one, row["factor_id"], unit)
        assert found.value == (scale * row["co2_t_per_gj"]).quantize(Decimal("1e-12"))
        assert found.factor_id == row["measured_ncv_id"]
        carbon = measured.factor(
            printed, chains, Measured(carbon=Decimal(1), carbon_unit="tC_per_GJ"), row["factor_id"], unit
        )
        exact = (row["ncv_gj"] * row["co2_t_per_carbon_t"]).quantize(Decimal("1e-12"), "ROUND_HALF_UP")
        assert carbon.value == exact and carbon.factor_id == row["measured_carbon_id"]
    assert pl.Series([row["measured_both_id"] for row in rows]).str.starts_with("measured.both+").all()
