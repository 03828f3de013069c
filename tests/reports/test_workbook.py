"""The workbook: exact where a spreadsheet can be, never live, the same bytes twice."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastexcel
import pytest

from pipelines.reports import workbook
from tests.reports import marts as sample
from tests.reports.evaluations import judged

_FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", '=HYPERLINK("x")']


def _book(tmp_path: Path, **changed: Any) -> Path:
    path = tmp_path / "workbook.xlsx"
    workbook(sample.marts(**changed), sample.facts(), path)
    return path


def _sheet(path: Path, name: str) -> list[dict[str, Any]]:
    return fastexcel.read_excel(path).load_sheet(name).to_polars().to_dicts()


def _parts(path: Path, folder: str) -> str:
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.startswith(folder))


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    first = _book(tmp_path).read_bytes()
    assert _book(tmp_path).read_bytes() == first


def test_no_part_of_the_workbook_carries_the_time_it_was_made(tmp_path: Path) -> None:
    path = _book(tmp_path)
    with zipfile.ZipFile(path) as book:
        assert {info.date_time[0] for info in book.infolist()} == {1980}
    assert "2024-02-01T00:00:00Z" in _parts(path, "docProps")


def test_every_sheet_is_there_in_order(tmp_path: Path) -> None:
    assert fastexcel.read_excel(_book(tmp_path)).sheet_names == [
        "说明",
        "两项目标",
        "产业集群",
        "占比企业名单",
        "绿色工厂名单",
        "月度能耗排放",
        "温室气体清单",
        "街镇园区行业排名",
        "企业月度",
        "绿色工厂评价",
        "评价逐条",
        "规划指标",
        "数据质量",
        "应报未报",
    ]


@pytest.mark.parametrize("text", _FORMULAS)
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    path = _book(
        tmp_path, green_share_member=[sample.member(text)], plan_progress=[sample.target(text_zh=text)]
    )
    assert "<f>" not in _parts(path, "xl/worksheets")
    assert "hyperlink" not in _parts(path, "xl/worksheets").lower()
    assert 'quotePrefix="1"' in _parts(path, "xl/styles")
    assert _sheet(path, "占比企业名单")[0]["企业名称"] == text.replace("\t", " ")


def test_marks_no_workbook_may_hold_do_not_break_it(tmp_path: Path) -> None:
    path = _book(
        tmp_path, green_share_member=[sample.member("示例\x00\x1b\uffff甲"), sample.member("长" * 40_000)]
    )
    names = [row["企业名称"] for row in _sheet(path, "占比企业名单")]
    assert names[0] == "示例���甲"
    assert len(names[1]) == 32_000


def test_a_number_is_a_number_up_to_fifteen_digits_and_text_beyond(tmp_path: Path) -> None:
    short, long = Decimal("123456789012.345"), Decimal("1234567890123456.78")
    rows = [sample.cluster(output_ytd_cny=short), sample.cluster(cluster="ai", output_ytd_cny=long)]
    sheet = _parts(_book(tmp_path, green_share_cluster=rows), "xl/worksheets/sheet3")
    assert "<v>123456789012.34</v>" in sheet or "<v>123456789012.35</v>" in sheet
    assert "1234567890123456" not in sheet
    assert "1234567890123456.78" in _parts(tmp_path / "workbook.xlsx", "xl/sharedStrings")


def test_unknown_is_an_empty_cell_and_zero_is_zero(tmp_path: Path) -> None:
    rows = [
        sample.cluster(green_output_ytd_cny=Decimal(0), output_ytd_cny=Decimal(5)),
        sample.cluster(cluster="ai", green_output_ytd_cny=None, output_ytd_cny=None),
    ]
    found = _sheet(_book(tmp_path, green_share_cluster=rows), "产业集群")
    assert [row["绿色产值 年初累计（元）"] for row in found] == [0, None]
    assert [row["占比（%）"] for row in found] == ["0", "无分母"]


def test_headers_name_their_units_and_stay_in_sight(tmp_path: Path) -> None:
    path = _book(tmp_path)
    header = _sheet(path, "月度能耗排放")[0]
    assert {
        "排放合计（t CO2）",
        "综合能耗 当量值（tce）",
        "热量（GJ）",
        "工业总产值（元）",
        "应报（家）",
    } <= set(header)
    assert _parts(path, "xl/worksheets").count('state="frozen"') == 14


def test_years_and_dates_are_not_dressed_as_amounts(tmp_path: Path) -> None:
    factory = {
        "month": sample.MONTH,
        "factory_id": "A",
        "award_cycle": 2022,
        "published_on": date(2023, 3, 24),
    }
    found = _sheet(_book(tmp_path, green_factory=[factory]), "绿色工厂名单")[0]
    assert found["批次年度"] == 2022
    assert str(found["公布日期"]).startswith("2023-03-24")


def test_the_chosen_accounting_basis_comes_first(tmp_path: Path) -> None:
    found = _sheet(_book(tmp_path), "月度能耗排放")
    assert found[0]["核算口径"] == "区级清单（上海省级平均因子）"
    assert found[-1]["核算口径"] == "上海碳市场报告"
    assert found[0]["排放同比"] == "无上年同期"


def test_cells_of_one_or_two_companies_are_marked_for_publication(tmp_path: Path) -> None:
    path = _book(tmp_path)
    assert [row["对外公开时隐去"] for row in _sheet(path, "产业集群")] == [None, "绿色产值、产值、占比"]
    assert [row["对外公开时隐去"] for row in _sheet(path, "街镇园区行业排名")] == [None, "各数"]


def test_empty_marts_still_make_a_workbook(tmp_path: Path) -> None:
    emptied = (
        "green_share_cluster",
        "green_share_member",
        "green_factory",
        "factory_month",
        "ranking",
        "quality_month",
    )
    nothing: dict[str, Any] = {name: [] for name in emptied}
    assert _sheet(_book(tmp_path, **nothing), "企业月度") == []


def test_an_evaluation_says_what_stands_what_is_missing_and_why_not(tmp_path: Path) -> None:
    open_one = judged(
        "density", verdict="not_assessable", distance=None, reason="阈值仅凭记忆，未核对标准原文"
    )
    path = _book(tmp_path, green_assessment=[judged(), open_one])
    found = _sheet(path, "绿色工厂评价")[0]
    assert (found["结论"], found["门槛未报（条）"], found["合格分"]) == ("门槛未报全", 5, None)
    assert found["企业名称"] == "示例甲公司"
    rows = _sheet(path, "评价逐条")
    assert [row["结论"] for row in rows] == ["不可评", "满足"]
    assert rows[0]["不可评的原因"] == "阈值仅凭记忆，未核对标准原文"
    assert (rows[1]["比较"], rows[1]["阈值"], rows[1]["确定程度"]) == ("≥", 30, "第三方转述")


def test_rates_by_output_divide_once_and_have_no_value_without_a_whole(tmp_path: Path) -> None:
    none = sample.ranked(
        key="示例三镇", compared_output_cny=None, compared_coal_tce=None, compared_co2_t=None
    )
    found = _sheet(_book(tmp_path, ranking=[sample.ranked(), none]), "街镇园区行业排名")
    assert found[0]["单位产值综合能耗（tce/万元）"] == 0.18
    assert found[0]["单位产值排放（t CO2/万元）"] == 0.6
    assert found[1]["单位产值综合能耗（tce/万元）"] is None
