"""What a screen is made of, and how its rows are fetched."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.periods import Month

MOST_ROWS = 40


@dataclass(frozen=True)
class Section:
    """One table on the screen; ``rows`` are texts under ``header``."""

    title: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True)
class Explanation:
    """One screen: what the figure is, how it was formed, what stands behind it, where to go next."""

    figure: str
    title: str
    value: str
    formula: str
    sections: list[Section]
    closer: list[str] = field(default_factory=list)
    agrees: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def rows_of(ledger: Ledger, sql: str, parameters: list[Any]) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    return ledger.rows(sql, parameters).to_dicts()


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
