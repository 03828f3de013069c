"""ref.* factors month by month: a frozen month keeps the factors it was published with.

Tables with ``valid_from`` and ``valid_to`` are cut at the bounds of the frozen months and put together again: the
active set for the open months, the pinned set and knowledge date of its clock for a frozen one. Where both say
the same nothing is cut. Tables without dates (energy kinds, conversions) are the active set's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import polars as pl

from pipelines import reference
from pipelines.dag import factors
from pipelines.dag.site import Site
from pipelines.engine import Ledger

SPLICED = "raw.spliced_month"
_SOURCES = "ref.factor_source"
_DATED = {"valid_from", "valid_to"}
Tables = Mapping[str, pl.DataFrame]


class Span(NamedTuple):
    """Some frozen months in a row, and the factor release and knowledge date they run by."""

    start: date
    end: date
    factors_id: str
    as_of: date


def factor_tables(ledger: Ledger, site: Site) -> dict[str, pl.DataFrame]:
    """The factor tables of a run; the months whose factors are not the active ones go to ``raw.spliced_month``."""
    own = reference.load(site.rules.emission_factors, as_of=site.as_of).tables
    mine = factors.id_of(site.rules.emission_factors)
    held = [(span, _tables(site, span, mine)) for span in spans(site) if span[2:] != (mine, site.as_of)]
    differing = [(span, tables) for span, tables in held if _differs(own, tables, span)]
    months = [span.start for span, _ in differing]
    ledger.load(SPLICED, pl.DataFrame({"month": months}, schema={"month": pl.Date}))
    return {name: _spliced(name, frame, differing) for name, frame in own.items()}


def spans(site: Site) -> list[Span]:
    """The frozen months by clock, those in a row together."""
    found: list[Span] = []
    for month, held in sorted(site.frozen.items()):
        span = Span(month.first, month.next().first, held.clock.factors, held.clock.as_of)
        last = found[-1] if found else None
        if last and last.end == span.start and last[2:] == span[2:]:
            found[-1] = last._replace(end=span.end)
        else:
            found.append(span)
    return found


def _tables(site: Site, span: Span, mine: str) -> Tables:
    folder = (
        site.rules.emission_factors
        if span.factors_id == mine
        else factors.pinned_folder(site.home, span.factors_id)
    )
    return reference.load(folder, as_of=span.as_of).tables


def _differs(own: Tables, other: Tables, span: Span) -> bool:
    return any(
        not _cut(own[name], span.start, span.end).equals(_cut(other[name], span.start, span.end))
        for name in own
        if _is_dated(own[name])
    )


def _spliced(name: str, own: pl.DataFrame, held: Sequence[tuple[Span, Tables]]) -> pl.DataFrame:
    if not held:
        return own
    if name == _SOURCES:
        return _with_missing(own, [tables[name] for _, tables in held])
    if not _is_dated(own):
        return own
    pieces = [_cut(tables[name], span.start, span.end) for span, tables in held]
    pieces += [_cut(own, start, end) for start, end in _between([span for span, _ in held])]
    order = [column for column, kind in own.schema.items() if kind in (pl.String, pl.Date)]
    return pl.concat(pieces).sort(order)


def _between(held: Iterable[Span]) -> Iterable[tuple[date, date]]:
    """What is left of all time beside *held*."""
    start = date.min
    for span in held:
        yield start, span.start
        start = span.end
    yield start, date.max


def _cut(frame: pl.DataFrame, start: date, end: date) -> pl.DataFrame:
    """The rows in force on some day of ``[start, end)``, their intervals cut to it."""
    rows = frame.filter((pl.col("valid_from") < end) & (pl.col("valid_to") > start))
    return rows.with_columns(
        pl.max_horizontal("valid_from", pl.lit(start)).alias("valid_from"),
        pl.min_horizontal("valid_to", pl.lit(end)).alias("valid_to"),
    )


def _with_missing(own: pl.DataFrame, others: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Every source: of one factor the active set's words, and those only an earlier set has."""
    for other in others:
        own = pl.concat([own, other.join(own, on="factor_id", how="anti")])
    return own.sort([column for column, kind in own.schema.items() if kind in (pl.String, pl.Date)])


def _is_dated(frame: pl.DataFrame) -> bool:
    return set(frame.columns) >= _DATED
