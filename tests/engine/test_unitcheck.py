"""Planted unit mistakes are caught, their sound twins pass, and every real model holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.dag.site import Rulebook
from pipelines.dag.tables import models_in_order
from pipelines.dag.unitbook import energy_code_units, unit_report
from pipelines.engine import Check, Column, Model, check_units
from pipelines.errors import BrokenModel

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "unit_mistakes.yml").read_text(encoding="utf-8")
)


def columns(stated: dict[str, str | None]) -> dict[str, Column]:
    return {name: Column.model_validate({"is": name, "unit": unit}) for name, unit in stated.items()}


def report_on(case: dict[str, Any]) -> Any:
    model = Model(
        "core.planted", "试", "trial", (), columns(case["columns"]), case["sql"], (), Path("planted.sql")
    )
    sources = {table: columns(stated) for table, stated in CASES["tables"].items()}
    return check_units([model], [], sources, energy_code_units())


@pytest.mark.parametrize("case", CASES["mistakes"], ids=lambda case: case["name"])
def test_a_planted_mistake_is_caught_where_it_stands(case: dict[str, Any]) -> None:
    problems = report_on(case).problems
    assert any(case["says"] in line.problem_en for line in problems), [line.problem_en for line in problems]
    assert all(line.problem_zh and line.model == "core.planted" for line in problems)


@pytest.mark.parametrize("case", CASES["sound"], ids=lambda case: case["name"])
def test_a_sound_model_passes(case: dict[str, Any]) -> None:
    report = report_on(case)
    assert [line.problem_en for line in report.problems] == []


def test_a_mistake_in_a_check_is_caught_as_in_a_model() -> None:
    sources = {table: columns(stated) for table, stated in CASES["tables"].items()}
    sql = "select e.factory_id from t.emission as e where e.co2 > e.co2e"
    check = Check(
        "planted", "blocking", "试", "trial", "试", columns({"factory_id": None}), sql, (), Path("x")
    )
    (problem,) = check_units([], [check], sources, energy_code_units()).problems

    assert problem.model == "checks.planted" and "mixes units" in problem.problem_en


@pytest.mark.parametrize(
    ("sql", "asserted"),
    [
        ("select e.co2 /* unit: t{CO2e} */ as x from t.emission as e", [("e.co2", "t{CO2e}")]),
        ("select e.co2e /* unit: t{CO2e} */ as x from t.emission as e", []),
        (
            "select cast(u.text as decimal(9, 2)) /* unit: t{CO2e} */ as x from t.use as u",
            [("CAST(u.text AS DECIMAL(9, 2))", "t{CO2e}")],
        ),
    ],
)
def test_what_is_taken_on_the_authors_word_is_listed(sql: str, asserted: list[tuple[str, str]]) -> None:
    report = report_on({"sql": sql, "columns": {"x": "t{CO2e}"}})

    assert report.problems == []
    assert report.asserted == [("core.planted", *entry) for entry in asserted]


def test_every_construct_and_trap_has_its_planted_mistake() -> None:
    assert len(CASES["mistakes"]) >= 40


def test_every_real_model_holds_and_little_is_taken_on_trust() -> None:
    report = unit_report(Rulebook())
    assert report.problems == []
    told = {(line.model, line.column) for line in report.lines}
    assert {(model.key, name) for model in models_in_order(Rulebook()) for name in model.columns} <= told
    # Ranges and targets keep their unit in a column of their own; everything else follows from the SQL.
    assert len(report.asserted) <= 8, report.asserted


def test_a_wrong_header_stops_the_walk(tmp_path: Path) -> None:
    real = Rulebook()
    rules = Rulebook.under(tmp_path)
    for name, path in real.files():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    broken = rules.warehouse / "core" / "emission.sql"
    text = broken.read_text(encoding="utf-8")
    assert '"t{CO2}", is: activity' in text
    broken.write_text(text.replace('"t{CO2}", is: activity', '"t{CO2e}", is: activity'), encoding="utf-8")
    with pytest.raises(BrokenModel, match=r"core\.emission\.co2_t.*t\{CO2e\}.*t\{CO2\}"):
        unit_report(rules).raise_if_any()
