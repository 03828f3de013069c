"""Energy rows to measure with: many factories, 36 months, four energy kinds, meters; invented, in files of half a million."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.sample.codes import credit_code

ROWS_A_FILE = 500_000
HEADER = ("factory_id", "period", "energy_code", "unit", "consumed", "meter_id")
_KINDS = (("33", "kWh"), ("15", "m3"), ("21", "kg"), ("32", "GJ"))


def write_rows(folder: Path, rows: int) -> list[Path]:
    """CSV files with *rows* energy rows in all; the register that knows their factories stands beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    factories = [credit_code(number) for number in range(1, 2_001)]
    months = [f"{year}-{month:02d}" for year in (2021, 2022, 2023) for month in range(1, 13)]
    files = []
    for start in range(0, rows, ROWS_A_FILE):
        number = pl.int_range(start, min(start + ROWS_A_FILE, rows), eager=True)
        # Each file speaks of factories of its own, so that no file replaces another's months.
        share = len(factories) * ROWS_A_FILE // max(rows, ROWS_A_FILE)
        first = start // ROWS_A_FILE * share
        own = factories[first : first + max(share, 1)]
        kind = number % len(_KINDS)
        frame = pl.DataFrame(
            {
                "factory_id": pl.Series(own).gather((number // 4) % len(own)),
                "period": pl.Series(months).gather((number // (4 * len(own))) % len(months)),
                "energy_code": pl.Series([code for code, _ in _KINDS]).gather(kind),
                "unit": pl.Series([unit for _, unit in _KINDS]).gather(kind),
                "consumed": (number * 7919 % 1_000_003).cast(pl.String)
                + "."
                + (number % 100).cast(pl.String),
                "meter_id": "M" + number.cast(pl.String),
            }
        )
        path = folder / f"energy-{start // ROWS_A_FILE:03d}.csv"
        frame.write_csv(path)
        files.append(path)
    register = pl.DataFrame(
        {
            "factory_id": factories,
            "name": ["示例企业"] * len(factories),
            "industry_code": ["3990"] * len(factories),
            "is_above_scale": ["是"] * len(factories),
            "valid_from": ["2021-01-01"] * len(factories),
        }
    )
    register.write_csv(folder / "register.csv")
    return files
