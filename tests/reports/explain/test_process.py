# ruff: noqa: E501 - a planted mistake is one row
"""Process and fugitive emissions: recomputed from line text, printed figures and printed GWPs; told when anything is off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines import paths, reference
from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.reports import Explanation
from pipelines.reports.explain.printed import Printed
from pipelines.reports.explain.releasing import coefficient_of, figures_named
from pipelines.units import decimals
from tests.reports.explain.conftest import A, Golden, rewritten

Alter = Callable[[str], Callable[[str], Explanation]]


@pytest.mark.parametrize("basis", ["process", "process@shanghai_ets", "process@national_ets"])
def test_every_level_agrees(golden: Golden, basis: str) -> None:
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        codes = [
            row[0] for row in ledger.rows("select distinct activity_code from core.process_emission").rows()
        ]
    assert len(codes) == 3
    for figure in (
        f"{basis}/2023-01",
        f"{basis}/2023-01/{A}",
        *(f"{basis}/2023-01/{A}/{code}" for code in codes),
    ):
        screen = golden.explain(figure)
        assert screen.agrees, screen.verdict()
        assert screen.compared


def test_the_worked_case_comes_out(golden: Golden) -> None:
    # 1 t of NF3 by remote plasma: 0.9 × 0.02 × 16100 = 289.8, and 0.9 × 0.02 × 6630 = 119.34 of CF4.
    screen = golden.explain(f"process/2023-01/{A}/electronics.semiconductor")
    values = {(step.name, step.value) for step in screen.steps if step.name.endswith("当量")}
    assert {value for _, value in values} >= {Decimal("289.8"), Decimal("119.34")}
    assert screen.lines[0].filename == "12-甲-过程与逸散.csv"
    assert any(source.place.startswith("emission_factors/gwp.csv:") for source in screen.sources)


def test_without_a_gwp_the_sum_says_what_it_leaves_out(golden: Golden) -> None:
    screen = golden.explain("process@shanghai_ets/2023-01")
    assert "项未知" in screen.value
    assert any("NF3" in note and "不在合计内" in note for note in screen.notes)


LAST_DIGIT = "0.000000000001"
PLANTED = [
    (f"update core.process_emission set emitted_t = emitted_t + {LAST_DIGIT}", "process/2023-01", "core.process_emission.emitted_t"),
    (f"update core.process_emission set activity = activity + {LAST_DIGIT}", f"process/2023-01/{A}", "core.process_emission.activity"),
    (f"update core.process_emission set coefficient = coefficient + {LAST_DIGIT}", f"process/2023-01/{A}/welding_co2", "core.process_emission.coefficient"),
    ("update core.process_emission set factor_id = 'x'", f"process/2023-01/{A}/welding_co2", "core.process_emission.factor_id"),
    (f"update core.process_co2e set co2e_t = co2e_t + {LAST_DIGIT}", f"process/2023-01/{A}/refrigerant.leak", "core.process_co2e.co2e_t"),
    ("update core.process_co2e set gwp = 2088 where gas = 'R410A'", f"process/2023-01/{A}/refrigerant.leak", "core.process_co2e.gwp"),
    ("update ref.activity_unit set multiplier = multiplier * 10", f"process/2023-01/{A}/welding_co2", "ref.activity_unit.multiplier"),
    ("update raw.activity_line set quantity_text = '1'", f"process/2023-01/{A}/welding_co2", "core.process_emission.activity"),
    ("update raw.activity_line set process_type = 'in_situ' where process_type = 'remote'", f"process/2023-01/{A}/electronics.semiconductor", "core.process_emission.coefficient"),
    ("update raw.activity_line set is_abated = true where process_type = 'remote'", f"process/2023-01/{A}/electronics.semiconductor", "core.process_emission.coefficient"),
    ("delete from core.process_co2e where gas = 'CF4'", "process/2023-01", "core.process_co2e.gwp"),
    ("update stg.line_fate set fate = 'held' where contract = 'activity' and fate = 'admitted'", f"process/2023-01/{A}/welding_co2", "core.process_emission.gas"),
    ("update mart.inventory_month set mass_t = mass_t + 0.000001 where category = 'process'", "process/2023-01", "mart.inventory_month.mass_t"),
    ("update mart.inventory_month set co2e_t = co2e_t + 0.000001 where gas = 'R410A'", "process/2023-01", "mart.inventory_month.co2e_t"),
    ("update core.process_co2e set co2e_t = 0 where co2e_t is null", "process@shanghai_ets/2023-01", "core.process_co2e.co2e_t"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "figure", "place"), PLANTED)
def test_an_altered_emission_is_told(
    golden: Golden, altered: Alter, statement: str, figure: str, place: str
) -> None:
    assert golden.explain(figure).agrees
    screen = altered(statement)(figure)
    assert screen.first_difference is not None
    assert screen.first_difference.place == place


RULES = [
    ("emission_factors/gwp.csv", "gwp.r410a.ar5,AR5,R410A,r410a,1923.5", "gwp.r410a.ar5,AR5,R410A,r410a,2087.5", "core.process_co2e.gwp"),
    ("emission_factors/process_factors.csv", "elec_ind.heel_fraction,heel_fraction,heel_fraction,,0.1,", "elec_ind.heel_fraction,heel_fraction,heel_fraction,,0.2,", "core.process_emission.coefficient"),
    ("emission_factors/constants.csv", "mass_balance,1,1", "mass_balance,1,2", "core.process_emission.coefficient"),
    ("emission_factors/purposes.csv", ",true,AR5,", ",true,AR4,", "core.process_co2e.gwp"),
    ("emission_factors/units.txt", "t = 1000 * kg", "t = 1001 * kg", "ref.activity_unit.multiplier"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "place"), RULES)
def test_an_altered_figure_is_told(
    golden: Golden, tmp_path: Path, name: str, old: str, new: str, place: str
) -> None:
    with rewritten(golden, tmp_path, name, old, new) as published:
        screen = golden.ask(f"process/2023-01/{A}", published)
    assert screen.first_difference is not None and screen.first_difference.place == place


def test_a_figure_only_remembered_leaves_the_emission_unknown(golden: Golden, tmp_path: Path) -> None:
    rules = golden.published.rules / "emission_factors/process_factors.csv"
    row = next(
        line for line in rules.read_text("utf-8").splitlines() if line.startswith("elec_ind.heel_fraction,")
    )
    changed = row.replace("verified2", "recalled")
    with rewritten(golden, tmp_path, "emission_factors/process_factors.csv", row, changed) as published:
        screen = golden.ask(f"process/2023-01/{A}", published)
    assert screen.first_difference is not None and screen.first_difference.value is None


def test_what_is_not_there_is_told(golden: Golden) -> None:
    with pytest.raises(NotFound, match="welding_co2"):
        golden.explain(f"process/2023-01/{A}/nothing")
    with pytest.raises(NotFound, match="national_ets"):
        golden.explain("process@elsewhere/2023-01")
    with pytest.raises(NotFound, match="2022-12"):
        golden.explain("process/2022-12")


def test_every_route_is_multiplied_out_a_second_time() -> None:
    tables = reference.load(paths.EMISSION_FACTORS, as_of=date(2026, 6, 30)).tables
    printed = Printed(paths.CHECKOUT)
    named = figures_named(printed)
    routes = {row["route_id"]: row for row in printed.rows("activity_routes")}
    units = {row["activity_code"]: row["canonical_unit"] for row in printed.rows("activities")}
    rows = [row for row in tables["ref.process_factor"].to_dicts() if row["factor_id"]]
    assert len(rows) > 300
    for row in rows:
        is_abated = row["factor_id"].endswith(".abated")
        route = routes[row["factor_id"].removesuffix(".abated")]
        exact = coefficient_of(printed, named, route, units[row["activity_code"]], is_abated=is_abated)
        assert decimals.rounded(exact, 12, "ROUND_HALF_EVEN") == row["coefficient"], row["factor_id"]
