"""The unit check over the whole house: raw tables from the contracts, ref tables from reference, models by header."""

from collections.abc import Mapping
from functools import lru_cache

from pipelines import intake, quality, reference, units
from pipelines.dag.site import Rulebook
from pipelines.dag.tables import RAW_TABLES, models_in_order
from pipelines.engine import Column, UnitReport, check_units, load_checks
from pipelines.reference import tableunits

_CALENDAR = {
    "month": None,
    "month_end": None,
    "next_month": None,
    "previous_month": None,
    "same_month_last_year": None,
    "year": "year",
    "month_no": "1",
}
_REGISTER: dict[str, dict[str, str | None]] = {
    "raw.submission": {
        "receipt_id": None,
        "seq": "1",
        "sha256": None,
        "contract": None,
        "sender": None,
        "filename": None,
        "received_on": None,
        "rows": "1",
        "outcome": None,
    },
    "raw.decision": {
        "seq": "1",
        "receipt_id": None,
        "line_no": "1",
        "decision": None,
        "reason": None,
        "actor": None,
        "decided_on": None,
    },
}


def hold_units(rules: Rulebook) -> None:
    """Stop before anything is built when a unit does not hold; once for the same files.

    Raises:
        BrokenModel: all problems of all models.
    """
    _hold_once(rules, tuple(rules.digests().items()))


@lru_cache(maxsize=8)
def _hold_once(rules: Rulebook, _digests: tuple[tuple[str, str], ...]) -> None:
    unit_report(rules).raise_if_any()


def unit_report(rules: Rulebook) -> UnitReport:
    """Every column of every model and check with its declared and its inferred unit."""
    return check_units(
        models_in_order(rules), load_checks(rules.warehouse), unit_sources(), energy_code_units()
    )


def unit_sources() -> dict[str, dict[str, Column]]:
    """Columns, with units, of every table that no model makes."""
    found = {table: _columns(intake.raw_units(contract)) for contract, table in RAW_TABLES.items()}
    found |= {table: _columns(columns) for table, columns in _REGISTER.items()}
    found["ref.month"] = _columns(_CALENDAR)
    for table, names in reference.COLUMNS.items():
        numbers = tableunits.UNITS.get(table, {})
        found[table] = _columns({name: numbers.get(name) for name in names}, tableunits.NAMES.get(table, {}))
    for name in quality.TABLE_NAMES.values():
        found[f"stg.{name}_verdict"] = _verdict("verdict")
    return found | {table: _verdict(table) for table in quality.VERDICT_TABLES if table != "verdict"}


def energy_code_units() -> dict[str, str]:
    """Energy code → its canonical unit, tagged with the carrier where two carriers share a dimension."""
    return {
        code: tableunits.CARRIERS.get(kind.carrier, kind.canonical_unit)
        for code, kind in units.energy_kinds().items()
    }


def _verdict(table: str) -> dict[str, Column]:
    types = quality.VERDICT_TABLES[table]
    return _columns({name: "1" if kind in ("integer", "bigint") else None for name, kind in types.items()})


def _columns(stated: Mapping[str, str | None], names: Mapping[str, str] | None = None) -> dict[str, Column]:
    named = names or {}
    return {
        name: Column.model_validate({"is": name, "unit": unit, "names": named.get(name)})
        for name, unit in stated.items()
    }
