# ruff: noqa: E501 - a planted mistake is one row
"""Whatever is altered after the fact — a stored value, a kept rule, a published mart — is told and refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.reports import Explanation
from tests.reports.explain.conftest import AS_OF, A, B, C, E, F, Golden, rewritten

Alter = Callable[[str], Callable[[str], Explanation]]
LAST_DIGIT = "0.000000000001"

STORED = [
    # what was altered, the figure asked for, where the first difference is told
    (f"update core.emission set co2_t = co2_t + {LAST_DIGIT} where energy_code = '33'", f"co2/2023-01/{A}/33", "core.emission.co2_t"),
    (f"update core.emission set factor_t = factor_t + {LAST_DIGIT} where energy_code = '15'", f"co2/2023-01/{B}/15", "core.emission.factor_t"),
    (f"update core.emission set activity = activity - {LAST_DIGIT}", f"co2/2023-01/{C}/32", "core.emission.activity"),
    (f"update core.energy_use set used = used + {LAST_DIGIT}", f"co2/2023-01/{F}/01", "core.energy_use.used"),
    (f"update core.energy_use set feedstock = feedstock + {LAST_DIGIT}", f"co2/2022-12/{B}/21", "core.energy_use.feedstock"),
    (f"update ref.unit_conversion set multiplier = multiplier + {LAST_DIGIT}", f"co2/2023-01/{B}/21", "ref.unit_conversion.multiplier"),
    (f"update core.energy_use set coal_tce = coal_tce + {LAST_DIGIT}", f"coal/2022-12/{B}/32", "core.energy_use.coal_tce"),
    (f"update core.energy_use set energy_gj = energy_gj + {LAST_DIGIT}", f"energy/2023-01/{A}/33", "core.energy_use.energy_gj"),
    (f"update core.energy_use set coal_tce = coal_tce + {LAST_DIGIT}", "coal/2023-01", "core.energy_use.coal_tce"),
    (f"update core.emission set co2_t = co2_t + {LAST_DIGIT} where energy_code = '32'", "co2/2023-01", "core.emission.co2_t"),
    (f"update core.factory_metric set value = value + {LAST_DIGIT}", f"co2/2023-01/{A}", "core.factory_metric.value"),
    ("update mart.factory_month set co2_t = co2_t + 0.000001", f"co2/2023-01/{A}", "mart.factory_month.co2_t"),
    ("update mart.district_month set co2_indirect_t = co2_indirect_t + 0.000001", "co2/2023-01", "mart.district_month.co2_indirect_t"),
    (f"delete from core.emission where energy_code = '33' and factory_id = '{A}'", f"co2/2023-01/{A}", "core.emission.activity"),
    (f"update raw.energy_line set consumed_text = '99' where factory_id = '{A}'", f"co2/2023-01/{A}/33", "core.energy_use.used"),
    (f"update raw.energy_line set unit_text = 'MWh' where factory_id = '{C}'", f"co2/2023-01/{C}/32", "ref.unit_conversion.multiplier"),
    (f"update stg.line_fate set fate = 'held' where factory_id = '{C}' and fate = 'admitted'", f"co2/2023-01/{C}/32", "core.energy_use.used"),
    ("update mart.green_share set numerator = numerator + 0.01", "green_share/2023-01", "mart.green_share.numerator"),
    ("update mart.green_share_cluster set output_ytd_cny = output_ytd_cny - 0.01", "green_share/2023-01", "mart.green_share_cluster.output_ytd_cny"),
    (f"update mart.green_share_member set is_green = not is_green where factory_id = '{A}'", "green_share/2023-01/{cluster}", "mart.green_share_member.is_green"),
    (f"update core.output set output_value_cny = output_value_cny * 10 where factory_id = '{A}'", f"output/2023-01/{A}", "core.output.output_value_cny"),
    ("update raw.output_line set output_value_cny_text = '1'", "green_share/2023-01", "mart.green_share_cluster.green_output_ytd_cny"),
    ("update mart.national_green_factory set factories = factories + 1", "national_green_factories/2022-12", "mart.national_green_factory.factories"),
    ("delete from mart.national_green_factory_member", "national_green_factories/2022-12", "mart.national_green_factory_member.award_cycle"),
    ("update mart.plan_progress set status = 'met'", "progress/2023-01", "mart.plan_progress.status"),
    ("update mart.plan_progress set target_value = 1", "progress/2023-01/SJ2021-24", "mart.plan_progress.target_value"),
    (f"update core.factory_cluster set reason = 'outside' where factory_id = '{A}'", f"membership/2023-01/{A}", "core.factory_cluster.reason"),
    (f"update core.green_status set level = 'national' where factory_id = '{A}'", f"green_status/2023-01/{A}", "core.green_status.level"),
    ("update raw.energy_line set consumed = consumed + 1", "line/{line}", "raw.energy_line.consumed"),
    ("update mart.quality_month set held = held + 1", "held/2023-01", "mart.quality_month.held"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "figure", "place"), STORED)
def test_an_altered_value_is_told_with_the_step_that_parts(
    golden: Golden, altered: Alter, statement: str, figure: str, place: str
) -> None:
    if "{cluster}" in figure:
        figure = f"green_share/2023-01/{golden.explain(f'membership/2023-01/{A}').value}"
    if "{line}" in figure:
        line = golden.explain(f"co2/2023-01/{A}/33").lines[0]
        figure = f"line/{line.receipt_id}/{line.line_no}"
    assert golden.explain(figure).agrees
    screen = altered(statement)(figure)
    assert not screen.agrees
    assert screen.first_difference is not None
    assert screen.first_difference.place == place
    told = " ".join(screen.verdict())
    assert "不一致" in told and place in told


def test_the_difference_is_said_in_plain_words(altered: Alter) -> None:
    screen = altered("update core.emission set co2_t = co2_t + 0.5 where energy_code = '32'")(
        f"co2/2023-01/{C}/32"
    )
    assert screen.verdict()[1] == (
        "最先不一致的一步：排放（core.emission.co2_t）存储 44.5 t CO2，复算 44 t CO2，相差 0.5。"
    )


RULES = [
    # file of the kept rules, its text, what it is made, the figure, what is told
    ("emission_factors/purchased_factors.csv", "2023,0.5737,", "2023,0.5738,", f"co2/2023-01/{A}/33", "core.emission.factor_t"),
    ("emission_factors/calorific_values.csv", "natural_gas,b,38.931,", "natural_gas,b,38.9311,", f"co2/2023-01/{B}/15", "core.emission.factor_t"),
    ("emission_factors/constants.csv", "co2_per_carbon,44,12", "co2_per_carbon,3664,1000", f"co2/2023-01/{B}/15", "core.emission.factor_t"),
    ("emission_factors/fuel_factors.csv", "density,,845,", "density,,846,", f"co2/2023-01/{B}/21", "ref.unit_conversion.multiplier"),
    ("emission_factors/unit_aliases.csv", "万立方米,wan_Nm3", "万立方米,Nm3", f"co2/2022-12/{B}/15", "core.energy_use.used"),
    ("emission_factors/units.txt", "wan_kWh = 10000 * kWh", "wan_kWh = 1000 * kWh", f"co2/2023-01/{E}/33", "ref.unit_conversion.multiplier"),
    ("schemas/targets/songjiang_2021_2023.yml", 'value: "30", unit: "%"', 'value: "25", unit: "%"', "progress/2023-01", "mart.plan_progress.target_value"),
    ("schemas/targets/songjiang_2021_2023.yml", "{key: share_title_level, value: municipal", "{key: share_title_level, value: none", "green_share/2023-01", "mart.green_share_cluster.green_output_ytd_cny"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "figure", "place"), RULES)
def test_an_altered_rule_is_told(
    golden: Golden, tmp_path: Path, name: str, old: str, new: str, figure: str, place: str
) -> None:
    with rewritten(golden, tmp_path, name, old, new) as published:
        screen = golden.ask(figure, published)
    assert not screen.agrees
    assert screen.first_difference is not None and screen.first_difference.place == place


GATES = [
    ("emission_factors/sources.csv", "国家统计局,2025-12-31,day", "国家统计局,2026-12-31,day", f"co2/2023-01/{A}/33", "可用于正式运行"),
    ("emission_factors/fuel_editions.csv", "b,general,1,,2025-03-01", "b,general,1,,2022-03-01", f"co2/2023-01/{B}/15", "版本取用期"),
    ("emission_factors/purchased_resolution.csv", "electricity,1,province,provincial", "electricity,1,province,other", f"co2/2023-01/{A}/33", "口径与地域"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "figure", "gate"), GATES)
def test_a_factor_that_may_not_be_used_is_told_though_the_number_agrees(
    golden: Golden, tmp_path: Path, name: str, old: str, new: str, figure: str, gate: str
) -> None:
    assert gate != "可用于正式运行" or str(AS_OF) < "2026-12-31"
    with rewritten(golden, tmp_path, name, old, new) as published:
        screen = golden.ask(figure, published)
    assert screen.first_difference is None
    assert gate in {held.name for held in screen.gates if not held.holds}
    assert not screen.agrees


def test_a_factor_only_remembered_enters_no_official_figure(golden: Golden, tmp_path: Path) -> None:
    row = next(
        line
        for line in (golden.published.rules / "emission_factors/purchased_factors.csv")
        .read_text("utf-8")
        .splitlines()
        if "CN-SH,2023,0.5737" in line
    )
    changed = row.replace("single", "recalled").replace("verified2", "recalled")
    with rewritten(golden, tmp_path, "emission_factors/purchased_factors.csv", row, changed) as published:
        screen = golden.ask(f"co2/2023-01/{A}/33", published)
    assert not screen.agrees
    assert any("recalled" in gate.detail for gate in screen.gates if not gate.holds)


def test_a_published_mart_that_was_altered_is_told(golden: Golden) -> None:
    mart = golden.published.marts["mart.district_month"].with_columns(pl.col("co2_t") + Decimal("0.000001"))
    published = replace(golden.published, marts={**golden.published.marts, "mart.district_month": mart})
    screen = golden.ask("co2/2023-01", published)
    assert not screen.agrees
    assert screen.first_difference is not None
    assert screen.first_difference.place == f"发布 {golden.release.name} mart.district_month.co2_t"


def test_settled_green_power_is_set_against_use_anew(golden: Golden, altered: Alter) -> None:
    figure = f"co2@shanghai_ets/2023-01/{E}/33"
    assert golden.explain(figure).agrees
    screen = altered("update raw.green_power_line set quantity_text = '6'")(figure)
    assert screen.first_difference is not None
    assert screen.first_difference.place == "core.green_credit.quantity_mwh"


def test_a_fuel_edition_of_another_sector_is_told(altered: Alter) -> None:
    screen = altered("update core.emission set sector = 'ministry'")(f"co2/2023-01/{B}/15")
    assert "行业组" in {gate.name for gate in screen.gates if not gate.holds}


def test_a_figure_replaced_by_the_knowledge_date_is_told(golden: Golden, tmp_path: Path) -> None:
    row = "elec.provincial.cn-sh.2023,elec.provincial.cn-sh.2022,false,sh-2022-34.01,"
    name = "emission_factors/replacements.csv"
    with rewritten(golden, tmp_path, name, "elec.shanghai_ets", f"{row}\nelec.shanghai_ets") as published:
        screen = golden.ask(f"co2/2023-01/{A}/33", published)
    assert "未被替代" in {gate.name for gate in screen.gates if not gate.holds}
