"""Which row wins: candidates in a written order, turned into half-open intervals without ties.

The order itself is data (``purchased_resolution.csv``, ``fuel_editions.csv``, ``coal_order.csv``): rank 1
first, and inside a rank the row in force. Where a series has ended and the next year is not yet published,
its newest earlier row may stand in, marked provisional. A tie is an error, never "the first row".
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pipelines.reference.datafiles import Complaints


@dataclass(frozen=True)
class Candidate:
    """One row that could answer: its rank in the order, its interval of activity dates, its value."""

    factor_id: str
    rank: int
    level: str
    start: date
    end: date
    value: Fraction
    may_stand_in: bool = False
    note: str = ""


@dataclass(frozen=True)
class Choice:
    """The row chosen for an interval of activity dates."""

    start: date
    end: date
    candidate: Candidate
    is_provisional: bool

    @property
    def note(self) -> str:
        """Why, when it is not simply the first in the order."""
        year = self.candidate.start.year
        if self.is_provisional:
            return f"当期因子尚未公布，暂用 {year} 年数据；{self.candidate.note}".rstrip("；")
        return self.candidate.note


def choose(candidates: Sequence[Candidate], about: str, complaints: Complaints) -> list[Choice]:
    """The winning row for every interval any candidate speaks of, adjacent equal intervals joined.

    Intervals nobody speaks of are left out: unknown is not zero. *about* names the question in a complaint.
    """
    bounds = sorted({day for candidate in candidates for day in _bounds(candidate)})
    choices: list[Choice] = []
    for start, end in itertools.pairwise(bounds):
        choice = _winner(candidates, start, end, about, complaints)
        if choice is None:
            continue
        last = choices[-1] if choices else None
        if last and last.end == start and _same(last, choice):
            choices[-1] = Choice(last.start, end, last.candidate, last.is_provisional)
        else:
            choices.append(choice)
    return choices


def _winner(
    candidates: Iterable[Candidate], start: date, end: date, about: str, complaints: Complaints
) -> Choice | None:
    in_force = [candidate for candidate in candidates if candidate.start <= start and end <= candidate.end]
    stand_ins = [candidate for candidate in candidates if candidate.may_stand_in and candidate.end <= start]
    for rank in sorted({candidate.rank for candidate in (*in_force, *stand_ins)}):
        exact = [candidate for candidate in in_force if candidate.rank == rank]
        if len(exact) > 1:
            names = "、".join(sorted(candidate.factor_id for candidate in exact))
            complaints.say(about, f"{start} 起有多行并列，无法取舍：{names}")
        if exact:
            return Choice(start, end, exact[0], is_provisional=False)
        earlier = [candidate for candidate in stand_ins if candidate.rank == rank]
        if earlier:
            return Choice(
                start, end, max(earlier, key=lambda row: (row.end, row.factor_id)), is_provisional=True
            )
    return None


def _bounds(candidate: Candidate) -> tuple[date, ...]:
    forever = (date.max,) if candidate.may_stand_in else ()
    return (candidate.start, candidate.end, *forever)


def _same(one: Choice, other: Choice) -> bool:
    return one.candidate is other.candidate and one.is_provisional == other.is_provisional
