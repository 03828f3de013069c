"""What a column or an expression is, for the unit checker."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.units.measures import ONE, Measure


@dataclass(frozen=True)
class Number:
    """A quantity stated in *measure*. ``is_bare``: a literal without a declared unit."""

    measure: Measure
    is_bare: bool = False


@dataclass(frozen=True)
class Anything:
    """Null or zero: fits any unit."""


@dataclass(frozen=True)
class Text:
    """Anything that is no quantity: text, date, boolean.

    ``constant`` is its value when every row has the same; ``names`` the measure it names (a unit column);
    ``node`` the column it is in its scope, when it is one.
    """

    constant: str | None = None
    names: Measure | None = None
    node: str | None = None


Cell = Number | Anything | Text
Columns = dict[str, Cell]
"""The columns of a table or query. Symbols in its measures are names of its own columns."""

COUNT = Number(ONE)
PLAIN = Text()


class UnitError(Exception):
    """An expression whose units do not hold: said once, where it stands."""

    def __init__(self, message_zh: str, message_en: str) -> None:
        super().__init__(message_en)
        self.message_zh = message_zh
        self.message_en = message_en
