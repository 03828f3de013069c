"""From a figure back to the lines and factors it came from, one screen at a time.

A figure is named by a path, each step one closer to the source::

    green_share/2023-12                      the share, and its clusters
    green_share/2023-12/<cluster>            the factories behind one cluster
    output/2023-12/<factory>                 a factory's output, month by month, with its lines
    co2/2023-12                              the district's month by accounting basis
    co2/2023-12/<factory>                    every energy use of a factory's month, with its factor
    co2/2023-12/<factory>/<energy code>      amount, conversion, factor, document, lines as received
    national_green_factories/2023-12         the four readings of "8", with names

Everything is read from the ledger as it stands and from the original file; nothing is computed here but the
product that is shown beside the stored one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.intake import Landing
from pipelines.periods import Month
from pipelines.reports import figures

MOST_ROWS = 40


@dataclass(frozen=True)
class Section:
    """One table on the screen; ``rows`` are texts under ``header``."""

    title: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True)
class Explanation:
    """One screen: what the figure is, how it was formed, what stands behind it, where to go next."""

    figure: str
    title: str
    value: str
    formula: str
    sections: list[Section]
    closer: list[str] = field(default_factory=list)
    agrees: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def explain(ledger: Ledger, landing: Landing, figure: str) -> Explanation:
    """The screen for *figure* (see the module's text for the names).

    Raises:
        NotFound: no figure goes by that name, or the ledger has no such row.
    """
    kind, _, rest = figure.strip("/").partition("/")
    steps = rest.split("/") if rest else []
    screen = _SCREENS.get((kind, len(steps)))
    if screen is None:
        known = "、".join(sorted({name for name, _ in _SCREENS}))
        raise NotFound(
            f"无法识别的数字名称 “{figure}”。可用：{known}。", f"unknown figure {figure!r}; known: {known}"
        )
    return screen(ledger, landing, figure, steps)


def _green_share(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    month = _month(steps[0])
    shares = _rows(ledger, "select * from mart.green_share where month = ?", [month.first])
    headline = next(row for row in shares if row["definition"] == "output" and row["cluster_variant"] == "a9")
    clusters = _rows(
        ledger,
        "select * from mart.green_share_cluster where month = ? and cluster_variant = 'a9'",
        [month.first],
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


def _share_cluster(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    month, cluster = _month(steps[0]), steps[1]
    members = _rows(
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


def _output(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    month, factory_id = _month(steps[0]), steps[1]
    rows = _rows(
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


def _district(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    month = _month(steps[0])
    rows = _rows(ledger, "select * from mart.district_month where month = ? order by purpose", [month.first])
    names = dict(ledger.rows("select purpose, name_zh from ref.purpose").iter_rows())
    headline = str(ledger.one("select purpose from ref.purpose where is_headline")[0])
    factories = _rows(
        ledger,
        "select * from mart.factory_month where month = ? order by co2_t desc nulls last, factory_id limit 10",
        [month.first],
    )
    value = next(row["co2_t"] for row in rows if row["purpose"] == headline)
    return Explanation(
        figure=figure,
        title=f"全区二氧化碳排放（{month}，{names[headline]}）",
        value=f"{figures.number(value)} t CO2",
        formula="直接排放（燃料）+ 间接排放（购入电力、热力）",
        sections=[
            Section(
                "各核算口径（不可相加，不可混用）",
                ("口径", "名称", "直接 t", "间接 t", "合计 t", "缺因子项"),
                [
                    (
                        row["purpose"],
                        names[row["purpose"]],
                        figures.number(row["co2_direct_t"]),
                        figures.number(row["co2_indirect_t"]),
                        figures.number(row["co2_t"]),
                        str(row["uses_without_factor"]),
                    )
                    for row in rows
                ],
            ),
            Section(
                "排放最大的十家",
                ("统一社会信用代码", "企业", "t CO2"),
                [(row["factory_id"], row["name"] or "", figures.number(row["co2_t"])) for row in factories],
            ),
        ],
        closer=[f"co2/{month}/{row['factory_id']}" for row in factories[:5]],
    )


def _factory(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    month, factory_id = _month(steps[0]), steps[1]
    rows = _emissions(ledger, factory_id, month)
    total = sum((row["co2_t"] for row in rows if row["co2_t"] is not None), Decimal(0))
    return Explanation(
        figure=figure,
        title=f"企业 {factory_id} 的二氧化碳排放（{month}）",
        value=f"{figures.number(total)} t CO2",
        formula="Σ 活动水平 × 排放因子",
        sections=[
            Section(
                "逐项",
                ("能源", "类别", "活动水平", "单位", "因子 t/单位", "因子编号", "t CO2", "备注"),
                [
                    (
                        row["energy_code"],
                        row["kind"],
                        figures.number(row["activity"]),
                        row["activity_unit"],
                        figures.plain(row["factor_t"]),
                        row["factor_id"] or "无可用因子（未知，不是零）",
                        figures.number(row["co2_t"]),
                        row["note"] or "",
                    )
                    for row in rows
                ],
            )
        ],
        closer=[f"co2/{month}/{factory_id}/{code}" for code in sorted({row["energy_code"] for row in rows})],
    )


def _use(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    month, factory_id, code = _month(steps[0]), steps[1], steps[2]
    rows = [row for row in _emissions(ledger, factory_id, month) if row["energy_code"] == code]
    if not rows:
        raise NotFound(f"台账中没有 {figure}。", f"the ledger has no {figure}")
    products = [_product(row) for row in rows]
    return Explanation(
        figure=figure,
        title=f"企业 {factory_id} 能源 {code} 的二氧化碳排放（{month}）",
        value=f"{figures.plain(sum((row['co2_t'] or Decimal(0) for row in rows), Decimal(0)))} t CO2（存储值，未舍入）",
        formula="活动水平（规范单位）× 排放因子；乘积存 12 位小数，发布时四舍五入到 6 位",
        sections=[
            Section("算式", ("类别", "活动水平", "×", "因子", "=", "存储值 t CO2", "现场复算"), products),
            _lines_section(ledger, landing, factory_id, month, code),
            _conversion_section(ledger, code, factory_id, month),
            _source_section(ledger, [str(row["factor_id"]) for row in rows if row["factor_id"]]),
        ],
        agrees=all(product[-1] != "不一致" for product in products),
    )


def _product(row: dict[str, Any]) -> tuple[str, ...]:
    """The stored product and its recomputation with Decimal, side by side."""
    if row["factor_t"] is None:
        return row["kind"], figures.plain(row["activity"]), "×", "无因子", "=", "未知", "—"
    again = (row["activity"] * row["factor_t"]).quantize(row["co2_t"], rounding="ROUND_HALF_UP")
    return (
        row["kind"],
        f"{figures.plain(row['activity'])} {row['activity_unit']}",
        "×",
        f"{figures.plain(row['factor_t'])} t/{row['activity_unit']}",
        "=",
        figures.plain(row["co2_t"]),
        "一致" if again == row["co2_t"] else "不一致",
    )


def _lines_section(ledger: Ledger, landing: Landing, factory_id: str, month: Month, code: str) -> Section:
    lines = _rows(
        ledger,
        "select * from stg.energy_line where factory_id = ? and period = ? and energy_code = ? order by line_no",
        [factory_id, month.first, code],
    )
    return Section(
        "来源行（原文照录）",
        ("回执", "行号", "消费量（读数）", "单位", "行文（原文）"),
        [
            (
                line["receipt_id"],
                str(line["line_no"]),
                figures.plain(line["consumed"]),
                line["unit"],
                landing.line_text(line["receipt_id"], line["line_no"]),
            )
            for line in lines[:MOST_ROWS]
        ],
    )


def _conversion_section(ledger: Ledger, code: str, factory_id: str, month: Month) -> Section:
    rows = _rows(
        ledger,
        "select distinct conversion.* from ref.unit_conversion as conversion inner join stg.energy_line as line "
        "on line.energy_code = conversion.energy_code and line.unit = conversion.unit "
        "where line.energy_code = ? and line.factory_id = ? and line.period = ?",
        [code, factory_id, month.first],
    )
    return Section(
        "单位换算（精确分数）",
        ("原单位", "规范单位", "乘数", "精确值", "密度因子"),
        [
            (
                row["unit"],
                row["to_unit"],
                figures.plain(row["multiplier"]),
                row["multiplier_exact"],
                row["factor_id"] or "",
            )
            for row in rows
        ],
    )


def _source_section(ledger: Ledger, factor_ids: list[str]) -> Section:
    rows = [
        row
        for factor_id in dict.fromkeys(factor_ids)
        for row in _rows(ledger, "select * from ref.factor_source where factor_id = ?", [factor_id])
    ]
    return Section(
        "因子出处",
        ("因子", "文件", "文号", "公布日", "可信度", "原值"),
        [
            (
                row["factor_id"],
                row["title"] or "",
                row["document_number"] or "",
                str(row["published_on"] or ""),
                row["confidence"] or "",
                f"{row['value_text'] or ''} {row['unit_text'] or ''}".strip(),
            )
            for row in rows
        ],
    )


def _national(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    month = _month(steps[0])
    readings = _rows(ledger, "select * from mart.national_green_factory where month = ?", [month.first])
    members = _rows(ledger, "select * from mart.national_green_factory_member where month = ?", [month.first])
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


def _emissions(ledger: Ledger, factory_id: str, month: Month) -> list[dict[str, Any]]:
    return _rows(
        ledger,
        "select emission.* from core.emission as emission inner join ref.purpose as purpose "
        "on emission.purpose = purpose.purpose where purpose.is_headline and factory_id = ? and month = ? "
        "order by energy_code, kind, first_line_no",
        [factory_id, month.first],
    )


def _rows(ledger: Ledger, sql: str, parameters: list[Any]) -> list[dict[str, Any]]:
    return ledger.rows(sql, parameters).to_dicts()


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise NotFound(
            f"读到月份 “{text}”，应为 YYYY-MM。", f"read month {text!r}, expected YYYY-MM"
        ) from error


_SCREENS: dict[tuple[str, int], Callable[[Ledger, Landing, str, list[str]], Explanation]] = {
    ("green_share", 1): _green_share,
    ("green_share", 2): _share_cluster,
    ("output", 2): _output,
    ("co2", 1): _district,
    ("co2", 2): _factory,
    ("co2", 3): _use,
    ("national_green_factories", 1): _national,
}
