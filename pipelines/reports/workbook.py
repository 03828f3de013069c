"""The workbook: the release's figures as sheets, units in headers, text never live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import xlsxwriter

from pipelines.reports import figures, views
from pipelines.reports.facts import ReleaseFacts
from pipelines.reports.views import Marts

# Fixed, so that the same figures are the same bytes.
_MADE = datetime(2021, 1, 1)  # noqa: DTZ001 - a workbook property has no zone
_EXACT_DIGITS = 15


class _Sheet(NamedTuple):
    name: str
    header: Sequence[str]
    rows: list[Sequence[Any]]


def workbook(marts: Marts, facts: ReleaseFacts, path: Path) -> None:
    """Write the workbook of a release to *path*."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": f"绿账 {facts.release_id}", "created": _MADE})
        formats = {
            "head": book.add_format(
                {"bold": True, "bg_color": "#DCE9E2", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
            ),
            "number": book.add_format({"num_format": "#,##0.00"}),
            "count": book.add_format({"num_format": "#,##0"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": book.add_format({"num_format": "@"}),
        }
        for sheet in _sheets(marts, facts):
            _write(book, sheet, formats)


def _write(book: Any, sheet: _Sheet, formats: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    page.write_row(0, 0, sheet.header, formats["head"])
    for place, title in enumerate(sheet.header):
        page.set_column(place, place, _width(sheet, place, title))
    for line, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            _write_cell(page, line, place, value, formats)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.header) - 1)


def _write_cell(page: Any, line: int, place: int, value: Any, formats: dict[str, Any]) -> None:
    """Numbers a spreadsheet can hold exactly as numbers, longer ones as text; text always as text."""
    if value is None:
        return
    if isinstance(value, bool):
        page.write_string(line, place, "是" if value else "否", formats["text"])
    elif isinstance(value, int):
        page.write_number(line, place, value, formats["count"])
    elif isinstance(value, Decimal):
        short = figures.rounded(value, 6)
        if len(short.normalize().as_tuple().digits) > _EXACT_DIGITS:
            page.write_string(line, place, figures.plain(short), formats["text"])
        else:
            page.write_number(line, place, float(short), formats["number"])
    elif isinstance(value, date):
        page.write_datetime(line, place, datetime(value.year, value.month, value.day), formats["date"])  # noqa: DTZ001
    else:
        page.write_string(line, place, str(value), formats["text"])


def _width(sheet: _Sheet, place: int, title: str) -> int:
    """Wide enough for the title and the first rows; a Chinese character takes two columns."""
    texts = [title, *[str(row[place] or "") for row in sheet.rows[:60]]]
    return min(46, max(10, *[sum(2 if ord(mark) > 255 else 1 for mark in text) + 2 for text in texts]))  # noqa: PLR2004


def _sheets(marts: Marts, facts: ReleaseFacts) -> list[_Sheet]:
    month = facts.month
    return [
        _about(marts, facts),
        _goals(marts, month),
        _table(
            marts["mart.green_share_cluster"].filter(pl.col("month") == month),
            "产业集群",
            {
                "cluster_variant": "产业范围",
                "cluster": "集群代码",
                "cluster_zh": "集群",
                "green_output_ytd_cny": "绿色产值 年初累计（元）",
                "output_ytd_cny": "产值 年初累计（元）",
                "green_factories": "绿色工厂（家）",
                "factories": "企业（家）",
                "factories_without_output": "本年无产值数据（家）",
            },
        ),
        _table(
            marts["mart.green_factory"].filter(pl.col("month") == month),
            "绿色工厂名单",
            {
                "factory_id": "统一社会信用代码",
                "name": "企业名称",
                "level": "级别",
                "award_cycle": "批次年度",
                "published_on": "公布日期",
                "document_no": "文号",
                "cluster": "集群代码",
                "is_6x_above_scale": "计入绿色占比",
                "output_ytd_cny": "产值 年初累计（元）",
            },
        ),
        _table(
            marts["mart.green_share_member"].filter(pl.col("month") == month),
            "占比企业名单",
            {
                "factory_id": "统一社会信用代码",
                "name": "企业名称",
                "cluster_zh": "集群",
                "is_green": "绿色工厂",
                "output_ytd_cny": "产值 年初累计（元）",
                "months_reported": "已报月数",
            },
        ),
        _table(
            marts["mart.district_month"],
            "月度能耗排放",
            {
                "month": "月份",
                "purpose": "核算口径",
                "co2_direct_t": "直接排放（t CO2）",
                "co2_indirect_t": "间接排放（t CO2）",
                "co2_t": "合计（t CO2）",
                "coal_tce": "综合能耗 当量值（tce）",
                "coal_generation_tce": "综合能耗 等价值（tce）",
                "energy_gj": "热量（GJ）",
                "output_value_cny": "工业总产值（元）",
                "factories_reporting": "已报（家）",
                "factories_expected": "应报（家）",
                "held_lines": "暂挂（行）",
                "is_provisional": "含暂用因子",
            },
        ),
        _table(
            marts["mart.ranking"],
            "排名",
            {
                "dimension": "维度",
                "year": "年度",
                "key_zh": "名称",
                "rank_by_co2": "排放名次",
                "co2_t": "排放（t CO2）",
                "coal_tce": "综合能耗 当量值（tce）",
                "output_value_cny": "工业总产值（元）",
                "factories": "企业（家）",
            },
        ),
        _table(
            marts["mart.factory_month"].filter(pl.col("month") == month),
            "企业当月",
            {
                "factory_id": "统一社会信用代码",
                "name": "企业名称",
                "town": "街镇",
                "park": "园区",
                "cluster_zh": "集群",
                "co2_t": "排放（t CO2）",
                "coal_tce": "综合能耗 当量值（tce）",
                "electricity_mwh": "用电量（MWh）",
                "green_power_mwh": "绿电绿证（MWh）",
                "output_value_cny": "工业总产值（元）",
                "held_lines": "暂挂（行）",
            },
        ),
        _table(
            marts["mart.plan_progress"].filter(pl.col("month") == month),
            "规划指标",
            {
                "target_id": "编号",
                "text_zh": "目标",
                "comparator": "比较",
                "target_value": "目标值",
                "unit": "单位",
                "actual": "实际值（占比为分子）",
                "actual_denominator": "分母",
                "status": "状态",
                "source": "来源",
            },
        ),
        _table(
            marts["mart.quality_month"],
            "数据质量",
            {
                "month": "月份",
                "contract": "报表",
                "submissions": "报送（件）",
                "rows_in": "收到（行）",
                "admitted": "准入",
                "held": "暂挂",
                "rejected": "退回",
                "superseded": "被更正取代",
            },
        ),
    ]


_WORDS: dict[str, dict[str, str]] = {
    "level": views.LEVELS,
    "dimension": views.DIMENSIONS,
    "cluster_variant": views.VARIANTS,
    "status": {key: word for key, (word, _) in views.STATUSES.items()},
}


def _table(frame: pl.DataFrame, name: str, columns: dict[str, str]) -> _Sheet:
    rows: list[Sequence[Any]] = [
        [_WORDS[key].get(row[key], row[key]) if key in _WORDS else row[key] for key in columns]
        for row in frame.select(list(columns)).to_dicts()
    ]
    return _Sheet(name, list(columns.values()), rows)


def _about(marts: Marts, facts: ReleaseFacts) -> _Sheet:
    rows: list[Sequence[Any]] = [
        ("发布编号", facts.release_id),
        ("报告期", f"截至 {facts.through}"),
        ("知识日期", facts.as_of.isoformat()),
        ("核算口径", facts.purpose_zh),
        ("绿色占比定义", "期末持有有效绿色工厂称号的 6+X 规上企业产值 ÷ 全部 6+X 规上企业产值，年初累计"),
        ("空白", "未知或未报送，不是零"),
        *[
            (f"文件 {'受理' if key == 'accepted' else '退回'}（件）", value)
            for key, value in facts.files.items()
        ],
        *[(f"数据行 {views.FATES.get(key, key)}（行）", value) for key, value in facts.rows.items()],
        *[("请注意", note) for note in facts.notes],
    ]
    return _Sheet("说明", ("项目", "内容"), rows)


def _goals(marts: Marts, month: date) -> _Sheet:
    rows: list[Sequence[Any]] = [
        (
            "绿色占比",
            f"{views.DEFINITIONS[row['definition']]}·{views.VARIANTS[row['cluster_variant']]}",
            row["numerator"],
            row["denominator"],
            row["unit"],
            figures.percent(row["numerator"], row["denominator"]),
            f"{figures.number(row['target_percent'])}%",
            row["gap"],
            row["is_met"],
            row["is_headline"],
        )
        for row in views.of_month(marts, "mart.green_share", month)
    ]
    rows += [
        (
            "国家级绿色工厂",
            views.READINGS[row["reading"]],
            row["factories"],
            None,
            "家",
            str(row["factories"]),
            figures.number(row["target"]),
            row["gap"],
            row["is_met"],
            row["is_headline"],
        )
        for row in views.of_month(marts, "mart.national_green_factory", month)
    ]
    header = ("目标", "读法", "分子或家数", "分母", "单位", "结果", "目标值", "差额", "达到", "采用")
    return _Sheet("两项目标", header, rows)
