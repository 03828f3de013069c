"""The dashboard: one page that opens anywhere, offline, and prints.

Tables carry every figure; charts (Apache ECharts, built in) only draw them again. Text from files is escaped by
the template, and data for the charts is embedded so that no text can end the script.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.reports import figures, views
from pipelines.reports.facts import ReleaseFacts
from pipelines.reports.views import Marts, Row

_HERE = Path(__file__).parent
_CHARTS = _HERE / "assets" / "echarts.common.min.js"
_SMALL_CELL = 3
_RANKED = 10


def dashboard(marts: Marts, facts: ReleaseFacts, path: Path) -> None:
    """Write the page of a release to *path*. Equal figures give equal bytes."""
    page = _environment().get_template("dashboard.html").render(_content(marts, facts))
    path.write_text(page, encoding="utf-8")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": figures.number, "money": figures.money}
    environment.globals |= {
        "percent": figures.percent,
        "change": figures.change,
        "READINGS": views.READINGS,
        "DEFINITIONS": views.DEFINITIONS,
        "VARIANTS": views.VARIANTS,
        "STATUSES": views.STATUSES,
        "LEVELS": views.LEVELS,
        "FATES": views.FATES,
        "SMALL_CELL": _SMALL_CELL,
    }
    return environment


def _content(marts: Marts, facts: ReleaseFacts) -> dict[str, Any]:
    month = facts.month
    national = views.headline_national(marts, month)
    months = views.district(marts, facts.purpose)
    clusters = [
        row
        for row in views.of_month(marts, "mart.green_share_cluster", month)
        if row["cluster_variant"] == "a9"
    ]
    clusters.sort(key=lambda row: (-(row["output_ytd_cny"] or Decimal(0)), row["cluster"]))
    return {
        "facts": facts,
        "month": month,
        "share": views.headline_share(marts, month),
        "share_status": views.goal_status(marts, month, views.SHARE_TARGET),
        "shares": views.of_month(marts, "mart.green_share", month),
        "national": national,
        "national_status": views.goal_status(marts, month, views.NATIONAL_TARGET),
        "nationals": views.of_month(marts, "mart.national_green_factory", month),
        "members": views.national_members(marts, month, national["reading"]),
        "clusters": clusters,
        "cluster_members": _by_cluster(marts, facts),
        "months": list(reversed(months)),
        "now": months[-1],
        "bases": [
            row
            for row in views.of_month(marts, "mart.district_month", month)
            if row["purpose"] != facts.purpose
        ],
        "rankings": _rankings(marts, month.year),
        "targets": views.of_month(marts, "mart.plan_progress", month),
        "charts": Markup(_CHARTS.read_text(encoding="utf-8")),  # noqa: S704 - our own vendored file
        "chart_data": _embedded(_chart_data(marts, months, clusters)),
    }


def _by_cluster(marts: Marts, facts: ReleaseFacts) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in views.of_month(marts, "mart.green_share_member", facts.month):
        found.setdefault(row["cluster"], []).append(row)
    for rows in found.values():
        rows.sort(
            key=lambda row: (not row["is_green"], -(row["output_ytd_cny"] or Decimal(0)), row["factory_id"])
        )
    return found


def _rankings(marts: Marts, year: int) -> list[tuple[str, list[Row]]]:
    rows = [row for row in marts["mart.ranking"].to_dicts() if row["year"] == year]
    return [
        (
            name,
            sorted(
                (row for row in rows if row["dimension"] == dimension), key=lambda row: row["rank_by_co2"]
            )[:_RANKED],
        )
        for dimension, name in views.DIMENSIONS.items()
        if dimension != "cluster"
    ]


def _chart_data(marts: Marts, months: list[Row], clusters: list[Row]) -> dict[str, Any]:
    """Numbers for drawing only, rounded to what a pixel can show."""
    share_by_month = {row["month"]: row for row in marts["mart.green_share"].to_dicts() if row["is_headline"]}
    shares = [share_by_month.get(row["month"]) for row in months]
    return {
        "months": [f"{row['month']:%Y-%m}" for row in months],
        "co2_direct": [_drawn(row["co2_direct_t"]) for row in months],
        "co2_indirect": [_drawn(row["co2_indirect_t"]) for row in months],
        "coal": [_drawn(row["coal_tce"]) for row in months],
        "share": [_drawn_percent(row["numerator"], row["denominator"]) if row else None for row in shares],
        "target": next((float(row["target_percent"]) for row in shares if row), None),
        "clusters": [row["cluster_zh"] for row in clusters],
        "cluster_share": [
            _drawn_percent(row["green_output_ytd_cny"], row["output_ytd_cny"]) for row in clusters
        ],
    }


def _drawn(value: Decimal | None) -> float | None:
    return None if value is None else float(figures.rounded(value, 0))


def _drawn_percent(numerator: Decimal | None, denominator: Decimal | None) -> float | None:
    share = figures.ratio(numerator, denominator, 4)
    return None if share is None else float(figures.rounded(share * 100, 2))


def _embedded(value: Any) -> Markup:
    """JSON that cannot end the script it stands in."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
