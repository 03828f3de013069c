"""What a factory writes for a process or fugitive activity, a gas and a process type, and what it may mean.

Closed tables again (``emission_factors/activities.csv``, ``gases.csv``, ``process_types.csv``): a cell is
folded and looked up by code, name or alias; anything else is told. Which of them go together is a row rule.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from pipelines import paths
from pipelines.units.kinds import fold, measures, preferred_spelling


@dataclass(frozen=True)
class Activity:
    """活动 | One row of the activity catalogue: its names, its units, the gases and process types it knows."""

    code: str
    name_zh: str
    name_en: str
    allowed_units: tuple[str, ...]
    is_gas_required: bool
    note: str
    process_types: tuple[str, ...]
    may_omit_process_type: bool


def activities() -> dict[str, Activity]:
    """Every activity by its code."""
    return dict(_activities())


def resolve_term(kind: str, text: str) -> str | None:
    """The key *text* stands for among the terms of *kind* (activity, gas, process_type), or None.

    >>> resolve_term("gas", "ｒ-410a"), resolve_term("gas", "六氟化硫"), resolve_term("gas", "空气") is None
    ('R410A', 'SF6', True)
    >>> resolve_term("process_type", "远程"), resolve_term("activity", "二氧化碳保护焊")
    ('remote', 'welding_co2')
    """
    return _terms(kind).get(fold(text).lower())


def term_names(kind: str) -> dict[str, str]:
    """Key → Chinese name of every term of *kind*, in the order of its file."""
    file, key = _FILES[kind]
    return {row[key]: row["name_zh"] for row in _rows(file)}


def activity_unit_problem(code: str, unit: str) -> tuple[str, str] | None:
    """Why *unit* may not state this activity, in Chinese and English; None when it may.

    >>> activity_unit_problem("welding_co2", "kg") is None
    True
    >>> activity_unit_problem("welding_co2", "MWh")[1]
    'CO2 shielding gas in welding is stated in kg, t, Nm3, not in MWh (energy)'
    """
    activity = activities()[code]
    if unit in activity.allowed_units:
        return None
    zh = "、".join(preferred_spelling(allowed) for allowed in activity.allowed_units)
    measured = measures(unit)
    return (
        f"{zh}之一（{activity.name_zh}不能以“{preferred_spelling(unit)}”计量，那是{measured[0]}单位）",
        f"{activity.name_en} is stated in {', '.join(activity.allowed_units)}, not in {unit} ({measured[1]})",
    )


_FILES = {
    "activity": ("activities", "activity_code"),
    "gas": ("gases", "gas"),
    "process_type": ("process_types", "process_type"),
}


def _rows(file: str) -> list[dict[str, str]]:
    with (paths.EMISSION_FACTORS / f"{file}.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@cache
def _terms(kind: str) -> dict[str, str]:
    file, key = _FILES[kind]
    return {
        fold(spelling).lower(): row[key]
        for row in _rows(file)
        for spelling in (row[key], row["name_zh"], *row.get("aliases", "").split(";"))
        if spelling
    }


@cache
def _activities() -> dict[str, Activity]:
    kinds: dict[str, list[str]] = {}
    plain: set[str] = set()
    for route in _rows("activity_routes"):
        known = kinds.setdefault(route["activity_code"], [])
        if not route["process_type"]:
            plain.add(route["activity_code"])
        if route["process_type"] and route["process_type"] not in known:
            known.append(route["process_type"])
    return {
        row["activity_code"]: Activity(
            code=row["activity_code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            allowed_units=tuple(row["allowed_units"].split(";")),
            is_gas_required=row["is_gas_required"] == "true",
            note=row["note"],
            process_types=tuple(kinds.get(row["activity_code"], ())),
            may_omit_process_type=row["activity_code"] in plain,
        )
        for row in _rows("activities")
    }
