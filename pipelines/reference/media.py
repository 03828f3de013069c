"""耗能工质 | Working media: units they are stated in, and the standard coal of one unit by edition of GB/T 2589.

The coefficients are rows of ``standard_coal.csv``; ``media_editions.csv`` says which edition speaks when, and which one
stands in while the newer row is only recalled. Nothing here is an energy kind of form 205-1, and nothing is burnt.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from pipelines import units
from pipelines.reference.datafiles import (
    LONG_AGO,
    OPEN_END,
    Complaints,
    Row,
    day,
    hold_intervals,
    hold_unit,
    number,
)
from pipelines.reference.physics import Physics
from pipelines.reference.resolution import Candidate, choose


def tables(
    physics: Physics, as_of: date, complaints: Complaints, *, official: bool
) -> dict[str, list[dict[str, Any]]]:
    """ref.working_medium, ref.medium_conversion and ref.medium_coal."""
    media = physics.rows["working_media"]
    usable = [row for row in physics.rows["standard_coal"] if physics.usable(row, as_of, official=official)]
    return {
        "ref.working_medium": [
            {name: row[name] for name in ("medium", "name_zh", "name_en", "canonical_unit", "note")}
            for row in media
        ],
        "ref.medium_conversion": [_conversion(row, unit) for row in media for unit in _allowed(row)],
        "ref.medium_coal": [
            coefficient for row in media for coefficient in _coefficients(row, physics, usable, complaints)
        ],
    }


def hold_media(physics: Physics, complaints: Complaints) -> None:
    """Units convert, coefficients are there in the medium's unit, and one edition speaks at a time."""
    subjects: dict[str, list[Row]] = {}
    for row in physics.rows["standard_coal"]:
        subjects.setdefault(row["subject"], []).append(row)
    for row in physics.rows["working_media"]:
        canonical = row["canonical_unit"]
        for unit in _allowed(row):
            if units.dimension(unit) != units.dimension(canonical):
                complaints.add(row, "allowed_units", f"能换算为 {canonical} 的单位（{unit} 不能）")
        if row["subject"] not in subjects:
            complaints.add(row, "subject", "standard_coal.csv 中已登记的 subject")
        for coefficient in subjects.get(row["subject"], []):
            hold_unit(coefficient, "unit", f"tce/{canonical}", complaints)
            if coefficient["energy_code"]:
                complaints.add(row, "subject", "205-1 表以外的工质（该行是能源品种）")
    editions = physics.rows["media_editions"]
    known = {row["edition"] for row in physics.rows["standard_coal"]}
    for row in editions:
        if row["edition"] not in known:
            complaints.add(row, "edition", "standard_coal.csv 中的版次")
    hold_intervals(editions, ("rank",), complaints, columns=("used_from", "used_to"))


def _allowed(row: Row) -> list[str]:
    return row["allowed_units"].split(";")


def _conversion(row: Row, unit: str) -> dict[str, Any]:
    exact = units.multiplier(unit, row["canonical_unit"])
    return {
        "medium": row["medium"],
        "unit": unit,
        "to_unit": row["canonical_unit"],
        "multiplier": units.to_decimal(exact),
        "multiplier_exact": f"{exact.numerator}/{exact.denominator}",
    }


def _coefficients(
    medium: Row, physics: Physics, usable: Iterable[Row], complaints: Complaints
) -> list[dict[str, Any]]:
    rows = {row["edition"]: row for row in usable if row["subject"] == medium["subject"]}
    orders = {row["rank"]: row for row in physics.rows["media_editions"]}
    candidates = [
        _candidate(order, rows[order["edition"]], medium, complaints)
        for order in physics.rows["media_editions"]
        if order["edition"] in rows
    ]
    return [
        {
            "medium": medium["medium"],
            "valid_from": choice.start,
            "valid_to": min(choice.end, OPEN_END),
            "coefficient_tce": units.to_decimal(choice.candidate.value),
            "factor_id": choice.candidate.factor_id,
            "is_provisional": orders[str(choice.candidate.rank)]["stands_in"] == "true",
            "note": "；".join(filter(None, (choice.note, medium["note"]))),
        }
        for choice in choose(candidates, f"耗能工质 {medium['medium']}", complaints)
    ]


def _candidate(order: Row, row: Row, medium: Row, complaints: Complaints) -> Candidate:
    return Candidate(
        factor_id=row["factor_id"],
        rank=int(order["rank"]),
        level="national",
        start=day(order, "used_from", LONG_AGO, complaints),
        end=day(order, "used_to", OPEN_END, complaints),
        value=number(row, "value", complaints)
        * hold_unit(row, "unit", f"tce/{medium['canonical_unit']}", complaints),
        note=f"{order['edition']}：{order['note']}",
    )
