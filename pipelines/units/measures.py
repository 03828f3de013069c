"""Units that know more than their dimension: whose carbon, which carrier, whichever unit a row names.

A measure is what a column of a model is stated in. Beside a unit of ``units.txt`` it may carry

* a tag, ``t{CO2}``, ``MWh{electricity}``, ``tce{calorific}`` (当量): equal dimension, other thing, never added;
* a symbol, ``[unit]``: the unit that column names in the row, or for ``[energy_code]`` the canonical unit of
  the energy kind it names; ``[energy_code:form]`` its unit on the form; ``t{[gas]}`` tonnes of the gas named.

Grammar: ``unit := term (("*" | "/") term)*``, ``term := name ["{" tag "}"] | "[" column [":" variant] "]" | "1"``.
Pint gives every name its exact scale and dimension; the rest is multiplication of exponents.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from pipelines.units.registry import scale_and_dimension

_TERM = re.compile(
    r"(?P<op>[*/])?(?:(?P<one>1)|(?P<percent>%)|\[(?P<symbol>\w+(?:\.\w+)?)(?::(?P<variant>\w+))?\]"
    r"|(?P<name>[^\W\d]\w*)(?:\{(?P<tag>[^\[\]{}]+|\[\w+(?:\.\w+)?\])\})?)"
)
# How a unit column of a published table spells a tagged unit for a reader.
_SPOKEN = re.compile(r"(?P<unit>\S+) (?P<tag>\S+)")
_SPOKEN_TAGS = {"当量": "calorific", "等价": "generation"}
_COUNTED = "[count]"  # 家, 件, 个: a count is a number
_PERCENT = "%"


class Part(NamedTuple):
    """One base of a measure: a dimension with its tag, or the symbol of a unit a row names."""

    dimension: str
    tag: str = ""
    symbol: str = ""
    variant: str = ""


@dataclass(frozen=True)
class Measure:
    """A scale and the powers of its parts. Two columns agree when their measures are equal."""

    scale: Fraction
    powers: frozenset[tuple[Part, int]]

    def times(self, other: Measure, power: int = 1) -> Measure:
        """The measure of a product; of a quotient with *power* −1."""
        powers = dict(self.powers)
        for part, exponent in other.powers:
            powers[part] = powers.get(part, 0) + exponent * power
        left = frozenset((part, exponent) for part, exponent in powers.items() if exponent)
        return Measure(self.scale * other.scale**power, left)

    def symbols(self) -> set[str]:
        """The columns this measure depends on."""
        return {part.symbol for part, _ in self.powers if part.symbol}

    def bound(self, resolve: Callable[[Part], Measure]) -> Measure:
        """The measure with every symbol answered by *resolve*."""
        result = Measure(self.scale, frozenset(item for item in self.powers if not item[0].symbol))
        for part, exponent in self.powers:
            if part.symbol:
                result = result.times(resolve(part), exponent)
        return result

    def untagged(self) -> Measure:
        """The measure without its tags, as a reader's unit column names it."""
        result = Measure(self.scale, frozenset())
        for part, exponent in self.powers:
            result = result.times(of_part(part._replace(tag="") if part.tag else part), exponent)
        return result

    def __str__(self) -> str:
        return _spell(self)


ONE = Measure(Fraction(1), frozenset())


def of_part(part: Part) -> Measure:
    """A measure of one part alone."""
    return Measure(Fraction(1), frozenset({(part, 1)}))


@cache
def parse_measure(text: str) -> Measure:
    """The measure that *text* writes.

    >>> str(parse_measure("t{CO2}/[energy_code]").times(parse_measure("[energy_code]")))
    't{CO2}'
    >>> parse_measure("t{CO2}/MWh{electricity}") == parse_measure("t{CO2}/GJ{heat}")
    False
    >>> parse_measure("t CO2") == parse_measure("t{CO2}"), str(parse_measure("家"))
    (True, '1')

    Raises:
        ValueError: the text is no unit, or names one that units.txt does not know.
    """
    spoken = _SPOKEN.fullmatch(text)
    if spoken:
        text = f"{spoken['unit']}{{{_SPOKEN_TAGS.get(spoken['tag'], spoken['tag'])}}}"
    result, position = ONE, 0
    while position < len(text):
        term = _TERM.match(text, position)
        if term is None or (position == 0) != (term["op"] is None):
            raise ValueError(f"no unit: {text!r}")
        result = result.times(_term(term, text), -1 if term["op"] == "/" else 1)
        position = term.end()
    if not text:
        raise ValueError("no unit: ''")
    return result


def _term(term: re.Match[str], text: str) -> Measure:
    if term["one"]:
        return ONE
    if term["percent"]:
        return of_part(Part(_PERCENT))
    if term["symbol"]:
        return of_part(Part("", symbol=term["symbol"], variant=term["variant"] or ""))
    scale, dimension = scale_and_dimension(term["name"])
    powers = {name: power for name, power in dimension.items() if name != _COUNTED}
    if not term["tag"]:
        return Measure(scale, frozenset((Part(name), power) for name, power in powers.items()))
    if len(powers) != 1 or set(powers.values()) != {1}:
        raise ValueError(f"no unit: {text!r} (a tag belongs to a plain unit)")
    tag, (name,) = term["tag"], powers
    part = Part(name, symbol=tag[1:-1]) if tag.startswith("[") else Part(name, tag)
    return Measure(scale, frozenset({(part, 1)}))


# What a measure is spelt with, most usual first.
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "[mass]": ("t", "kg", "g", "mg"),
    "[energy]": ("GJ", "MWh", "TJ", "MJ", "kWh", "kJ", "J", "wan_kWh"),
    "[standard_coal]": ("tce", "kgce"),
    "[volume]": ("m3", "L"),
    "[reference_volume]": ("Nm3", "wan_Nm3"),
    "[length]": ("m", "km"),
    "[currency]": ("CNY", "wan_CNY", "qian_CNY", "yi_CNY"),
}


def _spell(measure: Measure) -> str:
    parts = sorted(measure.powers, key=lambda item: (-item[1], item[0]))
    if not parts:
        return "1" if measure.scale == 1 else str(measure.scale)
    for names in itertools.product(*(_SPELLINGS.get(part.dimension, ("",)) for part, _ in parts)):
        scale = Fraction(1)
        for (_, exponent), name in zip(parts, names, strict=True):
            scale *= scale_and_dimension(name)[0] ** exponent if name else 1
        if scale == measure.scale:
            return _joined(
                [(_word(part, name), power) for (part, power), name in zip(parts, names, strict=True)]
            )
    bare = _joined([(_word(part, ""), power) for part, power in parts])
    return f"{measure.scale} {bare}"


def _word(part: Part, name: str) -> str:
    if part.symbol and not part.dimension:
        return f"[{part.symbol}{':' if part.variant else ''}{part.variant}]"
    tag = f"[{part.symbol}]" if part.symbol else part.tag
    return (name or part.dimension.strip("[]")) + (f"{{{tag}}}" if tag else "")


def _joined(words: list[tuple[str, int]]) -> str:
    above = [word for word, power in words for _ in range(power) if power > 0]
    below = [word for word, power in words for _ in range(-power) if power < 0]
    return "*".join(above or ["1"]) + "".join(f"/{word}" for word in below)
