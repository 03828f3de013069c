"""What a page says of a release besides its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.periods import Month


@dataclass(frozen=True)
class ReleaseFacts:
    """One release: what it covers, what was known, how many files and rows met which fate.

    ``files`` counts submissions by outcome (accepted, refused), ``rows`` lines by fate (admitted, held, rejected,
    superseded). ``purposes`` names every accounting basis in Chinese by its code; one missing there is shown as
    its code. ``notes`` are warnings of checks that did not block.
    """

    release_id: str
    through: Month
    as_of: date
    purpose: str
    purpose_zh: str
    files: Mapping[str, int]
    rows: Mapping[str, int]
    quality_report: str
    notes: tuple[str, ...] = ()
    purposes: Mapping[str, str] = field(default_factory=dict)

    @property
    def month(self) -> date:
        """The month every figure ends with, as tables write it."""
        return self.through.first

    def purpose_name(self, purpose: str) -> str:
        """核算口径 | The Chinese name of an accounting basis."""
        return self.purpose_zh if purpose == self.purpose else self.purposes.get(purpose, purpose)
