"""One published figure taking another's place: ``replacements.csv``, as far as it is known on a day.

A replacement is an event of the knowledge clock. Until its document is published the old figure is in force
without end, whatever ``valid_to`` says today; from that day the old one is never used again, and where the
document also governs historical emissions (``reaches_back``) the new figure covers the old one's years, with
a note. So a series never carries both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipelines.reference.datafiles import LONG_AGO, OPEN_END, Complaints, Row, day
from pipelines.reference.physics import Physics

_ALIKE = ("carrier", "parameter", "gas", "region", "purpose", "unit")


@dataclass(frozen=True)
class Span:
    """An interval of activity dates a row speaks for; rebased when its figure was put on earlier years."""

    start: date
    end: date
    note: str = ""
    is_rebased: bool = False


def spans(physics: Physics, row: Row, as_of: date, complaints: Complaints) -> list[Span]:
    """The intervals *row* of purchased_factors speaks for, as known on *as_of*; none once it is replaced."""
    start, end = day(row, "valid_from", LONG_AGO, complaints), day(row, "valid_to", OPEN_END, complaints)
    for event in physics.rows["replacements"]:
        if event["replaced"] == row["factor_id"]:
            if _is_known(physics, event, as_of):
                return []
            end = OPEN_END
    return [Span(start, end), *_earlier(physics, row, as_of, start, complaints)]


def is_replaced(physics: Physics, row: Row, as_of: date) -> bool:
    """Whether a later document has taken the place of *row* by *as_of*."""
    return any(
        event["replaced"] == row["factor_id"] and _is_known(physics, event, as_of)
        for event in physics.rows["replacements"]
    )


def hold_replacements(physics: Physics, complaints: Complaints) -> None:
    """Old and new are the same quantity, and the new document is the later one."""
    rows = {row["factor_id"]: row for row in physics.rows["purchased_factors"]}
    for event in physics.rows["replacements"]:
        old, new = rows.get(event["replaced"]), rows.get(event["factor_id"])
        for column, found in (("replaced", old), ("factor_id", new)):
            if found is None:
                complaints.add(event, column, "purchased_factors.csv 中已登记的编号")
        if old is None or new is None:
            continue
        for column in _ALIKE:
            if old[column] != new[column]:
                complaints.say(event.where, f"{old.where} 与 {new.where} 的 {column} 不同，不能互相替代")
        _hold_dates(physics, event, old, new, complaints)


def _hold_dates(physics: Physics, event: Row, old: Row, new: Row, complaints: Complaints) -> None:
    known = physics.published.get(event["source_id"])
    before = physics.published.get(old["source_id"])
    if known is None:
        complaints.add(event, "source_id", "有发布日期的文件：替代自发布之日起才为人所知")
    elif before is not None and known <= before:
        complaints.add(event, "source_id", f"晚于被替代文件（{before}）发布的文件")
    if old["series"] == new["series"]:
        complaints.say(new.where, f"与被替代的 {old.where} 同属序列 “{new['series']}”，应另立序列")


def _earlier(physics: Physics, row: Row, as_of: date, until: date, complaints: Complaints) -> list[Span]:
    """The years of the rows *row* has replaced, where its document governs them too."""
    rows = {other["factor_id"]: other for other in physics.rows["purchased_factors"]}
    found = []
    for event in physics.rows["replacements"]:
        reaches = event["factor_id"] == row["factor_id"] and event["reaches_back"] == "true"
        if reaches and _is_known(physics, event, as_of):
            start = day(rows[event["replaced"]], "valid_from", LONG_AGO, complaints)
            found.append(Span(start, until, event["note"], is_rebased=True))
    return found


def _is_known(physics: Physics, event: Row, as_of: date) -> bool:
    published = physics.published.get(event["source_id"])
    return published is None or published <= as_of
