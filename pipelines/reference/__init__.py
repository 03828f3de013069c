"""Reference data: data folders in, ``ref.*`` tables out, checked before anything is computed with them.

``load``         physics: units, energy kinds, heat values, factors chosen for each purpose (emission_factors/)
``resolve``      one question to those files: what applies, and why nothing else does
``load_policy``  what must hold: 6+X industries, targets, criteria, calendar (schemas/)

The steward changes data; nothing here needs to change with it. Every problem of a folder is told at once.
"""

from pipelines.reference import policytables
from pipelines.reference.asking import PARAMETERS, Answer, Question, Resolution, described, resolve
from pipelines.reference.load import Reference, digest, fingerprint, load
from pipelines.reference.policy import (
    FilingCalendar,
    closing_day,
    filing_calendar,
    first_month,
    load_policy,
)
from pipelines.reference.resolution import REASONS
from pipelines.reference.tables import SCHEMAS

__all__ = [
    "COLUMNS",
    "PARAMETERS",
    "REASONS",
    "TABLES",
    "Answer",
    "FilingCalendar",
    "Question",
    "Reference",
    "Resolution",
    "closing_day",
    "described",
    "digest",
    "filing_calendar",
    "fingerprint",
    "first_month",
    "load",
    "load_policy",
    "resolve",
]

COLUMNS = {table: tuple(columns) for table, columns in {**SCHEMAS, **policytables.SCHEMAS}.items()}
"""Every ``ref.*`` table made here, with its columns."""

TABLES = tuple(COLUMNS)
