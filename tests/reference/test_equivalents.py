"""等价 of electricity: only what the commission adopted, for the dates it adopted it for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import BrokenReference
from pipelines.reference import load
from tests.reference.folder import TODAY, copy, known, rewrite, spoil

SUPPLY_2024 = "sc.electricity_coal_equivalent.supply_2024"
SHANGHAI = "sc.electricity_coal_equivalent.shanghai_0288"


def electricity(folder: Path) -> list[dict[str, object]]:
    rows = load(folder, TODAY).tables["ref.standard_coal"].to_dicts()
    return [row for row in rows if row["energy_code"] == "33" and row["basis"] == "generation"]


def adopt(folder: Path, factor_id: str, **cells: str) -> None:
    for column, value in {"is_adopted": "true", **cells}.items():
        spoil(folder, "generation_equivalents", factor_id, column, value)


def test_without_an_adopted_row_there_is_no_equivalent_in_any_year() -> None:
    rows = known().tables["ref.standard_coal"].to_dicts()

    assert [row for row in rows if row["energy_code"] == "33" and row["basis"] == "generation"] == []


def test_what_the_commission_adopts_holds_for_its_dates_and_no_others(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    adopt(
        folder,
        SHANGHAI,
        value="0.29",
        data_year="2023",
        valid_from="2023-01-01",
        valid_to="2024-01-01",
        confidence="single",
        source_id="gbt-2589-2020.01",
    )
    rewrite(folder, "sources", lambda rows: [row for row in rows if row["source_id"] != "none.19"])

    (row,) = electricity(folder)

    assert row["coefficient_tce"] == Decimal("0.29")
    assert (row["valid_from"], row["valid_to"]) == (date(2023, 1, 1), date(2024, 1, 1))
    assert not row["is_provisional"]
    assert row["note"] == "等价系数 2023 年 0.29 kgce/kWh"


def test_a_national_value_says_that_it_is_one_wherever_it_is_used(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    adopt(folder, SUPPLY_2024, source_id="gbt-2589-2020.01")

    (row,) = electricity(folder)

    assert "全国供电标准煤耗，不是本市等价系数" in str(row["note"])
    assert row["valid_to"] == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("factor_id", "cells", "told"),
    [
        pytest.param(SHANGHAI, {}, "仅凭记忆", id="recalled"),
        pytest.param(SUPPLY_2024, {}, "填有文号", id="no document number"),
        pytest.param(SUPPLY_2024, {"data_year": ""}, "四位数据年份", id="no year"),
        pytest.param(SUPPLY_2024, {"valid_to": ""}, "起止都要写明", id="no end"),
        pytest.param(SUPPLY_2024, {"region": "CN-SD"}, "CN-SH", id="another province"),
        pytest.param(SUPPLY_2024, {"value": "3.024"}, "0.2–0.45", id="ten times"),
        pytest.param(SUPPLY_2024, {"unit": "kgce/kg"}, "同量纲", id="unit of a fuel"),
    ],
)
def test_an_adopted_row_that_lacks_something_stops_loading(
    tmp_path: Path, factor_id: str, cells: dict[str, str], told: str
) -> None:
    folder = copy(tmp_path)
    adopt(folder, factor_id, **cells)

    with pytest.raises(BrokenReference) as refused:
        load(folder, TODAY)

    assert "generation_equivalents.csv 第" in refused.value.zh
    assert told in refused.value.zh


def test_two_rows_adopted_for_one_day_stop_loading(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    adopt(folder, SUPPLY_2024, source_id="gbt-2589-2020.01")
    adopt(
        folder,
        "sc.electricity_coal_equivalent.shandong_public_0310",
        source_id="gbt-2589-2020.01",
        data_year="2024",
        valid_from="2024-06-01",
        valid_to="2025-01-01",
    )

    with pytest.raises(BrokenReference, match="重叠"):
        load(folder, TODAY)
