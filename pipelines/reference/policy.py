"""``load_policy``: schemas/ as ``ref.*`` tables: 6+X industries, plan targets, title levels, criteria, calendar.

What must hold for a factory and for the district is data a steward and the commission change together; the
files are read through strict models, so an unknown key or a misspelt code stops loading with its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import polars as pl
import yaml
from pydantic import BaseModel, ValidationError

from pipelines.periods import Month
from pipelines.reference.datafiles import OPEN_END, Complaints, Row, day, read_rows
from pipelines.reference.policyfiles import Calendar, Plan, RuleSet, Setting, Target

NUMBER = pl.Decimal(28, 9)

POLICY_SCHEMAS: dict[str, dict[str, Any]] = {
    "ref.industry_6x": {
        "prefix": pl.String,
        "name_zh": pl.String,
        "cluster": pl.String,
        "cluster_zh": pl.String,
        "seed_tier": pl.String,
        "is_named_2024": pl.Boolean,
        "role": pl.String,
        "coverage": pl.String,
        "in_manufacturing_output": pl.String,
        "certainty": pl.String,
    },
    "ref.plan_target": {
        "target_id": pl.String,
        "metric_key": pl.String,
        "text_zh": pl.String,
        "section_zh": pl.String,
        "comparator": pl.String,
        "value": NUMBER,
        "value_max": NUMBER,
        "met_from": NUMBER,
        "near_from": NUMBER,
        "unit": pl.String,
        "basis": pl.String,
        "due_year": pl.Int32,
        "kind": pl.String,
        "computed_by": pl.String,
        "responsible_units": pl.String,
    },
    "ref.policy_setting": {
        "setting": pl.String,
        "value": pl.String,
        "valid_from": pl.Date,
        "source": pl.String,
        "certainty": pl.String,
    },
    "ref.title_level": {
        "level": pl.String,
        "level_zh": pl.String,
        "rank": pl.Int32,
        "counts_for_share": pl.Boolean,
    },
    "ref.rule_set": {
        "rule_set": pl.String,
        "title_zh": pl.String,
        "number": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
        "certainty": pl.String,
        "pass_mark": NUMBER,
    },
    "ref.criterion": {
        "rule_set": pl.String,
        "criterion": pl.String,
        "kind": pl.String,
        "name_zh": pl.String,
        "unit": pl.String,
        "comparator": pl.String,
        "threshold": NUMBER,
        "reference_zh": pl.String,
        "certainty": pl.String,
    },
    "ref.filing_calendar": {
        "day": pl.Int32,
        "valid_from": pl.Date,
        "source": pl.String,
        "certainty": pl.String,
    },
}
POLICY_TABLES = (*POLICY_SCHEMAS, "ref.plausible_range")

_RANGE_SCHEMA: dict[str, Any] = {
    "range_id": pl.String,
    "subject": pl.String,
    "energy_code": pl.String,
    "low": NUMBER,
    "high": NUMBER,
    "unit": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "source": pl.String,
    "certainty": pl.String,
}


class FilingCalendar(NamedTuple):
    """报送截止日 | The day of the next month on which a month's form is due."""

    day: int


_M = TypeVar("_M", bound=BaseModel)


def load_policy(folder: Path) -> dict[str, pl.DataFrame]:
    """The policy tables of *folder* (schemas/).

    Raises:
        BrokenReference: every problem of every file at once.
    """
    complaints = Complaints()
    plans = _read_all(folder / "targets", Plan, complaints)
    rule_sets = _read_all(folder / "criteria", RuleSet, complaints)
    calendar = _read(folder / "calendar.yml", Calendar, complaints)
    industries = read_rows(folder / "industries_6x.csv", ("prefix", "cluster", "coverage"), complaints)
    levels = read_rows(folder / "title_levels.csv", ("level", "level_zh", "rank"), complaints)
    ranges = read_rows(folder / "ranges.csv", ("range_id", "subject", "low", "high"), complaints)
    _hold_industries(industries, complaints)
    _hold_weights(rule_sets, complaints)
    complaints.raise_if_any(folder.name)
    rows = {
        "ref.industry_6x": [_industry(row) for row in industries],
        "ref.plan_target": [_target(target, plan) for plan in plans for target in plan.targets],
        "ref.policy_setting": [_setting(setting) for plan in plans for setting in plan.settings],
        "ref.title_level": [_level(row) for row in levels],
        "ref.rule_set": [_rule_set(rules) for rules in rule_sets],
        "ref.criterion": [row for rules in rule_sets for row in _criteria(rules)],
        "ref.filing_calendar": [filing.model_dump() for filing in calendar.filing] if calendar else [],
    }
    tables = {
        name: pl.DataFrame(rows[name], schema=schema, orient="row") for name, schema in POLICY_SCHEMAS.items()
    }
    tables["ref.plausible_range"] = pl.DataFrame(
        [_range(row, complaints) for row in ranges], schema=_RANGE_SCHEMA, orient="row"
    )
    complaints.raise_if_any(folder.name)
    return tables


def filing_calendar(folder: Path) -> FilingCalendar:
    """The filing day in force (schemas/calendar.yml)."""
    return FilingCalendar(_calendar(folder).filing[-1].day)


def first_month(folder: Path) -> Month:
    """The first month the ledger knows (schemas/calendar.yml)."""
    return Month.parse(_calendar(folder).first_month)


def _calendar(folder: Path) -> Calendar:
    complaints = Complaints()
    calendar = _read(folder / "calendar.yml", Calendar, complaints)
    complaints.raise_if_any(folder.name)
    assert calendar is not None  # noqa: S101 - no complaint means it was read
    return calendar


def _read_all(folder: Path, model: type[_M], complaints: Complaints) -> list[_M]:
    found = [_read(path, model, complaints) for path in sorted(folder.glob("*.yml"))]
    return [item for item in found if item is not None]


def _read(path: Path, model: type[_M], complaints: Complaints) -> _M | None:
    try:
        return model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        complaints.say(path.name, "文件不存在")
    except yaml.YAMLError as error:
        complaints.say(path.name, f"不是有效的 YAML：{error}")
    except ValidationError as error:
        for problem in error.errors():
            place = ".".join(map(str, problem["loc"]))
            complaints.say(f"{path.name} {place}", f"读到 {problem.get('input')!r}：{problem['msg']}")
    return None


def _hold_industries(rows: Sequence[Row], complaints: Complaints) -> None:
    primaries: dict[str, Row] = {}
    for row in rows:
        if not row["prefix"].isdigit():
            complaints.add(row, "prefix", "GB/T 4754-2017 行业代码前缀（数字）")
        if row["coverage"] not in ("full", "partial_needs_tag"):
            complaints.add(row, "coverage", "full 或 partial_needs_tag")
        if row["role"] == "primary" and row["prefix"] in primaries:
            complaints.add(row, "prefix", f"只有一个主集群（{primaries[row['prefix']].where} 已列）")
        if row["role"] == "primary":
            primaries[row["prefix"]] = row


def _hold_weights(rule_sets: Sequence[RuleSet], complaints: Complaints) -> None:
    for rules in rule_sets:
        total = sum((level.weight_percent for level in rules.first_level), Decimal(0))
        if rules.first_level and total != 100:  # noqa: PLR2004 - percent
            complaints.say(f"{rules.rule_set} first_level", f"一级指标权重合计 {total}，应为 100")


def _industry(row: Row) -> dict[str, Any]:
    names = (
        "prefix",
        "name_zh",
        "cluster",
        "cluster_zh",
        "seed_tier",
        "role",
        "coverage",
        "in_manufacturing_output",
    )
    return {name: row[name] for name in names} | {
        "is_named_2024": row["is_named_2024"] == "true",
        "certainty": row["mapping_certainty"],
    }


def _target(target: Target, plan: Plan) -> dict[str, Any]:
    settings = {setting.key: Decimal(setting.value) for setting in plan.settings if setting.key in _TUNING}
    value = target.value
    met_from = value
    if value is not None and target.comparator == "~=":
        met_from = value * (1 - settings["approximate_tolerance"])
    return {
        "target_id": target.id,
        "metric_key": target.metric_key,
        "text_zh": target.text_zh,
        "section_zh": target.section_zh,
        "comparator": target.comparator,
        "value": value,
        "value_max": target.value_max,
        "met_from": met_from,
        "near_from": value * settings["near_share"] if value is not None else None,
        "unit": target.unit,
        "basis": target.basis,
        "due_year": target.due_year,
        "kind": target.kind,
        "computed_by": target.computed_by,
        "responsible_units": target.responsible_units,
    }


_TUNING = ("approximate_tolerance", "near_share")


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "setting": setting.key,
        "value": setting.value,
        "valid_from": setting.valid_from,
        "source": setting.source,
        "certainty": setting.certainty,
    }


def _level(row: Row) -> dict[str, Any]:
    return {
        "level": row["level"],
        "level_zh": row["level_zh"],
        "rank": int(row["rank"]),
        "counts_for_share": row["counts_for_share"] == "true",
    }


def _rule_set(rules: RuleSet) -> dict[str, Any]:
    return {
        "rule_set": rules.rule_set,
        "title_zh": rules.title_zh,
        "number": rules.number,
        "valid_from": rules.valid_from,
        "valid_to": rules.valid_to or OPEN_END,
        "certainty": rules.certainty,
        "pass_mark": rules.pass_marks[-1].value if rules.pass_marks else None,
    }


def _criteria(rules: RuleSet) -> list[dict[str, Any]]:
    gates = [
        _criterion(rules.rule_set, gate.key, "gate", gate.name_zh, "是/否", gate.certainty)
        for gate in rules.gates
    ]
    indicators = [
        _criterion(rules.rule_set, item.key, "indicator", item.name_zh, item.unit, item.certainty)
        | {
            "comparator": item.threshold.comparator if item.threshold else None,
            "threshold": item.threshold.value if item.threshold else None,
            "reference_zh": item.reference or None,
        }
        for item in rules.indicators
    ]
    return gates + indicators


def _criterion(rule_set: str, key: str, kind: str, name_zh: str, unit: str, certainty: str) -> dict[str, Any]:
    return {
        "rule_set": rule_set,
        "criterion": key,
        "kind": kind,
        "name_zh": name_zh,
        "unit": unit,
        "comparator": None,
        "threshold": None,
        "reference_zh": None,
        "certainty": certainty,
    }


def _range(row: Row, complaints: Complaints) -> dict[str, Any]:
    return {
        "range_id": row["range_id"],
        "subject": row["subject"],
        "energy_code": row["energy_code"] or None,
        "low": Decimal(row["low"]) if row["low"] else None,
        "high": Decimal(row["high"]) if row["high"] else None,
        "unit": row["unit"],
        "valid_from": day(row, "valid_from", date(1900, 1, 1), complaints),
        "valid_to": day(row, "valid_to", OPEN_END, complaints),
        "source": row["source"],
        "certainty": row["certainty"],
    }
