"""Two states of the marts compared figure by figure: what a page showed against what it would show.

Grain of the result: table × row × column; only what differs is there. Numbers are exact decimals; a figure that
is on one side alone has the other side empty, which is unknown and never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.engine import Model

NUMBER = pl.Decimal(38, 12)
SCHEMA: dict[str, Any] = {
    "table": pl.String,
    "month": pl.Date,
    "factory_id": pl.String,
    "key": pl.String,
    "column": pl.String,
    "old": NUMBER,
    "new": NUMBER,
    "difference": NUMBER,
    "old_text": pl.String,
    "new_text": pl.String,
}
# Figures of another month, shown beside a month for comparison: they follow that month.
_NEIGHBOUR_MARKS = ("_previous_month", "_same_month_last_year")
_TEXT_FIGURES = {"status", "verdict"}
# What the lines themselves look like now, not what was published of a month.
_NO_FIGURES = {"mart.late_factory", "mart.quality_month"}


def monthly(models: Iterable[Model]) -> list[Model]:
    """The marts whose rows are figures of one month."""
    return [model for model in models if "month" in model.grain and model.key not in _NO_FIGURES]


def neighbour_of(column: str) -> tuple[str, str] | None:
    """The column a comparison column repeats, and of which month of ``ref.month``; nothing for a figure of its own.

    >>> neighbour_of("co2_previous_month_t"), neighbour_of("co2_t")
    (('co2_t', 'previous_month'), None)
    """
    for mark in _NEIGHBOUR_MARKS:
        if mark in column:
            return column.replace(mark, ""), mark.removeprefix("_")
    return None


def is_figure(column: str, kind: pl.DataType) -> bool:
    """A number, a verdict or a status of the month itself; names and codes are none."""
    return neighbour_of(column) is None and (
        kind.is_numeric() or kind == pl.Boolean or column in _TEXT_FIGURES
    )


def between(model: Model, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """What differs between *old* and *new* rows of *model*, in the shape of :data:`SCHEMA`, in order.

    Columns only one side has are no difference: they were not published then, or are not any more.
    """
    keys = list(model.grain)
    columns = [
        name
        for name, kind in new.schema.items()
        if name in old.columns and name not in keys and is_figure(name, kind)
    ]
    if not columns:
        return pl.DataFrame(schema=SCHEMA)
    pair = old.select(*keys, *columns).join(
        new.select(*keys, *columns), on=keys, how="full", coalesce=True, nulls_equal=True, suffix=" new"
    )
    parts = [
        _of_column(model, pair.filter(pl.col(name).ne_missing(pl.col(f"{name} new"))), name, new.schema[name])
        for name in columns
    ]
    return pl.concat(parts).sort("month", "key", "column", nulls_last=True)


def _of_column(model: Model, pair: pl.DataFrame, name: str, kind: pl.DataType) -> pl.DataFrame:
    keys = [key for key in model.grain if key != "month"]
    is_number = kind.is_numeric()
    nothing = pl.lit(None)
    old, new = pl.col(name), pl.col(f"{name} new")
    key = pl.concat_str(
        [pl.lit(f"{part}=") + pl.col(part).cast(pl.String).fill_null("") for part in keys], separator=";"
    )
    return pair.select(
        pl.lit(model.key).alias("table"),
        (pl.col("month") if "month" in model.grain else nothing.cast(pl.Date)).alias("month"),
        (pl.col("factory_id") if "factory_id" in keys else nothing.cast(pl.String)).alias("factory_id"),
        (key if keys else pl.lit("")).alias("key"),
        pl.lit(name).alias("column"),
        (old.cast(NUMBER) if is_number else nothing.cast(NUMBER)).alias("old"),
        (new.cast(NUMBER) if is_number else nothing.cast(NUMBER)).alias("new"),
        (new.cast(NUMBER) - old.cast(NUMBER) if is_number else nothing.cast(NUMBER))
        .cast(NUMBER)
        .alias("difference"),
        (nothing.cast(pl.String) if is_number else old.cast(pl.String)).alias("old_text"),
        (nothing.cast(pl.String) if is_number else new.cast(pl.String)).alias("new_text"),
    )


def as_json(found: pl.DataFrame) -> list[dict[str, Any]]:
    """The differences as JSON values: numbers as text with every digit, months as ``YYYY-MM``."""
    return [
        {
            "table": row["table"],
            "month": f"{row['month']:%Y-%m}" if row["month"] else None,
            "factory_id": row["factory_id"],
            "key": row["key"],
            "column": row["column"],
            "old": plain(row["old"]) if row["old_text"] is None else row["old_text"],
            "new": plain(row["new"]) if row["new_text"] is None else row["new_text"],
            "difference": plain(row["difference"]),
        }
        for row in found.iter_rows(named=True)
    ]


def plain(value: Decimal | None) -> str | None:
    """Every digit, without exponent or trailing zeros.

    >>> plain(Decimal("1.500")), plain(Decimal("1E+2")), plain(None)
    ('1.5', '100', None)
    """
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def all_between(
    models: Sequence[Model], old: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """:func:`between` over several tables; a table only one side has is no difference."""
    both = [model for model in models if model.key in old and model.key in new]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *(between(m, old[m.key], new[m.key]) for m in both)])
