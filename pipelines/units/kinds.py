"""What a factory writes, what it may mean, and which units an energy kind (能源品种) may be stated in.

Text from a file never reaches Pint's parser: it is folded (NFKC) and looked up in a closed table
(``emission_factors/unit_aliases.csv``). Which units a kind may come in is data too (``energy_kinds.csv``).
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines import paths
from pipelines.units.registry import dimension

HEAT_IN_TONNES = ("32", "t")
"""热力 by mass: no unit conversion, but steam by its enthalpy and hot water by its temperature."""

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


def known_units() -> tuple[str, ...]:
    """Every unit key the alias table knows, sorted."""
    return tuple(sorted(set(_aliases().values())))


def preferred_spelling(unit: str) -> str:
    """How a unit key is written for a Chinese reader; the key itself when the table names no such spelling.

    >>> preferred_spelling("wan_kWh"), preferred_spelling("GJ")
    ('万千瓦时', '百万千焦')
    """
    return _preferred().get(unit, unit)


def energy_kinds() -> dict[str, EnergyKind]:
    """Every energy kind of form 205-1 by its two-digit code, in the order of the form."""
    return dict(_kinds(paths.EMISSION_FACTORS / "energy_kinds.csv"))


def counted_note(kind: EnergyKind) -> str:
    """Why a row of the form is kept and not counted, for a Chinese reader; blank when it is counted.

    >>> counted_note(energy_kinds()["02"]), counted_note(energy_kinds()["33"])
    ('01 的其中项，不单独计入', '')
    """
    if kind.is_of_which:
        return "01 的其中项，不单独计入"
    return "合计行，不单独计入" if kind.is_total else ""


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
    measured = measures(unit)
    return (
        f"{zh}之一（{kind.name_zh}不能以“{preferred_spelling(unit)}”计量，那是{measured[0]}单位）",
        f"{kind.name_en} is stated in {', '.join(kind.allowed_units)}, not in {unit} ({measured[1]})",
    )


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


def measures(unit: str) -> tuple[str, str]:
    """What a unit measures, in Chinese and English, for a sentence that refuses it."""
    dimensions = list(dimension(unit))
    return (
        _MEASURES.get(dimensions[0], ("其他", "something else"))
        if len(dimensions) == 1
        else ("复合", "compound")
    )
