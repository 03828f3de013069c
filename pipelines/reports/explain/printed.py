"""The rulebook as printed: rows of its CSV and YAML files as text, each with its file and line.

A release keeps a copy of the data folders it was made with; that copy is read here, not the ``ref.*`` tables that
were multiplied out from it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import BrokenReference
from pipelines.reports.explain.shapes import Source
from pipelines.units import Quantity, decimals, fold

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FACTOR_FILES = (
    "calorific_values",
    "fuel_factors",
    "purchased_factors",
    "standard_coal",
    "generation_equivalents",
    "process_factors",
    "green_power_rules",
    "gwp",
)


_VALUES = ("value_published", "value", "gwp", "half_width", "quality_tier")
"""Where a file keeps the number of a row, the published spelling first."""


@dataclass(frozen=True)
class PrintedRow:
    """One row of a CSV file, as text."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def get(self, name: str) -> str:
        """A cell, blank where the file has no such column."""
        return self.cells.get(name) or ""

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"

    @property
    def row_id(self) -> str:
        """The row's own identifier."""
        return self.get("factor_id") or self.get("rule_id") or self.get("tier_id")

    def day(self, name: str) -> date | None:
        """A date cell; nothing when blank."""
        return date.fromisoformat(self.get(name)) if self.get(name) else None

    def covers(self, day: date, start: str = "valid_from", end: str = "valid_to") -> bool:
        """Whether *day* lies in the row's half-open interval."""
        first, last = self.day(start), self.day(end)
        return (first is None or first <= day) and (last is None or day < last)


class Printed:
    """The rulebook kept under one folder (``emission_factors/`` and ``schemas/``)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables: dict[str, list[PrintedRow]] = {}

    def quantity(self, value: Decimal, unit: str) -> Quantity:
        """A number with its unit, as the kept units.txt defines it."""
        return decimals.registry(self.folder / "emission_factors" / "units.txt").quantity(value, unit)

    def rows(self, name: str) -> list[PrintedRow]:
        """All rows of ``emission_factors/<name>.csv``; none when this rulebook has no such file."""
        return self._table(f"emission_factors/{name}.csv")

    def policy_rows(self, name: str) -> list[PrintedRow]:
        """All rows of ``schemas/<name>.csv``."""
        return self._table(f"schemas/{name}.csv")

    def factor(self, factor_id: str) -> PrintedRow | None:
        """The row of that identifier, in whichever file of factors it stands."""
        return self._factors.get(factor_id)

    def kind(self, energy_code: str) -> PrintedRow:
        """能源品种 | The row of an energy kind.

        Raises:
            BrokenReference: the rulebook has no such kind.
        """
        return self._the("energy_kinds", "energy_code", energy_code)

    def unit_of(self, text: str | None) -> str | None:
        """The unit key a factory's spelling stands for."""
        return self._aliases.get(fold(text)) if text else None

    def constant(self, name: str) -> PrintedRow:
        """A row of constants.csv."""
        return self._the("constants", "constant", name)

    def document(self, row: PrintedRow) -> PrintedRow | None:
        """The document a row cites."""
        return self._documents.get(row.get("source_id"))

    def published_on(self, row: PrintedRow) -> date | None:
        """When its document was published; nothing when that is not known."""
        document = self.document(row)
        return document.day("published_on") if document else None

    def source(self, row: PrintedRow, what: str) -> Source:
        """A row and its document, for the screen."""
        document = self.document(row)
        return Source(
            factor_id=row.row_id,
            what=what,
            value_text=next(filter(None, map(row.get, _VALUES)), ""),
            unit_text=row.get("unit_published") or row.get("unit"),
            title=document.get("title") if document else "",
            document_number=document.get("document_number") if document else "",
            published_on=self.published_on(row),
            valid_from=row.get("valid_from"),
            valid_to=row.get("valid_to"),
            confidence=row.get("confidence"),
            place=row.place,
        )

    def headline_purpose(self) -> str:
        """The accounting basis of the pages."""
        return self._the("purposes", "is_headline", "true")["purpose"]

    @cached_property
    def plans(self) -> list[dict[str, Any]]:
        """Every targets file: document, settings, lights, targets."""
        return [_yaml(path) for path in sorted((self.folder / "schemas" / "targets").glob("*.yml"))]

    def settings(self, key: str, day: date) -> list[str]:
        """The values of a policy setting in force on *day*."""
        return [
            str(item["value"])
            for plan in self.plans
            for item in plan.get("settings", [])
            if item["key"] == key and in_force(item, day)
        ]

    def setting(self, key: str, day: date) -> str:
        """The one value of a setting on *day*.

        Raises:
            BrokenReference: none or several are in force.
        """
        values = self.settings(key, day)
        if len(values) != 1:
            raise BrokenReference(
                f"口径设置 {key} 在 {day} 有 {len(values)} 个值，应恰有一个。",
                f"{len(values)} values of {key} on {day}",
            )
        return values[0]

    def targets(self, day: date) -> list[dict[str, Any]]:
        """The targets of the plans in force on *day*, each with its plan's document."""
        return [
            {**target, "document": plan["document"]}
            for plan in self.plans
            if in_force(plan["document"], day)
            for target in plan["targets"]
        ]

    def amber_share(self, metric_key: str, day: date) -> str:
        """From which part of the target a metric counts as near: its own light, else the one for all."""
        lights = [item for plan in self.plans for item in plan.get("lights", []) if in_force(item, day)]
        by_key = {item["metric_key"]: str(item["amber_from_share"]) for item in lights}
        return by_key.get(metric_key) or by_key["*"]

    def criteria(self, day: date) -> list[tuple[str, dict[str, Any]]]:
        """规则集 | Every file of schemas/criteria/ in force on *day*, with its place."""
        found = [(path, _yaml(path)) for path in sorted((self.folder / "schemas" / "criteria").glob("*.yml"))]
        return [
            (f"schemas/criteria/{path.name}", content) for path, content in found if in_force(content, day)
        ]

    def contract(self, name: str) -> dict[str, Any]:
        """A contract as printed in schemas/contracts/."""
        return _yaml(self.folder / "schemas" / "contracts" / f"{name}.yml")

    def rules(self, name: str) -> dict[str, Any]:
        """The row rules of a contract as printed in schemas/expectations/rules/."""
        path = self.folder / "schemas" / "expectations" / "rules" / f"{name}.yml"
        return _yaml(path) if path.exists() else {}

    @cached_property
    def _factors(self) -> dict[str, PrintedRow]:
        return {row.row_id: row for name in _FACTOR_FILES for row in self.rows(name)}

    @cached_property
    def _documents(self) -> dict[str, PrintedRow]:
        return {row["source_id"]: row for row in self.rows("sources")}

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return {fold(row["alias"]): row["unit"] for row in self.rows("unit_aliases")}

    def _the(self, table: str, column: str, value: str) -> PrintedRow:
        for row in self.rows(table):
            if row.get(column) == value:
                return row
        raise BrokenReference(
            f"{table}.csv 中没有 {column} = {value} 的行。", f"{table}.csv has no row with {column} = {value}"
        )

    def _table(self, name: str) -> list[PrintedRow]:
        if name not in self._tables:
            path = self.folder / name
            self._tables[name] = list(_read(path, name)) if path.exists() else []
        return self._tables[name]


def _read(path: Path, name: str) -> list[PrintedRow]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        return [PrintedRow(name, reader.line_num, {k: v or "" for k, v in row.items()}) for row in reader]


@cache
def _yaml(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _SAFE)  # noqa: S506 - it is safe
    return content


def in_force(item: Mapping[str, Any], day: date) -> bool:
    """Whether *day* lies in the half-open interval of a dated entry of a YAML file."""
    start, end = item.get("valid_from"), item.get("valid_to")
    return (start is None or start <= day) and (end is None or day < end)
