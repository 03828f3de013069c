"""任一数字 | Every number, light and verdict of every published table is recomputed by some screen and beside it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal

import polars as pl

from pipelines import paths
from pipelines.engine import Ledger, load_models
from pipelines.errors import NotFound
from pipelines.reports import Explanation
from pipelines.reports.explain.kinds import KINDS
from pipelines.reports.explain.shapes import Step
from tests.reports.explain.conftest import A, B, C, E, Golden

Alter = Callable[[str], Callable[[str], Explanation]]

_VERDICTS = {"status", "verdict", "level"}
# Where a line stands is its name, not a figure; mart.late_factory is a list of names and dates.
_NO_FIGURES = {"mart.green_credit.first_line_no"}
_WORDS = {
    "MONTH": ["2022-12", "2023-01"],
    "FACTORY": [A, B, C, E],
    "YEAR": ["2022"],
    "DIMENSION": ["town", "cluster"],
    "CRITERION": ["green_material_rate", "top_management"],
}


def _names() -> Iterator[str]:
    for kind in KINDS:
        if set(kind.steps) <= set(_WORDS):
            for words in itertools.product(*(_WORDS[step] for step in kind.steps)):
                yield "/".join((kind.name, *words))


def _figures(golden: Golden) -> dict[str, pl.DataType]:
    """Columns of the marts that are no part of a row's name: numbers, yes or no, verdicts; each with its type."""
    models = [model for model in load_models(paths.WAREHOUSE) if model.key.startswith("mart.")]
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        schemas = {model.key: ledger.rows(f"select * from {model.key} limit 0").schema for model in models}
    found = {
        f"{model.key}.{column}": kind
        for model in models
        for column, kind in schemas[model.key].items()
        if column not in model.grain and (kind.is_numeric() or kind == pl.Boolean or column in _VERDICTS)
    }
    return {place: kind for place, kind in found.items() if place not in _NO_FIGURES}


def _steps(ask: Callable[[str], Explanation], *, is_true: bool) -> Iterator[Step]:
    """The compared steps of every screen; not every factory has lines of every kind."""
    for name in _names():
        try:
            screen = ask(name)
        except NotFound:
            continue
        assert screen.agrees == is_true or not is_true, (name, screen.verdict())
        yield from (step for step in screen.steps if step.place)


def test_every_figure_of_every_mart_is_recomputed_by_some_screen(golden: Golden) -> None:
    compared = {step.place for step in _steps(golden.explain, is_true=True)}
    wanted = _figures(golden)
    assert len(wanted) > 120
    assert sorted(set(wanted) - compared) == []


def test_an_altered_digit_in_any_figure_of_any_mart_is_told(golden: Golden, altered: Alter) -> None:
    told = {
        step.place for step in _steps(altered(_altering(_figures(golden))), is_true=False) if not step.agrees
    }
    assert sorted(set(_figures(golden)) - told) == []


def _altering(figures: dict[str, pl.DataType]) -> str:
    """Statements that change every figure in its last place, and every verdict."""
    by_table: dict[str, list[str]] = {}
    for place, kind in figures.items():
        table, column = place.rsplit(".", 1)
        if isinstance(kind, pl.Decimal):
            value = f"coalesce({column}, 0) + {Decimal(1).scaleb(-kind.scale):f}"
        elif kind.is_numeric():
            value = f"coalesce({column}, 0) + 1"
        else:
            value = (
                f"not coalesce({column}, false)" if kind == pl.Boolean else f"coalesce({column}, '') || '?'"
            )
        by_table.setdefault(table, []).append(f"{column} = {value}")
    return "; ".join(f"update {table} set {', '.join(sets)}" for table, sets in by_table.items())
