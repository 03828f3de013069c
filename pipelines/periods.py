"""Months and half-open intervals: how the ledger speaks of time.

Official time is Asia/Shanghai. "Now" is never read here: a clock is passed in by the doors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]

_MONTHS_A_YEAR = 12
_TEXT_FORMS = (
    re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?:份)?"),
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})"),
    # A date inside the month, as spreadsheets print it.
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.]\d{1,2}(?:[ T]00:00:00(?:\.0+)?)?"),
    re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月\d{1,2}日"),
)


def shanghai_now() -> datetime:
    """The clock the doors pass in: this moment, Asia/Shanghai."""
    return datetime.now(SHANGHAI)


@dataclass(frozen=True, order=True)
class Month:
    """报告期 | One calendar month.

    >>> Month.parse("2023年5月")
    Month(year=2023, month=5)
    >>> str(Month(2023, 12).next())
    '2024-01'
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= _MONTHS_A_YEAR:
            raise ValueError(f"month {self.month} is not 1-12")

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month a factory means by ``2023-05``, ``2023年5月``, ``2023/5``, ``2023.05`` or ``202305``.

        *text* must already be folded to half-width. A day inside the month is accepted, as spreadsheets print it.

        >>> str(Month.parse("202305")), str(Month.parse("2023/5")), str(Month.parse("2023-05-01"))
        ('2023-05', '2023-05', '2023-05')

        Raises:
            ValueError: the text names no month.
        """
        for form in _TEXT_FORMS:
            found = form.fullmatch(text.strip())
            if found:
                return cls(int(found["year"]), int(found["month"]))
        raise ValueError(f"no month in {text!r}")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month *day* lies in."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day, which stands for the month in every table."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next().first - timedelta(days=1)

    def next(self) -> Month:
        """The month after."""
        return self.shift(1)

    def shift(self, months: int) -> Month:
        """*months* later (earlier when negative)."""
        index = self.year * _MONTHS_A_YEAR + self.month - 1 + months
        return Month(index // _MONTHS_A_YEAR, index % _MONTHS_A_YEAR + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from *first* to *last*, both included.

    >>> [str(m) for m in months_between(Month(2022, 12), Month(2023, 1))]
    ['2022-12', '2023-01']
    """
    month = first
    while month <= last:
        yield month
        month = month.next()
