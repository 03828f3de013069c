"""How sure the pages say they are: the half-width, the tiers, what is not covered, and 等价 that nobody supplied."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import fastexcel
import pytest

from pipelines.periods import Month
from pipelines.reports import brief_text, certainty, dashboard, progress, progress_text, workbook
from pipelines.reports.explain import quality
from tests.quality.station import KNOWN, Station, power, station
from tests.reports import marts as sample

JANUARY, FEBRUARY = date(2023, 1, 1), date(2023, 2, 1)


def test_the_whole_inventory_adds_what_processes_and_other_gases_add() -> None:
    row = certainty.whole(sample.marts(), sample.HEADLINE, sample.MONTH)
    assert row is not None
    # √((5000.75 × 15 %)² + (33.66 × 20 %)²) ÷ (5000.75 + 33.66) = 14.9 %
    assert certainty.plus_minus(row) == "± 14.9%（95 %）"
    assert certainty.quality(row) == "2 档 59.2%，3 档 0.7%，4 档 39.5%，5 档 0.7%；最低 5 档"
    assert "1 项没有档次" in certainty.coverage(row) and "1 项无因子" in certainty.coverage(row)
    assert "二氧化碳当量 ± 14.9%（95 %）" in brief_text(sample.marts(), sample.facts())


def test_without_other_gases_the_whole_is_the_energy_and_unknown_stays_unknown() -> None:
    marts = {name: frame for name, frame in sample.marts().items() if name != "mart.gas_quality_month"}
    energy = certainty.district(marts, sample.HEADLINE, sample.MONTH)
    assert certainty.whole(marts, sample.HEADLINE, sample.MONTH) == energy
    none = sample.gas_quality(co2e_t=None, covered_t=None, half_width_squared_t2=None)
    row = certainty.whole(sample.marts(gas_quality_month=[none]), sample.HEADLINE, sample.MONTH)
    assert row is not None and energy is not None and row["co2_t"] == energy["co2_t"]


def test_every_page_says_the_half_width_and_the_quality_beside_the_district_figure(tmp_path: Path) -> None:
    marts, facts = sample.marts(), sample.facts()
    dashboard(marts, facts, tmp_path / "page.html")
    workbook(marts, facts, tmp_path / "book.xlsx")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    row = fastexcel.read_excel(tmp_path / "book.xlsx").load_sheet("月度能耗排放").to_polars().to_dicts()[0]
    tiers = "2 档 60.0%，4 档 40.0%；最低 4 档"

    assert "± 15.0%（95 %）" in page
    assert tiers in page
    assert f"不确定度 ± 15.0%（95 %）；数据质量（1 最好，5 最差）：{tiers}。" in brief_text(marts, facts)
    assert "全区排放 5,001 t CO2 ± 15.0%（95 %）" in progress_text(marts, facts)
    assert row["排放 ±（95 %，占排放）"] == 0.15
    assert row["数据质量 2 档（占排放）"] == 0.6


def test_programs_read_the_half_width_without_a_lost_digit() -> None:
    said = progress(sample.marts(), sample.facts())["emissions"]

    assert said["half_width_share_95"] == "0.150000000000"
    assert said["quality_tier_shares"]["4"] == "0.400000"
    assert said["quality_tier_shares"]["1"] == "0.000000"
    assert said["lowest_tier"] == 4


def test_what_the_half_width_leaves_out_is_said() -> None:
    row = sample.uncertainty(covered_t=Decimal("2500.375"), rows_uncovered=2, rows_without_factor=1)
    text = brief_text(sample.marts(uncertainty_month=[row]), sample.facts())

    assert "半宽只覆盖排放的 50.00%（2 项没有档次）；1 项无因子，不在其内。" in text


def test_a_release_without_half_widths_says_that_they_are_unknown() -> None:
    marts = {name: frame for name, frame in sample.marts().items() if name != "mart.uncertainty_month"}

    assert "不确定度未知" in progress_text(marts, sample.facts())
    assert progress(marts, sample.facts())["emissions"] is None
    assert "不确定度未知" in brief_text(sample.marts(uncertainty_month=[]), sample.facts())


def test_an_equivalent_nobody_supplied_is_named_so_with_the_reason(tmp_path: Path) -> None:
    months = [
        {"month": JANUARY, "uses_without_equivalent": 3},
        {"month": FEBRUARY, "uses_without_equivalent": 3},
    ]
    marts = sample.marts(district_month=[sample.district(coal_generation_tce=None)], generation_month=months)
    dashboard(marts, sample.facts(), tmp_path / "page.html")
    workbook(marts, sample.facts(), tmp_path / "book.xlsx")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    row = fastexcel.read_excel(tmp_path / "book.xlsx").load_sheet("月度能耗排放").to_polars().to_dicts()[0]

    assert '<td class="n">未提供</td>' in page
    assert "2023-01 至 2023-02：等价值未提供" in page
    assert row["综合能耗 等价值（tce）"] == "未提供"
    assert "等价值未提供（没有主管部门采用的电力等价折标系数）" in brief_text(marts, sample.facts())


def test_an_equivalent_that_is_in_force_is_named_with_its_months() -> None:
    note = "等价系数 2023 年 0.3 kgce/kWh；全国供电标准煤耗，不是本市等价系数"
    rows = [{"month": JANUARY, "generation_tce": Decimal("0.3"), "note": note, "uses_without_equivalent": 0}]

    assert certainty.equivalent_notes(sample.marts(generation_month=rows)) == [f"2023-01：{note}"]


def test_bought_media_stand_beside_the_forms_energy(tmp_path: Path) -> None:
    total = {
        "month": sample.MONTH,
        "scale": "district",
        "factory_id": "",
        "form_tce": Decimal("1500.125"),
        "form_uses_unknown": 0,
        "media_tce": Decimal("4.5"),
        "media_uses_unknown": 1,
        "media_uses_provisional": 2,
        "total_tce": Decimal("1504.625"),
    }
    dashboard(sample.marts(energy_total_month=[total]), sample.facts(), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")

    assert "外购耗能工质 4.5 tce" in page
    assert "2 项暂用 2008 版系数，1 项没有系数、未计入" in page
    assert "含工质的综合能耗（当量值）1,505 tce" in page


def test_a_month_without_energy_has_no_equivalent_to_miss() -> None:
    assert certainty.generation({"coal_tce": None, "coal_generation_tce": None}) is None


@pytest.fixture(scope="module")
def made() -> Station:
    """Two months of electricity stated year to date, by meter and document, and gas that is only stated."""
    found = station()
    for period, total in ((JANUARY, 100), (FEBRUARY, 180)):
        shown = {"meter_id": "表1", "document_no": "示例001"}
        gas = power(period=period, energy_code="15", unit="Nm3", consumed=1000, purchased=None, cost_cny=None)
        line = power(
            period=period, basis="cumulative", consumed=total, purchased=total, cost_cny=None, **shown
        )
        found.receive("energy", [line, gas])
    return found.run(("stg", "core", "mart"))


def test_explain_shows_the_tier_and_the_half_width_of_a_use(made: Station) -> None:
    section = quality.of_use(made.ledger, KNOWN, Month(2023, 2), "33")

    assert section.rows == [
        ("购入电力", "有计量点和凭证", "± 2%", "电力因子：省级", "± 15%", "± 15.1%（95 %）", "2")
    ]


def test_explain_shows_how_a_month_came_from_two_totals(made: Station) -> None:
    (section,) = quality.of_flows(made.ledger, KNOWN, Month(2023, 2), "33")

    assert [row[2:4] + row[5:7] for row in section.rows] == [("180", "100", "80", "万kWh")]
    assert quality.of_flows(made.ledger, KNOWN, Month(2023, 2), "15") == []


def test_explain_shows_both_parts_of_the_districts_half_width(made: Station) -> None:
    (row,) = quality.of_month(made.ledger, Month(2023, 2)).rows

    assert row[0].startswith("± ")
    assert "最低 4 档" in row[3]
    assert row[4] == "无"
    assert quality.of_month(made.ledger, Month(2023, 2), KNOWN).rows == [row]
