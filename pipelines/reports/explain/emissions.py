"""Screens of emissions: district → factory → energy use, down to lines as received and factor documents."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.intake import Landing
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain import quality
from pipelines.reports.explain.shapes import MOST_ROWS, Explanation, Section, month_of, rows_of


def district(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    """The district's month by accounting basis."""
    month = month_of(steps[0])
    rows = rows_of(
        ledger, "select * from mart.district_month where month = ? order by purpose", [month.first]
    )
    names = dict(ledger.rows("select purpose, name_zh from ref.purpose").iter_rows())
    headline = str(ledger.one("select purpose from ref.purpose where is_headline")[0])
    factories = rows_of(
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
            quality.of_month(ledger, month),
            Section(
                "排放最大的十家",
                ("统一社会信用代码", "企业", "t CO2"),
                [(row["factory_id"], row["name"] or "", figures.number(row["co2_t"])) for row in factories],
            ),
        ],
        closer=[f"co2/{month}/{row['factory_id']}" for row in factories[:5]],
    )


def factory(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    """Every energy use of a factory's month."""
    month, factory_id = month_of(steps[0]), steps[1]
    rows = _emissions(ledger, factory_id, month)
    names = _energy_names(ledger)
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
                        f"{row['energy_code']} {names.get(row['energy_code'], '')}".strip(),
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
            ),
            quality.of_month(ledger, month, factory_id),
        ],
        closer=[f"co2/{month}/{factory_id}/{code}" for code in sorted({row["energy_code"] for row in rows})],
    )


def use(ledger: Ledger, landing: Landing, figure: str, steps: list[str]) -> Explanation:
    """Amount, conversion, factor, document and lines of one energy use."""
    month, factory_id, code = month_of(steps[0]), steps[1], steps[2]
    rows = [row for row in _emissions(ledger, factory_id, month) if row["energy_code"] == code]
    if not rows:
        raise NotFound(f"台账中没有 {figure}。", f"the ledger has no {figure}")
    products = [_product(row) for row in rows]
    return Explanation(
        figure=figure,
        title=f"企业 {factory_id} {_energy_names(ledger).get(code, '能源')}（{code}）的二氧化碳排放（{month}）",
        value=f"{figures.plain(sum((row['co2_t'] or Decimal(0) for row in rows), Decimal(0)))} t CO2（存储值，未舍入）",
        formula="活动水平（规范单位）× 排放因子；乘积存 12 位小数，发布时四舍五入到 6 位",
        sections=[
            Section("算式", ("类别", "活动水平", "×", "因子", "=", "存储值 t CO2", "现场复算"), products),
            _lines_section(ledger, landing, factory_id, month, code),
            *quality.of_flows(ledger, factory_id, month, code),
            _conversion_section(ledger, code, factory_id, month),
            _source_section(ledger, [str(row["factor_id"]) for row in rows if row["factor_id"]]),
            quality.of_use(ledger, factory_id, month, code),
        ],
        agrees=all(product[-1] != "不一致" for product in products),
    )


def _energy_names(ledger: Ledger) -> dict[str, str]:
    """能源名称 | Energy code → its name on form 205-1."""
    return dict(ledger.rows("select energy_code, name_zh from ref.energy_kind").iter_rows())


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
    lines = rows_of(
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
    rows = rows_of(
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
        for row in rows_of(ledger, "select * from ref.factor_source where factor_id = ?", [factor_id])
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


def _emissions(ledger: Ledger, factory_id: str, month: Month) -> list[dict[str, Any]]:
    return rows_of(
        ledger,
        "select emission.* from core.emission as emission inner join ref.purpose as purpose "
        "on emission.purpose = purpose.purpose where purpose.is_headline and factory_id = ? and month = ? "
        "order by energy_code, kind, first_line_no",
        [factory_id, month.first],
    )
