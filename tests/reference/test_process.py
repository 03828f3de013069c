"""Process and fugitive emissions: routes multiplied out exactly, what may not be used left empty, mistakes told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import BrokenReference
from pipelines.reference import load
from tests.reference.folder import TODAY, Line, copy, known, lines, rewrite, row_of, spoil

MAY = date(2023, 5, 1)


def coefficient(activity: str, gas: str, **key: Any) -> Line:
    """The one row of ref.process_factor in force in May 2023."""
    as_of, official = key.pop("as_of", TODAY), key.pop("official", True)
    wanted = {"input_gas": "", "process_type": "", "is_abated": False} | key
    (row,) = [
        row
        for row in known(as_of, official=official).tables["ref.process_factor"].to_dicts()
        if (row["activity_code"], row["gas"]) == (activity, gas)
        and row["valid_from"] <= MAY < row["valid_to"]
        and all(row[name] == value for name, value in wanted.items())
    ]
    return row


def refusal(folder: Path) -> str:
    with pytest.raises(BrokenReference) as told:
        load(folder, TODAY)
    return told.value.zh


def test_the_electronics_formula_is_multiplied_out_exactly() -> None:
    key = {"input_gas": "NF3", "process_type": "in_situ"}
    plain = coefficient("electronics.semiconductor", "NF3", **key)
    abated = coefficient("electronics.semiconductor", "NF3", is_abated=True, **key)
    assert Fraction(plain["coefficient_exact"]) == Fraction(9, 10) * Fraction(1, 5)
    assert Fraction(abated["coefficient_exact"]) == Fraction(18, 100) * (
        1 - Fraction(9, 10) * Fraction(95, 100)
    )
    assert abated["factor_ids"].split(";") == [
        "elec_ind.heel_fraction",
        "elec_ind.semiconductor.tier2a.nf3.one_minus_u",
        "elec_ind.collection_efficiency",
        "elec_ind.abatement.nf3.destruction",
    ]


def test_the_weakest_figure_and_the_widest_place_are_told() -> None:
    plain = coefficient("electronics.semiconductor", "NF3", input_gas="NF3", process_type="in_situ")
    abated = coefficient(
        "electronics.semiconductor", "NF3", input_gas="NF3", process_type="in_situ", is_abated=True
    )
    assert (plain["confidence"], plain["level"]) == ("verified2", "international")
    assert abated["confidence"] == "single"  # the collection efficiency has one source
    assert coefficient("refrigerant.leak", "R410A", input_gas="R410A")["level"] == "measured"
    assert coefficient("welding_co2", "CO2")["level"] == "national"


def test_only_what_has_an_efficiency_can_be_abated() -> None:
    nf3 = coefficient("electronics.semiconductor", "NF3", input_gas="NF3", process_type="in_situ")
    assert nf3["can_be_abated"] is True
    assert coefficient("welding_co2", "CO2")["can_be_abated"] is False


def test_a_product_is_dated_by_the_youngest_of_its_figures(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    spoil(folder, "process_factors", "elec_ind.heel_fraction", "valid_from", "2021-01-01")
    figure = "elec_ind.semiconductor.tier2a.nf3.one_minus_u"
    spoil(folder, "process_factors", figure, "valid_from", "2023-01-01")
    rows = load(folder, TODAY).tables["ref.process_factor"].to_dicts()
    dates = [
        (row["valid_from"], row["valid_to"], "2023-01-01 起施行" in row["note"])
        for row in rows
        if (row["activity_code"], row["gas"], row["input_gas"], row["process_type"], row["is_abated"])
        == ("electronics.semiconductor", "NF3", "NF3", "in_situ", False)
    ]

    assert [(start.year > 1900, end.year, is_told) for start, end, is_told in sorted(dates)] == [
        (False, 2023, True),
        (True, 9999, False),
    ]


def test_units_are_multiplied_with_the_figures() -> None:
    assert Fraction(coefficient("magnesium_casting", "SF6")["coefficient_exact"]) == Fraction(1, 1000)
    lubricant = Fraction("40.2") * 20 / 1000 * Fraction("0.2") * Fraction(44, 12)
    assert Fraction(coefficient("lubricant", "CO2")["coefficient_exact"]) == lubricant


def test_every_published_yield_of_electronics_is_used_by_exactly_one_route() -> None:
    published = [
        line["factor_id"]
        for line in lines("process_factors")
        if line["factor_id"].startswith("elec_ind.") and line["parameter"] in ("one_minus_u", "byproduct")
    ]
    used = [line["terms"].split(";")[1] for line in lines("activity_routes") if "elec_ind." in line["terms"]]
    assert sorted(used) == sorted(published)


def test_nothing_recalled_enters_an_official_run() -> None:
    recalled = {line["factor_id"] for line in lines("process_factors") if line["confidence"] == "recalled"}
    rows = known().tables["ref.process_factor"].to_dicts()
    assert not [row for row in rows if recalled & set((row["factor_ids"] or "").split(";"))]
    leak = coefficient("sf6_equipment.operation", "SF6", process_type="sealed_pressure")
    assert leak["coefficient"] is None and "仅凭记忆" in leak["note"]
    tried = coefficient("sf6_equipment.operation", "SF6", process_type="sealed_pressure", official=False)
    assert Fraction(tried["coefficient_exact"]) == Fraction("0.002") / 12
    gwps = known().tables["ref.gas_gwp"].to_dicts()
    assert [row["gwp_edition"] for row in gwps if row["gas"] == "HFO1234yf"] == ["AR5", "AR5"]


def test_a_figure_not_yet_published_leaves_the_coefficient_empty() -> None:
    before = coefficient("carbonate.caco3", "CO2", as_of=date(2023, 6, 1))
    assert before["coefficient"] is None and "尚未公布" in before["note"]
    assert coefficient("steel.limestone", "CO2", as_of=date(2023, 6, 1))["coefficient"] == Decimal("0.44")


def test_activity_before_the_document_came_into_force_takes_the_same_value_and_says_so() -> None:
    rows = [
        row
        for row in known().tables["ref.process_factor"].to_dicts()
        if row["activity_code"] == "carbonate.camgco3" and not row["is_abated"]
    ]
    assert [(str(row["valid_from"]), row["coefficient"]) for row in rows] == [
        ("1900-01-01", Decimal("0.477")),
        ("2025-03-01", Decimal("0.477")),
    ]
    assert "2025-03-01 起施行" in rows[0]["note"] and not rows[1]["note"]


def test_methane_has_one_potential_an_edition_and_origin() -> None:
    found = {
        (row["gwp_edition"], row["is_biogenic"]): row["gwp"]
        for row in known().tables["ref.gas_gwp"].to_dicts()
        if row["gas"] == "CH4"
    }
    assert found == {
        ("SAR", False): 21,
        ("SAR", True): 21,
        ("AR4", False): 25,
        ("AR4", True): 25,
        ("AR5", False): 30,
        ("AR5", True): 28,
        ("AR6", False): Decimal("29.8"),
        ("AR6", True): 27,
    }


def test_each_gas_has_at_most_one_potential_an_edition_and_origin() -> None:
    keys = [
        (row["gwp_edition"], row["gas"], row["is_biogenic"])
        for row in known().tables["ref.gas_gwp"].to_dicts()
    ]
    assert len(keys) == len(set(keys))


def test_reports_by_the_ndrc_guides_use_sar_and_the_district_ar5() -> None:
    editions = {row["purpose"]: row["gwp_edition"] for row in known().tables["ref.purpose"].to_dicts()}
    assert editions == {
        "location_national": "AR5",
        "location_provincial": "AR5",
        "location_regional": "AR5",
        "market_residual": "AR5",
        "national_standard": "AR5",
        "national_ets": "SAR",
        "shanghai_ets": "SAR",
    }


@pytest.mark.parametrize(
    ("file", "row_id", "column", "value", "expected"),
    [
        ("activity_routes", "process.acetylene.CO2", "terms", "proc.acetylen.co2", "已登记的因子或常数"),
        ("activity_routes", "process.acetylene.CO2", "terms", "", "没有因子的路线须说明原因"),
        ("activity_routes", "process.acetylene.CO2", "terms", "gas_density.co2", "乘积单位为 t/t"),
        ("activity_routes", "process.acetylene.CO2", "terms", "1-proc.acetylene.co2", "不大于 1 的比例"),
        ("activity_routes", "process.acetylene.CO2", "activity_code", "acetylen", "已登记的活动"),
        ("activity_routes", "process.acetylene.CO2", "gas", "CO3", "已登记的气体"),
        ("activity_routes", "process.acetylene.CO2", "gas", "=", "已登记的气体"),
        ("activity_routes", "process.acetylene.CO2", "input_gas", "CO2", "其余留空"),
        ("activity_routes", "process.acetylene.CO2", "process_type", "magic", "已登记的工艺类型"),
        ("activity_routes", "process.acetylene.CO2", "role", "side", "by_product"),
        ("activity_routes", "process.acetylene.CO2", "activity_code", "welding_co2", "重叠"),
        ("activity_routes", "process.refrigerant.leak.refrigerant", "input_gas", "@coolant", "@组名"),
        (
            "activity_routes",
            "process.electronics.semiconductor.NF3.remote.CF4",
            "abatement",
            "elec_ind.collection_efficiency*elec_ind.abatement.nf3.destruction",
            "CF4 的因子",
        ),
        ("activity_routes", "process.magnesium_casting.SF6", "gas", "NF3", "NF3 的因子"),
        ("activities", "acetylene", "allowed_units", "kg;MWh", "能换算为 t"),
        ("activities", "acetylene", "gas", "", "须填气体的活动"),
        ("activities", "acetylene", "gas", "CO3", "已登记的气体"),
        ("activities", "welding_co2", "density", "proc.caco3.co2", "密度行"),
        ("activities", "acetylene", "name_zh", "润滑油使用", "已在"),
        ("gases", "NF3", "aliases", "SF-6;六氟化硫", "已在"),
        ("gases", "CH4", "gwp_fossil", "CH4_coal", "gwp.csv"),
        ("process_types", "remote", "aliases", "原位", "已在"),
        ("purposes", "national_ets", "gwp_edition", "AR7", "AR4、AR5、AR6、SAR"),
        ("purposes", "national_ets", "gwp_source_id", "nowhere", "sources.csv"),
        ("process_factors", "proc.acetylene.co2", "valid_to", "2022-01-01", "失效"),
        ("process_factors", "proc.acetylene.co2", "unit", "kg/Nm3", "乘积单位"),
        ("process_factors", "elec_ind.heel_fraction", "value", "10", "0.05–0.3"),
        ("process_factors", "elec_ind.collection_efficiency", "value", "90", "不大于 1"),
        ("process_factors", "steel.dolomite.co2", "value", "471", " t/t 之间（bands.csv"),
    ],
)
def test_a_spoilt_cell_is_told(
    file: str, row_id: str, column: str, value: str, expected: str, tmp_path: Path
) -> None:
    folder = copy(tmp_path)
    line = spoil(folder, file, row_id, column, value)
    told = refusal(folder)
    assert expected in told
    if expected not in ("失效", "乘积单位", "不大于 1"):  # told where the figure is used
        assert f"第{line}行" in told


def test_an_activity_without_a_route_is_told(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    rewrite(
        folder, "activity_routes", lambda old: [line for line in old if line["activity_code"] != "acetylene"]
    )
    assert "至少有一行的活动" in refusal(folder)


def test_the_two_dolomites_stay_two() -> None:
    assert row_of("process_factors", "steel.dolomite.co2")["value"] == "0.471"
    assert coefficient("steel.dolomite", "CO2")["coefficient"] == Decimal("0.471")
    assert coefficient("carbonate.camgco3", "CO2")["coefficient"] == Decimal("0.477")
