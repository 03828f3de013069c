"""Units proven in the SQL: every output expression's unit is inferred and held against the model's header.

:mod:`cells` says what a column may be, :mod:`scope` which columns of one SELECT hold the same value,
:mod:`expressions` infers one expression, :mod:`selects` a whole query, :mod:`report` all models.
"""

from pipelines.engine.unitcheck.report import UnitLine, UnitReport, check_units

__all__ = ["UnitLine", "UnitReport", "check_units"]
