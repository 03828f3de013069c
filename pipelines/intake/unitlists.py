"""Lists of a template that follow another cell: the unit column offers what the row's energy kind may come in.

A hidden sheet holds one row a kind: its code, its name, how many units, the units. The first row is for rows whose
kind is not yet stated or not recognised, and offers all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pipelines import units
from pipelines.intake.contracts import Contract, ContractColumn

# Below the lists of the other columns on the sheet of options: no contract has so many columns or options.
_FIRST_ROW = 400
_CODE, _NAME, _COUNT, _UNITS = range(4)


class Kind(NamedTuple):
    """What a row may be about: how its cell is written, and the units that fit."""

    code: str
    name: str
    units: Sequence[str]


class Chooser(NamedTuple):
    """The columns of the form that say what a row is about: where its code stands, where its name."""

    code: str
    name: str


# Unit rule of a contract's column → the columns that choose.
CHOOSERS = {
    "by_energy_kind": Chooser("energy_code", "energy_name"),
    "by_activity": Chooser("activity_code", "activity_code"),
}


def fitting_units(
    book: Any, lists: Any, contract: Contract, column: ContractColumn, options: Sequence[str]
) -> str:
    """Write the table to *lists*; the formula of the drop-down in the first row of the form, *options* its fallback.

    A validation formula may have 255 characters; the names of the ranges are short for that.
    """
    kinds = [Kind("", "", options), *_kinds(column.units)]
    for row, kind in enumerate(kinds, start=_FIRST_ROW):
        lists.write_row(row, 0, [kind.code, kind.name])
        lists.write_number(row, _COUNT, len(kind.units))
        lists.write_row(row, _UNITS, kind.units)
    for name, place in (("u_code", _CODE), ("u_name", _NAME), ("u_count", _COUNT)):
        at = letter(place)
        book.define_name(name, f"=选项!${at}${_FIRST_ROW + 1}:${at}${_FIRST_ROW + len(kinds)}")
    book.define_name("u_first", f"=选项!${letter(_UNITS)}${_FIRST_ROW + 1}")
    found = _found(contract, CHOOSERS[column.units])
    return f"=OFFSET(u_first,{found}-1,0,1,INDEX(u_count,{found}))"


def _found(contract: Contract, chooser: Chooser) -> str:
    """Formula for the row of the table: by code, else by name, else the first. A code kept as a number has lost its 0."""
    order = [column.name for column in contract.columns]
    code, name = (f"${letter(order.index(name))}2" for name in chooser)
    return f'IFERROR(MATCH(TEXT({code},"00"),u_code,0),IFERROR(MATCH({name},u_name,0),1))'


def _kinds(rule: str) -> Iterator[Kind]:
    if rule == "by_energy_kind":
        for kind in units.energy_kinds().values():
            yield Kind(kind.code, kind.name_zh, _spelled(kind.allowed_units))
    else:
        names = units.term_names("activity")
        for code, activity in units.activities().items():
            yield Kind(code, names[code], _spelled(activity.allowed_units))


def _spelled(keys: Sequence[str]) -> list[str]:
    return [units.preferred_spelling(key) for key in keys]


def letter(place: int) -> str:
    """The letters of a spreadsheet's column, counted from 0.

    >>> letter(0), letter(26)
    ('A', 'AA')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
