"""What must hold in emission_factors/ before anything is computed with it.

Each function looks at one thing in every file and adds what it finds to the complaints: codes that are in
no list, units that do not parse, values a factor of ten away from the other editions, intervals that overlap.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from pipelines import units
from pipelines.reference.datafiles import OPEN_END, Complaints, Row, day, hold_intervals, number
from pipelines.reference.equivalents import hold_equivalents
from pipelines.reference.fuels import inputs_of
from pipelines.reference.magnitudes import hold_magnitudes
from pipelines.reference.media import hold_media
from pipelines.reference.physics import Physics
from pipelines.reference.replacements import hold_replacements
from pipelines.reference.uncertainties import hold_tiers

NATION = "CN"
"""The region of national factors."""
DEFAULT_SECTOR = "general"
"""一般工业: the sector of an industry named nowhere, and of the district's heat values."""

_CARRIER_UNITS = {"electricity": "t/MWh", "heat": "t/GJ"}

_CODES = {
    "confidence": ("verified2", "single", "recalled"),
    "carrier": ("solid", "liquid", "gas", "heat", "electricity", "other"),
    "treatment": ("zero", "residual", "none"),
    "kind": ("inter_provincial", "certificate", "self_generated", "direct_line"),
    "basis": ("calorific",),
    "role": ("direct", "by_product"),
    "evidence": ("none", "any", "certificate", "settlement", "certificate_or_settlement"),
    "handling": ("counted", "shown", "net", "none"),
    "item": ("combustion_ch4_n2o", "exported_energy"),
    "use": ("stationary", "mobile"),
    **dict.fromkeys(
        (
            "is_of_which",
            "is_total",
            "is_fuel",
            "is_recovered",
            "is_renewable",
            "is_counted",
            "is_headline",
            "is_home",
            "reaches_back",
            "is_gas_required",
            "is_biogenic",
            "is_inventory_gas",
            "is_preferred",
            "may_stand_in",
            "is_adopted",
            "is_provisional",
            "stands_in",
        ),
        ("true", "false"),
    ),
}
"""Columns that hold a code, wherever they stand, and the codes there are."""

_IDS = {
    "activities": "activity_code",
    "activity_routes": "route_id",
    "combustion_gases": "choice_id",
    "constants": "constant",
    "energy_kinds": "energy_code",
    "gases": "gas",
    "form_205_1_columns": "column_label",
    "green_power_rules": "rule_id",
    "grid_regions": "membership_id",
    "industry_sectors": "prefix",
    "levels": "level",
    "process_types": "process_type",
    "purpose_rules": "rule_id",
    "purposes": "purpose",
    "renewable_rules": "rule_id",
    "quality_tiers": "tier_id",
    "replacements": "replaced",
    "working_media": "medium",
    "sources": "source_id",
    "unit_aliases": "alias",
}
"""The column that names a row; ``factor_id`` where nothing is said here."""


def hold_all(physics: Physics, complaints: Complaints) -> None:
    """Everything that can be told from the rows alone, before any choice is made among them."""
    _hold_ids(physics, complaints)
    _hold_codes(physics, complaints)
    _hold_references(physics, complaints)
    _hold_numbers(physics, complaints)
    _hold_units(physics, complaints)
    _hold_conversions(physics, complaints)
    _hold_carriers(physics, complaints)
    hold_magnitudes(physics, complaints)
    _hold_editions(physics, complaints)
    _hold_levels(physics, complaints)
    _hold_regions(physics, complaints)
    _hold_sectors(physics, complaints)
    _hold_series_changes(physics, complaints)
    hold_replacements(physics, complaints)
    _hold_intervals(physics, complaints)
    hold_equivalents(physics, complaints)
    hold_tiers(physics, complaints)
    hold_media(physics, complaints)


def _hold_ids(physics: Physics, complaints: Complaints) -> None:
    for name, rows in physics.rows.items():
        column = _IDS.get(name, "factor_id")
        if rows and column in rows[0].cells:
            _hold_unique(rows, column, complaints)
    _hold_spellings(physics.rows["unit_aliases"], complaints)
    if sum(row["is_headline"] == "true" for row in physics.rows["purposes"]) != 1:
        complaints.say("purposes.csv", "应恰有一个口径 is_headline 为 true")


def _hold_spellings(aliases: Sequence[Row], complaints: Complaints) -> None:
    """Folded, a spelling means one unit; and one spelling of each unit is the one we write ourselves."""
    meant: dict[str, Row] = {}
    written: dict[str, int] = {}
    for row in aliases:
        spelling = units.fold(row["alias"])
        if meant.setdefault(spelling, row)["unit"] != row["unit"]:
            complaints.add(row, "unit", f"与 {meant[spelling].where} 相同的单位（写法折叠后相同）")
        written[row["unit"]] = written.get(row["unit"], 0) + (row["is_preferred"] == "true")
    for unit, count in written.items():
        if count != 1:
            complaints.say(
                "unit_aliases.csv", f"单位 {unit} 应恰有一种写法 is_preferred 为 true，现有 {count} 种"
            )


def _hold_unique(rows: Sequence[Row], column: str, complaints: Complaints) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        # A blank prefix is every industry that none of the others names.
        if not row[column] and column != "prefix":
            complaints.add(row, column, "非空编号")
        elif row[column] in seen:
            complaints.add(row, column, f"不重复的编号（{seen[row[column]].where} 已使用）")
        seen.setdefault(row[column], row)


def _hold_codes(physics: Physics, complaints: Complaints) -> None:
    for row in _every_row(physics):
        for column, codes in _CODES.items():
            if column in row.cells and row[column] not in codes:
                complaints.add(row, column, f"{'、'.join(codes)} 之一")


def _hold_references(physics: Physics, complaints: Complaints) -> None:
    """A cell that names a row of another file finds it there."""
    lists = {
        "source_id": ("sources", set(physics.published)),
        "purpose": ("purposes", {row["purpose"] for row in physics.rows["purposes"]}),
        "energy_code": ("energy_kinds", {row["energy_code"] for row in physics.rows["energy_kinds"]}),
        "fuel": ("calorific_values", {row["fuel"] for row in physics.rows["calorific_values"]}),
        "level": ("levels", {row["level"] for row in physics.rows["levels"]}),
        "sector": ("industry_sectors", {row["sector"] for row in physics.rows["industry_sectors"]}),
        "factor_id": ("purchased_factors", {row["factor_id"] for row in physics.rows["purchased_factors"]}),
    }
    named = [("source_id", row) for row in _every_row(physics) if "source_id" in row.cells]
    named += [("purpose", row) for row in physics.rows["purchased_resolution"]]
    named += [("purpose", row) for row in physics.rows["green_power_rules"]]
    named += [("purpose", row) for row in physics.rows["purpose_rules"]]
    named += [("energy_code", row) for row in physics.rows["combustion_gases"]]
    named += [("factor_id", row) for row in physics.rows["green_power_rules"] if row["factor_id"]]
    named += [("energy_code", row) for row in physics.rows["standard_coal"] if row["energy_code"]]
    named += [("energy_code", row) for row in physics.rows["generation_equivalents"]]
    named += [("fuel", row) for row in physics.rows["energy_kinds"] if row["fuel"]]
    named += [("level", row) for row in physics.rows["purchased_resolution"]]
    named += [("level", row) for row in physics.rows["fuel_editions"]]
    named += [("sector", row) for row in physics.rows["fuel_editions"]]
    for column, row in named:
        file, known = lists[column]
        if row[column] not in known:
            complaints.add(row, column, f"{file}.csv 中已登记的编号")
    _hold_gases(physics, complaints)
    for row in physics.rows["energy_kinds"]:
        if row["parent_code"] and row["parent_code"] not in lists["energy_code"][1]:
            complaints.add(row, "parent_code", "energy_kinds.csv 中已登记的编号")
    units_of = {row["energy_code"]: row["canonical_unit"] for row in physics.rows["energy_kinds"]}
    for row in physics.rows["energy_kinds"]:
        if (
            row["parent_code"]
            and units_of.get(row["parent_code"], row["canonical_unit"]) != row["canonical_unit"]
        ):
            complaints.add(row, "canonical_unit", "与所属品种相同的规范单位（其中项要与它相加核对）")


def _hold_gases(physics: Physics, complaints: Complaints) -> None:
    """A choice of combustion_gases.csv names a factor of that gas, per heat; biomass carbon is CO2_bio there."""
    factors = {row["factor_id"]: row for row in physics.rows["fuel_factors"]}
    heated = {row["fuel"] for row in physics.rows["calorific_values"] if row["edition"] == "ipcc"}
    for row in physics.rows["combustion_gases"]:
        factor = factors.get(row["factor_id"])
        gases = ("CO2_bio",) if row["gas"] == "CO2" else (row["gas"],)
        if factor is None or factor["gas"] not in gases or not _converts(factor["unit"], "kg/TJ"):
            complaints.add(row, "factor_id", f"fuel_factors.csv 中 {'、'.join(gases)} 按热量计的因子编号")
        if row["heat_fuel"] and row["heat_fuel"] not in heated:
            complaints.add(row, "heat_fuel", "calorific_values.csv 中有 ipcc 版热值的燃料")


def _hold_numbers(physics: Physics, complaints: Complaints) -> None:
    for row in _every_row(physics):
        for column in (
            "value",
            "gwp",
            "half_width",
            "rank",
            "place",
            "numerator",
            "denominator",
            "low",
            "high",
        ):
            if column in row.cells and number(row, column, complaints) < 0:
                complaints.add(row, column, "不小于零的数")


def _hold_units(physics: Physics, complaints: Complaints) -> None:
    for row in _every_row(physics):
        for column in ("unit", "canonical_unit", "form_unit", "allowed_units"):
            for unit in row.cells.get(column, "").split(";") if column in row.cells else ():
                _hold_unit(row, column, unit, complaints)


def _hold_unit(row: Row, column: str, unit: str, complaints: Complaints) -> None:
    try:
        units.dimension(unit)
    except ValueError:
        complaints.add(row, column, f"units.txt 中有定义的单位（{unit or '空白'}）")


def _hold_conversions(physics: Physics, complaints: Complaints) -> None:
    """What a kind may be stated in must become its canonical unit; a litre needs a density for that."""
    dense = {row["fuel"] for row in physics.rows["fuel_factors"] if row["parameter"] == "density"}
    for row in physics.rows["energy_kinds"]:
        for column in ("allowed_units", "form_unit"):
            for unit in row[column].split(";"):
                if not (_converts(unit, row["canonical_unit"]) or (unit == "L" and row["fuel"] in dense)):
                    complaints.add(row, column, f"能换算为 {row['canonical_unit']} 的单位（{unit} 不能）")


def _converts(unit: str, target: str) -> bool:
    try:
        return units.dimension(unit) == units.dimension(target)
    except ValueError:  # told by _hold_units
        return True


def _hold_carriers(physics: Physics, complaints: Complaints) -> None:
    """t/MWh and t/GJ measure the same; only the carrier keeps a heat factor away from electricity."""
    for row in physics.rows["purchased_factors"]:
        wanted = _CARRIER_UNITS.get(row["carrier"])
        if wanted is None:
            complaints.add(row, "carrier", "electricity 或 heat")
        elif row["unit"] != wanted:
            complaints.add(row, "unit", f"{wanted}（{row['carrier']}）")


def _hold_editions(physics: Physics, complaints: Complaints) -> None:
    """An edition says one thing about a fuel; a correction is a new edition, never a second row."""
    ordered = {row["edition"] for row in physics.rows["fuel_editions"]}
    for name in ("calorific_values", "fuel_factors"):
        seen: dict[tuple[str, str, str], Row] = {}
        for row in physics.rows[name]:
            # Methane and nitrous oxide are stated by sector; only what makes the CO2 factor must be single.
            if row["edition"] not in ordered or row.cells.get("parameter", "ncv") not in inputs_of(
                row["edition"]
            ):
                continue
            key = (row["fuel"], row["edition"], row.cells.get("parameter", "ncv"))
            if key in seen:
                complaints.say(row.where, f"与 {seen[key].where} 重复：同一版本、燃料、参数只能有一行")
            seen.setdefault(key, row)


def _hold_levels(physics: Physics, complaints: Complaints) -> None:
    """The order goes from narrow to wide (FACTORS order): a lower rank never names a narrower level."""
    place = {row["level"]: number(row, "place", complaints) for row in physics.rows["levels"]}
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in physics.rows["purchased_resolution"]:
        groups.setdefault((row["purpose"], row["carrier"]), []).append(row)
    for row in physics.rows["fuel_editions"]:
        groups.setdefault((row["sector"],), []).append(row)
    for rows in groups.values():
        rows.sort(key=lambda row: number(row, "rank", complaints))
        for earlier, later in itertools.pairwise(rows):
            if place.get(later["level"], 0) < place.get(earlier["level"], 0):
                complaints.add(later, "level", f"不窄于上一顺位（{earlier.where} {earlier['level']}）的级别")


def _hold_regions(physics: Physics, complaints: Complaints) -> None:
    """A line of the order names our province, the grid it belongs to, or the country; no neighbour."""
    home = [row for row in physics.rows["grid_regions"] if row["is_home"] == "true"]
    if not home:
        complaints.say("grid_regions.csv", "应有一个省份 is_home 为 true（本区所在省份）")
    for row in physics.rows["purchased_resolution"]:
        allowed = {
            "city": {member["region"] for member in home},
            "province": {member["region"] for member in home},
            "grid_region": {member["grid"] for member in home},
        }.get(row["level"], {NATION})
        if row["region"] not in allowed:
            complaints.add(
                row, "region", f"{'、'.join(sorted(allowed))}（{row['level']}，见 grid_regions.csv）"
            )


def _hold_sectors(physics: Physics, complaints: Complaints) -> None:
    """Every industry falls in one sector, and every sector has an order of editions."""
    rows = physics.rows["industry_sectors"]
    if [row["sector"] for row in rows if not row["prefix"]] != [DEFAULT_SECTOR]:
        complaints.say(
            "industry_sectors.csv", f"应恰有一行 prefix 为空（其余行业），sector 为 {DEFAULT_SECTOR}"
        )
    ordered = {row["sector"] for row in physics.rows["fuel_editions"]}
    for row in rows:
        if row["sector"] not in ordered:
            complaints.add(row, "sector", "fuel_editions.csv 中有取用次序的行业组")


def _hold_series_changes(physics: Physics, complaints: Complaints) -> None:
    """A change leads from one series there is to another, on a day."""
    known = {row["series"] for row in physics.rows["purchased_factors"]}
    known |= {f"edition_{row['edition']}" for row in physics.rows["fuel_editions"]}
    for row in physics.rows["series_changes"]:
        day(row, "changed_on", OPEN_END, complaints)
        for column in ("from_series", "to_series"):
            if row[column] not in known:
                complaints.add(row, column, f"已有的序列：{'、'.join(sorted(known))}")


def _hold_intervals(physics: Physics, complaints: Complaints) -> None:
    rows = physics.rows
    official = [row for row in rows["purchased_factors"] if row["purpose"] != "do_not_use"]
    hold_intervals(official, ("carrier", "parameter", "gas", "region", "purpose"), complaints)
    hold_intervals(rows["green_power_rules"], ("purpose", "kind"), complaints)
    hold_intervals(rows["purpose_rules"], ("purpose", "item"), complaints)
    hold_intervals(rows["renewable_rules"], ("kind",), complaints)
    hold_intervals(rows["combustion_gases"], ("energy_code", "use", "gas"), complaints)
    hold_intervals(rows["grid_regions"], ("province_zh",), complaints)
    hold_intervals(
        [row for row in rows["grid_regions"] if row["is_home"] == "true"], ("is_home",), complaints
    )
    # Undated rows and those without a code of the form are kept for comparison; they are never chosen.
    coded = [row for row in rows["standard_coal"] if row["energy_code"] and row["valid_from"]]
    hold_intervals(coded, ("energy_code", "parameter"), complaints)
    hold_intervals(rows["fuel_editions"], ("sector", "rank"), complaints, columns=("used_from", "used_to"))


def _every_row(physics: Physics) -> Iterable[Row]:
    for rows in physics.rows.values():
        yield from rows
