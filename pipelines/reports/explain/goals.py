"""Screens of the two goals: share → cluster → factory → months with their lines; the four readings of 8."""

from __future__ import annotations

from decimal import Decimal

from pipelines.engine import Ledger
from pipelines.intake import Landing
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain.shapes import MOST_ROWS, Explanation, Section, month_of, rows_of


def green_share(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    """The share, all its readings, and its clusters."""
    month = month_of(steps[0])
    shares = rows_of(ledger, "select * from mart.green_share where month = ?", [month.first])
    headline = next(row for row in shares if row["is_headline"])
    clusters = rows_of(
        ledger,
        "select * from mart.green_share_cluster where month = ? and cluster_variant = ?",
        [month.first, headline["cluster_variant"]],
    )
    return Explanation(
        figure=figure,
        title=f"“6+X”产业绿色占比（{month}，年初累计）",
        value=figures.percent(headline["numerator"], headline["denominator"]),
        formula="期末持有有效绿色工厂称号的 6+X 规上企业产值 ÷ 全部 6+X 规上企业产值",
        sections=[
            Section(
                "各种口径",
                ("口径", "产业范围", "分子", "分母", "占比", "差额", "单位"),
                [
                    (
                        row["definition"],
                        row["cluster_variant"],
                        figures.number(row["numerator"]),
                        figures.number(row["denominator"]),
                        figures.percent(row["numerator"], row["denominator"]),
                        figures.number(row["gap"]),
                        row["unit"],
                    )
                    for row in shares
                ],
            ),
            Section(
                "按产业集群",
                ("集群", "名称", "绿色产值（元）", "产值（元）", "占比", "绿色工厂（家）", "企业（家）"),
                [
                    (
                        row["cluster"],
                        row["cluster_zh"],
                        figures.number(row["green_output_ytd_cny"]),
                        figures.number(row["output_ytd_cny"]),
                        figures.percent(row["green_output_ytd_cny"], row["output_ytd_cny"]),
                        str(row["green_factories"]),
                        str(row["factories"]),
                    )
                    for row in clusters
                ],
            ),
        ],
        closer=[f"green_share/{month}/{row['cluster']}" for row in clusters],
    )


def share_cluster(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    """The factories behind one cluster."""
    month, cluster = month_of(steps[0]), steps[1]
    members = rows_of(
        ledger,
        "select * from mart.green_share_member where month = ? and cluster = ?",
        [month.first, cluster],
    )
    members.sort(key=lambda row: (-(row["output_ytd_cny"] or Decimal(0)), row["factory_id"]))
    green = sum((row["output_ytd_cny"] or Decimal(0) for row in members if row["is_green"]), Decimal(0))
    total = sum((row["output_ytd_cny"] or Decimal(0) for row in members), Decimal(0))
    return Explanation(
        figure=figure,
        title=f"产业集群 {cluster} 的绿色占比（{month}，年初累计）",
        value=figures.percent(green, total),
        formula=f"{figures.number(green)} 元 ÷ {figures.number(total)} 元",
        sections=[
            Section(
                "企业名单（产值空白为未报送，不是零）",
                ("统一社会信用代码", "企业", "绿色工厂", "年初累计产值（元）"),
                [
                    (
                        row["factory_id"],
                        row["name"] or "",
                        (row["level"] or "是") if row["is_green"] else "否",
                        figures.number(row["output_ytd_cny"]),
                    )
                    for row in members[:MOST_ROWS]
                ],
            )
        ],
        closer=[f"output/{month}/{row['factory_id']}" for row in members[:5]],
    )


def output(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    """A factory's output, month by month, with its lines."""
    month, factory_id = month_of(steps[0]), steps[1]
    rows = rows_of(
        ledger,
        "select * from core.output where factory_id = ? and month between ? and ? order by month",
        [factory_id, Month(month.year, 1).first, month.first],
    )
    total = sum((row["output_value_cny"] for row in rows if row["output_value_cny"] is not None), Decimal(0))
    return Explanation(
        figure=figure,
        title=f"企业 {factory_id} 的工业总产值（{month.year} 年 1 月至 {month.month} 月）",
        value=f"{figures.number(total)} 元",
        formula="各月工业总产值之和",
        sections=[
            Section(
                "按月",
                ("报告期", "产值（元）", "回执", "起始行", "行文（原文）"),
                [
                    (
                        str(Month.of(row["month"])),
                        figures.number(row["output_value_cny"]),
                        row["receipt_id"],
                        str(row["first_line_no"]),
                        landing.line_text(row["receipt_id"], row["first_line_no"]),
                    )
                    for row in rows
                ],
            )
        ],
    )


def national(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    """The four readings of "8", with names."""
    month = month_of(steps[0])
    readings = rows_of(ledger, "select * from mart.national_green_factory where month = ?", [month.first])
    members = rows_of(
        ledger, "select * from mart.national_green_factory_member where month = ?", [month.first]
    )
    headline = next(row for row in readings if row["is_headline"])
    return Explanation(
        figure=figure,
        title=f"国家级绿色工厂（{month}）",
        value=f"{headline['factories']} 家",
        formula="按统一社会信用代码去重；新创建或存量、按批次年度或公布日期，共四种读法",
        sections=[
            Section(
                "四种读法",
                ("读法", "家数", "目标", "是否达到", "采用"),
                [
                    (
                        row["reading"],
                        str(row["factories"]),
                        str(row["target"]),
                        "是" if row["is_met"] else "否",
                        "采用" if row["is_headline"] else "",
                    )
                    for row in readings
                ],
            ),
            Section(
                "采用读法的名单",
                ("统一社会信用代码", "企业", "批次年度", "公布日期", "文号"),
                [
                    (
                        row["factory_id"],
                        row["name"] or "",
                        str(row["award_cycle"]),
                        str(row["published_on"]),
                        row["document_no"] or "",
                    )
                    for row in members
                    if row["reading"] == headline["reading"]
                ],
            ),
        ],
    )
