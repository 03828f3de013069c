"""What must hold between columns: whose data it is, months that have begun, energy kinds and their units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from pipelines import units
from pipelines.intake.cells import Parsed
from pipelines.intake.codes import problem
from pipelines.intake.columns import Columns, is_carbon_unit, is_heat_unit
from pipelines.intake.reading import SMALL
from pipelines.periods import Month


def hold_together(columns: Columns, *, owner: str, today: date) -> None:
    """Complain about every line whose columns do not agree; *owner* is the sending factory, blank for the commission."""
    if owner and "factory_id" in columns.typed:
        columns.complain("E303", "factory_id", columns.typed["factory_id"] != owner)
    _hold_time(columns, today)
    if "energy_code" in columns.typed:
        _settle_energy(columns)
        _hold_measured_unit(columns, "measured_ncv", is_heat_unit, "E324")
        _hold_measured_unit(columns, "measured_carbon", is_carbon_unit, "E331")
    if "activity_code" in columns.typed:
        _hold_activity_units(columns)
    if columns.contract.contract in ("energy", "green_power"):
        _hold_units(columns)
        _hold_header_units(columns)
    for group in columns.contract.at_least_one:
        if "energy_code" not in group:
            _hold_at_least_one(columns, group)


def _hold_time(columns: Columns, today: date) -> None:
    """No month or year that has not begun."""
    for column in columns.contract.columns:
        if column.type == "period":
            columns.complain("E305", column.name, columns.typed[column.name] > Month.of(today).first)
        # A list may be announced for its own year only; a later cycle is a slip of the pen.
        if column.type == "year":
            wanted = (f"不晚于 {today.year} 的年份", f"a year not after {today.year}")
            columns.complain("E305", column.name, columns.typed[column.name] > today.year, wanted)


def _settle_energy(columns: Columns) -> None:
    """Code and name may stand for each other, and must agree where both stand."""
    codes, names = columns.typed["energy_code"], columns.texts["energy_name"]
    kinds = units.energy_kinds()
    unknown = sorted(set(codes.unique().to_list()) - kinds.keys() - {None})
    if unknown:
        columns.complain("E309", "energy_code", codes.is_in(unknown))
    meant = columns.mapped(names, lambda name: Parsed(units.energy_code_of(name)), pl.String, "energy_name")
    has_code = columns.texts["energy_code"].is_not_null()
    if meant.null_count() > names.null_count():
        nameless = names.is_not_null() & meant.is_null()
        columns.complain("E310", "energy_name", nameless & ~has_code)
        columns.complain("W305", "energy_name", nameless & has_code)
    columns.complain("E311", "energy_name", codes != meant)
    if names.null_count():
        columns.complain("E319", "energy_code", ~has_code & names.is_null())
    columns.typed["energy_code"] = codes if not codes.null_count() else codes.fill_null(meant)


def _hold_measured_unit(columns: Columns, name: str, fits: Callable[[str], bool], code: str) -> None:
    """A measured value is a number only with its unit: from its column, or from the header's brackets."""
    unit = f"{name}_unit"
    values, stated = columns.typed[name], columns.typed[unit]
    if values.null_count() == len(values):
        return
    brackets = columns.heading.brackets.get(name, [])
    keys = [key for key in map(units.resolve_unit, brackets) if key and fits(key)]
    if keys:
        stated = stated.fill_null(keys[0])
        columns.typed[unit] = stated
    untold = columns.texts[unit].is_null() & stated.is_null()
    columns.complain(code, unit, values.is_not_null() & untold)


def _hold_units(columns: Columns) -> None:
    """Electricity in tonnes, gas in kilowatt-hours: refused with the reason."""
    stated = columns.typed["unit"]
    codes = columns.typed.get("energy_code")
    if codes is None:
        codes = pl.Series(["33"] * len(stated), dtype=pl.String)
    kinds = units.energy_kinds()
    pairs = set(zip(codes.to_list(), stated.to_list(), strict=True)) if len(stated) <= SMALL else None
    if pairs is None:
        pairs = set(pl.DataFrame({"code": codes, "unit": stated}).unique().iter_rows())
    for code, unit in sorted(pair for pair in pairs if pair[0] in kinds and pair[1] is not None):
        if (code, unit) == units.HEAT_IN_TONNES and "steam_enthalpy" in columns.typed:
            _hold_heat_in_tonnes(columns, (codes == code) & (stated == unit))
            continue
        reason = units.unit_problem(code, unit)
        if reason:
            columns.complain("E307", "unit", (codes == code) & (stated == unit), expected=reason)


def _hold_activity_units(columns: Columns) -> None:
    """Each activity in a unit of its own kind; anything else is refused with the reason."""
    codes, stated = columns.typed["activity_code"], columns.typed["unit"]
    pairs = set(pl.DataFrame({"code": codes, "unit": stated}).drop_nulls().unique().iter_rows())
    for code, unit in sorted(pairs):
        reason = units.activity_unit_problem(code, unit)
        if reason:
            columns.complain("E326", "unit", (codes == code) & (stated == unit), expected=reason)
    _hold_header_units(columns)


def _hold_heat_in_tonnes(columns: Columns, by_mass: pl.Series) -> None:
    """A tonne of steam is no fixed amount of heat: its enthalpy says how much, or the water's temperature."""
    steam = columns.typed["steam_enthalpy"].is_not_null()
    water = columns.typed["water_temperature"].is_not_null()
    columns.complain("E332", "unit", by_mass & ~steam & ~water)
    columns.complain("E333", "steam_enthalpy", by_mass & steam & water)


def _hold_header_units(columns: Columns) -> None:
    """A unit in a quantity's header that the unit column contradicts: told, for one of the two is wrong."""
    stated = columns.typed["unit"]
    for column in columns.contract.columns:
        if column.unit_column != "unit":
            continue
        brackets = columns.heading.brackets.get(column.name, [])
        key = next(filter(None, map(units.resolve_unit, brackets)), None)
        differ = (stated != key).fill_null(value=False) if key else None
        if differ is not None and differ.any():
            place = differ.arg_true()[0]
            read = columns.texts["unit"][place] or ""
            columns.problems.append(
                problem("W205", line=columns.body.lines[place], column=column.header, read=read)
            )
            columns.problem_count += 1


def _hold_at_least_one(columns: Columns, group: tuple[str, ...] | list[str]) -> None:
    empty = pl.Series([True] * columns.body.height)
    for name in group:
        empty = empty & columns.texts[name].is_null()
    if empty.any():
        headers = "、".join(columns.contract.column(name).header for name in group)
        wanted = (f"{headers}中至少一项", f"at least one of {', '.join(group)}")
        columns.complain("E312", group[0], empty, expected=wanted)
