"""Units: what a factory writes, what it may mean, and exactly how much one unit is of another.

>>> multiplier("wan_kWh", "MWh")
Fraction(10, 1)
"""

from pipelines.units.kinds import (
    HEAT_IN_TONNES,
    EnergyKind,
    aliases_of,
    energy_code_of,
    energy_kinds,
    fold,
    preferred_spelling,
    resolve_unit,
    unit_problem,
)
from pipelines.units.registry import dimension, multiplier, to_decimal

__all__ = [
    "HEAT_IN_TONNES",
    "EnergyKind",
    "aliases_of",
    "dimension",
    "energy_code_of",
    "energy_kinds",
    "fold",
    "multiplier",
    "preferred_spelling",
    "resolve_unit",
    "to_decimal",
    "unit_problem",
]
