"""不确定度与数据质量 | 95 % half-widths, and the tier a kind of activity figure or factor belongs to.

``uncertainty.csv`` gives half-widths by subject; ``quality_tiers.csv`` says which subject and which data-quality
tier (1 best, 5 worst) stands for what a line states (activity), for where a factor came from (factor), for the
figures of an activity (process) and for the CH4, N2O and biomass CO2 of burning (burning).
Squares are taken here, exactly, so that SQL needs no root.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from pipelines import units
from pipelines.reference.datafiles import Complaints, Row, number
from pipelines.reference.physics import Physics
from pipelines.reference.process import levels

BEST, WORST = 1, 5
_SIDES = ("activity", "factor", "process", "burning")
_KINDS = {"electricity": "electricity", "heat": "heat"}


def tables(physics: Physics, as_of: date, *, official: bool) -> dict[str, list[dict[str, Any]]]:
    """ref.uncertainty and ref.quality_tier. A tier whose half-width may not be used has none: unknown, not zero."""
    usable = [row for row in physics.rows["uncertainty"] if physics.usable(row, as_of, official=official)]
    widths = {row["subject"]: row for row in usable}
    return {
        "ref.uncertainty": [_width(row) for row in usable],
        "ref.quality_tier": [_tier(row, widths.get(row["subject"])) for row in physics.rows["quality_tiers"]],
    }


def hold_tiers(physics: Physics, complaints: Complaints) -> None:
    """Every tier has a half-width; every level a factor can be chosen from has a tier, provisional where it may be."""
    subjects = {row["subject"] for row in physics.rows["uncertainty"]}
    for row in physics.rows["quality_tiers"]:
        if row["side"] not in _SIDES:
            complaints.add(row, "side", "activity、factor、process 或 burning")
        # No source gives a half-width for most processes: the tier is known, the half-width is not.
        if row["subject"] not in subjects and (row["subject"] or row["side"] != "process"):
            complaints.add(row, "subject", "uncertainty.csv 中已登记的 subject")
        if not BEST <= number(row, "quality_tier", complaints) <= WORST:
            complaints.add(row, "quality_tier", f"{BEST}（最好）到 {WORST}（最差）")
    _hold_complete(physics, complaints)


def _hold_complete(physics: Physics, complaints: Complaints) -> None:
    there = {
        (row["applies_to"], row["tier"], row["is_provisional"])
        for row in physics.rows["quality_tiers"]
        if row["side"] != "activity"
    }
    sides = {row["side"] for row in physics.rows["quality_tiers"]}
    for row, wanted in _wanted(physics, sides):
        if wanted not in there:
            kind, _, is_provisional = wanted
            complaints.add(
                row,
                next(name for name in ("level", "gas", "activity_code") if name in row.cells),
                f"quality_tiers.csv 中 {kind} 有一行的级别（is_provisional 为 {is_provisional}）",
            )
    _hold_distinct(physics, complaints)


def _hold_distinct(physics: Physics, complaints: Complaints) -> None:
    seen: dict[tuple[str, ...], Row] = {}
    for row in physics.rows["quality_tiers"]:
        key = tuple(row[name] for name in ("side", "applies_to", "tier", "is_provisional"))
        if key in seen:
            complaints.say(row.where, f"与 {seen[key].where} 重复：同一来源只能有一档")
        seen.setdefault(key, row)


def _wanted(physics: Physics, sides: set[str]) -> Iterable[tuple[Row, tuple[str, str, str]]]:
    """Each way a factor can be chosen: the order row that allows it, and (kind, level, provisional).

    A set pinned before processes and gases of burning had tiers has none of them, and still loads: its months
    must be rebuilt for ever. Their tier is then unknown, 5.
    """
    for row in physics.rows["purchased_resolution"]:
        yield row, (_KINDS.get(row["carrier"], "fuel"), row["level"], "false")
        if row["may_stand_in"] == "true":
            yield row, (_KINDS.get(row["carrier"], "fuel"), row["level"], "true")
    for row in physics.rows["fuel_editions"]:
        yield row, ("fuel", row["level"], "false")
    for row in physics.rows["combustion_gases"] if "burning" in sides else ():
        yield row, (row["gas"], "international", "false")
    for row, level in levels(physics) if "process" in sides else ():
        yield row, (row["activity_code"], level, "false")


def _width(row: Row) -> dict[str, Any]:
    return {
        "subject": row["subject"],
        "half_width": units.to_decimal(Fraction(row["half_width"])),
        "factor_id": row["factor_id"],
        "name_zh": row["name_zh"],
        "confidence": row["confidence"],
    }


def _tier(row: Row, width: Row | None) -> dict[str, Any]:
    half_width = Fraction(width["half_width"]) if width else None
    return {
        "side": row["side"],
        "kind": row["applies_to"],
        "tier": row["tier"],
        "is_provisional": row["is_provisional"] == "true",
        "quality_tier": int(row["quality_tier"]),
        "half_width": None if half_width is None else units.to_decimal(half_width),
        "half_width_squared": None if half_width is None else units.to_decimal(half_width**2),
        "uncertainty_id": width["factor_id"] if width else None,
        "name_zh": row["name_zh"],
    }
