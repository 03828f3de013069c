"""``load``: emission_factors/ as the ``ref.*`` tables of one run, as known on one day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import units
from pipelines.reference import burning, choices, media, uncertainties
from pipelines.reference.datafiles import OPEN_END, Complaints, Row, day
from pipelines.reference.holding import hold_all
from pipelines.reference.physics import Physics, read
from pipelines.reference.process import Process
from pipelines.reference.processholding import hold_process
from pipelines.reference.tables import SCHEMAS


@dataclass(frozen=True)
class Reference:
    """The ``ref.*`` tables and the digest of the files they came from."""

    tables: dict[str, pl.DataFrame]
    fingerprint: str


def load(folder: Path, as_of: date, *, official: bool = True) -> Reference:
    """The tables of *folder*, with factors published by *as_of*.

    Raises:
        BrokenReference: every problem of every file at once: file, line, what was read, what was expected.
    """
    complaints = Complaints()
    physics = checked(folder)
    rows = _all_tables(physics, as_of, official, complaints)
    complaints.raise_if_any(folder.name)
    tables = {name: _frame(name, rows[name]) for name in SCHEMAS}
    return Reference(tables, fingerprint(folder))


def checked(folder: Path) -> Physics:
    """The rows of *folder*, once everything that can be told from them alone holds.

    Raises:
        BrokenReference: every problem of every file at once.
    """
    complaints = Complaints()
    physics = read(folder, complaints)
    complaints.raise_if_any(folder.name)
    hold_all(physics, complaints)
    hold_process(physics, complaints)
    complaints.raise_if_any(folder.name)
    return physics


def fingerprint(folder: Path) -> str:
    """SHA-256 over the names and bytes of every data file of *folder* (its README is none)."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.csv"), folder / "units.txt"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def digest(tables: Mapping[str, pl.DataFrame]) -> str:
    """SHA-256 over the content of resolved tables: the same choices give the same digest."""
    content = hashlib.sha256()
    for name in sorted(tables):
        content.update(name.encode() + b"\0" + tables[name].write_csv().encode())
    return content.hexdigest()


def _all_tables(
    physics: Physics, as_of: date, official: bool, complaints: Complaints
) -> dict[str, Sequence[Mapping[str, Any]]]:
    chosen = choices.Chooser(physics, as_of, official, complaints)
    process = Process(physics, as_of, official, complaints)
    derived = chosen.derived_sources()

    def usable(row: Row) -> bool:
        return physics.usable(row, as_of, official=official)

    return {
        "ref.energy_kind": [_kind(row) for row in physics.rows["energy_kinds"]],
        "ref.unit_conversion": list(_conversions(physics, usable)),
        "ref.purpose": [_purpose(row) for row in physics.rows["purposes"]],
        "ref.emission_factor": chosen.emission_factors(),
        "ref.factor_order": list(_orders(physics)),
        "ref.industry_sector": [_sector(row) for row in physics.rows["industry_sectors"] if usable(row)],
        "ref.series_change": [
            _series_change(row, complaints) for row in physics.rows["series_changes"] if usable(row)
        ],
        "ref.green_power_rule": [
            _green_rule(row, complaints) for row in physics.rows["green_power_rules"] if usable(row)
        ],
        "ref.heat_value": chosen.heat_values(),
        "ref.standard_coal": chosen.standard_coal(),
        "ref.gwp": [_gwp(row) for row in physics.rows["gwp"] if usable(row)],
        "ref.gas": process.gases(),
        "ref.gas_gwp": process.gwps(),
        "ref.activity": process.activities(),
        "ref.activity_unit": process.activity_units(),
        "ref.process_factor": process.factors(),
        "ref.fuel_parameter": burning.fuel_parameters(physics, chosen, complaints),
        "ref.measured_unit": burning.measured_units(physics),
        "ref.heat_formula": burning.heat_formulas(physics, complaints),
        "ref.combustion_gas": burning.combustion_gases(physics, as_of, complaints, official=official),
        "ref.purpose_rule": burning.purpose_rules(physics, as_of, complaints),
        "ref.renewable_rule": burning.renewable_rules(physics, as_of, complaints),
        **media.tables(physics, as_of, complaints, official=official),
        **uncertainties.tables(physics, as_of, official=official),
        "ref.factor_source": [
            *_sources(physics),
            *derived,
            *burning.measured_sources(derived),
            *process.derived_sources(),
            _definition(),
        ],
    }


def _frame(name: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    schema = SCHEMAS[name]
    return pl.DataFrame([dict(row) for row in rows], schema=schema, orient="row").sort(
        [column for column in schema if schema[column] in (pl.String, pl.Date, pl.Boolean)]
    )


def _orders(physics: Physics) -> Iterable[dict[str, Any]]:
    """Per basis and bought energy kind the levels of the written order; a fallback when a narrower one stands there."""
    place = {row["level"]: int(row["place"]) for row in physics.rows["levels"]}
    for purpose in physics.rows["purposes"]:
        for kind in physics.rows["energy_kinds"]:
            levels = {
                row["level"]
                for row in physics.rows["purchased_resolution"]
                if row["purpose"] == purpose["purpose"] and row["carrier"] == kind["carrier"]
            }
            for level in levels:
                yield {
                    "purpose": purpose["purpose"],
                    "energy_code": kind["energy_code"],
                    "level": level,
                    "is_fallback": place[level] > min(place[other] for other in levels),
                }


def _kind(row: Row) -> dict[str, Any]:
    flags = ("is_of_which", "is_total", "is_fuel", "is_recovered", "is_renewable")
    texts = ("energy_code", "name_zh", "name_en", "carrier", "canonical_unit", "form_unit", "parent_code")
    return {name: row[name] or None for name in texts} | {name: row[name] == "true" for name in flags}


def _conversions(physics: Physics, usable: Callable[[Row], bool]) -> Iterable[dict[str, Any]]:
    """One exact multiplier per energy kind and unit it may be stated in; a litre none without a usable density."""
    density = {
        row["fuel"]: row
        for row in physics.rows["fuel_factors"]
        if row["parameter"] == "density" and usable(row)
    }
    for row in physics.rows["energy_kinds"]:
        for unit in row["allowed_units"].split(";"):
            thick = density.get(row["fuel"]) if unit == "L" else None
            if thick or unit != "L":
                yield _conversion(row, unit, thick)


def _conversion(row: Row, unit: str, density: Row | None) -> dict[str, Any]:
    """A litre becomes tonnes by the density row, which is named beside the result."""
    target = row["canonical_unit"]
    exact = _by_density(density, unit, target) if density else units.multiplier(unit, target)
    return {
        "energy_code": row["energy_code"],
        "unit": unit,
        "to_unit": target,
        "multiplier": units.to_decimal(exact),
        "multiplier_exact": f"{exact.numerator}/{exact.denominator}",
        "factor_id": density["factor_id"] if density else None,
    }


def _by_density(density: Row, unit: str, target: str) -> Fraction:
    return Fraction(density["value"]) * units.multiplier(density["unit"], f"{target}/{unit}")


def _purpose(row: Row) -> dict[str, Any]:
    names = ("purpose", "name_zh", "name_en", "gwp_edition", "note")
    return {name: row[name] for name in names} | {"is_headline": row["is_headline"] == "true"}


def _green_rule(row: Row, complaints: Complaints) -> dict[str, Any]:
    return {
        "rule_id": row["rule_id"],
        "purpose": row["purpose"],
        "kind": row["kind"],
        "treatment": row["treatment"],
        "evidence": row["evidence"],
        "factor_id": row["factor_id"] or row["rule_id"],
        "valid_from": day(row, "valid_from", OPEN_END, complaints),
        "valid_to": day(row, "valid_to", OPEN_END, complaints),
        "note": row["note"],
    }


def _sector(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("prefix", "sector", "sector_zh")}


def _series_change(row: Row, complaints: Complaints) -> dict[str, Any]:
    names = ("from_series", "to_series", "note")
    return {name: row[name] for name in names} | {"changed_on": day(row, "changed_on", OPEN_END, complaints)}


def _gwp(row: Row) -> dict[str, Any]:
    names = ("edition", "gas", "variant", "factor_id", "confidence")
    return {name: row[name] for name in names} | {"gwp": units.to_decimal(Fraction(row["gwp"]))}


def _definition() -> dict[str, Any]:
    """Electricity and heat are energy already: their heat value is what units.txt says of MWh and GJ."""
    return {
        "factor_id": choices.DEFINITION,
        "title": "单位定义（emission_factors/units.txt）",
        "document_number": "",
        "publisher": "",
        "published_on": None,
        "confidence": "verified2",
        "purpose": "",
        "value_text": "1 MWh = 3.6 GJ；1 GJ = 1 GJ",
        "unit_text": "GJ",
        "note": "电力、热力本身就是能量，按单位换算，不另取热值",
    }


def _sources(physics: Physics) -> Iterable[dict[str, Any]]:
    """Where each row of each file came from, as it was printed there."""
    documents = {row["source_id"]: row for row in physics.rows["sources"]}
    for name in (
        "calorific_values",
        "fuel_factors",
        "purchased_factors",
        "process_factors",
        "standard_coal",
        "generation_equivalents",
        "uncertainty",
        "gwp",
        "green_power_rules",
        "purpose_rules",
        "renewable_rules",
    ):
        for row in physics.rows[name]:
            yield choices.source_row(
                row,
                documents[row["source_id"]],
                physics.published,
                row.cells.get("rule_id") or row["factor_id"],
            )
