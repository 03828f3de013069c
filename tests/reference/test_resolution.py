"""The choice itself, over any candidates: never two answers for a day, never a better row passed over, ties told."""

from __future__ import annotations

import itertools
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reference.datafiles import Complaints
from pipelines.reference.resolution import Candidate, choose

DAYS = st.dates(date(2020, 1, 1), date(2026, 1, 1))
CANDIDATES = st.lists(
    st.builds(
        lambda days, rank, stands: Candidate(
            factor_id=f"{days[0]}-{rank}",
            rank=rank,
            level="national",
            start=min(days),
            end=max(days),
            value=Fraction(1),
            may_stand_in=stands,
        ),
        st.tuples(DAYS, DAYS).filter(lambda days: days[0] != days[1]),
        st.integers(1, 3),
        st.booleans(),
    ),
    max_size=6,
)


@settings(deadline=None)
@given(CANDIDATES)
def test_choices_never_overlap_and_no_better_row_was_passed_over(candidates: list[Candidate]) -> None:
    choices = choose(candidates, "示例", Complaints())

    for earlier, later in itertools.pairwise(choices):
        assert earlier.end <= later.start
    for choice in choices:
        in_force = [one.rank for one in candidates if one.start <= choice.start < one.end]
        assert choice.is_provisional or choice.candidate.start <= choice.start
        assert all(choice.candidate.rank <= rank for rank in in_force)


@settings(deadline=None)
@given(CANDIDATES)
def test_two_rows_of_one_rank_on_one_day_are_a_complaint_and_never_the_first_row(
    candidates: list[Candidate],
) -> None:
    complaints = Complaints()
    choose(candidates, "示例", complaints)

    days = {day for one in candidates for day in (one.start, one.end)}
    assert bool(complaints.found) == any(is_tied(candidates, day) for day in days)


def is_tied(candidates: list[Candidate], day: date) -> bool:
    """Whether two rows of the best rank that speaks on *day* are in force, or else are both its newest."""
    in_force = [one.rank for one in candidates if one.start <= day < one.end]
    standing_in = [one for one in candidates if one.may_stand_in and one.end <= day]
    best = min([*in_force, *(one.rank for one in standing_in)], default=0)
    if best in in_force:
        return in_force.count(best) > 1
    ends = [one.end for one in standing_in if one.rank == best]
    return bool(ends) and ends.count(max(ends)) > 1
