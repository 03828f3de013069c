"""One mistake of each class in each file it can be made in: refused, with file, line, reading and expectation."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from pipelines import paths
from pipelines.reference.datafiles import Complaints, Row
from pipelines.reference.holding import hold_all
from pipelines.reference.magnitudes import hold_magnitudes, value_column
from pipelines.reference.physics import COLUMNS, Physics, read

SLIPS = [Fraction(10), Fraction(1, 10), Fraction(1000), Fraction(1, 1000)]


@cache
def physics() -> Physics:
    """The folder as it stands; nothing is wrong with it."""
    return read(paths.EMISSION_FACTORS, Complaints())


FACTOR_FILES = sorted({row["table"] for row in physics().rows["bands"]})
SOURCED = sorted(
    file for file, columns in COLUMNS.items() if "source_id" in columns.split() and file != "sources"
)
WITH_UNIT = sorted(
    file
    for file, columns in COLUMNS.items()
    if "unit" in columns.split() and file not in ("unit_aliases", "published_units", "bands")
)


def spoilt(file: str, changes: dict[int, dict[str, str]]) -> Physics:
    """The folder with some cells of some rows of one file replaced."""
    rows = [
        Row(row.file, row.line, {**row.cells, **changes[place]}) if place in changes else row
        for place, row in enumerate(physics().rows[file])
    ]
    return replace(physics(), rows={**physics().rows, file: rows})


def complaints(found: Physics) -> list[str]:
    told = Complaints()
    hold_all(found, told)
    return told.found


def refused(file: str, place: int, column: str, value: str) -> str:
    """What is said of one spoilt cell: the complaint that names its file, line, column and reading."""
    row = physics().rows[file][place]
    told = [
        problem
        for problem in complaints(spoilt(file, {place: {column: value}}))
        if problem.startswith(f"{row.where}「{column}」：读到 “{value}”，应为")
    ]
    assert told, (file, row.line, column, value)
    return told[0]


def test_nothing_is_wrong_with_the_folder_as_it_stands() -> None:
    assert complaints(physics()) == []


def test_every_file_with_values_is_held_against_bands() -> None:
    """Constants are held by the products they enter; the two yardsticks and the aliases hold no factor."""
    valued = {
        file for file, columns in COLUMNS.items() if {"value", "gwp", "half_width"} & set(columns.split())
    }

    assert set(FACTOR_FILES) == valued


@pytest.mark.parametrize("file", SOURCED)
@pytest.mark.parametrize("value", ["", "nobody-2031"])
def test_a_row_without_a_source_or_with_one_nobody_registered(file: str, value: str) -> None:
    assert "sources.csv 中已登记的编号" in refused(file, 0, "source_id", value)


def test_a_document_without_a_name_of_its_own() -> None:
    assert "非空编号" in refused("sources", 0, "source_id", "")


@pytest.mark.parametrize("file", WITH_UNIT)
@pytest.mark.parametrize("value", ["GJ/ton", "", "t C/TJ"])
def test_a_unit_nobody_defined(file: str, value: str) -> None:
    assert "units.txt 中有定义的单位" in refused(file, 0, "unit", value)


@pytest.mark.parametrize("file", sorted(set(FACTOR_FILES) - {"gwp"}))
@pytest.mark.parametrize("value", ["tCH4/MWh", "tN2O/t", "kgCO2e/TJ", "CNY/t"])
def test_a_unit_of_another_gas_or_of_something_else(file: str, value: str) -> None:
    assert "bands.csv" in refused(file, 0, "unit", value) or "t/MWh" in refused(file, 0, "unit", value)


@pytest.mark.parametrize(
    ("file", "gas"), [("purchased_factors", "CH4"), ("purchased_factors", "CO2e"), ("fuel_factors", "N2O")]
)
def test_a_value_of_one_gas_marked_as_another(file: str, gas: str) -> None:
    for place, row in enumerate(physics().rows[file]):
        if row["parameter"] in ("provincial", "ch4_ef") and place % 40 == 0:
            assert gas not in refused(file, place, "gas", gas).split("应为")[1]


@pytest.mark.parametrize(
    ("file", "group"),
    [
        ("purchased_factors", "elec.provincial.cn-sh.2022"),
        ("purchased_factors", "heat.national.cn.gbt32151"),
        ("standard_coal", "sc.coke.2020"),
        ("green_power_rules", "rule.shanghai_ets.inter_provincial"),
        ("grid_regions", "grid_member.cn-grid-east.上海"),
        ("purpose_rules", "scope.national_ets.exported_energy"),
        ("renewable_rules", "renewable.certificate"),
        ("combustion_gases", "gas.36.stationary.n2o"),
        ("media_editions", next(row["edition"] for row in physics().rows["media_editions"])),
    ],
)
def test_a_second_row_in_force_on_the_same_days(file: str, group: str) -> None:
    rows = physics().rows[file]
    first = next(row for row in rows if next(iter(row.cells.values())) == group)
    name = next(iter(first.cells))
    twin = Row(first.file, 9999, {**first.cells, name: f"{group}.again"})
    told = complaints(replace(physics(), rows={**physics().rows, file: [*rows, twin]}))

    assert any("第9999行：有效区间与" in problem and first.where in problem for problem in told)


def test_editions_of_one_rank_in_force_on_the_same_days() -> None:
    place = next(
        place
        for place, row in enumerate(physics().rows["fuel_editions"])
        if (row["edition"], row["sector"]) == ("d", "general")
    )
    told = complaints(spoilt("fuel_editions", {place: {"rank": "1"}}))

    assert any("fuel_editions.csv" in problem and "重叠" in problem for problem in told)


@pytest.mark.parametrize(
    ("file", "column", "value", "expected"),
    [
        ("purchased_factors", "carrier", "heat", "t/GJ"),
        ("purchased_factors", "carrier", "gas", "electricity 或 heat"),
        ("energy_kinds", "carrier", "plasma", "solid、"),
    ],
)
def test_a_wrong_carrier(file: str, column: str, value: str, expected: str) -> None:
    told = complaints(spoilt(file, {0: {column: value}}))

    assert any(physics().rows[file][0].where in problem and expected in problem for problem in told)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"x{slip}")
@pytest.mark.parametrize("file", FACTOR_FILES)
def test_a_slip_of_ten_or_a_thousand_in_any_row_of_any_file(file: str, slip: Fraction) -> None:
    """The value and the figure printed beside it slip together: the hardest case, and still no row passes."""
    column = value_column(file)
    changes = {}
    for place, row in enumerate(physics().rows[file]):
        value = Fraction(row[column])
        if value:
            changes[place] = {column: _slipped(row[column], slip)}
            if _is_number(row.cells.get("value_published", "")):
                changes[place]["value_published"] = _slipped(row["value_published"], slip)
    by_band = _told(file, changes, only_bands=True)
    for place, cells in changes.items():
        where = f"{physics().rows[file][place].where}「{column}」"
        if where not in by_band:
            assert where in _told(file, {place: cells}, only_bands=False), (where, cells)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"x{slip}")
def test_a_slip_against_the_printed_figure_is_told_whatever_its_size(slip: Fraction) -> None:
    for file in ("calorific_values", "fuel_factors", "purchased_factors", "standard_coal"):
        changes = {
            place: {"value": _slipped(row["value"], slip)}
            for place, row in enumerate(physics().rows[file])
            if _is_number(row.cells.get("value_published", "")) and Fraction(row["value"])
        }
        told = Complaints()
        hold_magnitudes(spoilt(file, changes), told)
        for place in changes:
            where = f"{physics().rows[file][place].where}「value」"
            assert any(where in problem and "与文件原值" in problem for problem in told.found), where


def test_of_two_that_disagree_nobody_can_say_which_slipped_so_both_are_named() -> None:
    pair = [row for row in physics().rows["calorific_values"] if row["factor_id"] in TWO]
    wrong = [
        pair[0],
        Row(pair[1].file, pair[1].line, pair[1].cells | {"value": "4.333", "value_published": ""}),
    ]
    spreads = [row for row in physics().rows["spreads"] if row["table"] == "calorific_values"]
    alone: dict[str, list[Row]] = {name: [] for name in physics().rows}
    told = Complaints()
    hold_magnitudes(replace(physics(), rows=alone | {"spreads": spreads, "calorific_values": wrong}), told)

    apart = {problem.split("「")[0] for problem in told.found if "与其他版本" in problem}
    assert apart == {row.where for row in pair}


TWO = ("fuel.diesel.ncv.a", "fuel.diesel.ncv.b")


@pytest.mark.parametrize("numerator", ["440", "45"])
def test_a_slip_in_the_mass_of_carbon_dioxide_spoils_every_product_and_is_told(numerator: str) -> None:
    told = complaints(spoilt("constants", {0: {"numerator": numerator}}))

    assert any("derived_co2.csv" in problem and "其中一处有误" in problem for problem in told)


def test_a_heat_value_two_percent_off_both_in_value_and_print_is_told_by_the_product() -> None:
    place = next(
        place
        for place, row in enumerate(physics().rows["calorific_values"])
        if row["factor_id"] == "fuel.diesel.ncv.b"
    )
    told = complaints(spoilt("calorific_values", {place: {"value": "44.20", "value_published": "44.20"}}))

    where = physics().rows["calorific_values"][place].where
    assert any("derived_co2.csv" in problem and where in problem for problem in told)


@pytest.mark.parametrize(
    ("file", "place", "column", "value", "expected"),
    [
        ("replacements", 0, "factor_id", "nobody", "purchased_factors.csv 中已登记的编号"),
        ("replacements", 0, "source_id", "sh-mrv-001-2012.01", "晚于被替代文件"),
        ("replacements", 0, "reaches_back", "yes", "true、false"),
        ("purchased_resolution", 0, "region", "CN-JS", "CN"),
        ("purchased_resolution", 3, "level", "city", "不窄于上一顺位"),
        ("fuel_editions", 0, "sector", "nobody", "industry_sectors.csv 中已登记的编号"),
        ("fuel_editions", 0, "level", "village", "levels.csv 中已登记的编号"),
        ("industry_sectors", 1, "sector", "nobody", "fuel_editions.csv 中有取用次序的行业组"),
        ("series_changes", 0, "changed_on", "2025年", "YYYY-MM-DD"),
        ("published_units", 0, "unit", "no", "units.txt"),
    ],
)
def test_a_mistake_in_an_order(file: str, place: int, column: str, value: str, expected: str) -> None:
    assert expected in refused(file, place, column, value)


def test_a_change_to_a_series_no_factor_has() -> None:
    assert "已有的序列" in refused("series_changes", 0, "to_series", "edition_z")


def test_an_industry_group_without_the_rest_of_industry() -> None:
    assert any(
        "应恰有一行 prefix 为空" in problem
        for problem in complaints(spoilt("industry_sectors", {0: {"prefix": "99"}}))
    )


def test_a_second_tier_of_one_source() -> None:
    rows = physics().rows["quality_tiers"]
    twin = Row(rows[0].file, 9999, {**rows[0].cells, "tier_id": "示例"})
    told = complaints(replace(physics(), rows={**physics().rows, "quality_tiers": [*rows, twin]}))

    assert any("第9999行" in problem and "同一来源只能有一档" in problem for problem in told)


def test_old_and_new_of_a_replacement_must_be_one_quantity() -> None:
    told = complaints(spoilt("replacements", {0: {"factor_id": "heat.shanghai_ets.cn-sh.2022"}}))

    assert any("的 carrier 不同，不能互相替代" in problem for problem in told)


def test_a_parameter_nobody_weighed_is_not_let_in() -> None:
    told = complaints(spoilt("process_factors", {0: {"parameter": "new_parameter"}}))

    assert any("bands.csv 中列有范围的参数" in problem for problem in told)


def _told(file: str, changes: dict[int, dict[str, str]], *, only_bands: bool) -> set[str]:
    """The cells complained of, as ``file line「column」``."""
    found = spoilt(file, changes)
    yardsticks = ["published_units"] if only_bands else ["published_units", "spreads"]
    kept = {name: found.rows[name] for name in (*yardsticks, file)}
    kept["bands"] = [band for band in found.rows["bands"] if band["table"] == file]
    told = Complaints()
    hold_magnitudes(replace(found, rows={**{name: [] for name in found.rows}, **kept}), told)
    return {problem.split("：")[0] for problem in told.found}


def _slipped(text: str, slip: Fraction) -> str:
    return f"{float(Fraction(text) * slip):.12g}"


def _is_number(text: str) -> bool:
    try:
        return bool(text) and Fraction(text) is not None
    except ValueError:
        return False
