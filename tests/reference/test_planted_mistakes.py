"""Mistakes a steward could make: each is refused with its file, its line, what was read and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import BrokenReference
from pipelines.reference import load
from tests.reference.folder import TODAY, Line, copy, lines, rewrite, spoil


def refusal(folder: Path) -> str:
    with pytest.raises(BrokenReference) as told:
        load(folder, TODAY)
    return told.value.zh


@pytest.mark.parametrize(
    ("file", "row_id", "column", "value", "expected"),
    [
        pytest.param(
            "calorific_values", "fuel.diesel.ncv.b", "unit", "GJ/ton", "units.txt", id="unknown unit"
        ),
        pytest.param("process_factors", "proc.caco3.co2", "unit", "t/t x", "units.txt", id="unit with text"),
        pytest.param(
            "calorific_values", "fuel.diesel.ncv.b", "unit", "MJ/Nm3", "与 GJ/t 同量纲", id="gas unit"
        ),
        pytest.param("calorific_values", "fuel.diesel.ncv.b", "value", "43330", "8–60 GJ/t", id="thousand"),
        pytest.param("calorific_values", "fuel.diesel.ncv.b", "value", "4.333", "与其他版本", id="a tenth"),
        pytest.param("calorific_values", "fuel.lignite.ncv.a", "value", "1.19", "之间", id="a tenth, low"),
        pytest.param("fuel_factors", "fuel.coke.carbon_content.b", "value", "12.9", "与其他版本", id="half"),
        pytest.param("fuel_factors", "fuel.coke.oxidation_fraction.b", "value", "93", "0.8–1", id="percent"),
        pytest.param(
            "standard_coal", "nbs205_1.21", "value", "14.571", "0.25–2.2", id="coefficient times ten"
        ),
        pytest.param("standard_coal", "nbs205_1.33", "value", "0.404", "与其他版本", id="legacy coefficient"),
        pytest.param(
            "purchased_factors", "elec.provincial.cn-sh.2022", "value", "5.849", "0.15–1.3", id="t/万kWh"
        ),
        pytest.param(
            "purchased_factors", "elec.provincial.cn-sh.2022", "value", "0,5849", "十进制数", id="comma"
        ),
        pytest.param(
            "purchased_factors", "elec.provincial.cn-sh.2022", "value", "-0.5", "不小于零", id="negative"
        ),
        pytest.param(
            "purchased_factors", "elec.provincial.cn-sh.2022", "unit", "t/GJ", "t/MWh", id="heat unit"
        ),
        pytest.param(
            "purchased_factors", "heat.national.cn", "carrier", "electricity", "t/MWh", id="carrier"
        ),
        pytest.param(
            "purchased_factors", "heat.national.cn", "carrier", "gas", "electricity 或 heat", id="gas"
        ),
        pytest.param(
            "purchased_factors",
            "elec.provincial.cn-sh.2022",
            "valid_from",
            "2021-06-01",
            "重叠",
            id="overlap",
        ),
        pytest.param(
            "purchased_factors",
            "elec.provincial.cn-sh.2022",
            "valid_to",
            "2022-01-01",
            "晚于",
            id="empty interval",
        ),
        pytest.param(
            "purchased_factors", "elec.provincial.cn-sh.2022", "valid_to", "2023/1/1", "YYYY-MM-DD", id="date"
        ),
        pytest.param(
            "purchased_factors", "elec.provincial.cn-sh.2022", "source_id", "mee-9", "已登记", id="source"
        ),
        pytest.param(
            "purchased_factors",
            "elec.provincial.cn-sh.2022",
            "confidence",
            "sure",
            "verified2",
            id="confidence",
        ),
        pytest.param("sources", "mee-2024-33.01", "published_on", "2024年", "YYYY-MM-DD", id="publication"),
        pytest.param("standard_coal", "sc.coke.2008", "energy_code", "41", "已登记", id="energy code"),
        pytest.param(
            "standard_coal", "sc.coke.2020", "valid_from", "2020-01-01", "重叠", id="standards overlap"
        ),
        pytest.param("energy_kinds", "21", "fuel", "disel", "已登记", id="fuel"),
        pytest.param("energy_kinds", "21", "allowed_units", "t;MWh", "MWh 不能", id="does not convert"),
        pytest.param("energy_kinds", "22", "allowed_units", "t;L", "L 不能", id="litre without density"),
        pytest.param("energy_kinds", "02", "parent_code", "00", "已登记", id="parent"),
        pytest.param("energy_kinds", "02", "is_of_which", "yes", "true、false", id="boolean"),
        pytest.param("gwp", "gwp.r410a.ar5", "factor_id", "gwp.r410a.ar4", "不重复", id="id twice"),
        pytest.param("gwp", "gwp.r410a.ar5", "gwp", "1 923.5", "十进制数", id="blank in number"),
        pytest.param(
            "green_power_rules",
            "rule.shanghai_ets.certificate",
            "treatment",
            "free",
            "zero、",
            id="treatment",
        ),
        pytest.param(
            "green_power_rules",
            "rule.shanghai_ets.certificate",
            "kind",
            "inter_provincial",
            "重叠",
            id="rules",
        ),
        pytest.param(
            "green_power_rules", "rule.shanghai_ets.certificate", "purpose", "city", "已登记", id="purpose"
        ),
        pytest.param(
            "green_power_rules",
            "rule.shanghai_ets.certificate",
            "evidence",
            "paper",
            "settlement",
            id="evidence",
        ),
        pytest.param(
            "combustion_gases",
            "gas.21.stationary.ch4",
            "factor_id",
            "ipcc2006.diesel.n2o.manufacturing",
            "CH4",
            id="gas of another",
        ),
        pytest.param(
            "combustion_gases",
            "gas.21.stationary.ch4",
            "factor_id",
            "cn_road.car_diesel.cn1.ch4",
            "按热量计",
            id="gas by distance",
        ),
        pytest.param(
            "combustion_gases",
            "gas.36.stationary.co2_bio",
            "factor_id",
            "ipcc2006.diesel.co2",
            "CO2_bio",
            id="fossil for biomass",
        ),
        pytest.param(
            "combustion_gases",
            "gas.36.stationary.n2o",
            "heat_fuel",
            "straw",
            "ipcc 版热值",
            id="heat of nothing",
        ),
        pytest.param(
            "purpose_rules",
            "scope.national_ets.exported_energy",
            "purpose",
            "city",
            "已登记",
            id="purpose of a rule",
        ),
        pytest.param(
            "purpose_rules",
            "scope.national_ets.exported_energy",
            "handling",
            "maybe",
            "counted、",
            id="handling",
        ),
        pytest.param("unit_aliases", "KWH", "unit", "kwh", "units.txt", id="alias of nothing"),
        pytest.param("fuel_editions", "e", "used_to", "2025年", "YYYY-MM-DD", id="edition date"),
    ],
)
def test_a_spoilt_cell_is_told_with_file_line_reading_and_expectation(
    tmp_path: Path, file: str, row_id: str, column: str, value: str, expected: str
) -> None:
    folder = copy(tmp_path)
    line = spoil(folder, file, row_id, column, value)

    told = [problem for problem in refusal(folder).splitlines() if f"{file}.csv 第{line}行" in problem]

    assert any(expected in problem for problem in told), told
    if expected not in {"重叠", "晚于"}:
        assert any(value in problem or expected in problem for problem in told)


def test_two_rows_of_one_rank_are_a_tie_and_both_are_named_with_file_and_line(tmp_path: Path) -> None:
    folder = copy(tmp_path)

    def as_good_as_the_province(old: list[Line]) -> list[Line]:
        for row in old:
            if (row["purpose"], row["rank"]) == ("location_provincial", "2"):
                row["rank"] = "1"
        return old

    rewrite(folder, "purchased_resolution", as_good_as_the_province)
    told = refusal(folder)
    line = {
        row["factor_id"]: number for number, row in enumerate(lines("purchased_factors", folder), start=2)
    }

    assert "排放因子 location_provincial 33：2022-01-01 起有多行并列" in told
    for factor_id in ("elec.provincial.cn-sh.2022", "elec.regional.cn-grid-east.2022"):
        assert f"{factor_id}（purchased_factors.csv 第{line[factor_id]}行）" in told


def test_a_second_row_of_an_edition_is_refused_rather_than_overriding_the_first(tmp_path: Path) -> None:
    folder = copy(tmp_path)

    def twice(old: list[Line]) -> list[Line]:
        (heat,) = [row for row in old if row["factor_id"] == "fuel.diesel.ncv.b"]
        return [*old, {**heat, "factor_id": "fuel.diesel.ncv.b2", "value": "42.652"}]

    rewrite(folder, "calorific_values", twice)

    assert "同一版本、燃料、参数只能有一行" in refusal(folder)


def test_two_headline_purposes_are_one_too_many(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    spoil(folder, "purposes", "shanghai_ets", "is_headline", "true")

    assert "应恰有一个口径" in refusal(folder)


def test_each_unit_is_written_in_one_way(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    spoil(folder, "unit_aliases", "度", "is_preferred", "true")

    assert "单位 kWh 应恰有一种写法" in refusal(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    (folder / "gwp.csv").unlink()

    assert "gwp.csv：文件不存在" in refusal(folder)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    path = folder / "gwp.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("variant", "kind", 1), encoding="utf-8")

    assert "gwp.csv：缺少列 variant" in refusal(folder)


def test_a_comma_that_shifts_the_cells_is_told(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    with (folder / "purposes.csv").open("a", encoding="utf-8") as stream:
        stream.write("zzz,示例,Example,false,AR5,ipcc-ar5.01,一,二, 三\n")

    assert "purposes.csv 第9行：应有 8 个单元格" in refusal(folder)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_saved_in_another_encoding_is_told_and_not_guessed(tmp_path: Path, encoding: str) -> None:
    folder = copy(tmp_path)
    path = folder / "purposes.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))

    assert "不是 UTF-8" in refusal(folder)


def test_a_byte_order_mark_is_refused(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    path = folder / "purposes.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert "purposes.csv：缺少列 purpose" in refusal(folder)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    lines = {
        "gwp": spoil(folder, "gwp", "gwp.r410a.ar5", "gwp", "x"),
        "calorific_values": spoil(folder, "calorific_values", "fuel.diesel.ncv.b", "unit", "GJ/ton"),
        "purchased_factors": spoil(folder, "purchased_factors", "heat.national.cn", "source_id", "?"),
    }
    told = refusal(folder)

    assert all(f"{file}.csv 第{line}行" in told for file, line in lines.items())
    assert "数据目录 emission_factors 有 " in told
