"""Reports: published marts in, pages people read out.

``dashboard``      one self-contained HTML page
``workbook``       the same figures as a spreadsheet
``brief_text``     the monthly brief
``progress``       both goals and every target, for the terminal and for programs
``explain``        a figure walked back to lines and factors and computed again; ``card`` is the same on paper
``export_ledger``  every submission and row verdict as JSON lines

What does not belong here: arithmetic. A mart carries numerator and denominator; the one division and the one
rounding happen in :mod:`pipelines.reports.figures`. Every text from a file is made harmless for the place it is
shown in: HTML by the template, Markdown, terminal and spreadsheet by :mod:`pipelines.reports.escaping`.
"""

from pipelines.reports.brief import brief_text
from pipelines.reports.card import card
from pipelines.reports.dashboard import dashboard
from pipelines.reports.explain import Explanation, Published, explain
from pipelines.reports.explain import names as figure_names
from pipelines.reports.exporting import export_ledger
from pipelines.reports.facts import ReleaseFacts, Standing
from pipelines.reports.progress import progress, progress_text
from pipelines.reports.screen import show
from pipelines.reports.standing import standing_lines
from pipelines.reports.workbook import workbook

__all__ = [
    "Explanation",
    "Published",
    "ReleaseFacts",
    "Standing",
    "brief_text",
    "card",
    "dashboard",
    "explain",
    "export_ledger",
    "figure_names",
    "progress",
    "progress_text",
    "show",
    "standing_lines",
    "workbook",
]
