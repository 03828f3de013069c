"""Every situation in ``tests/warehouse/*.yml``: given these rows, this model or check says those rows.

``through`` lists models between what is given and what is asked; they are made from the given rows first.
A check is asked as ``checks.<name>``: what it says are the rows it refuses.
Columns a situation does not mention are empty in the given tables and not compared in the answer.
Numbers are compared exactly, as text a steward can read ("0.6" is "0.600000").
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines import paths
from pipelines.engine import Check, Ledger, Model, load_checks, load_models
from tests.warehouse.tables import column_types

HERE = Path(__file__).parent
MODELS = {model.key: model for model in load_models(paths.WAREHOUSE)}
CHECKS = {f"checks.{check.name}": check for check in load_checks(paths.WAREHOUSE)}
SITUATIONS = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(HERE.glob("*.yml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", SITUATIONS)
def test_the_model_answers_as_the_situation_says(case: dict[str, Any]) -> None:
    asked = case["model"]
    between = [MODELS[key] for key in case.get("through", [])]
    with Ledger.memory(threads=1) as ledger:
        if asked in CHECKS:
            _fill(ledger, [*between, CHECKS[asked]], case["given"])
            for link in between:
                ledger.build(link)
            answer = ledger.violations(CHECKS[asked])
        else:
            chain = [*between, MODELS[asked]]
            _fill(ledger, chain, case["given"])
            for link in chain:
                ledger.build(link)
            answer = ledger.rows(asked)
    expected = [_plain(row) for row in case["expect"]]
    mentioned = sorted({name for row in expected for name in row})
    found = [{name: _text(row[name]) for name in mentioned} for row in answer.to_dicts()]
    assert sorted(found, key=str) == sorted(
        ({name: row.get(name) for name in mentioned} for row in expected), key=str
    )


def _fill(ledger: Ledger, chain: Sequence[Model | Check], given: dict[str, list[dict[str, Any]]]) -> None:
    made = {link.key for link in chain if isinstance(link, Model)}
    read = {table for link in chain for table in link.depends_on} - made
    for table in sorted(read):
        types = column_types(table, MODELS)
        unknown = {name for row in given.get(table, []) for name in row} - set(types)
        assert not unknown, f"{table} has no columns {sorted(unknown)}"
        declared = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        ledger.execute(f'create schema if not exists "{table.split(".")[0]}"')
        ledger.execute(f"create table {table} ({declared})")
        for row in given.get(table, []):
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            ledger.execute(f"insert into {table} ({names}) values ({marks})", list(map(_sql, row.values())))
    missing = set(given) - read
    assert not missing, f"{[link.path.stem for link in chain]} do not read {sorted(missing)}"


def _sql(value: Any) -> Any:
    return str(value) if isinstance(value, float | date) else value


def _plain(row: dict[str, Any]) -> dict[str, str | None]:
    return {
        name: _text(Decimal(str(value)) if isinstance(value, float) else value) for name, value in row.items()
    }


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal | int):
        number = Decimal(value)
        return format(number.normalize() if number else Decimal(0), "f")
    return str(value)


def test_every_check_refuses_something_in_a_situation() -> None:
    """A check that finds nothing whatever it is given would pass for a sound district for ever."""
    refusing = {case.values[0]["model"] for case in SITUATIONS if case.values[0]["expect"]}  # type: ignore[index]
    assert set(CHECKS) <= refusing
