"""What must hold between the policy files before anything is judged with them.

Each function looks at one thing and adds what it finds to the complaints: names that are in no list, intervals
that overlap or leave a hole, weights that do not add up, targets that ask for nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import get_args

from pipelines import units
from pipelines.reference.datafiles import OPEN_END, Complaints, Row, hold_intervals, number
from pipelines.reference.policyfiles import (
    Calendar,
    Certainty,
    Dated,
    Indicator,
    Lamp,
    Plan,
    RuleSet,
    Setting,
    Target,
)

_DATE, _SHARE = "日期 YYYY-MM-DD", "0 至 1 之间的数"
# The readings the SQL models know how to compute; a new one needs a model first.
_SETTINGS: Mapping[str, Sequence[str] | str] = {
    "plan_start": _DATE,
    "plan_end": _DATE,
    "green_share_definition": ("output", "count"),
    "cluster_variant": ("a9", "b6"),
    "national_reading": ("new_by_cycle", "new_by_publication", "stock_by_cycle", "stock_by_publication"),
    "share_title_level": "title_levels.csv 中的级别",
    "approximate_tolerance": _SHARE,
}
_MANY_AT_ONCE = "share_title_level"
_NUMERIC = (">=", "~=", "range")
_INDUSTRY_CODES = {
    "role": ("primary", "alternative_by_tag"),
    "coverage": ("full", "partial_needs_tag"),
    "in_manufacturing_output": ("yes", "no_services", "no_power"),
    "is_named_2024": ("true", "false"),
    "code_certainty": get_args(Certainty),
    "mapping_certainty": get_args(Certainty),
}
_ROLES = ("required", "lead", "base")
_LONGEST_PREFIX = 4
_DIVISION = 2


def hold_industries(rows: Sequence[Row], complaints: Complaints) -> None:
    """One primary cluster a prefix, one description a cluster, every code known."""
    described: dict[str, Row] = {}
    for row in rows:
        _hold_codes(row, _INDUSTRY_CODES, complaints)
        if not (
            row["prefix"].isascii() and row["prefix"].isdigit() and len(row["prefix"]) <= _LONGEST_PREFIX
        ):
            complaints.add(row, "prefix", "GB/T 4754-2017 行业代码前缀（一至四位数字）")
        first = described.setdefault(row["cluster"], row)
        for column in ("cluster_zh", "seed_tier", "is_named_2024"):
            if row[column] != first[column]:
                complaints.add(row, column, f"与{first.where}同一集群的“{first[column]}”一致")
    for row in rows:
        if row["secondary_cluster"] and row["secondary_cluster"] not in described:
            complaints.add(row, "secondary_cluster", "本表中的集群代码，或空白")
    _hold_unique([row for row in rows if row["role"] == "primary"], ("prefix",), complaints)
    _hold_unique(rows, ("prefix", "cluster"), complaints)


def hold_divisions(rows: Sequence[Row], industries: Sequence[Row], complaints: Complaints) -> None:
    """Two digits each, one name at a time, one name a section; every division that 6+X speaks of is named."""
    sections: dict[str, Row] = {}
    for row in rows:
        _hold_codes(row, {"certainty": get_args(Certainty)}, complaints)
        if not (
            row["division"].isascii() and row["division"].isdigit() and len(row["division"]) == _DIVISION
        ):
            complaints.add(row, "division", "GB/T 4754-2017 大类代码（两位数字）")
        for column in ("name_zh", "section", "section_zh", "source"):
            if not row[column]:
                complaints.add(row, column, "不为空白")
        first = sections.setdefault(row["section"], row)
        if row["section_zh"] != first["section_zh"]:
            complaints.add(row, "section_zh", f"与{first.where}同一门类的“{first['section_zh']}”一致")
    hold_intervals(rows, ("division",), complaints)
    named = {row["division"] for row in rows}
    for row in industries:
        if len(row["prefix"]) >= _DIVISION and row["prefix"][:_DIVISION] not in named:
            complaints.add(row, "prefix", "industry_divisions.csv 中有名称的大类")


def hold_levels(rows: Sequence[Row], complaints: Complaints) -> None:
    """Each level once, each rank once."""
    for row in rows:
        if not (row["rank"].isascii() and row["rank"].isdigit()):
            complaints.add(row, "rank", "正整数，1 为最高级别")
    _hold_unique(rows, ("level",), complaints)
    _hold_unique(rows, ("rank",), complaints)


def hold_plans(plans: Sequence[Plan], levels: Sequence[Row], complaints: Complaints) -> None:
    """Settings the models know, which leave no month without one; targets that can be judged."""
    names = {row["level"] for row in levels}
    for plan in plans:
        for place, setting in enumerate(plan.settings):
            where = f"{plan.document.number} settings.{place}「{setting.key}」"
            _hold_setting(where, setting, names, complaints)
            _hold_month_starts(where, setting, complaints)
        for place, lamp in enumerate(plan.lights):
            _hold_month_starts(f"{plan.document.number} lights.{place}", lamp, complaints)
        _hold_targets(plan, complaints)
    _hold_names("targets id", [target.id for plan in plans for target in plan.targets], complaints)
    _hold_dated("document", [plan.document for plan in plans], complaints)
    _hold_settings_together([setting for plan in plans for setting in plan.settings], complaints)
    _hold_lights_together([lamp for plan in plans for lamp in plan.lights], complaints)


def hold_rule_sets(rule_sets: Sequence[RuleSet], complaints: Complaints) -> None:
    """On every day one standard and one set of vetoes; inside each, names that meet and points that add up."""
    _hold_names("rule_set", [rules.rule_set for rules in rule_sets], complaints)
    for kind in ("standard", "veto"):
        _hold_dated(f"criteria {kind}", [rules for rules in rule_sets if rules.kind == kind], complaints)
    for rules in rule_sets:
        keys = [*(gate.key for gate in rules.gates), *(item.key for item in rules.indicators)]
        _hold_names(f"{rules.rule_set} key", keys, complaints)
        _hold_dated(f"{rules.rule_set} pass_marks", rules.pass_marks, complaints, whole=False)
        _hold_points(rules, complaints)
        for indicator in rules.indicators:
            _hold_indicator(rules, indicator, complaints)


def hold_references(rows: Sequence[Row], rule_sets: Sequence[RuleSet], complaints: Complaints) -> None:
    """A reference value belongs to an indicator that needs one and to one industry at a time."""
    indicators = {(rules.rule_set, item.key): item for rules in rule_sets for item in rules.indicators}
    for row in rows:
        _hold_codes(row, {"role": _ROLES, "certainty": get_args(Certainty)}, complaints)
        number(row, "value", complaints)
        if row["industry_prefix"] and not row["industry_prefix"].isdigit():
            complaints.add(row, "industry_prefix", "行业代码前缀（数字），空白为各行业")
        if not row["source"]:
            complaints.add(row, "source", "数值的出处")
        item = indicators.get((row["rule_set"], row["criterion"]))
        if item is None:
            complaints.add(row, "criterion", f"规则集 {row['rule_set']} 中的指标代码")
        elif row["role"] != "lead" and (item.threshold is not None or item.base is not None):
            complaints.add(row, "criterion", "标准没有给出数值的指标（该指标已有阈值，不得另行取值）")
    _hold_unique(rows, ("reference_id",), complaints)
    hold_intervals(rows, ("rule_set", "criterion", "role", "industry_prefix"), complaints)


def hold_ranges(rows: Sequence[Row], complaints: Complaints) -> None:
    """Limits are numbers, the right way round, in the unit the models read them in."""
    for row in rows:
        if not _is_in_unit_of_subject(row):
            complaints.add(row, "unit", _RANGE_UNITS.get(row["subject"], "已登记的 subject"))
        limits = [number(row, name, complaints) for name in ("low", "high") if row[name]]
        if not limits or limits != sorted(limits):
            complaints.add(row, "high", "不小于 low 的数；low、high 至少填一个")
    _hold_unique(rows, ("range_id",), complaints)
    hold_intervals(rows, ("range_id",), complaints)


_RANGE_UNITS = {
    "ratio_to_previous_month": "1（比值）",
    "stock_gap_share": "1（比值）",
    "unit_price": "CNY/该能源的规范单位",
    "adopted_coefficient": "tce/该能源的表内单位",
    "measured_ncv": "GJ/该能源的规范单位",
    "measured_carbon_of_heat": "t/GJ",
    "measured_carbon_of_amount": "t/该能源的规范单位",
    "steam_enthalpy": "kJ/kg",
    "water_temperature": "degC",
}
_RANGE_FIXED = {
    "measured_carbon_of_heat": ("t", "GJ"),
    "steam_enthalpy": ("kJ", "kg"),
    "water_temperature": ("degC", ""),
}
_RANGE_PER_AMOUNT = {"unit_price": "CNY", "measured_ncv": "GJ", "measured_carbon_of_amount": "t"}


def _is_in_unit_of_subject(row: Row) -> bool:
    """Models read each subject's limits in one unit (:mod:`tableunits`), so the file must state them in it."""
    if row["subject"] in ("ratio_to_previous_month", "stock_gap_share"):
        return row["unit"] == "1"
    kind = units.energy_kinds().get(row["energy_code"])
    above, _, below = row["unit"].partition("/")
    if kind is None:
        return False
    if row["subject"] in _RANGE_FIXED:
        return (above, below) == _RANGE_FIXED[row["subject"]]
    if row["subject"] in _RANGE_PER_AMOUNT:
        return (above, below) == (_RANGE_PER_AMOUNT[row["subject"]], kind.canonical_unit)
    return (
        row["subject"] == "adopted_coefficient"
        and above == "tce"
        and units.resolve_unit(below) == kind.form_unit
    )


def hold_calendar(calendar: Calendar, complaints: Complaints) -> None:
    """One filing day at a time, and one for today."""
    _hold_dated("calendar.yml filing", calendar.filing, complaints)
    if calendar.closing:
        _hold_dated("calendar.yml closing", calendar.closing, complaints)
    for key in sorted({deadline.key for deadline in calendar.deadlines}):
        mine = [deadline for deadline in calendar.deadlines if deadline.key == key]
        _hold_dated(f"calendar.yml deadlines {key}", mine, complaints, whole=False)


def _hold_settings_together(settings: Sequence[Setting], complaints: Complaints) -> None:
    for key in _SETTINGS:
        mine = [setting for setting in settings if setting.key == key]
        _hold_dated(f"settings {key}", mine, complaints, apart=key != _MANY_AT_ONCE)
    levels = [setting for setting in settings if setting.key == _MANY_AT_ONCE]
    for value in sorted({setting.value for setting in levels}):
        same = [setting for setting in levels if setting.value == value]
        _hold_dated(f"settings {_MANY_AT_ONCE}={value}", same, complaints, whole=False)


def _hold_lights_together(lamps: Sequence[Lamp], complaints: Complaints) -> None:
    for metric in sorted({lamp.metric_key for lamp in lamps} | {"*"}):
        mine = [lamp for lamp in lamps if lamp.metric_key == metric]
        _hold_dated(f"lights {metric}", mine, complaints, whole=metric == "*")


def _hold_setting(where: str, setting: Setting, levels: Iterable[str], complaints: Complaints) -> None:
    key, value = setting.key, setting.value
    if key not in _SETTINGS:
        complaints.say(where, f"应为 {'、'.join(_SETTINGS)} 之一")
        return
    allowed = _SETTINGS[key]
    if allowed == _DATE:
        fits = _is_date(value)
    elif allowed == _SHARE:
        fits = _is_share(value)
    else:
        fits = value in (levels if key == _MANY_AT_ONCE else allowed)
    if not fits:
        expected = allowed if isinstance(allowed, str) else "、".join(allowed) + " 之一"
        complaints.say(where, f"读到 “{value}”，应为{expected}")


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_share(text: str) -> bool:
    try:
        return 0 <= Decimal(text) <= 1
    except InvalidOperation:
        return False


def _hold_month_starts(where: str, item: Dated, complaints: Complaints) -> None:
    """A reading that changed in mid-month would leave its month with two."""
    for day in (item.valid_from, item.valid_to):
        if day is not None and day.day != 1:
            complaints.say(where, f"读到 {day}，生效、失效日期应为月初（1 日）")


def _hold_targets(plan: Plan, complaints: Complaints) -> None:
    known = {target.id: target for target in plan.targets}
    for goal in ("green_share", "national_green_factories"):
        count = sum(target.computed_by == goal for target in plan.targets)
        if count != 1:
            complaints.say(plan.document.number, f"computed_by: {goal} 应恰有一项目标，现有 {count} 项")
    for target in plan.targets:
        for problem in _target_problems(target, known.get(target.repeats or "")):
            complaints.say(f"{plan.document.number} {target.id}", problem)
    metrics = {target.metric_key for target in plan.targets} | {"*"}
    for lamp in plan.lights:
        if lamp.metric_key not in metrics:
            complaints.say(f"lights「{lamp.metric_key}」", "应为某项目标的 metric_key，或 *")


def _target_problems(target: Target, repeated: Target | None) -> Iterable[str]:
    goal = target.target
    if target.kind == "quantified" and (
        goal.value is None or goal.unit is None or goal.comparator not in _NUMERIC
    ):
        yield f"定量目标应有 value、unit，comparator 应为 {'、'.join(_NUMERIC)} 之一"
    is_range = goal.comparator == "range"
    if is_range != (goal.value_max is not None):
        yield "comparator 为 range 时须有 value_max，其余不得有"
    if is_range and goal.value is not None and goal.value_max is not None and goal.value_max <= goal.value:
        yield f"value_max（{goal.value_max}）应大于 value（{goal.value}）"
    if target.repeats and (repeated is None or repeated.metric_key != target.metric_key):
        yield f"repeats: {target.repeats} 应为 metric_key 相同的另一项目标"


def _hold_points(rules: RuleSet, complaints: Complaints) -> None:
    total = sum((level.weight_percent for level in rules.first_level), Decimal(0))
    if rules.first_level and total != 100:  # noqa: PLR2004 - percent
        complaints.say(f"{rules.rule_set} first_level", f"一级指标权重合计 {total}，应为 100")
    for level in rules.first_level:
        points = [item.points for item in rules.indicators if item.first_level == level.name_zh]
        given = [value for value in points if value is not None]
        if given and (len(given) < len(points) or sum(given) != level.weight_percent):
            told = f"各指标分值合计 {sum(given)}，应为权重 {level.weight_percent}"
            complaints.say(f"{rules.rule_set}「{level.name_zh}」", told)


def _hold_indicator(rules: RuleSet, item: Indicator, complaints: Complaints) -> None:
    where = f"{rules.rule_set}「{item.key}」"
    levels = {level.name_zh: {second.name_zh for second in level.second_level} for level in rules.first_level}
    if item.second_level not in levels.get(item.first_level, set()):
        complaints.say(
            where, f"“{item.first_level} / {item.second_level}”应为 first_level 中列出的一、二级指标"
        )
    unknown = set(item.formula_ids) - {formula.id for formula in rules.formulas}
    if unknown:
        complaints.say(where, f"公式 {'、'.join(sorted(unknown))} 不在 formulas 中")
    if item.threshold and (item.threshold.comparator in (">=", ">")) != (item.direction == "up"):
        complaints.say(where, f"direction: {item.direction} 与 comparator “{item.threshold.comparator}”相反")
    if item.threshold and item.reference_zh:
        complaints.say(where, "threshold 与 reference_zh 只应填一个：标准有数值就不另取参考值")


def _hold_dated(
    where: str, items: Sequence[Dated], complaints: Complaints, *, whole: bool = True, apart: bool = True
) -> None:
    """Intervals each longer than nothing; *apart*: never two at once; *whole*: no hole, and open at the end."""
    for item in items:
        if item.valid_to is not None and item.valid_to <= item.valid_from:
            complaints.say(where, f"valid_to {item.valid_to} 应晚于 valid_from {item.valid_from}")
    spans = sorted((item.valid_from, item.valid_to or OPEN_END) for item in items)
    reached = itertools.accumulate((end for _, end in spans), max)
    for end, (start, _) in zip(reached, spans[1:], strict=False):
        if apart and start < end:
            complaints.say(where, f"{start} 起两行同时有效，无法取舍；请给旧行填 valid_to")
        if whole and start > end:
            complaints.say(where, f"{end} 至 {start} 没有有效的一行")
    if whole and (not spans or max(end for _, end in spans) != OPEN_END):
        complaints.say(where, "缺少至今有效的一行（valid_to 空白）")


def _hold_codes(row: Row, codes: Mapping[str, Sequence[str]], complaints: Complaints) -> None:
    for column, allowed in codes.items():
        if row[column] not in allowed:
            complaints.add(row, column, f"{'、'.join(allowed)} 之一")


def _hold_names(where: str, names: Sequence[str], complaints: Complaints) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        complaints.say(where, f"“{name}”重复，应只出现一次")


def _hold_unique(rows: Sequence[Row], columns: Sequence[str], complaints: Complaints) -> None:
    seen: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        if key in seen:
            complaints.add(row, columns[0], f"不重复的值（{seen[key].where} 已有）")
        seen.setdefault(key, row)
