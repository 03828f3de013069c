"""Units: what a factory writes, what it may mean, and exactly how much one unit is of another.

The only module that knows Pint. Text from a file never reaches Pint's parser: it is folded (NFKC) and
looked up in a closed table (``emission_factors/unit_aliases.csv``); only names from that table are
computed with, as exact fractions. Which units an energy kind (能源品种) may be stated in is data too
(``emission_factors/energy_kinds.csv``).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from pipelines import paths

# One name, or names divided by one another: all a data file ever needs, and all Pint is shown of it.
_EXPRESSION = re.compile(r"[^\W\d]\w*(/[^\W\d]\w*)*")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True)
class EnergyKind:
    """能源品种 | One row of form 205-1: its names, the unit the ledger keeps it in, the units it may come in."""

    code: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    carrier: str
    canonical_unit: str
    form_unit: str
    allowed_units: tuple[str, ...]
    is_of_which: bool
    is_total: bool


def fold(text: str) -> str:
    """*text* as we compare it: full-width folded to half-width, no blanks, nothing invisible.

    >>> fold("　ＫＷｈ　")
    'KWh'
    >>> fold("万 m³")
    '万m3'
    """
    folded = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    return "".join(folded.split())


def resolve_unit(text: str) -> str | None:
    """The unit key that *text* stands for, or None when the alias table does not know it.

    >>> resolve_unit("万千瓦时"), resolve_unit("ＫＷＨ"), resolve_unit("㎥")
    ('wan_kWh', 'kWh', 'Nm3')
    >>> resolve_unit("9**9**9") is None
    True
    """
    return _aliases().get(fold(text))


def aliases_of(unit: str) -> tuple[str, ...]:
    """Every spelling accepted for a unit key, sorted."""
    return tuple(sorted(alias for alias, key in _aliases().items() if key == unit))


def preferred_spelling(unit: str) -> str:
    """How a unit key is written for a Chinese reader; the key itself when the table names no such spelling.

    >>> preferred_spelling("wan_kWh"), preferred_spelling("GJ")
    ('万千瓦时', '百万千焦')
    """
    return _preferred().get(unit, unit)


def energy_kinds() -> dict[str, EnergyKind]:
    """Every energy kind of form 205-1 by its two-digit code, in the order of the form."""
    return dict(_kinds(paths.EMISSION_FACTORS / "energy_kinds.csv"))


def energy_code_of(name: str) -> str | None:
    """The code of an energy kind by its official name or an accepted alias.

    >>> energy_code_of("天然气"), energy_code_of("电力"), energy_code_of("0号柴油")
    ('15', '33', '21')
    """
    return _names().get(fold(name))


def unit_problem(energy_code: str, unit: str) -> tuple[str, str] | None:
    """Why *unit* may not state this energy kind, in Chinese and English; None when it may.

    >>> unit_problem("33", "MWh") is None
    True
    >>> unit_problem("33", "t")[1]
    'Electricity is stated in kWh, MWh, wan_kWh, not in t (mass)'
    """
    kind = energy_kinds()[energy_code]
    if unit in kind.allowed_units:
        return None
    zh = "、".join(preferred_spelling(allowed) for allowed in kind.allowed_units)
    measures = _measures(unit)
    return (
        f"{zh}之一（{kind.name_zh}不能以“{preferred_spelling(unit)}”计量，那是{measures[0]}单位）",
        f"{kind.name_en} is stated in {', '.join(kind.allowed_units)}, not in {unit} ({measures[1]})",
    )


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


@cache
def _aliases() -> dict[str, str]:
    return {fold(row["alias"]): row["unit"] for row in _alias_rows()}


@cache
def _preferred() -> dict[str, str]:
    return {row["unit"]: row["alias"] for row in _alias_rows() if row["is_preferred"] == "true"}


def _alias_rows() -> list[dict[str, str]]:
    with (paths.EMISSION_FACTORS / "unit_aliases.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@cache
def _kinds(path: Path) -> dict[str, EnergyKind]:
    with path.open(encoding="utf-8", newline="") as table:
        return {row["energy_code"]: _kind(row) for row in csv.DictReader(table)}


def _kind(row: dict[str, str]) -> EnergyKind:
    return EnergyKind(
        code=row["energy_code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        aliases=_split(row["aliases"]),
        carrier=row["carrier"],
        canonical_unit=row["canonical_unit"],
        form_unit=row["form_unit"],
        allowed_units=_split(row["allowed_units"]),
        is_of_which=row["is_of_which"] == "true",
        is_total=row["is_total"] == "true",
    )


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for kind in energy_kinds().values():
        for name in (kind.name_zh, kind.name_zh.partition("(")[0], *kind.aliases):
            names.setdefault(fold(name), kind.code)
    return names


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


_MEASURES = {
    "[mass]": ("质量", "mass"),
    "[energy]": ("能量", "energy"),
    "[reference_volume]": ("气体体积", "gas volume"),
    "[volume]": ("液体体积", "liquid volume"),
    "[standard_coal]": ("标准煤", "standard coal"),
    "[currency]": ("货币", "money"),
}


def _measures(unit: str) -> tuple[str, str]:
    dimensions = list(dimension(unit))
    return (
        _MEASURES.get(dimensions[0], ("其他", "something else"))
        if len(dimensions) == 1
        else ("复合", "compound")
    )
