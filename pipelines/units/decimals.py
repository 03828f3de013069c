"""A second unit registry, on decimals, for recomputing: it shares units.txt with the first and nothing else.

The ledger's own multipliers are fractions made once and joined as a table (:mod:`pipelines.units.registry`). Whoever
checks a figure must not lean on them, so here every quantity carries its unit through each product and sum.

>>> volume = quantity(Decimal(120), "wan_Nm3")
>>> heat = volume * quantity(Decimal("38.931"), "MJ/Nm3")
>>> heat.to("GJ").value
Decimal('46717.200000')
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import cache
from pathlib import Path
from typing import Any

from pipelines import paths

PRECISION = 80
"""Significant digits kept: two decimal(38) numbers multiply exactly in 76."""

_CONTEXT = Context(prec=PRECISION, rounding=ROUND_HALF_EVEN)
_EXPRESSION = re.compile(r"[^\W\d]\w*(/[^\W\d]\w*)*")


class Quantity:
    """A decimal and its unit. Adding unlike things, or converting into another dimension, is refused."""

    __slots__ = ("_held", "_registry")

    def __init__(self, held: Any, registry: Registry) -> None:
        self._held = held
        self._registry = registry

    @property
    def value(self) -> Decimal:
        """The number, in the unit it is held in."""
        return Decimal(self._held.magnitude)

    def to(self, unit: str) -> Quantity:
        """The same in *unit*.

        Raises:
            ValueError: *unit* measures something else, or is no unit of units.txt.
        """
        return self._done(lambda: self._held.to(self._registry.unit(unit)))

    def __add__(self, other: Quantity) -> Quantity:
        return self._done(lambda: self._held + other._held)

    def __sub__(self, other: Quantity) -> Quantity:
        return self._done(lambda: self._held - other._held)

    def __mul__(self, other: Quantity) -> Quantity:
        return self._done(lambda: self._held * other._held)

    def __repr__(self) -> str:
        return f"<{self._held.magnitude:f} {self._held.units}>"

    def _done(self, work: Callable[[], Any]) -> Quantity:
        with localcontext(_CONTEXT):
            try:
                return Quantity(work(), self._registry)
            except TypeError as error:  # pint.DimensionalityError is one; Pint is not imported here by name
                raise ValueError(str(error)) from error


class Registry:
    """Units as one units.txt defines them: the checkout's, or the copy a release kept."""

    def __init__(self, definitions: Path) -> None:
        import pint  # noqa: PLC0415 - importing pint costs more than a CLI's --help should

        self._units: dict[str, Any] = {}
        with localcontext(_CONTEXT):
            self._pint: Any = pint.UnitRegistry(None, non_int_type=Decimal)
            self._pint.load_definitions(str(definitions))

    def quantity(self, value: Decimal, unit: str) -> Quantity:
        """*value* of *unit*; ``1`` is the unit of plain numbers.

        Raises:
            ValueError: *unit* is no unit of units.txt.
        """
        with localcontext(_CONTEXT):
            return Quantity(self._pint.Quantity(value, self.unit(unit)), self)

    def unit(self, unit: str) -> Any:
        """Pint's unit for a key, or for keys divided by one another: all its parser is ever shown.

        Raises:
            ValueError: it is no unit of units.txt.
        """
        if unit not in self._units:
            self._units[unit] = self._parsed(unit)
        return self._units[unit]

    def _parsed(self, unit: str) -> Any:
        if unit == "1":
            return self._pint.Unit("")
        if not _EXPRESSION.fullmatch(unit):
            raise ValueError(f"no unit: {unit!r}")
        try:
            return self._pint.Unit(unit)
        except AttributeError as error:  # pint.UndefinedUnitError
            raise ValueError(f"no unit: {unit!r}") from error


@cache
def registry(definitions: Path = paths.EMISSION_FACTORS / "units.txt") -> Registry:
    """The registry of one units.txt, read once."""
    return Registry(definitions)


def quantity(value: Decimal, unit: str) -> Quantity:
    """*value* of *unit* as the checkout defines it.

    >>> quantity(Decimal(5), "kWh") + quantity(Decimal(1), "t")
    Traceback (most recent call last):
        ...
    ValueError: Cannot convert from 'kWh' ([energy]) to 't' ([mass])

    Raises:
        ValueError: *unit* is no unit of units.txt.
    """
    return registry().quantity(value, unit)


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
