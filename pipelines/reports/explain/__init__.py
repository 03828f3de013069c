"""From a figure back to the lines and factors it came from, and computed again beside what is stored.

A figure is named by a path, each step one closer to the source; :mod:`.kinds` lists them and :func:`names` prints
the list. Every screen is recomputed while it is asked for, from the lines as received and the rulebook as printed,
in decimals and a unit registry of its own (:mod:`pipelines.units.decimals`). Where the recomputation and the ledger
part, even in the last digit, the screen says so: ``Explanation.agrees`` is false and the command exits 1.
"""

from pipelines.reports.explain.evidence import Evidence, Published
from pipelines.reports.explain.examples import names
from pipelines.reports.explain.kinds import explain
from pipelines.reports.explain.shapes import Explanation, Gate, Line, Section, Source, Step

__all__ = [
    "Evidence",
    "Explanation",
    "Gate",
    "Line",
    "Published",
    "Section",
    "Source",
    "Step",
    "explain",
    "names",
]
