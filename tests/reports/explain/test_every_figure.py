"""任一数字 | Every number, light and verdict of every published table is recomputed by some screen and beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from pipelines import paths
from pipelines.engine import Ledger, load_models
from pipelines.reports.explain.kinds import KINDS
from tests.reports.explain.conftest import A, B, C, E, Golden

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


def _figures(golden: Golden) -> set[str]:
    """Columns of the marts that are no part of a row's name: numbers, yes or no, verdicts."""
    models = [model for model in load_models(paths.WAREHOUSE) if model.key.startswith("mart.")]
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        schemas = {model.key: ledger.rows(f"select * from {model.key} limit 0").schema for model in models}
    return {
        f"{model.key}.{column}"
        for model in models
        for column, kind in schemas[model.key].items()
        if column not in model.grain and (kind.is_numeric() or str(kind) == "Boolean" or column in _VERDICTS)
    }


def test_every_figure_of_every_mart_is_recomputed_by_some_screen(golden: Golden) -> None:
    compared: set[str] = set()
    for name in _names():
        try:
            screen = golden.explain(name)
        except Exception as error:  # noqa: BLE001 - not every factory has lines of every kind
            assert type(error).__name__ == "NotFound", (name, error)
            continue
        assert screen.agrees, (name, screen.verdict())
        compared |= {step.place for step in screen.steps if step.place}
    wanted = _figures(golden) - _NO_FIGURES
    assert len(wanted) > 120
    assert sorted(wanted - compared) == []
