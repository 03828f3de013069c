"""The engine room: SQL models in, tables out. The only place that knows DuckDB and SQLGlot.

Gives :class:`Ledger` (one database file, opened for one purpose), :class:`Model` and :class:`Check`
(SQL files with their headers read) and the loaders that put models in dependency order.
Policy, factors and file formats do not belong here. Whatever the database refuses is told as
:class:`pipelines.errors.SqlFailed`.
"""

from pipelines.engine.ledger import Ledger, exclusive
from pipelines.engine.models import Check, Column, Model, load_checks, load_model, load_models
from pipelines.engine.unitcheck import UnitLine, UnitReport, check_units

__all__ = [
    "Check",
    "Column",
    "Ledger",
    "Model",
    "UnitLine",
    "UnitReport",
    "check_units",
    "exclusive",
    "load_checks",
    "load_model",
    "load_models",
]
