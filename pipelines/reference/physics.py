"""emission_factors/ read and held: every file, its codes, units, values, sources and intervals.

What comes out is typed rows with their file and line still attached; choosing among them is
:mod:`pipelines.reference.resolution`'s work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from pipelines import units
from pipelines.reference.datafiles import Complaints, Row, day, hold_intervals, number, read_rows

_COLUMNS = {
    "sources": ("source_id", "document_number", "title", "publisher", "published_on"),
    "energy_kinds": (
        "energy_code",
        "carrier",
        "canonical_unit",
        "form_unit",
        "allowed_units",
        "fuel",
        "source_id",
    ),
    "calorific_values": ("factor_id", "fuel", "edition", "value", "unit", "confidence", "source_id"),
    "fuel_factors": (
        "factor_id",
        "fuel",
        "edition",
        "parameter",
        "gas",
        "value",
        "unit",
        "confidence",
        "source_id",
    ),
    "purchased_factors": (
        "factor_id",
        "carrier",
        "parameter",
        "region",
        "value",
        "unit",
        "valid_from",
        "valid_to",
        "purpose",
        "confidence",
        "source_id",
    ),
    "process_factors": (
        "factor_id",
        "subject",
        "parameter",
        "gas",
        "value",
        "unit",
        "confidence",
        "source_id",
    ),
    "standard_coal": ("factor_id", "energy_code", "parameter", "value", "unit", "confidence", "source_id"),
    "gwp": ("factor_id", "edition", "gas", "variant", "gwp", "confidence", "source_id"),
    "purposes": ("purpose", "name_zh", "name_en", "is_headline", "note"),
    "purchased_resolution": ("purpose", "carrier", "rank", "level", "parameter", "factor_purpose", "region"),
    "fuel_editions": ("edition", "rank", "used_from", "used_to", "level", "source_id", "note"),
    "coal_order": ("basis", "rank", "parameter", "may_stand_in", "note"),
    "green_power_rules": ("rule_id", "purpose", "kind", "treatment", "valid_from", "valid_to", "factor_id"),
    "constants": ("constant", "numerator", "denominator"),
    "bands": ("table", "key", "parameter", "unit", "low", "high"),
}
_CONFIDENCE = {"verified2", "single", "recalled"}
_CARRIER_UNITS = {"electricity": "t/MWh", "heat": "t/GJ"}


@dataclass(frozen=True)
class Physics:
    """Every row of emission_factors/ by file (without ``.csv``), and the day each source was published."""

    rows: dict[str, list[Row]]
    published: dict[str, date | None]

    def usable(self, row: Row, as_of: date, *, official: bool) -> bool:
        """Whether a row may be used in a run that knows what was known on *as_of*.

        An unknown publication date does not exclude a row; `recalled` and `do_not_use` do, officially.
        """
        if official and (row["confidence"] == "recalled" or row.cells.get("purpose") == "do_not_use"):
            return False
        published = self.published.get(row["source_id"])
        return published is None or published <= as_of


def read(folder: Path, complaints: Complaints) -> Physics:
    """All files of *folder*, with everything wrong in them added to *complaints*."""
    rows = {
        name: read_rows(folder / f"{name}.csv", columns, complaints) for name, columns in _COLUMNS.items()
    }
    physics = Physics(rows, _published(rows["sources"], complaints))
    _hold_sources(physics, complaints)
    _hold_keys(physics, complaints)
    _hold_units(physics, complaints)
    _hold_carriers(physics, complaints)
    _hold_bands(physics, complaints)
    hold_intervals(
        [row for row in rows["purchased_factors"] if row["purpose"] != "do_not_use"],
        ("carrier", "parameter", "gas", "region", "purpose", "factor_id"),
        complaints,
    )
    hold_intervals(rows["green_power_rules"], ("purpose", "kind"), complaints)
    return physics


def _published(sources: list[Row], complaints: Complaints) -> dict[str, date | None]:
    return {
        row["source_id"]: day(row, "published_on", date.min, complaints) if row["published_on"] else None
        for row in sources
    }


def _hold_sources(physics: Physics, complaints: Complaints) -> None:
    for name, rows in physics.rows.items():
        if name == "sources":
            continue
        for row in rows:
            if "source_id" in row.cells and row["source_id"] not in physics.published:
                complaints.add(row, "source_id", "sources.csv 中已登记的来源")
            if "confidence" in row.cells and row["confidence"] not in _CONFIDENCE:
                complaints.add(row, "confidence", "verified2、single 或 recalled")


def _hold_keys(physics: Physics, complaints: Complaints) -> None:
    for name, key in (("sources", "source_id"), ("energy_kinds", "energy_code"), ("purposes", "purpose")):
        _hold_unique(physics.rows[name], key, complaints)
    for rows in physics.rows.values():
        if rows and "factor_id" in rows[0].cells and "rule_id" not in rows[0].cells:
            _hold_unique(rows, "factor_id", complaints)
    purposes = {row["purpose"] for row in physics.rows["purposes"]}
    for row in (*physics.rows["purchased_resolution"], *physics.rows["green_power_rules"]):
        if row["purpose"] not in purposes:
            complaints.add(row, "purpose", "purposes.csv 中的口径")
    if sum(row["is_headline"] == "true" for row in physics.rows["purposes"]) != 1:
        complaints.say("purposes.csv", "应恰有一个口径 is_headline 为 true")


def _hold_unique(rows: list[Row], column: str, complaints: Complaints) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        if not row[column]:
            complaints.add(row, column, "非空编号")
        elif row[column] in seen:
            complaints.add(row, column, f"不重复的编号（{seen[row[column]].where} 已使用）")
        seen.setdefault(row[column], row)


def _hold_units(physics: Physics, complaints: Complaints) -> None:
    for name in ("calorific_values", "fuel_factors", "purchased_factors", "standard_coal"):
        for row in physics.rows[name]:
            number(row, "value", complaints)
            _hold_parses(row, "unit", complaints)
    for row in physics.rows["energy_kinds"]:
        for unit in (row["canonical_unit"], row["form_unit"], *row["allowed_units"].split(";")):
            try:
                units.dimension(unit)
            except ValueError:
                complaints.add(row, "allowed_units", f"units.txt 中有定义的单位（{unit}）")
    for row in physics.rows["gwp"]:
        number(row, "gwp", complaints)


def _hold_parses(row: Row, column: str, complaints: Complaints) -> None:
    try:
        units.dimension(row[column])
    except ValueError:
        complaints.add(row, column, "units.txt 中有定义的单位")


def _hold_carriers(physics: Physics, complaints: Complaints) -> None:
    """t/MWh and t/GJ measure the same; only the carrier keeps a heat factor away from electricity."""
    for row in physics.rows["purchased_factors"]:
        wanted = _CARRIER_UNITS.get(row["carrier"])
        if wanted is None:
            complaints.add(row, "carrier", "electricity 或 heat")
        elif row["unit"] != wanted:
            complaints.add(row, "unit", f"{wanted}（{row['carrier']}）")


def _hold_bands(physics: Physics, complaints: Complaints) -> None:
    """A slip of ten or a thousand lies outside the range the editions agree on."""
    for band in physics.rows["bands"]:
        low, high = number(band, "low", complaints), number(band, "high", complaints)
        for row in physics.rows.get(band["table"], []):
            if not _in_band_group(row, band) or row["unit"] != band["unit"]:
                continue
            value = number(row, "value", complaints)
            if not low <= value <= high:
                complaints.add(
                    row,
                    "value",
                    f"{band['low']}–{band['high']} {band['unit']} 之间（bands.csv 第{band.line}行）",
                )


def _in_band_group(row: Row, band: Row) -> bool:
    if band["parameter"] not in ("any", row.cells.get("parameter", "ncv")):
        return False
    return band["key"] in ("fuel", "gas", "other", row.cells.get("carrier", "electricity"))


def constant(physics: Physics, name: str) -> Fraction:
    """A constant of constants.csv as the exact fraction it is written as."""
    row = next(row for row in physics.rows["constants"] if row["constant"] == name)
    return Fraction(int(row["numerator"]), int(row["denominator"]))
