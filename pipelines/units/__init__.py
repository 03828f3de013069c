"""Units: what a factory writes, what it may mean, and exactly how much one unit is of another.

>>> multiplier("wan_kWh", "MWh")
Fraction(10, 1)
"""

from pipelines.units.activities import (
    Activity,
    activities,
    activity_unit_problem,
    resolve_term,
    term_names,
)
from pipelines.units.decimals import Quantity, quantity
from pipelines.units.kinds import (
    HEAT_IN_TONNES,
    EnergyKind,
    aliases_of,
    counted_note,
    energy_code_of,
    energy_kinds,
    fold,
    known_units,
    preferred_spelling,
    resolve_unit,
    unit_problem,
)
from pipelines.units.registry import dimension, multiplier, to_decimal

__all__ = [
    "HEAT_IN_TONNES",
    "Activity",
    "EnergyKind",
    "Quantity",
    "activities",
    "activity_unit_problem",
    "aliases_of",
    "counted_note",
    "dimension",
    "energy_code_of",
    "energy_kinds",
    "fold",
    "known_units",
    "multiplier",
    "preferred_spelling",
    "quantity",
    "resolve_term",
    "resolve_unit",
    "term_names",
    "to_decimal",
    "unit_problem",
]
