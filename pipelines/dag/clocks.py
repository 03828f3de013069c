"""封账 | Which months are frozen, and by which clock each of them runs.

A month that was published after its closing day is frozen: it keeps the clock it was published by — knowledge
date, last submission, last decision, factor release. A later run sees for that month nothing newer than its
clock, whatever was received, decided or published since. A restatement winds the clock of the months it names.
The clocks stand in the register as events, so they cannot be changed without being seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.errors import FrozenMonth
from pipelines.periods import Month

if TYPE_CHECKING:
    from pipelines.intake import Landing

FROZEN, RESTATED = "frozen", "restated"


@dataclass(frozen=True)
class Clock:
    """What was known when a month was published.

    ``submission_seq`` is the last submission's number in the register, ``decision_seq`` the last steward
    decision's; ``factors`` is the id of the factor release.
    """

    as_of: date
    submission_seq: int
    decision_seq: int
    factors: str

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self) | {"as_of": self.as_of.isoformat()}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Clock:
        """The clock that :meth:`as_dict` wrote."""
        return cls(
            date.fromisoformat(said["as_of"]), said["submission_seq"], said["decision_seq"], said["factors"]
        )


class Frozen(NamedTuple):
    """The release a month's figures were published by, and the clock they were made by."""

    release: str
    clock: Clock


@dataclass(frozen=True)
class Restating:
    """重述 | What a restating run is asked: which months, why, who approved it, on which day."""

    months: tuple[Month, ...]
    reason: str
    approver: str
    on: date
    replaces: Mapping[Month, Frozen]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values; what is replaced by release."""
        return {
            "months": [str(month) for month in self.months],
            "reason": self.reason,
            "approver": self.approver,
            "on": self.on.isoformat(),
            "replaces": grouped(self.replaces),
        }


class Standing(NamedTuple):
    """What the register says: every frozen month with its clock, and every restatement in order."""

    frozen: dict[Month, Frozen]
    restatements: tuple[dict[str, Any], ...]


def standing(landing: Landing) -> Standing:
    """The frozen months and restatements of an installation."""
    frozen: dict[Month, Frozen] = {}
    restatements: list[dict[str, Any]] = []
    for event in landing.events(FROZEN, RESTATED):
        said = json.loads(event["payload"])
        mine = Frozen(event["receipt_id"], Clock.of(said["clock"]))
        for month in map(Month.parse, said["months"]):
            if event["kind"] == RESTATED or month not in frozen:
                frozen[month] = mine
        if event["kind"] == RESTATED:
            told = {name: value for name, value in said.items() if name != "clock"}
            restatements.append({"release": event["receipt_id"], "approver": event["actor"], **told})
    return Standing(frozen, tuple(restatements))


def grouped(frozen: Mapping[Month, Frozen]) -> list[dict[str, Any]]:
    """Frozen months as JSON values: one entry a release and clock, its months in order.

    >>> clock = Clock(date(2024, 2, 1), 3, 0, "F1")
    >>> [entry["months"] for entry in grouped({Month(2023, 2): Frozen("R", clock), Month(2023, 1): Frozen("R", clock)})]
    [['2023-01', '2023-02']]
    """
    groups: dict[Frozen, list[Month]] = {}
    for month in sorted(frozen):
        groups.setdefault(frozen[month], []).append(month)
    return [
        {"release": held.release, "months": [str(month) for month in months], "clock": held.clock.as_dict()}
        for held, months in groups.items()
    ]


def ungrouped(entries: Iterable[Mapping[str, Any]]) -> dict[Month, Frozen]:
    """What :func:`grouped` wrote, read again."""
    return {
        Month.parse(month): Frozen(entry["release"], Clock.of(entry["clock"]))
        for entry in entries
        for month in entry["months"]
    }


def restating(
    now: Standing, through: Month, months: Iterable[Month], reason: str, approver: str, on: date
) -> Restating:
    """The order to restate *months*.

    Raises:
        FrozenMonth: one of them is not frozen, or lies behind *through*.
    """
    wanted = tuple(sorted(set(months)))
    loose = [month for month in wanted if month not in now.frozen or month > through]
    if loose:
        names = "、".join(map(str, loose))
        raise FrozenMonth(
            f"{names} 没有冻结（未发布、仍为初步，或晚于 {through}），不需要重述：直接运行 greenledger run。",
            f"{', '.join(map(str, loose))}: not a frozen month up to {through}; nothing to restate, simply run",
        )
    return Restating(wanted, reason, approver, on, {month: now.frozen[month] for month in wanted})


def hold_order(frozen: Mapping[Month, Frozen], as_of: date) -> None:
    """A run may not know less than the published months it stands on.

    Raises:
        FrozenMonth: a frozen month was published by a later knowledge date than *as_of*.
    """
    later = [month for month, held in sorted(frozen.items()) if held.clock.as_of > as_of]
    if later:
        newest = max(frozen[month].clock.as_of for month in later)
        names = f"{later[0]}" if len(later) == 1 else f"{later[0]} 至 {later[-1]} 共 {len(later)} 个月"
        raise FrozenMonth(
            f"知识日期 {as_of} 早于已冻结月份（{names}）发布时的知识日期 {newest}，不能发布。"
            f"请用 {newest} 或以后的知识日期；要改已冻结的月份，用 greenledger restate。",
            f"the knowledge date {as_of} is earlier than the one frozen months were published by ({newest}); nothing was published",
        )
