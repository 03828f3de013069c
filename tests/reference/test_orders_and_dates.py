"""What an order allows and what a day knows: each condition of a choice taken away once, and the choice that then differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines import paths
from pipelines.errors import BrokenReference
from pipelines.reference import load
from pipelines.reference.datafiles import Complaints
from pipelines.reference.physics import Physics, read
from pipelines.reference.replacements import hold_replacements
from tests.reference.folder import TODAY, Line, coal, copy, factor, known, lines, rewrite, spoil

JULY_2024 = date(2024, 7, 1)
OLD, NEW = "elec.shanghai_ets.cn-sh.pre2022", "elec.shanghai_ets.cn-sh.2022"


def every(file: str, wanted: dict[str, str], change: dict[str, str]) -> Callable[[Path], None]:
    """Change the cells of every line that has the *wanted* ones."""

    def act(folder: Path) -> None:
        rewrite(
            folder,
            file,
            lambda old: [
                row | change if all(row[name] == cell for name, cell in wanted.items()) else row
                for row in old
            ],
        )

    return act


def test_a_year_that_may_not_stand_in_leaves_the_next_unknown(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    every("purchased_resolution", {"purpose": "location_provincial"}, {"may_stand_in": "false"})(folder)
    changed = load(folder, TODAY)

    assert factor("location_provincial", "33", JULY_2024) is not None
    assert factor("location_provincial", "33", JULY_2024, changed) is None
    assert factor("location_provincial", "33", date(2023, 7, 1), changed) is not None


def test_an_ended_edition_of_standard_coal_does_not_stand_in_for_one_only_remembered() -> None:
    """GB/T 2589-2020 is recalled for coke, so the form's own coefficient answers, and not the edition of 2008."""
    assert coal("09", "calorific", date(2021, 3, 1))["factor_id"] == "sc.coke.2008"
    after = coal("09", "calorific", date(2022, 6, 1))
    assert (after["factor_id"], after["is_provisional"]) == ("nbs205_1.09", False)


def test_an_undated_coefficient_is_an_explanation_and_never_an_answer(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    undated = {"factor_id": "sc.diesel.undated", "valid_from": "", "valid_to": ""}
    rewrite(
        folder,
        "standard_coal",
        lambda old: [*old, *(row | undated for row in old if row["factor_id"] == "sc.diesel.2020")],
    )
    table = load(folder, TODAY).tables["ref.standard_coal"]

    assert "sc.diesel.2020" in table["factor_id"]
    assert "sc.diesel.undated" not in table["factor_id"]


def test_an_input_of_another_purpose_makes_no_factor_of_an_enterprise(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    spoil(folder, "fuel_factors", "fuel.diesel.oxidation_fraction.b", "purpose", "national_ets_power")
    before, after = (
        factor("location_provincial", "21", date(2022, 6, 1), table) for table in (None, load(folder, TODAY))
    )

    assert before is not None and after is not None
    assert (before["factor_id"], after["factor_id"]) == ("fuel.diesel.b", "fuel.diesel.d")


def test_carbon_of_biomass_makes_no_factor_of_a_fossil_fuel(tmp_path: Path) -> None:
    """Although its heat value and its CO2 stand in the files, as those of diesel do."""
    folder = copy(tmp_path)
    spoil(folder, "energy_kinds", "36", "fuel", "solid_biomass")

    assert factor("location_provincial", "36", date(2022, 6, 1), load(folder, TODAY)) is None


def test_a_multiplied_factor_is_as_trusted_as_the_least_of_its_inputs() -> None:
    order = ("recalled", "single", "verified2")
    stated = {
        line["factor_id"]: line["confidence"]
        for file in ("fuel_factors", "calorific_values")
        for line in lines(file)
    }
    seen = set()
    for row in (
        known().tables["ref.factor_source"].filter(pl.col("factor_id").str.starts_with("fuel.")).to_dicts()
    ):
        if not row["note"].startswith("由 "):
            continue
        inputs = row["note"].removeprefix("由 ").removesuffix(" 相乘").split("、")
        if len(inputs) > 1:
            confidences = [stated[name] for name in inputs]
            assert row["confidence"] == min(confidences, key=order.index), row["factor_id"]
            seen.add(len(set(confidences)))
    assert seen == {1, 2}


def test_what_circulates_without_standing_may_not_be_used_whatever_asks_for_it() -> None:
    physics = read(paths.EMISSION_FACTORS, Complaints())
    traps = [row for row in physics.rows["purchased_factors"] if row["purpose"] == "do_not_use"]

    assert traps
    assert {physics.usable(row, TODAY, official=True) for row in traps} == {False}


def test_a_notice_that_does_not_reach_back_leaves_the_years_before_it_unknown(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    every("replacements", {}, {"reaches_back": "false"})(folder)
    changed = load(folder, TODAY)

    assert factor("shanghai_ets", "33", date(2015, 7, 1)) is not None
    assert factor("shanghai_ets", "33", date(2015, 7, 1), changed) is None
    assert factor("shanghai_ets", "33", date(2022, 7, 1), changed) is not None


@pytest.mark.parametrize(
    ("column", "value"),
    [("parameter", "x"), ("gas", "CH4"), ("region", "CN-JS"), ("purpose", "x"), ("unit", "t/GJ")],
)
def test_old_and_new_differ_in_nothing_but_their_figure(column: str, value: str) -> None:
    told = Complaints()
    hold_replacements(_with(OLD, {column: value}), told)

    assert any(f"的 {column} 不同，不能互相替代" in problem for problem in told.found)


def test_old_and_new_are_two_series() -> None:
    told = Complaints()
    series = next(line["series"] for line in lines("purchased_factors") if line["factor_id"] == NEW)
    hold_replacements(_with(OLD, {"series": series}), told)

    assert any("应另立序列" in problem for problem in told.found)


def test_tonnes_that_do_not_say_of_what_state_no_carbon(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    alias = {"alias": "示例吨每太焦", "unit": "t/TJ", "is_preferred": "true"}
    rewrite(folder, "unit_aliases", lambda old: [*old, alias])

    assert "t/TJ" not in load(folder, TODAY).tables["ref.measured_unit"]["unit"]


@pytest.mark.parametrize(
    ("table", "as_of", "column", "values"),
    [
        ("ref.series_change", date(2022, 12, 18), "to_series", set()),
        ("ref.series_change", date(2022, 12, 19), "to_series", {"edition_c"}),
        ("ref.industry_sector", date(2022, 12, 18), "sector", {"general"}),
        ("ref.industry_sector", date(2022, 12, 19), "sector", {"general", "ministry"}),
        ("ref.green_power_rule", date(2022, 12, 31), "purpose", set()),
        ("ref.green_power_rule", date(2023, 6, 7), "purpose", {"national_ets", "shanghai_ets"}),
    ],
)
def test_a_rule_is_known_from_the_day_of_its_document(
    table: str, as_of: date, column: str, values: set[str]
) -> None:
    assert set(known(as_of).tables[table][column].to_list()) == values


def test_what_a_basis_counts_is_known_from_the_day_of_its_document() -> None:
    def bases(as_of: date) -> set[str]:
        return set(known(as_of).tables["ref.purpose_rule"].filter(item="combustion_ch4_n2o")["purpose"])

    assert bases(date(2024, 8, 23)) - bases(date(2024, 8, 22)) == {"national_standard"}


def test_what_renewable_energy_counts_is_known_from_the_day_of_its_document(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    spoil(folder, "sources", "gbt-36132-2025.01", "published_on", "2025-08-29")
    spoil(folder, "renewable_rules", "renewable.certificate", "is_counted", "false")
    before, after = (
        load(folder, day).tables["ref.renewable_rule"] for day in (date(2025, 8, 28), date(2025, 8, 29))
    )

    assert before.is_empty()
    assert dict(after.select("kind", "is_counted").iter_rows()) == {
        "certificate": False,
        "direct_line": True,
        "inter_provincial": True,
        "self_generated": True,
    }


def test_a_density_only_remembered_turns_no_litre_into_a_tonne(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    spoil(folder, "fuel_factors", "fuel.diesel.density", "confidence", "recalled")

    def stated(*, official: bool) -> set[str]:
        table = load(folder, TODAY, official=official).tables["ref.unit_conversion"]
        return set(table.filter(pl.col("unit") == "L")["energy_code"])

    assert stated(official=False) - stated(official=True) == {"21"}


def test_only_what_stands_below_a_narrower_level_is_a_fallback() -> None:
    order = {
        (row["purpose"], row["energy_code"], row["level"]): row["is_fallback"]
        for row in known().tables["ref.factor_order"].to_dicts()
    }

    assert order["location_provincial", "33", "province"] is False
    assert order["location_provincial", "33", "grid_region"] is True
    assert order["location_provincial", "33", "national"] is True
    assert order["location_national", "33", "national"] is False
    assert order["location_provincial", "32", "national"] is False
    assert order["shanghai_ets", "33", "city"] is False


def test_a_slip_in_the_files_of_processes_stops_loading(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    spoil(folder, "purposes", "shanghai_ets", "gwp_edition", "AR9")

    with pytest.raises(BrokenReference, match="gwp_edition"):
        load(folder, TODAY)


def _with(factor_id: str, cells: Line) -> Physics:
    """The folder with some cells of one row of purchased_factors replaced."""
    physics = read(paths.EMISSION_FACTORS, Complaints())
    rows = [
        replace(row, cells=row.cells | cells) if row["factor_id"] == factor_id else row
        for row in physics.rows["purchased_factors"]
    ]
    return replace(physics, rows=physics.rows | {"purchased_factors": rows})
