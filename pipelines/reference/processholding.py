"""What must hold in the files of process and fugitive emissions before any route is multiplied out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from math import prod

from pipelines import units
from pipelines.reference.datafiles import OPEN_END, Complaints, Row, day, hold_intervals
from pipelines.reference.physics import Physics
from pipelines.reference.process import Term, figures, members, terms_of, value_of

_SAME = "="


def hold_process(physics: Physics, complaints: Complaints) -> None:
    """Everything that can be told of activities, routes, gases and process types from the rows alone."""
    _hold_spellings(physics, complaints)
    _hold_gases(physics, complaints)
    _hold_activities(physics, complaints)
    _hold_routes(physics, complaints)
    _hold_gwp_editions(physics, complaints)


def _hold_spellings(physics: Physics, complaints: Complaints) -> None:
    """Folded, a spelling means one activity, one gas, one process type."""
    keys = {"activities": "activity_code", "gases": "gas", "process_types": "process_type"}
    for file, key in keys.items():
        meant: dict[str, Row] = {}
        for row in physics.rows[file]:
            spellings = (row[key], row["name_zh"], *row.cells.get("aliases", "").split(";"))
            for spelling in dict.fromkeys(units.fold(text).lower() for text in spellings if text):
                other = meant.setdefault(spelling, row)
                if other is not row:
                    complaints.say(row.where, f"写法 “{spelling}” 已在 {other.where} 使用")


def _hold_gases(physics: Physics, complaints: Complaints) -> None:
    known = {row["gas"] for row in physics.rows["gwp"]}
    for row in physics.rows["gases"]:
        for column in ("gwp_fossil", "gwp_biogenic"):
            for name in filter(None, row[column].split(";")):
                if name not in known:
                    complaints.add(row, column, "gwp.csv 中已登记的气体")


def _hold_activities(physics: Physics, complaints: Complaints) -> None:
    gases = {row["gas"] for row in physics.rows["gases"]}
    densities = {
        row["factor_id"]: row for row in physics.rows["process_factors"] if row["parameter"] == "density"
    }
    routed = {row["activity_code"] for row in physics.rows["activity_routes"]}
    for row in physics.rows["activities"]:
        if (row["is_gas_required"] == "true") == bool(row["gas"]):
            complaints.add(row, "gas", "须填气体的活动此处留空，其余活动写明是哪种气体")
        if row["gas"] and row["gas"] not in gases:
            complaints.add(row, "gas", "gases.csv 中已登记的气体")
        if row["density"] and row["density"] not in densities:
            complaints.add(row, "density", "process_factors.csv 中的密度行")
        if row["activity_code"] not in routed:
            complaints.add(row, "activity_code", "在 activity_routes.csv 中至少有一行的活动")
        _hold_units(row, densities.get(row["density"]), complaints)


def _hold_units(row: Row, density: Row | None, complaints: Complaints) -> None:
    """Every unit becomes the canonical one, a volume of gas by its density."""
    for unit in row["allowed_units"].split(";"):
        try:
            measured, wanted = units.dimension(unit), units.dimension(row["canonical_unit"])
            by_density = _sum([measured, units.dimension(density["unit"])]) if density else measured
        except ValueError:  # told with the units of every file
            continue
        if wanted not in (measured, by_density):
            complaints.add(row, "allowed_units", f"能换算为 {row['canonical_unit']} 的单位（{unit} 不能）")


def _hold_routes(physics: Physics, complaints: Complaints) -> None:
    activities = {row["activity_code"]: row for row in physics.rows["activities"]}
    gases = {row["gas"] for row in physics.rows["gases"]}
    kinds = {row["process_type"] for row in physics.rows["process_types"]} | {""}
    named = figures(physics)
    spelled = {
        units.fold(text).lower(): row["gas"]
        for row in physics.rows["gases"]
        for text in (row["gas"], *row["aliases"].split(";"))
        if text
    }
    for row in physics.rows["activity_routes"]:
        if row["activity_code"] not in activities:
            complaints.add(row, "activity_code", "activities.csv 中已登记的活动")
            continue
        if row["process_type"] not in kinds:
            complaints.add(row, "process_type", "process_types.csv 中已登记的工艺类型")
        _hold_route_gases(physics, row, activities[row["activity_code"]], gases, complaints)
        _hold_terms(row, activities[row["activity_code"]], named, complaints)
        _hold_gas_of_figures(row, named, spelled, complaints)
    _hold_one_answer(physics, complaints)


def _hold_route_gases(
    physics: Physics, row: Row, activity: Row, gases: set[str], complaints: Complaints
) -> None:
    asked = activity["is_gas_required"] == "true"
    inputs = members(physics, row["input_gas"])
    if asked != bool(row["input_gas"]):
        complaints.add(row, "input_gas", "须填气体的活动写明输入气体，其余留空")
    elif asked and (not inputs or not gases.issuperset(inputs)):
        complaints.add(row, "input_gas", "gases.csv 中已登记的气体，或 @组名")
    if row["gas"] not in gases and not (row["gas"] == _SAME and asked):
        complaints.add(row, "gas", "gases.csv 中已登记的气体，或 =（与输入气体相同）")


def _hold_terms(row: Row, activity: Row, named: dict[str, Row], complaints: Complaints) -> None:
    """Figures that exist, last as long as the route, lie between 0 and 1 where the rest counts, and give t per unit."""
    if not row["terms"] and not row["note"]:
        complaints.add(row, "note", "没有因子的路线须说明原因")
    terms = [("terms", term) for term in terms_of(row["terms"])]
    if row["abatement"]:
        terms += [("abatement", term) for term in terms_of(f"1-{row['abatement']}")]
    rows: list[Row] = []
    for column, term in terms:
        unknown = [name for name in term.ids if name not in named]
        for name in unknown:
            complaints.add(row, column, f"已登记的因子或常数（没有 {name}）")
        found = [named[name] for name in term.ids if name in named]
        _hold_in_force(row, column, found, complaints)
        rows += found
        if not unknown:
            _hold_part(row, column, term, found, complaints)
    with suppress(ValueError):  # a unit unknown to units.txt is told with the units of every file
        measured = _sum([units.dimension(figure.cells.get("unit", "1")) for figure in rows])
        if rows and measured != units.dimension(f"t/{activity['canonical_unit']}"):
            complaints.add(row, "terms", f"乘积单位为 t/{activity['canonical_unit']} 的因子")


def _hold_gas_of_figures(
    row: Row, named: dict[str, Row], spelled: dict[str, str], complaints: Complaints
) -> None:
    """A figure of one gas serves routes of that gas alone: an efficiency for NF3 says nothing of CF4."""
    for column in ("terms", "abatement"):
        for term in terms_of(row[column]):
            for figure in (named[name] for name in term.ids if name in named):
                gas = spelled.get(units.fold(figure.cells.get("gas", "")).lower())
                if gas and gas != row["gas"]:
                    complaints.add(row, column, f"{row['gas']} 的因子（{figure.where} 是 {gas} 的）")


def _hold_part(row: Row, column: str, term: Term, found: Sequence[Row], complaints: Complaints) -> None:
    """What is taken from one is a share: a number without unit, at most one."""
    if not term.is_rest:
        return
    with suppress(ValueError):  # told with the numbers and units of every file
        if prod(map(value_of, found)) > 1:
            complaints.add(row, column, f"不大于 1 的比例（{term.text}）")
        if _sum([units.dimension(figure.cells.get("unit", "1")) for figure in found]):
            complaints.add(row, column, f"没有单位的比例（{term.text}）")


def _hold_in_force(route: Row, column: str, rows: Iterable[Row], complaints: Complaints) -> None:
    end = day(route, "valid_to", OPEN_END, complaints)
    for row in rows:
        if row.cells.get("valid_to") and day(row, "valid_to", OPEN_END, complaints) < end:
            complaints.add(route, column, f"有效期内的因子（{row.where} 已于 {row['valid_to']} 失效）")


def _hold_one_answer(physics: Physics, complaints: Complaints) -> None:
    """One coefficient a day for an activity, input gas, process type and emitted gas, groups spelled out."""
    spelled = [
        Row(row.file, row.line, row.cells | {"input_gas": gas})
        for row in physics.rows["activity_routes"]
        for gas in members(physics, row["input_gas"])
    ]
    hold_intervals(spelled, ("activity_code", "input_gas", "process_type", "gas"), complaints)


def _hold_gwp_editions(physics: Physics, complaints: Complaints) -> None:
    editions = {row["edition"] for row in physics.rows["gwp"]}
    for row in physics.rows["purposes"]:
        if row["gwp_edition"] not in editions:
            complaints.add(row, "gwp_edition", f"{'、'.join(sorted(editions))} 之一")
        if row["gwp_source_id"] not in physics.published:
            complaints.add(row, "gwp_source_id", "sources.csv 中已登记的编号")


def _sum(dimensions: Sequence[dict[str, int]]) -> dict[str, int]:
    """The dimension of a product."""
    total: dict[str, int] = {}
    for one in dimensions:
        for name, power in one.items():
            total[name] = total.get(name, 0) + power
    return {name: power for name, power in total.items() if power}
