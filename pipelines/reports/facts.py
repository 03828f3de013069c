"""What a page says of a release besides its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.periods import Month


@dataclass(frozen=True)
class Standing:
    """发布状态 | Which months stand for good, which are 初步, what was restated, what waits for it.

    ``restatements`` are the register's words (release, months, reason, approver, on, district); ``pending`` the
    district's figures that would be others by what is known today, as ``district`` of a restatement.
    """

    factors: str = ""
    frozen: int = 0
    preliminary: tuple[str, ...] = ()
    restatements: tuple[Mapping[str, Any], ...] = ()
    pending: tuple[Mapping[str, Any], ...] = ()
    pending_months: tuple[str, ...] = ()
    pending_figures: int = 0
    set_aside_lines: int = 0
    set_aside_decisions: int = 0


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
    standing: Standing = field(default_factory=Standing)

    @property
    def month(self) -> date:
        """The month every figure ends with, as tables write it."""
        return self.through.first

    def purpose_name(self, purpose: str) -> str:
        """核算口径 | The Chinese name of an accounting basis."""
        return self.purpose_zh if purpose == self.purpose else self.purposes.get(purpose, purpose)
