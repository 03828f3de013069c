"""Column types of every table a situation may give: raw from contracts, ref from the data folders, models from headers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from pipelines import intake, paths, reference
from pipelines.dag import walk
from pipelines.dag.site import Site
from pipelines.engine import Column, Ledger, Model
from pipelines.paths import Home
from pipelines.periods import Month

_RAW = {
    "raw.energy_line": "energy",
    "raw.output_line": "output",
    "raw.green_power_line": "green_power",
    "raw.register_line": "register",
    "raw.title_line": "titles",
    "raw.indicator_line": "indicators",
    "raw.profile_line": "profile",
    "raw.activity_line": "activity",
    "raw.medium_line": "media",
}
_REGISTER = {
    "raw.submission": {
        "receipt_id": "varchar",
        "seq": "bigint",
        "sha256": "varchar",
        "contract": "varchar",
        "sender": "varchar",
        "filename": "varchar",
        "received_on": "date",
        "rows": "integer",
        "outcome": "varchar",
    },
    "raw.decision": {
        "seq": "bigint",
        "receipt_id": "varchar",
        "line_no": "integer",
        "decision": "varchar",
        "reason": "varchar",
        "actor": "varchar",
        "decided_on": "date",
    },
}
_DATES = ("month", "valid_from", "valid_to")


def column_types(table: str, models: Mapping[str, Model]) -> dict[str, str]:
    """Name → SQL type of *table*'s columns."""
    if table in _RAW:
        return dict(intake.raw_schema(_RAW[table]))
    if table in _REGISTER:
        return _REGISTER[table]
    if table.startswith("ref."):
        return _reference_types()[table]
    if table.startswith("stg.") and table.endswith("_verdict"):
        return _verdict_types()
    return {name: _model_type(name, column) for name, column in models[table].columns.items()}


def _model_type(name: str, column: Column) -> str:
    if column.type:
        return column.type
    if name in _DATES or name.endswith("_on"):
        return "date"
    if name.startswith(("is_", "has_")):
        return "boolean"
    return "decimal(38,12)" if column.unit else "varchar"


def _verdict_types() -> dict[str, str]:
    from pipelines import quality  # noqa: PLC0415 - the room is heavy; only its tables need it

    return dict(quality.VERDICT_TABLES["verdict"])


@cache
def _reference_types() -> dict[str, dict[str, str]]:
    loaded = reference.load(paths.EMISSION_FACTORS, as_of=date(2026, 6, 30)).tables
    site = Site(Home(paths.CHECKOUT), Month(2021, 1), date(2026, 6, 30))
    tables = {**loaded, **reference.load_policy(paths.SCHEMAS), "ref.month": walk.calendar(site)}
    types = {}
    with Ledger.memory(threads=1) as ledger:
        for name, frame in tables.items():
            ledger.load(name, frame.head(0))
            types[name] = {
                row["column_name"]: row["column_type"] for row in ledger.rows(f"describe {name}").to_dicts()
            }
    return types
