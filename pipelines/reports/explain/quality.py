"""Sections on how sure an emission is, and on months that were made from year-to-date figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipelines.engine import Ledger
from pipelines.periods import Month
from pipelines.reports import certainty, figures, words
from pipelines.reports.explain.chains import pretty
from pipelines.reports.explain.shapes import Section, rows_of

Names = dict[tuple[str, str, str, bool], str]
"""Side, kind, tier, whether an earlier year stands in → the tier's Chinese name."""


def of_use(ledger: Ledger, factory_id: str, month: Month, code: str) -> Section:
    """Tiers and half-widths of one energy use, and its half-width by the square rule."""
    rows = rows_of(
        ledger,
        "select quality.* from core.emission_quality as quality inner join ref.purpose as purpose "
        "on quality.purpose = purpose.purpose where purpose.is_headline and quality.factory_id = ? "
        "and quality.month = ? and quality.energy_code = ? order by quality.kind, quality.first_line_no",
        [factory_id, month.first, code],
    )
    tiers = _tier_names(ledger)
    return Section(
        "数据质量与不确定度（95 %；平方和开方：√(活动² + 因子²)）",
        ("类别", "活动数据", "半宽", "因子", "半宽", "合成半宽", "质量档（1 最好）"),
        [
            (
                words.EMISSION_KINDS.get(row["kind"], row["kind"]),
                tiers.get(("activity", "any", row["activity_tier"], False), row["activity_tier"] or "—"),
                _share(row["activity_half_width"]),
                _factor_name(tiers, row),
                _share(row["factor_half_width"]),
                figures.plus_minus(row["half_width_squared"], Decimal(1)),
                str(row["quality_tier"]),
            )
            for row in rows
        ],
    )


def of_month(ledger: Ledger, month: Month, factory_id: str = "") -> Section:
    """The half-width of the district's month, or of one factory's, with its two parts and the tier shares."""
    rows = rows_of(
        ledger,
        "select uncertainty.* from mart.uncertainty_month as uncertainty inner join ref.purpose as purpose "
        "on uncertainty.purpose = purpose.purpose where purpose.is_headline and uncertainty.month = ? "
        "and uncertainty.factory_id = ?",
        [month.first, factory_id],
    )
    return Section(
        "不确定度（95 %）与数据质量",
        ("合成", "其中活动数据（误差独立）", "其中因子（同一因子误差相加）", "数据质量", "未覆盖"),
        [
            (
                certainty.plus_minus(row),
                figures.plus_minus(row["activity_squared_t2"], row["covered_t"]),
                figures.plus_minus(row["factor_squared_t2"], row["covered_t"]),
                certainty.quality(row),
                certainty.coverage(row) or "无",
            )
            for row in rows
        ],
    )


def of_flows(ledger: Ledger, factory_id: str, month: Month, code: str) -> list[Section]:
    """Where lines state the year to date: this total, the last, and the month between; nothing otherwise."""
    rows = rows_of(
        ledger,
        "select flow.*, line.consumed as stated, before.consumed as stated_before from stg.energy_flow as flow "
        "inner join raw.energy_line as line on flow.receipt_id = line.receipt_id and flow.line_no = line.line_no "
        "left join raw.energy_line as before on flow.previous_receipt_id = before.receipt_id "
        "and flow.previous_line_no = before.line_no "
        "where flow.factory_id = ? and flow.period = ? and flow.energy_code = ? order by flow.receipt_id, flow.line_no",
        [factory_id, month.first, code],
    )
    if not rows:
        return []
    header = ("回执", "行号", "本年累计", "上月累计", "上月的回执与行号", "本月数", "单位", "说明")
    return [Section("累计数折为本月数（本月累计 − 同年上月累计）", header, [_flow(row) for row in rows])]


def _flow(row: dict[str, Any]) -> tuple[str, ...]:
    before = (
        f"{row['previous_receipt_id']} 第{row['previous_line_no']}行" if row["previous_receipt_id"] else "—"
    )
    return (
        row["receipt_id"],
        str(row["line_no"]),
        figures.plain(row["stated"]),
        figures.plain(row["stated_before"]),
        before,
        figures.plain(row["consumed"]),
        pretty(row["unit"]),
        row["flow_note"] or "",
    )


def _tier_names(ledger: Ledger) -> Names:
    rows = ledger.rows("select side, kind, tier, is_provisional, name_zh from ref.quality_tier").to_dicts()
    return {
        (row["side"], row["kind"], row["tier"], bool(row["is_provisional"])): row["name_zh"] for row in rows
    }


def _factor_name(tiers: Names, row: dict[str, Any]) -> str:
    """What is passed on has the factor of what was bought."""
    if row["factor_tier"] is None:
        return "无因子"
    kind = row["kind"].removesuffix("_exported")
    return tiers.get(("factor", kind, row["factor_tier"], bool(row["is_provisional"])), row["factor_tier"])


def _share(value: Decimal | None) -> str:
    return "未知" if value is None else f"± {figures.number(value * 100)}%"
