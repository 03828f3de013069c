"""``units check``: the whole table, and exit code 1 as soon as one header says another unit than its SQL."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import paths
from pipelines.cli import app
from pipelines.dag.site import Rulebook


def checked(*options: str) -> tuple[int, dict[str, object]]:
    told = CliRunner().invoke(app, ["units", "check", "--json", *options])
    return told.exit_code, json.loads(told.stdout)


def test_the_models_as_they_stand_hold_and_one_may_be_asked_for() -> None:
    code, told = checked("--model", "core.emission")

    assert (code, told["problems"]) == (0, 0)
    assert {line["model"] for line in told["lines"]} == {"core.emission"}  # type: ignore[attr-defined]
    assert CliRunner().invoke(app, ["units", "check", "--model", "core.nothing"]).exit_code == 2


def test_a_header_that_does_not_hold_exits_one_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = Path(shutil.copytree(paths.WAREHOUSE, tmp_path / "warehouse"))
    model = warehouse / "core" / "emission.sql"
    text = model.read_text(encoding="utf-8")
    model.write_text(text.replace('"t{CO2}", is: activity', '"t{CO2e}", is: activity'), encoding="utf-8")
    monkeypatch.setattr("pipelines.dag.site.Rulebook", lambda: Rulebook(warehouse=warehouse))
    code, told = checked()

    # What reads the column disagrees as well; the column itself is among those named.
    named = {(line["model"], line["column"]) for line in told["lines"] if line["problem_en"]}  # type: ignore[attr-defined]
    assert code == 1
    assert ("core.emission", "co2_t") in named
    assert told["problems"] == len(named)
