"""The unit registry: exact fractions, our own units alone. The only module of the house that imports Pint."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from pipelines import paths

# One name, or names divided by one another: all a data file ever needs, and all Pint is shown of it.
_EXPRESSION = re.compile(r"[^\W\d]\w*(/[^\W\d]\w*)*")


def multiplier(source: str, target: str) -> Fraction:
    """How many *target* are in one *source*, exactly.

    >>> multiplier("wan_kWh", "MWh")
    Fraction(10, 1)
    >>> multiplier("MJ", "kWh")
    Fraction(5, 18)

    Raises:
        pint.DimensionalityError: the two measure different things (cubic metres of gas are not energy
            until a calorific value says so; tonnes of standard coal are not joules).
        pint.UndefinedUnitError: a name that is not in units.txt.
    """
    return _multiplier(source, target)


def dimension(unit: str) -> dict[str, int]:
    """What an expression of unit keys measures.

    >>> dimension("t/MWh") == {"[mass]": 1, "[energy]": -1}
    True

    Raises:
        ValueError: the expression does not parse, or names an unknown unit.
    """
    return dict(_dimension(unit))


def to_decimal(value: Fraction, places: int = 12) -> Decimal:
    """*value* with *places* decimals, half to even: the one place where a fraction is rounded.

    >>> to_decimal(Fraction(44, 12))
    Decimal('3.666666666667')
    """
    context = Context(prec=80, rounding=ROUND_HALF_EVEN)
    exact = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return exact.quantize(Decimal(1).scaleb(-places), context=context)


@cache
def scale_and_dimension(name: str) -> tuple[Fraction, dict[str, int]]:
    """How many base units one *name* is, and what it measures.

    Raises:
        ValueError: units.txt does not know the name.
    """
    measured = dimension(name)
    return Fraction(_registry().Quantity(Fraction(1), name).to_base_units().magnitude), measured


@cache
def _multiplier(source: str, target: str) -> Fraction:
    return Fraction(_registry().Quantity(Fraction(1), source).to(target).magnitude)


@cache
def _dimension(unit: str) -> tuple[tuple[str, int], ...]:
    if unit == "1":
        return ()
    if not _EXPRESSION.fullmatch(unit):
        raise ValueError(f"no unit: {unit!r}")
    try:
        dimensionality = _registry().Unit(unit).dimensionality
    except AttributeError as error:  # pint.UndefinedUnitError; Pint is not imported here by name
        raise ValueError(f"no unit: {unit!r}") from error
    return tuple((name, int(power)) for name, power in dimensionality.items())


@cache
def _registry() -> Any:
    import pint  # noqa: PLC0415 - importing pint costs more than a CLI's --help should

    registry: Any = pint.UnitRegistry(None, non_int_type=Fraction)
    registry.load_definitions(str(paths.EMISSION_FACTORS / "units.txt"))
    return registry
