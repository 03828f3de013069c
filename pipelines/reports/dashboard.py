"""仪表板 | The dashboard: one page that opens anywhere, offline, and prints.

Tables carry every figure; charts (Apache ECharts, built in) only draw them again. Text from files is escaped by
the template, data for the charts is embedded so that no text can end the script, and the page forbids itself
every outside address.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.reports import certainty, charts, evaluation, figures, inventory, views, words
from pipelines.reports.facts import ReleaseFacts
from pipelines.reports.standing import standing_lines
from pipelines.reports.views import Marts, Row

_HERE = Path(__file__).parent
_ECHARTS = _HERE / "assets" / "echarts.common.min.js"
_RANKED = 10
_FUNCTIONS = {
    "percent": figures.percent,
    "year_on_year": figures.year_on_year,
    "month_on_month": figures.month_on_month,
    "co2_year_on_year": figures.co2_year_on_year,
    "co2_month_on_month": figures.co2_month_on_month,
    "bar_width": charts.width,
    "largest": charts.largest,
    "small_cells": charts.small_cells,
    "is_small": views.is_small,
    "target_light": views.target_light,
    "shortfall": views.shortfall,
    "rates": views.rates,
    "verdict": words.verdict,
    "generation": certainty.generation,
    "plus_minus": certainty.plus_minus,
    "words": words,
    "SMALL_CELL": views.SMALL_CELL,
    "RANKED": _RANKED,
}


def dashboard(marts: Marts, facts: ReleaseFacts, path: Path) -> None:
    """Write the page of a release to *path*. Equal figures give equal bytes.

    Raises:
        NotFound: the marts lack the month of *facts*, or its headline figures.
    """
    page = _environment().get_template("dashboard.html").render(_content(marts, facts))
    path.write_text(page, encoding="utf-8", newline="\n")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": figures.number,
        "fixed": figures.fixed,
        "money": figures.money,
        "yi": figures.yi,
        "amount": figures.amount,
        "with_unit": figures.with_unit,
        "lacking": figures.lacking,
    }
    environment.globals |= _FUNCTIONS
    return environment


def _content(marts: Marts, facts: ReleaseFacts) -> dict[str, Any]:
    """Everything the template shows, section by section."""
    return {
        "facts": facts,
        "month": facts.month,
        "standing": standing_lines(facts.standing),
        **_goals(marts, facts),
        **_evaluations(marts, facts),
        **_energy(marts, facts),
        "rankings": [
            (name, views.ranking(marts, code, facts.month.year)[:_RANKED])
            for code, name in words.DIMENSIONS.items()
        ],
        "targets": views.of_month(marts, "mart.plan_progress", facts.month),
        "target_counts": views.status_counts(marts, facts.month),
        "contracts": views.contracts(marts),
        "late": views.of_month(marts, "mart.late_factory", facts.month),
        "echarts": _echarts(),
        "chart_data": charts.embedded(
            charts.chart_data(
                charts.share_by_month(marts),
                views.district(marts, facts.purpose),
                _clusters(marts, facts),
            )
        ),
    }


def _goals(marts: Marts, facts: ReleaseFacts) -> dict[str, Any]:
    month = facts.month
    share = views.headline_share(marts, month)
    national = views.headline_national(marts, month)
    return {
        "share": share,
        "share_light": views.goal_light(marts, month, views.SHARE_TARGET),
        "shares": views.of_month(marts, "mart.green_share", month),
        "share_months": list(reversed(charts.share_by_month(marts))),
        "clusters": _clusters(marts, facts),
        "cluster_members": views.cluster_members(marts, month, share["cluster_variant"]),
        "national": national,
        "national_light": views.goal_light(marts, month, views.NATIONAL_TARGET),
        "nationals": views.of_month(marts, "mart.national_green_factory", month),
        "members": views.national_members(marts, month, national["reading"]),
    }


def _evaluations(marts: Marts, facts: ReleaseFacts) -> dict[str, Any]:
    year = evaluation.year_of(marts, facts.month.year)
    found = evaluation.of_year(marts, year)
    return {
        "evaluated_year": year,
        "evaluations": found,
        "evaluation_counts": evaluation.counts(found),
    }


def _clusters(marts: Marts, facts: ReleaseFacts) -> list[Row]:
    variant = views.headline_share(marts, facts.month)["cluster_variant"]
    return views.clusters(marts, facts.month, variant)


def _energy(marts: Marts, facts: ReleaseFacts) -> dict[str, Any]:
    months = views.district(marts, facts.purpose)
    others = views.of_month(marts, "mart.district_month", facts.month)
    reporting = {row["month"]: row["factories_reporting"] for row in months}
    sure = certainty.district(marts, facts.purpose, facts.month)
    whole = certainty.whole(marts, facts.purpose, facts.month)
    listed = inventory.of_month(marts, facts.purpose, facts.month)
    return {
        "now": views.district_of(marts, facts.purpose, facts.month),
        "months": list(reversed(months)),
        "bases": [row for row in others if row["purpose"] != facts.purpose],
        "energy_total": views.energy_totals(marts).get(facts.month),
        "uncertainty": sure,
        "uncertainties": certainty.districts(marts),
        "quality_said": certainty.quality(sure),
        "coverage_said": certainty.coverage(sure),
        "whole": whole,
        "whole_said": certainty.quality(whole),
        "whole_coverage": certainty.coverage(whole),
        "equivalent_notes": certainty.equivalent_notes(marts),
        "inventory": listed,
        "inventory_totals": inventory.totals(listed),
        "reporting_last_month": reporting.get(facts.through.shift(-1).first),
        "reporting_last_year": reporting.get(facts.through.shift(-12).first),
    }


@cache
def _echarts() -> Markup:
    return Markup(_ECHARTS.read_text(encoding="utf-8"))  # noqa: S704 - our own vendored file
