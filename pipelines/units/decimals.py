"""A second unit registry, on decimals, for recomputing: it shares units.txt with the first and nothing else.

The ledger's own multipliers are fractions made once and joined as a table (:mod:`pipelines.units.registry`). Whoever
checks a figure must not lean on them, so here every quantity carries its unit through each product and sum.

>>> volume = quantity(Decimal(120), "wan_Nm3")
>>> heat = volume * quantity(Decimal("38.931"), "MJ/Nm3")
>>> heat.to("GJ").value
Decimal('46717.2')
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import cache
from typing import Any

from pipelines import paths

PRECISION = 80
"""Significant digits kept: two decimal(38) numbers multiply exactly in 76."""

_CONTEXT = Context(prec=PRECISION, rounding=ROUND_HALF_EVEN)
_EXPRESSION = re.compile(r"[^\W\d]\w*(/[^\W\d]\w*)*")


class Quantity:
    """A decimal and its unit. Adding unlike things, or converting into another dimension, is refused."""

    __slots__ = ("_held",)

    def __init__(self, held: Any) -> None:
        self._held = held

    @property
    def value(self) -> Decimal:
        """The number, in the unit it is held in."""
        return Decimal(self._held.magnitude)

    def to(self, unit: str) -> Quantity:
        """The same in *unit*.

        Raises:
            ValueError: *unit* measures something else, or is no unit of units.txt.
        """
        return self._done(lambda: self._held.to(_unit(unit)))

    def __add__(self, other: Quantity) -> Quantity:
        return self._done(lambda: self._held + other._held)

    def __sub__(self, other: Quantity) -> Quantity:
        return self._done(lambda: self._held - other._held)

    def __mul__(self, other: Quantity) -> Quantity:
        return self._done(lambda: self._held * other._held)

    def __repr__(self) -> str:
        return f"<{self._held.magnitude:f} {self._held.units}>"

    @staticmethod
    def _done(work: Any) -> Quantity:
        with localcontext(_CONTEXT):
            try:
                return Quantity(work())
            except TypeError as error:  # pint.DimensionalityError is one; Pint is not imported here by name
                raise ValueError(str(error)) from error


def quantity(value: Decimal, unit: str) -> Quantity:
    """*value* of *unit*; ``1`` is the unit of plain numbers.

    >>> quantity(Decimal(5), "kWh") + quantity(Decimal(1), "t")
    Traceback (most recent call last):
        ...
    ValueError: Cannot convert from 'kWh' ([energy]) to 't' ([mass])

    Raises:
        ValueError: *unit* is no unit of units.txt.
    """
    with localcontext(_CONTEXT):
        return Quantity(_registry().Quantity(value, _unit(unit)))


def rounded(value: Decimal, places: int, rounding: str) -> Decimal:
    """*value* with *places* decimals under a named rounding of :mod:`decimal`."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_CONTEXT)


def ratio(numerator: Decimal, denominator: Decimal) -> Decimal:
    """A quotient to :data:`PRECISION` digits."""
    return _CONTEXT.divide(numerator, denominator)


def product(*factors: Decimal) -> Decimal:
    """Plain numbers multiplied, to :data:`PRECISION` digits."""
    result = Decimal(1)
    for factor in factors:
        result = _CONTEXT.multiply(result, factor)
    return result


def total(parts: list[Decimal]) -> Decimal:
    """Plain numbers added, to :data:`PRECISION` digits."""
    result = Decimal(0)
    for part in parts:
        result = _CONTEXT.add(result, part)
    return result


@cache
def _unit(unit: str) -> Any:
    if unit == "1":
        return _registry().Unit("")
    if not _EXPRESSION.fullmatch(unit):
        raise ValueError(f"no unit: {unit!r}")
    try:
        return _registry().Unit(unit)
    except AttributeError as error:  # pint.UndefinedUnitError
        raise ValueError(f"no unit: {unit!r}") from error


@cache
def _registry() -> Any:
    import pint  # noqa: PLC0415 - importing pint costs more than a CLI's --help should

    with localcontext(_CONTEXT):
        registry: Any = pint.UnitRegistry(None, non_int_type=Decimal)
        registry.load_definitions(str(paths.EMISSION_FACTORS / "units.txt"))
    return registry
