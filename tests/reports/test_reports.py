"""Pages and workbook: nothing escapes, the same figures are the same bytes, unknowns stay unknown."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from pipelines import paths, reports
from pipelines.engine import Column, load_models
from pipelines.periods import Month
from pipelines.reports import figures

MONTH = date(2023, 12, 1)
HOSTILE = '</script><script>alert(1)</script>=cmd|"/c calc"!A1'
FACTS = reports.ReleaseFacts(
    release_id="2023-12-示例",
    through=Month(2023, 12),
    as_of=date(2026, 6, 30),
    purpose="location_provincial",
    purpose_zh="区级清单",
    files={"accepted": 3, "refused": 1},
    rows={"admitted": 10, "held": 2},
    quality_report="quality.html",
    notes=("请注意这里",),
)
VALUES: dict[str, list[dict[str, object]]] = {
    "mart.district_month": [
        {
            "month": MONTH,
            "purpose": "location_provincial",
            "co2_t": Decimal("100.5"),
            "is_provisional": False,
            "factories_reporting": 1,
            "factories_expected": 2,
            "held_lines": 2,
            "uses_without_factor": 0,
        }
    ],
    "mart.green_share": [
        {
            "month": MONTH,
            "definition": "output",
            "cluster_variant": "a9",
            "numerator": Decimal(0),
            "denominator": None,
            "unit": "CNY",
            "green_factories": 1,
            "factories": 2,
            "factories_without_output": 2,
            "target_percent": Decimal(30),
            "is_met": None,
            "is_headline": True,
        }
    ],
    "mart.green_share_cluster": [
        {
            "month": MONTH,
            "cluster_variant": "a9",
            "cluster": "ic",
            "cluster_zh": "集成电路",
            "green_output_ytd_cny": Decimal(0),
            "output_ytd_cny": None,
            "green_factories": 1,
            "factories": 2,
            "factories_without_output": 2,
        }
    ],
    "mart.green_share_member": [
        {
            "month": MONTH,
            "factory_id": "A",
            "name": HOSTILE,
            "cluster": "ic",
            "cluster_zh": "集成电路",
            "is_in_b6": True,
            "is_green": True,
            "level": "national",
            "months_reported": 0,
        }
    ],
    "mart.national_green_factory": [
        {
            "month": MONTH,
            "reading": "new_by_cycle",
            "factories": 0,
            "target": Decimal(8),
            "gap": Decimal(8),
            "is_met": False,
            "is_headline": True,
        }
    ],
    "mart.national_green_factory_member": [
        {
            "month": MONTH,
            "reading": "new_by_cycle",
            "factory_id": "A",
            "name": HOSTILE,
            "award_cycle": 2021,
            "published_on": date(2022, 1, 15),
            "document_no": "=1+1",
        }
    ],
    "mart.green_factory": [
        {
            "month": MONTH,
            "factory_id": "A",
            "name": HOSTILE,
            "level": "national",
            "award_cycle": 2021,
            "published_on": date(2022, 1, 15),
            "document_no": "@SUM(1)",
            "is_6x_above_scale": True,
        }
    ],
    "mart.ranking": [
        {
            "dimension": "town",
            "year": 2023,
            "key": "示例一镇",
            "key_zh": "-2+3",
            "purpose": "p",
            "co2_t": Decimal("12345678901234567890.5"),
            "factories": 1,
            "rank_by_co2": 1,
        }
    ],
    "mart.factory_month": [{"factory_id": "A", "month": MONTH, "name": "+1", "held_lines": 0}],
    "mart.plan_progress": [
        {
            "month": MONTH,
            "target_id": "T",
            "text_zh": "目标",
            "section_zh": "一",
            "kind": "quantified",
            "computed_by": "indicator",
            "comparator": ">=",
            "status": "unknown",
        }
    ],
    "mart.quality_month": [
        {
            "month": MONTH,
            "contract": "energy",
            "submissions": 1,
            "rows_in": 12,
            "admitted": 10,
            "held": 2,
            "rejected": 0,
            "superseded": 0,
        }
    ],
}


def kind(name: str, column: Column) -> pl.DataType | type[pl.DataType]:
    text = column.type or ""
    if text.startswith("decimal"):
        precision, scale = map(int, re.findall(r"\d+", text))
        return pl.Decimal(precision, scale)
    return {"bigint": pl.Int64, "integer": pl.Int32, "date": pl.Date, "boolean": pl.Boolean}.get(
        text, pl.String
    )


@pytest.fixture(scope="module")
def marts() -> dict[str, pl.DataFrame]:
    models = [model for model in load_models(paths.WAREHOUSE) if model.layer == "mart"]
    schemas = {
        model.key: {name: kind(name, column) for name, column in model.columns.items()} for model in models
    }
    return {
        name: pl.DataFrame(VALUES.get(name, []), schema=schema, orient="row")
        for name, schema in schemas.items()
    }


def test_the_dashboard_escapes_names_loads_nothing_and_repeats_to_the_byte(
    marts: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    for name in ("a.html", "b.html"):
        reports.dashboard(marts, FACTS, tmp_path / name)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert "alert(1)</script>" not in page and "&lt;script&gt;alert(1)" in page
    outside = re.findall(
        r"""(?:src|href|url|@import|fetch)\s*[=(]\s*["']?(?:https?:)?//[^"')\s]+""", page.split("<script>")[0]
    )
    assert outside == []
    assert page.count("<script>") == 2


def test_without_a_whole_the_share_is_unknown_everywhere(
    marts: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    reports.dashboard(marts, FACTS, tmp_path / "a.html")
    assert figures.NO_DENOMINATOR in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert figures.NO_DENOMINATOR in reports.progress_text(marts)
    assert reports.progress(marts)["green_share"]["share"] is None
    assert "无法判断" in reports.brief_text(marts, FACTS)


def test_without_last_year_there_is_no_change_to_tell(marts: dict[str, pl.DataFrame]) -> None:
    assert figures.NO_PREVIOUS in reports.brief_text(marts, FACTS)


def test_the_workbook_holds_no_live_formula_and_repeats_to_the_byte(
    marts: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        reports.workbook(marts, FACTS, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheets = [
            archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("xl/worksheets/sheet")
        ]
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    book = fastexcel.read_excel(str(tmp_path / "a.xlsx"))
    assert "绿色工厂名单" in book.sheet_names
    names = book.load_sheet("绿色工厂名单").to_polars()
    assert names["文号"].to_list() == ["@SUM(1)"] and names["企业名称"].to_list() == [HOSTILE]


def test_numbers_a_spreadsheet_cannot_hold_stand_as_text(
    marts: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    reports.workbook(marts, FACTS, tmp_path / "a.xlsx")
    ranking = fastexcel.read_excel(str(tmp_path / "a.xlsx")).load_sheet("排名").to_polars()
    assert ranking["排放（t CO2）"].to_list() == ["12345678901234567890.5"]


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [("2.5", 0, "3"), ("-2.5", 0, "-3"), ("1.005", 2, "1.01"), ("1234567.891", 1, "1,234,567.9")],
)
def test_ties_round_away_from_zero(value: str, places: int, shown: str) -> None:
    assert figures.number(Decimal(value), places) == shown


def test_shares_are_formed_once_with_decimals() -> None:
    assert figures.percent(Decimal("2999999999"), Decimal("10000000000")) == "30.00%"
    assert figures.percent(1, 0) == figures.NO_DENOMINATOR
    assert figures.change(Decimal(90), Decimal(100)) == "-10.0%"
