"""The shape of every policy table (``ref.*``): names and types, written once, and the rows that fill them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.reference.datafiles import LONG_AGO, OPEN_END, Complaints, Row, day
from pipelines.reference.policyfiles import Calendar, Dated, Gate, Indicator, Plan, RuleSet, Sourced, Target

NUMBER = pl.Decimal(28, 9)
_DATED: dict[str, Any] = {"valid_from": pl.Date, "valid_to": pl.Date}
_SOURCED: dict[str, Any] = {**_DATED, "source": pl.String, "certainty": pl.String}
# Without a printed comparator: better is more, or better is less.
_COMPARATORS = {"up": ">=", "down": "<="}

SCHEMAS: dict[str, dict[str, Any]] = {
    "ref.industry_6x": {
        "prefix": pl.String,
        "name_zh": pl.String,
        "cluster": pl.String,
        "cluster_zh": pl.String,
        "seed_tier": pl.String,
        "is_named_2024": pl.Boolean,
        "role": pl.String,
        "coverage": pl.String,
        "secondary_cluster": pl.String,
        "in_manufacturing_output": pl.String,
        "certainty": pl.String,
        "note": pl.String,
    },
    "ref.industry_division": {
        "division": pl.String,
        "name_zh": pl.String,
        "section": pl.String,
        "section_zh": pl.String,
        **_SOURCED,
    },
    "ref.plan_target": {
        "target_id": pl.String,
        "metric_key": pl.String,
        "text_zh": pl.String,
        "text_en": pl.String,
        "section_zh": pl.String,
        "plan_line": pl.Int32,
        "comparator": pl.String,
        "value": NUMBER,
        "value_max": NUMBER,
        "unit": pl.String,
        "basis": pl.String,
        "basis_zh": pl.String,
        "due_year": pl.Int32,
        "kind": pl.String,
        "computed_by": pl.String,
        "responsible_units": pl.String,
        "repeats_target_id": pl.String,
        "note_zh": pl.String,
        **_DATED,
    },
    "ref.policy_setting": {"setting": pl.String, "value": pl.String, **_SOURCED},
    "ref.light": {"metric_key": pl.String, "amber_from_share": pl.Decimal(9, 6), **_SOURCED},
    "ref.title_level": {"level": pl.String, "level_zh": pl.String, "rank": pl.Int32},
    "ref.rule_set": {
        "rule_set": pl.String,
        "kind": pl.String,
        "title_zh": pl.String,
        "number": pl.String,
        **_SOURCED,
    },
    "ref.criterion": {
        "rule_set": pl.String,
        "criterion": pl.String,
        "kind": pl.String,
        "name_zh": pl.String,
        "first_level": pl.String,
        "direction": pl.String,
        "unit": pl.String,
        "comparator": pl.String,
        "threshold": NUMBER,
        "base": NUMBER,
        "lead": NUMBER,
        "points": NUMBER,
        "is_qualitative": pl.Boolean,
        "reference_zh": pl.String,
        "certainty": pl.String,
    },
    "ref.criterion_reference": {
        "reference_id": pl.String,
        "rule_set": pl.String,
        "criterion": pl.String,
        "industry_prefix": pl.String,
        "role": pl.String,
        "value": NUMBER,
        "unit": pl.String,
        **_SOURCED,
    },
    "ref.pass_mark": {
        "rule_set": pl.String,
        "pass_mark": NUMBER,
        "authority": pl.String,
        "document": pl.String,
        **_DATED,
    },
    "ref.filing_calendar": {"day": pl.Int32, **_SOURCED},
    "ref.closing_day": {"day": pl.Int32, **_SOURCED},
    "ref.deadline": {"deadline": pl.String, "name_zh": pl.String, "month_day": pl.String, **_SOURCED},
}

RANGE_TABLES = {
    "ratio_to_previous_month": "ref.change_range",
    "stock_gap_share": "ref.stock_gap_range",
    "unit_price": "ref.price_range",
    "adopted_coefficient": "ref.coefficient_range",
    "measured_ncv": "ref.heat_value_range",
    "measured_carbon_of_heat": "ref.carbon_of_heat_range",
    "measured_carbon_of_amount": "ref.carbon_of_amount_range",
    "steam_enthalpy": "ref.steam_enthalpy_range",
    "water_temperature": "ref.water_temperature_range",
}
"""Subject in ranges.csv → the table of its limits. One table a subject, for each has a unit of its own."""

SCHEMAS |= {
    table: {
        "range_id": pl.String,
        "energy_code": pl.String,
        "low": NUMBER,
        "high": NUMBER,
        "unit": pl.String,
        **_SOURCED,
    }
    for table in RANGE_TABLES.values()
}


def plan_rows(plan: Plan) -> dict[str, list[dict[str, Any]]]:
    """What one targets file gives, by table."""
    return {
        "ref.plan_target": [_target(target, plan) for target in plan.targets],
        "ref.policy_setting": [
            {"setting": item.key, "value": item.value, **_sourced(item)} for item in plan.settings
        ],
        "ref.light": [
            {"metric_key": item.metric_key, "amber_from_share": item.amber_from_share, **_sourced(item)}
            for item in plan.lights
        ],
    }


def rule_set_rows(rules: RuleSet) -> dict[str, list[dict[str, Any]]]:
    """What one criteria file gives, by table."""
    return {
        "ref.rule_set": [
            {
                "rule_set": rules.rule_set,
                "kind": rules.kind,
                "title_zh": rules.title_zh,
                "number": rules.number,
                **_sourced(rules),
            }
        ],
        "ref.criterion": [
            *(_gate(rules.rule_set, gate) for gate in rules.gates),
            *(_indicator(rules.rule_set, item) for item in rules.indicators),
        ],
        "ref.pass_mark": [
            {
                "rule_set": rules.rule_set,
                "pass_mark": mark.value,
                "authority": mark.authority,
                "document": mark.document,
                **_dates(mark),
            }
            for mark in rules.pass_marks
        ],
    }


def calendar_rows(calendar: Calendar) -> dict[str, list[dict[str, Any]]]:
    """What the calendar gives, by table."""
    return {
        "ref.filing_calendar": [{"day": item.day, **_sourced(item)} for item in calendar.filing],
        "ref.closing_day": [{"day": item.day, **_sourced(item)} for item in calendar.closing],
        "ref.deadline": [
            {"deadline": item.key, "name_zh": item.name_zh, "month_day": item.month_day, **_sourced(item)}
            for item in calendar.deadlines
        ],
    }


def csv_rows(table: str, rows: Iterable[Row], complaints: Complaints) -> list[dict[str, Any]]:
    """The rows of a CSV file as *table* has them: a blank is nothing, numbers and dates are such."""
    schema = SCHEMAS[table]
    return [
        {name: _cell(row, name, kind, complaints) for name, kind in schema.items()} | _renamed(row)
        for row in rows
    ]


def range_rows(rows: Sequence[Row], complaints: Complaints) -> dict[str, list[dict[str, Any]]]:
    """The rows of ranges.csv by the table of their subject."""
    return {
        table: csv_rows(table, [row for row in rows if row["subject"] == subject], complaints)
        for subject, table in RANGE_TABLES.items()
    }


def frame(table: str, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """*rows* as *table*."""
    return pl.DataFrame(rows, schema=SCHEMAS[table], orient="row")


def _cell(row: Row, name: str, kind: Any, complaints: Complaints) -> Any:
    text = row.cells.get(name, "")
    if kind == pl.Date:
        return day(row, name, OPEN_END if name == "valid_to" else LONG_AGO, complaints)
    if kind == pl.Boolean:
        return text == "true"
    if kind == pl.Int32:
        return int(text) if text else None
    if isinstance(kind, pl.Decimal):
        return Decimal(text) if text else None
    # A reference without an industry prefix holds for every industry: blank there is a value.
    return text or ("" if name == "industry_prefix" else None)


def _renamed(row: Row) -> dict[str, Any]:
    """industries_6x.csv tells the certainty of its codes apart from that of the mapping, which counts here."""
    return {"certainty": row["mapping_certainty"]} if "mapping_certainty" in row.cells else {}


def _dates(item: Dated) -> dict[str, Any]:
    return {"valid_from": item.valid_from, "valid_to": item.valid_to or OPEN_END}


def _sourced(item: Sourced) -> dict[str, Any]:
    return {**_dates(item), "source": item.source, "certainty": item.certainty}


def _target(target: Target, plan: Plan) -> dict[str, Any]:
    goal = target.target
    return {
        "target_id": target.id,
        "metric_key": target.metric_key,
        "text_zh": target.text_zh,
        "text_en": target.text_en,
        "section_zh": target.section_zh,
        "plan_line": target.plan_line,
        "comparator": goal.comparator,
        "value": goal.value,
        "value_max": goal.value_max,
        "unit": goal.unit,
        "basis": target.basis.en,
        "basis_zh": target.basis.zh,
        "due_year": goal.due_year,
        "kind": target.kind,
        "computed_by": target.computed_by,
        "responsible_units": "、".join(target.responsible_units) or None,
        "repeats_target_id": target.repeats,
        "note_zh": target.note_zh or None,
        **_dates(plan.document),
    }


def _gate(rule_set: str, gate: Gate) -> dict[str, Any]:
    return {
        "rule_set": rule_set,
        "criterion": gate.key,
        "kind": "gate",
        "name_zh": gate.name_zh,
        "unit": "是/否",
        "is_qualitative": False,
        "certainty": gate.certainty,
    }


def _indicator(rule_set: str, item: Indicator) -> dict[str, Any]:
    return {
        "rule_set": rule_set,
        "criterion": item.key,
        "kind": "indicator",
        "name_zh": item.name_zh,
        "first_level": item.first_level,
        "direction": item.direction,
        "unit": item.unit,
        "comparator": item.threshold.comparator if item.threshold else _COMPARATORS[item.direction],
        "threshold": item.threshold.value if item.threshold else item.base,
        "base": item.base,
        "lead": item.lead,
        "points": item.points,
        "is_qualitative": item.type == "positive_qualitative" or item.unit == "定性",
        "reference_zh": item.reference_zh or None,
        "certainty": item.certainty,
    }
