"""Stored energy lines to measure arithmetic with: every factory, month and energy kind once; invented."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.sample.codes import credit_code

# Fifteen kinds a Songjiang factory may use, each in a unit clerks write: solids, liquids, gases, electricity, heat.
KINDS = (
    ("33", "kWh"), ("32", "GJ"), ("15", "m3"), ("21", "kg"), ("19", "kg"), ("23", "kg"), ("20", "t"), ("22", "t"),
    ("01", "t"), ("06", "t"), ("08", "t"), ("16", "t"), ("09", "t"), ("24", "t"), ("27", "t"),
)  # fmt: skip


def write_lines(path: Path, factories: int, months: int) -> int:
    """One Parquet file of stored lines, a row for every factory, month and kind. Returns the rows."""
    codes = [credit_code(number) for number in range(1, factories + 1)]
    periods = [f"{2019 + month // 12}-{month % 12 + 1:02d}-01" for month in range(months)]
    rows = factories * months * len(KINDS)
    number = pl.int_range(0, rows, eager=True)
    kind = number % len(KINDS)
    factory = (number // len(KINDS)) % factories
    month = number // (len(KINDS) * factories)
    frame = pl.DataFrame(
        {
            "receipt_id": pl.Series([f"R{code}" for code in codes]).gather(factory),
            "line_no": (number // (len(KINDS) * factories) * len(KINDS) + kind + 2).cast(pl.Int32),
            "factory_id": pl.Series(codes).gather(factory),
            "period": pl.Series(periods).str.to_date().gather(month),
            "energy_code": pl.Series([code for code, _ in KINDS]).gather(kind),
            "unit": pl.Series([_key(unit) for _, unit in KINDS]).gather(kind),
            "consumed": ((number * 7919) % 1_000_003).cast(pl.Decimal(28, 9)),
        }
    )
    frame.write_parquet(path, row_group_size=250_000)
    return rows


def _key(unit: str) -> str:
    return "Nm3" if unit == "m3" else unit
