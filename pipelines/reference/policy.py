"""``load_policy``: schemas/ as ``ref.*`` tables: 6+X industries, plan targets and settings, criteria, calendar.

What must hold for a factory and for the district is data that a steward and the commission change together.
The files are read through strict shapes (:mod:`policyfiles`), held against each other (:mod:`policyholding`)
and laid out as tables (:mod:`policytables`); every problem of every file is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipelines.periods import Month
from pipelines.reference import policyholding as holding
from pipelines.reference import policytables
from pipelines.reference.datafiles import OPEN_END, Complaints, Row, read_rows
from pipelines.reference.policyfiles import Calendar, Plan, RuleSet
from pipelines.reference.policyreading import read, read_all

POLICY_TABLES = tuple(policytables.SCHEMAS)

_FILES = {
    "industries_6x.csv": (
        "ref.industry_6x",
        "prefix name_zh cluster cluster_zh seed_tier is_named_2024 role coverage secondary_cluster "
        "in_manufacturing_output code_certainty mapping_certainty note",
    ),
    "industry_divisions.csv": (
        "ref.industry_division",
        "division name_zh section section_zh valid_from valid_to source certainty",
    ),
    "title_levels.csv": ("ref.title_level", "level level_zh rank source certainty"),
    "criteria/references.csv": (
        "ref.criterion_reference",
        "reference_id rule_set criterion industry_prefix role value unit valid_from valid_to source certainty note",
    ),
}
"""Each CSV file that makes one table: the table, and the columns the file must have."""
_RANGES, _RANGE_COLUMNS = (
    "ranges.csv",
    "range_id subject energy_code low high unit valid_from valid_to source certainty",
)


class FilingCalendar(NamedTuple):
    """报送截止日 | The day of the next month on which a month's form is due."""

    day: int


def load_policy(folder: Path) -> dict[str, pl.DataFrame]:
    """The policy tables of *folder* (schemas/), by name; :mod:`policytables` lists their columns.

    Raises:
        BrokenReference: every problem at once, each with file, place, what was read and what was expected.
    """
    complaints = Complaints()
    rows = _held(folder, complaints)
    complaints.raise_if_any(folder.name)
    return {name: policytables.frame(name, rows.get(name, [])) for name in POLICY_TABLES}


def filing_calendar(folder: Path, on: date | None = None) -> FilingCalendar:
    """The filing day in force on a day; without one, the day now in force (schemas/calendar.yml)."""
    filing = _calendar(folder).filing
    if on is None:
        return FilingCalendar(next(item.day for item in filing if item.valid_to is None))
    return FilingCalendar(
        next(item.day for item in filing if item.valid_from <= on < (item.valid_to or OPEN_END))
    )


def closing_day(folder: Path, month: Month) -> date:
    """封账日 | The day *month* closes: until its end the month is 初步, published after it the month is frozen.

    The rule in force on the month's last day counts; without one the month closes on its filing day.
    """
    calendar = _calendar(folder)
    rules = calendar.closing or calendar.filing
    day = next(item.day for item in rules if item.valid_from <= month.last < (item.valid_to or OPEN_END))
    return month.next().first.replace(day=day)


def first_month(folder: Path) -> Month:
    """The first month the ledger knows (schemas/calendar.yml)."""
    return Month.parse(_calendar(folder).first_month)


def _held(folder: Path, complaints: Complaints) -> dict[str, list[dict[str, Any]]]:
    """Every row by table, and every complaint about any of them."""
    lines = {
        name: read_rows(folder / name, columns.split(), complaints) for name, (_, columns) in _FILES.items()
    }
    lines[_RANGES] = read_rows(folder / _RANGES, _RANGE_COLUMNS.split(), complaints)
    plans = read_all(folder / "targets", Plan, complaints)
    rule_sets = read_all(folder / "criteria", RuleSet, complaints)
    calendar = read(folder / "calendar.yml", Calendar, complaints)
    _hold_lines(lines, complaints)
    # A file that could not be read leaves a hole among its fellows; they are held together once it is mended.
    if plans is not None:
        holding.hold_plans(plans, lines["title_levels.csv"], complaints)
    if rule_sets is not None:
        holding.hold_rule_sets(rule_sets, complaints)
        holding.hold_references(lines["criteria/references.csv"], rule_sets, complaints)
    if calendar is not None:
        holding.hold_calendar(calendar, complaints)
    if complaints.found or plans is None or rule_sets is None or calendar is None:
        return {}
    return _rows(lines, plans, rule_sets, calendar, complaints)


def _hold_lines(lines: Mapping[str, list[Row]], complaints: Complaints) -> None:
    holding.hold_industries(lines["industries_6x.csv"], complaints)
    holding.hold_divisions(lines["industry_divisions.csv"], lines["industries_6x.csv"], complaints)
    holding.hold_levels(lines["title_levels.csv"], complaints)
    holding.hold_ranges(lines[_RANGES], complaints)


def _rows(
    lines: Mapping[str, list[Row]],
    plans: Sequence[Plan],
    rule_sets: Sequence[RuleSet],
    calendar: Calendar,
    complaints: Complaints,
) -> dict[str, list[dict[str, Any]]]:
    parts = [
        *map(policytables.plan_rows, plans),
        *map(policytables.rule_set_rows, rule_sets),
        policytables.calendar_rows(calendar),
        policytables.range_rows(lines[_RANGES], complaints),
        *(
            {table: policytables.csv_rows(table, lines[name], complaints)}
            for name, (table, _) in _FILES.items()
        ),
    ]
    return {table: [row for part in parts for row in part.get(table, [])] for table in POLICY_TABLES}


def _calendar(folder: Path) -> Calendar:
    complaints = Complaints()
    calendar = read(folder / "calendar.yml", Calendar, complaints)
    if calendar is not None:
        holding.hold_calendar(calendar, complaints)
    complaints.raise_if_any(folder.name)
    assert calendar is not None  # noqa: S101 - no complaint means it was read
    return calendar
