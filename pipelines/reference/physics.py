"""emission_factors/ read as rows that still know their file and line.

Whether the rows hold together is :mod:`pipelines.reference.holding`'s work; choosing among them is
:mod:`pipelines.reference.choices`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from pipelines.reference.datafiles import Complaints, Row, day, read_rows

COLUMNS: dict[str, str] = {
    "activities": (
        "activity_code name_zh name_en method is_gas_required gas canonical_unit allowed_units density "
        "is_biogenic confidence source_id note"
    ),
    "activity_routes": (
        "route_id activity_code input_gas process_type gas role terms abatement valid_from valid_to note"
    ),
    "bands": "table parameter unit rows gas low high",
    "calorific_values": "factor_id fuel edition value unit purpose confidence source_id",
    "coal_order": "basis rank parameter may_stand_in note",
    "combustion_gases": "choice_id energy_code use gas factor_id heat_fuel valid_from valid_to note",
    "constants": "constant numerator denominator source_id",
    "derived_co2": "factor_id fuel edition value unit confidence source_id",
    "energy_kinds": (
        "energy_code name_zh name_en aliases carrier canonical_unit form_unit allowed_units is_of_which "
        "parent_code is_total is_fuel is_recovered is_renewable fuel source_id"
    ),
    "form_205_1_columns": "column_label name_zh name_en confidence source_id",
    "fuel_editions": "edition sector rank used_from used_to level source_id note",
    "fuel_factors": "factor_id fuel edition parameter gas value unit purpose confidence source_id",
    "gases": "gas name_zh name_en aliases groups is_inventory_gas gwp_fossil gwp_biogenic source_id note",
    "generation_equivalents": (
        "factor_id energy_code region data_year value unit valid_from valid_to is_adopted confidence source_id"
    ),
    "green_power_rules": (
        "rule_id purpose kind treatment evidence valid_from valid_to factor_id confidence source_id note"
    ),
    "grid_regions": "membership_id province_zh region is_home grid valid_from valid_to confidence source_id",
    "gwp": "factor_id edition gas variant gwp confidence source_id",
    "industry_sectors": "prefix sector sector_zh name_zh confidence source_id",
    "levels": "level place name_zh name_en",
    "process_factors": "factor_id subject parameter gas value unit region valid_from confidence source_id",
    "process_types": "process_type name_zh name_en aliases source_id",
    "purchased_factors": (
        "factor_id carrier parameter gas region value unit valid_from valid_to purpose series confidence source_id"
    ),
    "purchased_resolution": ("purpose carrier rank level parameter factor_purpose region may_stand_in note"),
    "published_units": "unit_published unit multiplier",
    "replacements": "replaced factor_id reaches_back source_id note",
    "purpose_rules": "rule_id purpose item handling valid_from valid_to confidence source_id note",
    "purposes": "purpose name_zh name_en is_headline gwp_edition gwp_source_id gwp_note note",
    "renewable_rules": "rule_id kind is_counted evidence valid_from valid_to confidence source_id note",
    "media_editions": "edition rank used_from used_to stands_in source_id note",
    "quality_tiers": (
        "tier_id side applies_to tier is_provisional quality_tier subject name_zh confidence source_id"
    ),
    "series_changes": "from_series to_series changed_on confidence source_id note",
    "sources": "source_id document_number title publisher published_on",
    "spreads": "table parameter rows by highest_ratio",
    "standard_coal": (
        "factor_id subject edition energy_code parameter value unit valid_from valid_to confidence source_id"
    ),
    "uncertainty": "factor_id subject half_width unit confidence source_id",
    "unit_aliases": "alias unit is_preferred",
    "working_media": "medium subject name_zh name_en canonical_unit allowed_units source_id note",
}
"""Every CSV file of the folder (without ``.csv``) and the columns it must have."""


@dataclass(frozen=True)
class Physics:
    """Every row of emission_factors/ by file, and the day each source was published (None: unknown)."""

    rows: dict[str, list[Row]]
    published: dict[str, date | None]

    def usable(self, row: Row, as_of: date, *, official: bool) -> bool:
        """Whether a row may be used in a run that knows what was known on *as_of*.

        An unknown publication date does not exclude a row; `recalled` and `do_not_use` do, officially.
        """
        return not self.refusals(row, as_of, official=official)

    def refusals(self, row: Row, as_of: date, *, official: bool) -> tuple[str, ...]:
        """Why a row may not be used at all in such a run: codes of ``resolution.REASONS``; none: it may."""
        published = self.published.get(row["source_id"])
        found = {
            "recalled": official and row["confidence"] == "recalled",
            "do_not_use": official and row.cells.get("purpose") == "do_not_use",
            "not_published": published is not None and published > as_of,
        }
        return tuple(code for code, applies in found.items() if applies)


def read(folder: Path, complaints: Complaints) -> Physics:
    """All files of *folder*; a missing file, column or cell goes to *complaints*."""
    rows = {
        name: read_rows(folder / f"{name}.csv", columns.split(), complaints)
        for name, columns in COLUMNS.items()
    }
    return Physics(rows, _published(rows["sources"], complaints))


def constant(physics: Physics, name: str) -> Fraction:
    """A constant of constants.csv as the exact fraction it is written as."""
    row = next(row for row in physics.rows["constants"] if row["constant"] == name)
    return Fraction(int(row["numerator"]), int(row["denominator"]))


def _published(sources: list[Row], complaints: Complaints) -> dict[str, date | None]:
    return {
        row["source_id"]: day(row, "published_on", date.min, complaints) if row["published_on"] else None
        for row in sources
    }
