"""What a screen is made of: steps recomputed beside what is stored, conditions held, tables, and where to go next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures

MOST_ROWS = 40
_YEAR_DIGITS = 4

PUBLISHED_PLACE = "发布 "
UNKNOWN, NONE = "未知", "—"

Value = Decimal | int | str | bool | date | None


@dataclass(frozen=True)
class Section:
    """One table on the screen; ``rows`` are texts under ``header``."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Step:
    """One step of a recomputation.

    ``value`` is what was recomputed. ``place`` says where the ledger keeps the same number (``table.column``) and
    ``stored`` what stands there; without a place the step is shown and not compared.
    """

    name: str
    expression: str
    value: Value
    unit: str = ""
    rounding: str = ""
    place: str = ""
    stored: Value = None
    absent: str = UNKNOWN
    """What no value is called here: unknown, unless there is none to be known."""

    @property
    def agrees(self) -> bool:
        """Equal to the last digit, or nothing to compare with."""
        return not self.place or self.value == self.stored

    @property
    def is_published(self) -> bool:
        """Whether it is compared with the release's mart, not with the ledger."""
        return self.place.startswith(PUBLISHED_PLACE)

    @property
    def difference(self) -> Decimal | None:
        """Stored less recomputed; nothing when one of them is unknown or no number."""
        if isinstance(self.value, Decimal | int) and isinstance(self.stored, Decimal | int):
            return Decimal(self.stored) - Decimal(self.value)
        return None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, the verdict included."""
        return {
            "name": self.name,
            "expression": self.expression,
            "recomputed": self.value,
            "unit": self.unit,
            "rounding": self.rounding,
            "place": self.place,
            "stored": self.stored,
            "agrees": self.agrees if self.place else None,
        }


@dataclass(frozen=True)
class Gate:
    """A condition checked anew: may this row be used for this date and purpose, is this line admitted."""

    name: str
    holds: bool
    detail: str


@dataclass(frozen=True)
class Line:
    """A line as received."""

    receipt_id: str
    line_no: int
    filename: str
    received_on: date | None
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its cells, joined."""
        return " | ".join(self.cells)


@dataclass(frozen=True)
class Source:
    """A row of the rulebook as printed, and the document it came from."""

    factor_id: str
    what: str
    value_text: str
    unit_text: str
    title: str
    document_number: str
    published_on: date | None
    valid_from: str
    valid_to: str
    confidence: str
    place: str


@dataclass(frozen=True)
class Explanation:
    """One screen: what the figure is, how it was formed, what stands behind it, where to go next."""

    figure: str
    title: str
    value: str
    formula: str
    sections: Sequence[Section] = ()
    closer: Sequence[str] = ()
    steps: Sequence[Step] = ()
    gates: Sequence[Gate] = ()
    lines: Sequence[Line] = ()
    sources: Sequence[Source] = ()
    notes: Sequence[str] = ()
    scope: str = ""
    release: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    parts_compared: int = 0
    """Stored numbers of parts that were recomputed and agree, and are too many to show."""
    part_roundings: Sequence[str] = ()
    """How those parts were rounded."""

    @property
    def agrees(self) -> bool:
        """Every compared step is equal to the last digit and every condition holds."""
        return all(step.agrees for step in self.steps) and all(gate.holds for gate in self.gates)

    @property
    def first_difference(self) -> Step | None:
        """The first step, in the order of the computation, that differs."""
        return next((step for step in self.steps if not step.agrees), None)

    @property
    def compared(self) -> int:
        """How many stored numbers were recomputed."""
        return self.parts_compared + sum(1 for step in self.steps if step.place)

    @property
    def roundings(self) -> list[str]:
        """Each way of rounding used, once, in order."""
        own = [step.rounding for step in self.steps if step.rounding]
        return list(dict.fromkeys([*self.part_roundings, *own]))

    def verdict(self) -> list[str]:
        """In plain words: agreement, or what was stored, what was recomputed, and where they part."""
        if self.agrees and not self.compared:
            return ["本页为名单与原文，没有可复算的数值。"]
        if self.agrees:
            return [f"独立复算一致：{self.compared:,} 个存储值逐位相同。"]
        told = ["独立复算与存储值不一致，请勿引用本数，并报告数据管理员。"]
        step = self.first_difference
        if step is not None:
            told.append(
                f"最先不一致的一步：{step.name}（{step.place}）存储 {shown(step.stored)} {step.unit}，"
                f"复算 {shown(step.value)} {step.unit}，相差 {shown(step.difference)}。"
            )
        told += [f"条件不成立：{gate.name}：{gate.detail}" for gate in self.gates if not gate.holds]
        return told

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; the shape is described in docs/method."""
        first = self.first_difference
        return {
            "figure": self.figure,
            "title": self.title,
            "value": self.value,
            "formula": self.formula,
            "agrees": self.agrees,
            "verdict": self.verdict(),
            "compared": self.compared,
            "first_difference": first.as_dict() if first else None,
            "scope": self.scope,
            "release": self.release,
            "facts": dict(self.facts),
            "steps": [step.as_dict() for step in self.steps],
            "gates": [vars(gate) for gate in self.gates],
            "lines": [{**vars(line), "cells": list(line.cells)} for line in self.lines],
            "sources": [vars(source) for source in self.sources],
            "roundings": self.roundings,
            "notes": list(self.notes),
            "sections": [
                {"title": s.title, "header": list(s.header), "rows": [list(row) for row in s.rows]}
                for s in self.sections
            ],
            "closer": list(self.closer),
        }


def shown(value: Value, absent: str = UNKNOWN) -> str:
    """A value with every digit, thousands apart; words for what is unknown.

    >>> shown(Decimal("1234567.500")), shown(None), shown(True)
    ('1,234,567.5', '未知', '是')
    """
    if value is None:
        return absent
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal | int):
        whole, dot, rest = figures.plain(Decimal(value)).partition(".")
        return f"{int(whole):,}{dot}{rest}" if whole not in ("-0", "") else f"{whole}{dot}{rest}"
    return str(value)


def called(names: Mapping[str, str], code: str | None) -> str:
    """What a code is called; the code itself where the list has no name for it, blank for none."""
    return names.get(code, code) if code else ""


def rows_of(ledger: Ledger, sql: str, parameters: list[Any]) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    return ledger.rows(sql, parameters).to_dicts()


def year_of(text: str) -> int:
    """The year in a figure's name.

    Raises:
        NotFound: it names none.
    """
    if len(text) == _YEAR_DIGITS and text.isascii() and text.isdigit():
        return int(text)
    raise NotFound(f"读到年份 “{text}”，应为 YYYY。", f"read year {text!r}, expected YYYY")


def month_of(text: str) -> Month:
    """The month in a figure's name.

    Raises:
        NotFound: it names none.
    """
    try:
        return Month.parse(text)
    except ValueError as error:
        raise NotFound(
            f"读到月份 “{text}”，应为 YYYY-MM。", f"read month {text!r}, expected YYYY-MM"
        ) from error
