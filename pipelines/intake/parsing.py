"""A file to typed lines or to its problems: grid, heading, data rows, columns, agreements, one verdict.

All problems of a file are gathered; a file with any error is refused whole, so that nothing enters in part.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from pipelines.errors import Problem
from pipelines.intake.agreements import hold_together
from pipelines.intake.body import Body, body_of
from pipelines.intake.codes import problem
from pipelines.intake.columns import Columns
from pipelines.intake.headers import Heading, find_heading, likeness
from pipelines.intake.reading import Grid, read_grid
from pipelines.periods import SHANGHAI

MOST_PROBLEMS = 200
COMMISSION = "commission"


@dataclass
class Outcome:
    """What reading one file gave: typed lines when it is accepted (``parquet`` from the child), every problem."""

    contract: str = ""
    rows: int = 0
    lines: pl.DataFrame = field(default_factory=pl.DataFrame)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    first_month: str = ""
    last_month: str = ""
    parquet: bytes = b""

    @property
    def is_accepted(self) -> bool:
        """No problem is an error."""
        return not any(item.severity == "error" for item in self.problems)


def receipt_of(sha256: str) -> str:
    """The receipt number of some bytes: the same bytes have the same receipt."""
    return f"R{sha256[:16]}"


def parse(data: bytes, sender: str, at: datetime, wanted: str = "") -> Outcome:
    """Read *data* as *sender* sent it on *at*; *wanted* names the contract when the sender did."""
    grid = read_grid(data, likeness)
    if grid.problems:
        return _told(Outcome(problems=grid.problems))
    heading = find_heading(grid, wanted)
    if isinstance(heading, list):
        return _told(Outcome(problems=heading, rows=max(grid.height - 1, 0)))
    return _told(_outcome(grid, heading, sender, at))


def line_text(data: bytes, line_no: int) -> str:
    """One line of a file as it was sent, cells joined by `` | ``; blank when there is none."""
    cells = read_grid(data, likeness).text_of_line(line_no)
    return " | ".join(cells).rstrip(" |")


def _outcome(grid: Grid, heading: Heading, sender: str, at: datetime) -> Outcome:
    contract = heading.contract
    outcome = Outcome(contract=contract.contract, problems=[*grid.notes, *heading.problems])
    if sender != COMMISSION and "factory" not in contract.senders:
        outcome.problems.append(problem("E109", read=contract.title.zh))
    body = body_of(grid, heading)
    outcome.problems += body.problems
    outcome.rows = body.height
    if not body.height:
        outcome.problems.append(problem("E107"))
    elif not any(item.code in ("E109", "E202", "E203", "E204", "E205") for item in outcome.problems):
        _fill(outcome, body, heading, sender, at)
    return outcome


def _fill(outcome: Outcome, body: Body, heading: Heading, sender: str, at: datetime) -> None:
    """Type the columns, hold what joins them, and keep the lines when nothing is wrong."""
    columns = Columns(heading, body)
    columns.read()
    owner = "" if sender == COMMISSION else sender
    hold_together(columns, owner=owner, today=at.astimezone(SHANGHAI).date())
    outcome.problems += columns.problems
    outcome.problem_count = len(outcome.problems) + columns.problem_count - len(columns.problems)
    if outcome.is_accepted:
        outcome.lines = columns.frame()
        outcome.first_month, outcome.last_month = columns.months()


def _told(outcome: Outcome) -> Outcome:
    """Problems in the order of the file, errors and warnings each capped, the count kept."""
    errors = [item for item in outcome.problems if item.severity == "error"]
    warnings = [item for item in outcome.problems if item.severity != "error"]
    outcome.problem_count = max(outcome.problem_count, len(errors) + len(warnings))
    outcome.problems = [
        *sorted(errors, key=lambda item: (item.line, item.code))[:MOST_PROBLEMS],
        *sorted(warnings, key=lambda item: (item.line, item.code))[:MOST_PROBLEMS],
    ]
    return outcome
