"""A run as it is asked: the active factors, the frozen months by their own clocks, the months to restate."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pipelines.dag import clocks, factors
from pipelines.dag.clocks import Standing
from pipelines.dag.site import Rulebook, Site
from pipelines.intake import Landing
from pipelines.paths import Home
from pipelines.periods import Month


class Order(NamedTuple):
    """重述 | Which frozen months to restate, why, who approved it, on which day."""

    months: tuple[Month, ...]
    reason: str
    approver: str
    on: date


class Basis(NamedTuple):
    """What stands before a run begins: the register's frozen months and the rules in use."""

    standing: Standing
    rules: Rulebook


def basis(home: Home) -> Basis:
    """The frozen months and the active factor release of an installation."""
    with Landing.open(home) as landing:
        standing = clocks.standing(landing)
    return Basis(standing, Rulebook(emission_factors=factors.active(home).folder))


def site(home: Home, through: Month, as_of: date, stands: Basis, order: Order | None = None) -> Site:
    """The site of a run through *through*, as known on *as_of*; with *order*, some frozen months anew.

    Raises:
        FrozenMonth: the knowledge date is earlier than that of a frozen month, or a month to be restated is not
            frozen.
    """
    restating = clocks.restating(stands.standing, through, *order) if order else None
    months = restating.months if restating else ()
    frozen = {
        month: held
        for month, held in stands.standing.frozen.items()
        if month <= through and month not in months
    }
    clocks.hold_order(frozen, as_of)
    told = tuple(said for said in stands.standing.restatements if min(said["months"]) <= str(through))
    return Site(home, through, as_of, stands.rules, frozen=frozen, restating=restating, restatements=told)
