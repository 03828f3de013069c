"""What changes between two factor sets: rows of the files, and the factors a run would choose.

The change file is plain JSON values in a fixed order (docs/method/17-releases.md describes its shape), so two people
who compare the same sets get the same bytes. Numbers are text with every digit; a relative change is an exact
fraction with a decimal beside it.
"""

from __future__ import annotations

import csv
import difflib
import io
import itertools
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipelines import reference
from pipelines.dag.differences import plain
from pipelines.dag.factors import FactorSet
from pipelines.errors import BrokenReference

_PLACES = 9
Row = dict[str, str]


class _Chosen(NamedTuple):
    """A resolved table: the columns that ask, the column that answers, and what goes with the answer."""

    keys: tuple[str, ...]
    value: str
    told: tuple[str, ...]


RESOLVED = {
    "ref.emission_factor": _Chosen(
        ("purpose", "energy_code", "sector", "gas"),
        "factor_t",
        ("factor_unit", "level", "series", "is_provisional", "is_rebased"),
    ),
    "ref.standard_coal": _Chosen(("basis", "energy_code"), "coefficient_tce", ("is_provisional",)),
    "ref.heat_value": _Chosen(("energy_code",), "ncv_gj", ()),
    "ref.unit_conversion": _Chosen(("energy_code", "unit"), "multiplier", ("to_unit",)),
    "ref.gwp": _Chosen(("edition", "gas", "variant"), "gwp", ()),
}
"""The tables a run's figures are computed with."""


def diff(old: FactorSet, new: FactorSet, as_of: date) -> dict[str, Any]:
    """The change file from *old* to *new*, as both resolve on *as_of*.

    Raises:
        BrokenReference: one of the folders does not hold together.
    """
    names = sorted({path.name for folder in (old.folder, new.folder) for path in folder.glob("*.csv")})
    files = [change for name in names if (change := _file_change(name, old.folder, new.folder))]
    resolved = list(_resolved(old.folder, new.folder, as_of))
    rows = [len(change[kind]) for kind in ("added", "removed", "changed") for change in files]
    return {
        "a": {"factors": old.factors_id, "asked": old.origin},
        "b": {"factors": new.factors_id, "asked": new.origin},
        "as_of": as_of.isoformat(),
        "files": files,
        "units_txt": _text_change(old.folder / "units.txt", new.folder / "units.txt"),
        "resolved": resolved,
        "summary": {
            "files": len(files),
            **{kind: sum(len(change[kind]) for change in files) for kind in ("added", "removed", "changed")},
            "resolved": len(resolved),
            "is_same": not any(rows) and not resolved and old.factors_id == new.factors_id,
        },
    }


def relative(old: Decimal | None, new: Decimal | None) -> dict[str, str | None]:
    """New against old as an exact fraction of the old value, and as a decimal of nine places (half to even).

    >>> relative(Decimal("0.5"), Decimal("0.55"))
    {'fraction': '1/10', 'decimal': '0.100000000'}
    >>> relative(None, Decimal(1)), relative(Decimal(0), Decimal(1))["fraction"]
    ({'fraction': None, 'decimal': None}, None)
    """
    if old is None or new is None or not old:
        return {"fraction": None, "decimal": None}
    exact = (Fraction(new) - Fraction(old)) / Fraction(old)
    scaled = round(exact * 10**_PLACES)
    shown = format(Decimal(scaled).scaleb(-_PLACES), f".{_PLACES}f")
    return {"fraction": f"{exact.numerator}/{exact.denominator}", "decimal": shown}


def _file_change(name: str, old: Path, new: Path) -> dict[str, Any] | None:
    """Rows added, removed and changed in one file; nothing when it is the same."""
    before, after = _rows(old / name), _rows(new / name)
    if before == after:
        return None
    keys = _key_columns(before, after)
    mine = {tuple(row[key] for key in keys): row for row in before}
    theirs = {tuple(row[key] for key in keys): row for row in after}
    return {
        "file": name,
        "key": keys,
        "added": [theirs[key] for key in sorted(theirs.keys() - mine.keys())],
        "removed": [mine[key] for key in sorted(mine.keys() - theirs.keys())],
        "changed": [
            {"key": dict(zip(keys, key, strict=True)), "fields": _fields(mine[key], theirs[key])}
            for key in sorted(mine.keys() & theirs.keys())
            if mine[key] != theirs[key]
        ],
    }


def _fields(old: Row, new: Row) -> dict[str, dict[str, str | None]]:
    return {
        column: {"old": old.get(column), "new": new.get(column)}
        for column in dict.fromkeys([*old, *new])
        if old.get(column) != new.get(column)
    }


def _rows(path: Path) -> list[Row]:
    if not path.exists():
        return []
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def _key_columns(before: Sequence[Row], after: Sequence[Row]) -> list[str]:
    """The fewest first columns that name a row on both sides; files are sorted by them."""
    columns = [
        name for name in (after or before)[0] if all(name in rows[0] for rows in (before, after) if rows)
    ]
    for count in range(1, len(columns) + 1):
        keys = columns[:count]
        if all(
            len({tuple(row[key] for key in keys) for row in rows}) == len(rows) for rows in (before, after)
        ):
            return keys
    return columns


def _text_change(old: Path, new: Path) -> list[str]:
    """Lines of units.txt taken away (``-``) and added (``+``)."""
    before, after = (path.read_text(encoding="utf-8").splitlines() for path in (old, new))
    return [line for line in difflib.ndiff(before, after) if line[:2] in ("- ", "+ ")]


def _resolved(old: Path, new: Path, as_of: date) -> Iterator[dict[str, Any]]:
    before, after = (reference.load(folder, as_of=as_of).tables for folder in (old, new))
    for table, chosen in RESOLVED.items():
        for side in (before, after):
            lacking = {*chosen.keys, chosen.value, "factor_id"} - set(side[table].columns)
            if lacking:
                raise BrokenReference(f"{table} 缺少列 {sorted(lacking)}", f"{table} lacks {sorted(lacking)}")
        mine, theirs = _answers(before[table], chosen), _answers(after[table], chosen)
        for key in sorted(mine.keys() | theirs.keys()):
            yield from _intervals(table, chosen, key, mine.get(key, []), theirs.get(key, []))


def _answers(frame: pl.DataFrame, chosen: _Chosen) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(tuple(row[key] or "" for key in chosen.keys), []).append(row)
    return found


def _intervals(
    table: str,
    chosen: _Chosen,
    key: tuple[str, ...],
    mine: list[dict[str, Any]],
    theirs: list[dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """One entry for every interval in which the answer differs; equal neighbours are one."""
    held: dict[str, Any] | None = None
    for start, end in _cuts([*mine, *theirs]):
        old, new = _answer(mine, start, chosen), _answer(theirs, start, chosen)
        entry = None if old == new else _entry(table, chosen, key, start, end, old, new)
        if held and entry and held["valid_to"] == entry["valid_from"] and _same(held, entry):
            held["valid_to"] = entry["valid_to"]
            continue
        if held:
            yield held
        held = entry
    if held:
        yield held


def _cuts(rows: Sequence[dict[str, Any]]) -> list[tuple[date | None, date | None]]:
    if "valid_from" not in rows[0]:
        return [(None, None)]
    days = sorted({day for row in rows for day in (row["valid_from"], row["valid_to"])})
    return list(itertools.pairwise(days))


def _answer(rows: Sequence[dict[str, Any]], start: date | None, chosen: _Chosen) -> dict[str, Any] | None:
    """What a side answers from *start* on; two answers at once mean that a column that asks is missing in RESOLVED.

    Raises:
        BrokenReference: the table has more to ask than is written there.
    """
    valid = [row for row in rows if start is None or row["valid_from"] <= start < row["valid_to"]]
    if len(valid) > 1:
        names = sorted(row["factor_id"] for row in valid)
        raise BrokenReference(
            f"同一问题有两个答案，无法比较：{names}", f"two answers to one question: {names}"
        )
    for row in valid:
        told = {name: row[name] for name in ("factor_id", *chosen.told)}
        return {"value": plain(row[chosen.value]), **told}
    return None


def _entry(
    table: str,
    chosen: _Chosen,
    key: tuple[str, ...],
    start: date | None,
    end: date | None,
    old: dict[str, Any] | None,
    new: dict[str, Any] | None,
) -> dict[str, Any]:
    values = [Decimal(side["value"]) if side and side["value"] is not None else None for side in (old, new)]
    return {
        "table": table,
        **dict(zip(chosen.keys, key, strict=True)),
        "valid_from": start.isoformat() if start else None,
        "valid_to": end.isoformat() if end else None,
        "old": old,
        "new": new,
        "relative_change": relative(*values),
    }


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one["old"], one["new"]) == (other["old"], other["new"])
