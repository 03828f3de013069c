"""emission_factors/ for tests: loaded once, or copied so that one cell can be spoilt."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl

from pipelines import paths
from pipelines.reference import Reference, load

TODAY = date(2026, 10, 1)
"""The fixed day on which everything of the snapshot is known."""

Line = dict[str, str]


@cache
def known(as_of: date = TODAY, *, official: bool = True) -> Reference:
    """The reference tables as known on a day."""
    return load(paths.EMISSION_FACTORS, as_of, official=official)


def lines(file: str, folder: Path = paths.EMISSION_FACTORS) -> list[Line]:
    """Every line of one CSV file."""
    text = (folder / f"{file}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def row_of(file: str, row_id: str) -> Line:
    """The line whose first cell is *row_id*."""
    return next(line for line in lines(file) if next(iter(line.values())) == row_id)


def copy(target: Path) -> Path:
    """A copy of the folder that a test may spoil."""
    return Path(shutil.copytree(paths.EMISSION_FACTORS, target / "emission_factors"))


def rewrite(folder: Path, file: str, change: Callable[[list[Line]], list[Line]]) -> None:
    """Write *file* again with its lines changed."""
    old = lines(file, folder)
    header = list(old[0])
    with (folder / f"{file}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(old))


def spoil(folder: Path, file: str, row_id: str, column: str, value: str) -> int:
    """Set one cell of the first line so named; returns the line of the file it stands in."""
    found: list[int] = []

    def change(old: list[Line]) -> list[Line]:
        for number, line in enumerate(old, start=2):
            if next(iter(line.values())) == row_id and not found:
                line[column] = value
                found.append(number)
        return old

    rewrite(folder, file, change)
    (number,) = found
    return number


def factor(
    purpose: str, energy_code: str, day: date, reference: Reference | None = None, sector: str = "general"
) -> Line | None:
    """The one row of ref.emission_factor in force on a day for a sector, or None."""
    table = (reference or known()).tables["ref.emission_factor"]
    rows = table.filter(
        pl.col("purpose") == purpose,
        pl.col("energy_code") == energy_code,
        pl.col("sector").is_in(["any", sector]),
        pl.col("valid_from") <= day,
        pl.col("valid_to") > day,
    ).to_dicts()
    assert len(rows) <= 1, rows
    return rows[0] if rows else None


def factor_t(purpose: str, energy_code: str, day: date, reference: Reference | None = None) -> Decimal:
    """Its value, in tonnes of CO2 per canonical unit."""
    found = factor(purpose, energy_code, day, reference)
    assert found is not None
    return Decimal(found["factor_t"])


def coal(energy_code: str, basis: str, day: date) -> Line:
    """The one row of ref.standard_coal in force on a day."""
    (row,) = [
        row
        for row in known().tables["ref.standard_coal"].to_dicts()
        if (row["energy_code"], row["basis"]) == (energy_code, basis)
        and row["valid_from"] <= day < row["valid_to"]
    ]
    return row
