"""SQL files: headers read, the portable subset held, dependencies found."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.engine import load_checks, load_model, load_models
from pipelines.errors import BrokenModel

HEADER = """/*---
title: 甲 | A
grain: [factory_id]
columns:
  factory_id: {is: 统一社会信用代码}
  co2_t:      {unit: t CO2, type: "decimal(38,12)", is: emissions}
---*/
"""
GOOD = (
    HEADER
    + "select line.factory_id, cast(sum(line.co2_t) as decimal(38, 12)) as co2_t from stg.line group by 1"
)


def model_at(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_model_is_named_after_its_folder_and_file(tmp_path: Path) -> None:
    model = load_model(model_at(tmp_path, "core/emission.sql", GOOD))
    assert model.key == "core.emission"
    assert model.depends_on == ("stg.line",)
    assert model.columns["co2_t"].unit == "t CO2"


@pytest.mark.parametrize(
    ("expression", "word"),
    [
        ("line.a / line.b", "division"),
        ("line.a // line.b", "division"),
        ("avg(line.a)", "avg"),
        ("median(line.a)", "median"),
        ("quantile_cont(line.a, 0.5)", "percentile"),
        ("arg_max(line.a, line.b)", "arg_max"),
        ("cast(line.a as double)", "float"),
        ("cast(line.a as float)", "float"),
        ("any_value(line.a)", "any_value"),
        ("row_number() over (partition by line.a)", "row_number"),
        ("current_timestamp", "clock"),
        ("line.a % 2", "modulo"),
        ("made_up_function(line.a)", "unknown function"),
    ],
)
def test_text_outside_the_portable_subset_is_refused(tmp_path: Path, expression: str, word: str) -> None:
    text = HEADER + f"select line.factory_id, {expression} as co2_t from stg.line as line"
    with pytest.raises(BrokenModel, match=word):
        load_model(model_at(tmp_path, "core/bad.sql", text))


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "select * from stg.line",
        HEADER + "select line.factory_id from stg.line as line",
        HEADER + "select line.co2_t, line.factory_id from stg.line as line",
        HEADER + "delete from stg.line",
        HEADER + "select 1 as factory_id, 2 as co2_t; select 1",
        HEADER
        + "with recursive a as (select 1 as x union all select x from a) select x as factory_id, x as co2_t from a",
        HEADER.replace("grain: [factory_id]", "grain: [nobody]") + GOOD.removeprefix(HEADER),
        HEADER.replace("is: emissions", "was: emissions") + GOOD.removeprefix(HEADER),
        "select 1 as factory_id, 2 as co2_t",
    ],
    ids=[
        "star",
        "column missing",
        "order differs",
        "no select",
        "two",
        "recursion",
        "grain",
        "key",
        "no header",
    ],
)
def test_a_file_that_breaks_the_form_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(BrokenModel, match=r"core/bad\.sql"):
        load_model(model_at(tmp_path, "core/bad.sql", text))


def test_models_come_after_what_they_read(tmp_path: Path) -> None:
    model_at(tmp_path, "core/a.sql", GOOD.replace("stg.line", "core.b"))
    model_at(tmp_path, "core/b.sql", GOOD.replace("stg.line", "raw.line"))
    assert [model.key for model in load_models(tmp_path)] == ["core.b", "core.a"]


def test_a_circle_of_models_is_named(tmp_path: Path) -> None:
    model_at(tmp_path, "core/a.sql", GOOD.replace("stg.line", "core.b"))
    model_at(tmp_path, "core/b.sql", GOOD.replace("stg.line", "core.a"))
    with pytest.raises(BrokenModel, match=r"core\.a"):
        load_models(tmp_path)


def test_a_check_needs_a_severity(tmp_path: Path) -> None:
    model_at(tmp_path, "checks/a.sql", GOOD)
    with pytest.raises(BrokenModel, match="severity"):
        load_checks(tmp_path)
