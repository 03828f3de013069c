"""Which row wins: options in a written order, turned into half-open intervals without ties.

The order itself is data (``purchased_resolution.csv``, ``fuel_editions.csv``, ``coal_order.csv``): rank 1
first, and inside a rank the row in force. Where a series has ended and the next year is not yet published,
its newest earlier row may stand in, marked provisional. A tie is an error, never "the first row".
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from pipelines.reference.datafiles import Complaints, Row

REASONS: dict[str, tuple[str, str]] = {
    "recalled": ("仅凭记忆，未核对原件，正式运行不用", "known from memory only"),
    "do_not_use": ("标为不得使用", "marked do not use"),
    "other_purpose": ("用于其他口径或用途", "another purpose"),
    "other_region": ("适用于其他地区", "another region"),
    "other_parameter": ("是另一种参数", "another parameter"),
    "incomplete": ("该版本对此燃料不成套，算不出因子", "the edition does not state all inputs of this fuel"),
    "undated": ("没有施行日期，只供比较", "undated, kept for comparison"),
    "not_published": ("截至知识日期尚未公布", "not yet published on the knowledge date"),
    "replaced": ("已被后来的文件替代", "superseded by a later document"),
    "out_of_range": ("活动日期不在其有效区间", "the activity date is outside its interval"),
    "lower_rank": ("取用次序靠后", "lower in the order"),
    "older_year": ("数据年份较早", "older data year"),
}
"""Why a row does not answer, in the order the reasons are looked for: code → Chinese, English."""


@dataclass(frozen=True)
class Candidate:
    """One row that could answer: its rank in the order, its interval of activity dates, its value.

    ``series`` names what is measured and how: rows of one series may follow one another in a curve.
    ``is_rebased`` marks an interval the row's own document did not speak of first (历史排放按新值重算).
    ``rows`` are the lines of the data files the value was made of.
    """

    factor_id: str
    rank: int
    level: str
    start: date
    end: date
    value: Fraction
    may_stand_in: bool = False
    note: str = ""
    series: str = ""
    is_rebased: bool = False
    rows: tuple[Row, ...] = ()

    @property
    def where(self) -> str:
        """Name, file and line, for a complaint."""
        return f"{self.factor_id}（{self.rows[0].where}）" if self.rows else self.factor_id


@dataclass(frozen=True)
class Option:
    """A candidate, and the codes of :data:`REASONS` for which it may not be chosen; none: it may."""

    candidate: Candidate
    refusals: tuple[str, ...] = ()


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
        year = (self.candidate.end - timedelta(days=1)).year
        if self.is_provisional:
            return f"当期因子尚未公布，暂用 {year} 年数据；{self.candidate.note}".rstrip("；")
        return self.candidate.note


def usable(options: Iterable[Option]) -> list[Candidate]:
    """The candidates nothing speaks against."""
    return [option.candidate for option in options if not option.refusals]


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


def why_not(candidate: Candidate, day: date, chosen: Candidate | None) -> str:
    """Why a usable *candidate* does not answer for *day* when *chosen* does (or nothing does)."""
    speaks = candidate.start <= day < candidate.end
    stands_in = candidate.may_stand_in and candidate.end <= day
    if chosen is None or not (speaks or stands_in):
        return "out_of_range"
    return "lower_rank" if candidate.rank > chosen.rank else "older_year"


def _winner(
    candidates: Iterable[Candidate], start: date, end: date, about: str, complaints: Complaints
) -> Choice | None:
    in_force = [candidate for candidate in candidates if candidate.start <= start and end <= candidate.end]
    stand_ins = [candidate for candidate in candidates if candidate.may_stand_in and candidate.end <= start]
    for rank in sorted({candidate.rank for candidate in (*in_force, *stand_ins)}):
        exact = [candidate for candidate in in_force if candidate.rank == rank]
        if exact:
            return Choice(start, end, _the_one(exact, start, about, complaints), is_provisional=False)
        earlier = [candidate for candidate in stand_ins if candidate.rank == rank]
        if earlier:
            newest = max(candidate.end for candidate in earlier)
            last = [candidate for candidate in earlier if candidate.end == newest]
            return Choice(start, end, _the_one(last, start, about, complaints), is_provisional=True)
    return None


def _the_one(tied: Sequence[Candidate], start: date, about: str, complaints: Complaints) -> Candidate:
    """The only one, or, with a complaint naming all, any of those that tie: the run will stop."""
    if len(tied) > 1:
        names = "、".join(sorted(candidate.where for candidate in tied))
        complaints.say(about, f"{start} 起有多行并列，无法取舍：{names}")
    return tied[0]


def _bounds(candidate: Candidate) -> tuple[date, ...]:
    forever = (date.max,) if candidate.may_stand_in else ()
    return (candidate.start, candidate.end, *forever)


def _same(one: Choice, other: Choice) -> bool:
    return one.candidate is other.candidate and one.is_provisional == other.is_provisional
