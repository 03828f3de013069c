"""分项 | What a screen tells of parts recomputed one by one, when they are too many to show.

Parts that agree are counted; of those that do not, the first in order is shown step by step; of the conditions
those that fail, or in one line how many hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipelines.reports.explain.shapes import Gate, Step


class Part(NamedTuple):
    """One part: how it is called where it must be shown, its steps and its conditions."""

    label: str
    steps: Sequence[Step]
    gates: Sequence[Gate] = ()

    @property
    def agrees(self) -> bool:
        """Every step; a part with a failing condition may agree all the same."""
        return all(step.agrees for step in self.steps)


@dataclass(frozen=True)
class Parts:
    """All parts of one figure."""

    every: Sequence[Part]

    @classmethod
    def of(cls, parts: Iterable[Part]) -> Parts:
        """Some parts, in the order of the computation."""
        return cls(tuple(parts))

    def __len__(self) -> int:
        return len(self.every)

    @property
    def parting(self) -> list[Step]:
        """The steps of the first part that differs, each under its label; none when all agree."""
        part = next((part for part in self.every if not part.agrees), None)
        if part is None:
            return []
        return [replace(step, name=f"{part.label} {step.name}".strip()) for step in part.steps]

    @property
    def compared(self) -> int:
        """Stored numbers of the parts that agree."""
        return sum(1 for part in self.every if part.agrees for step in part.steps if step.place)

    @property
    def roundings(self) -> list[str]:
        """Each way of rounding of the parts that agree, once."""
        agreeing = (step for part in self.every if part.agrees for step in part.steps)
        return list(dict.fromkeys(step.rounding for step in agreeing if step.rounding))

    def gates(self, name: str = "因子条件") -> list[Gate]:
        """The conditions that fail; when none does, one line called *name* that says how many hold."""
        held = list(dict.fromkeys(gate for part in self.every for gate in part.gates))
        failed = [gate for gate in held if not gate.holds]
        return failed or ([Gate(name, True, f"{len(held)} 项条件全部成立")] if held else [])
