"""温室气体清单 | The whole inventory for the pages: every category and gas, what is counted and what stands beside.

A release made before the inventory existed has none; then the pages say nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pipelines.reports.views import Marts, Row

_MART = "mart.inventory_month"
CATEGORIES = {
    "fuel_stationary": "燃料燃烧（固定源）",
    "fuel_mobile": "燃料燃烧（移动源）",
    "process": "过程与逸散",
    "electricity": "购入电力",
    "green_power": "按零计的绿电",
    "electricity_exported": "外供电力（扣减）",
    "heat": "购入热力",
    "heat_exported": "外供热力（扣减）",
}
_ORDER = list(CATEGORIES)


def of_month(marts: Marts, purpose: str, month: date) -> list[Row]:
    """The district's rows of one basis and month: category by category, largest gas first."""
    return [row for row in rows(marts) if (row["purpose"], row["month"]) == (purpose, month)]


def rows(marts: Marts) -> list[Row]:
    """Every row with its names, in the order people read."""
    if _MART not in marts:
        return []
    found = [{**row, **_said(row)} for row in marts[_MART].to_dicts()]
    return sorted(
        found,
        key=lambda row: (
            row["purpose"],
            row["month"],
            not row["is_in_total"],
            _ORDER.index(row["category"]),
            row["gas"],
            row["is_biogenic"],
        ),
    )


def totals(found: Iterable[Row]) -> Row:
    """CO2e counted, shown beside, and CO2 of biomass; each nothing when no part of it is known."""
    listed = list(found)
    return {
        "counted_t": _sum(row["co2e_t"] for row in listed if row["is_in_total"]),
        "beside_t": _sum(row["co2e_t"] for row in listed if row["is_optional"]),
        "biomass_t": _sum(row["mass_t"] for row in listed if row["is_biogenic"] and row["gas"] == "CO2"),
        "unknown_rows": sum(row["unknown_rows"] for row in listed),
        "gwp_edition": next((row["gwp_edition"] for row in listed), ""),
    }


def _said(row: Row) -> Row:
    counted = "计入" if row["is_in_total"] else "另列，不计入" if row["is_optional"] else "生物质，不计入"
    gas = f"{row['gas']}（生物质）" if row["is_biogenic"] else row["gas"]
    return {"category_zh": CATEGORIES[row["category"]], "gas_zh": gas, "counted_zh": counted}


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
