"""Numbers for drawing. A chart only draws a table of the same page again, rounded to what a pixel can show."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from pipelines.reports import figures, views
from pipelines.reports.views import Marts, Row

_YI = 8


def share_by_month(marts: Marts) -> list[Row]:
    """绿色占比走势 | The headline share of every month, in order."""
    rows = [row for row in marts["mart.green_share"].to_dicts() if row["is_headline"]]
    return sorted(rows, key=lambda row: row["month"])


def chart_data(shares: list[Row], months: list[Row], clusters: list[Row]) -> dict[str, Any]:
    """The page's three charts: share by month, output by cluster, emissions and energy by month."""
    return {
        "share": {
            "months": [_label(row) for row in shares],
            "share": [_percent(row["numerator"], row["denominator"]) for row in shares],
            "target": [_drawn(row["target_percent"], 2) for row in shares],
        },
        "clusters": {
            "names": [row["cluster_zh"] for row in clusters],
            "green": [_yi(row["green_output_ytd_cny"]) for row in clusters],
            "other": [_other(row) for row in clusters],
            "share": [
                figures.percent(row["green_output_ytd_cny"], row["output_ytd_cny"]) for row in clusters
            ],
        },
        "months": {
            "months": [_label(row) for row in months],
            "direct": [_drawn(row["co2_direct_t"]) for row in months],
            "indirect": [_drawn(row["co2_indirect_t"]) for row in months],
            "coal": [_drawn(row["coal_tce"]) for row in months],
        },
    }


def embedded(value: Any) -> Markup:
    """JSON that cannot end the script element it stands in, whatever text it holds."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def width(value: Decimal | None, largest: Decimal | None) -> str:
    """How long a bar behind a number is, in percent of the largest, for a style attribute."""
    part = figures.ratio(value, largest, 4) or Decimal(0)
    return f"{min(max(part, Decimal(0)), Decimal(1)) * 100:.1f}%"


def largest(rows: list[Row], name: str) -> Decimal | None:
    """The largest value of a column; nothing when all are unknown."""
    known = [row[name] for row in rows if row[name] is not None]
    return max(known, default=None)


def small_cells(row: Row) -> dict[str, bool]:
    """Which amounts of a cluster stand for one or two companies: the green part, the whole.

    The whole is marked too when the other, not green part would give itself away by subtraction.
    """
    rest = row["factories"] - row["green_factories"]
    return {
        "green": views.is_small(row["green_factories"]),
        "whole": views.is_small(row["factories"]) or views.is_small(rest),
    }


def _label(row: Row) -> str:
    return f"{row['month']:%Y-%m}"


def _drawn(value: Decimal | None, places: int = 0) -> float | None:
    return None if value is None else float(figures.rounded(value, places))


def _yi(value: Decimal | None) -> float | None:
    return None if value is None else _drawn(value.scaleb(-_YI), 2)


def _other(row: Row) -> float | None:
    """The part that is not green; unknown when the whole is."""
    whole, green = row["output_ytd_cny"], row["green_output_ytd_cny"]
    return None if whole is None else _yi(whole - (green or Decimal(0)))


def _percent(numerator: Decimal | None, denominator: Decimal | None) -> float | None:
    share = figures.ratio(numerator, denominator, 4)
    return None if share is None else _drawn(share * 100, 2)
