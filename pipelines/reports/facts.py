"""What a page says of a release besides its figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipelines.periods import Month


@dataclass(frozen=True)
class ReleaseFacts:
    """One release: what it covers, what was known, how many files and rows met which fate."""

    release_id: str
    through: Month
    as_of: date
    purpose: str
    purpose_zh: str
    files: dict[str, int]
    rows: dict[str, int]
    quality_report: str
    notes: tuple[str, ...] = ()

    @property
    def month(self) -> date:
        """The month every figure ends with, as tables write it."""
        return self.through.first
