"""绿色工厂评价 | Evaluations for the pages: who reported, which gates stand, which indicators can be judged.

Grain: factory × year. A release made before evaluations were judged has none; then the pages say nothing of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.reports import words
from pipelines.reports.views import Marts, Row

_SUM, _RULES = "mart.green_eligibility", "mart.green_assessment"
_ORDER = list(words.ELIGIBILITY)


def year_of(marts: Marts, year: int) -> int | None:
    """The newest year with evaluations, not after *year*; nothing without one."""
    if _SUM not in marts:
        return None
    known = [row["year"] for row in marts[_SUM].to_dicts() if row["year"] <= year]
    return max(known, default=None)


def of_year(marts: Marts, year: int | None) -> list[Row]:
    """Every evaluated factory of a year: the nearest to a full set of gates first, then by name."""
    if year is None:
        return []
    names = _names(marts)
    found = [
        {**row, "name": names.get(row["factory_id"]), "verdict_zh": words.ELIGIBILITY[row["verdict"]]}
        for row in marts[_SUM].to_dicts()
        if row["year"] == year
    ]
    return sorted(
        found,
        key=lambda row: (
            -_ORDER.index(row["verdict"]),
            row["gates_failed"],
            row["gates_unknown"],
            -row["indicators_passed"],
            row["factory_id"],
        ),
    )


def counts(found: list[Row]) -> Mapping[str, int]:
    """How many factories came out so, in the order of the words; those nobody is in are left out."""
    verdicts = [row["verdict"] for row in found]
    return {told: verdicts.count(code) for code, told in words.ELIGIBILITY.items() if code in verdicts}


def criteria(marts: Marts) -> list[Row]:
    """Every criterion of every evaluated factory, newest year first, what is short before what stands."""
    if _RULES not in marts:
        return []
    names, order = _names(marts), ["fail", "not_assessable", "pass"]
    found = [
        {
            **row,
            "name": names.get(row["factory_id"]),
            "kind_zh": "否决情形" if row["rule_set_kind"] == "veto" else words.CRITERIA[row["kind"]],
            "verdict_zh": words.VERDICTS[row["verdict"]],
            "comparator_zh": words.COMPARATORS.get(row["comparator"] or "", row["comparator"]),
            "certainty_zh": words.CERTAINTIES.get(row["certainty"], row["certainty"]),
        }
        for row in marts[_RULES].to_dicts()
    ]
    return sorted(
        found,
        key=lambda row: (
            -row["year"],
            row["factory_id"],
            row["kind"] != "gate",
            order.index(row["verdict"]),
            row["criterion"],
        ),
    )


def _names(marts: Marts) -> dict[str, Any]:
    """The newest name of each factory in its months."""
    frame = marts["mart.factory_month"]
    if not {"factory_id", "month", "name"} <= set(frame.columns):
        return {}
    rows = frame.select("factory_id", "month", "name").sort("month").to_dicts()
    return {row["factory_id"]: row["name"] for row in rows if row["name"]}
