"""The Great Expectations suites: kept in step with the rules, and telling a broken rule from bad data."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines import paths, quality
from pipelines.errors import BrokenReference
from pipelines.periods import Month
from pipelines.quality import files
from pipelines.quality.suites import evaluate, read_suite
from tests.quality.station import MARCH, MAY, OTHER, Station, power, station

SUITES = sorted(path.stem for path in paths.EXPECTATIONS.glob("*.json"))


@pytest.fixture(scope="module")
def judged() -> Station:
    made = station()
    flawed = power(consumed=None), power(meter_id="2", supplied=-1, cost_cny=1), power(meter_id="3")
    made.receive("energy", list(flawed))
    made.receive("energy", [power(factory_id=OTHER, period=MARCH), power(factory_id=OTHER, period=MAY)])
    made.receive("output", [{"factory_id": OTHER, "period": MAY, "output_value_cny": 5}])
    return made.run()


def test_every_suite_there_is_has_its_file_and_every_file_its_suite() -> None:
    file_suites = [f"{contract}_file" for contract in quality.TABLE_NAMES]
    assert sorted([suite.name for suite in quality.all_suites()] + file_suites) == SUITES


@pytest.mark.parametrize("contract", sorted(quality.TABLE_NAMES))
def test_the_suite_of_a_single_file_has_the_codes_severities_and_texts_of_the_rules(contract: str) -> None:
    kept = read_suite(paths.EXPECTATIONS / f"{contract}_file.json")
    assert kept == quality.suite_of(quality.rules_for(contract)), "run: python -m pipelines.quality"


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_file_is_written_as_it_is_kept_and_each_expectation_says_what_it_means(
    name: str, tmp_path: Path
) -> None:
    path = paths.EXPECTATIONS / f"{name}.json"
    quality.write_suites({name: read_suite(path)}, tmp_path)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    for item in read_suite(path):
        assert item["meta"]["code"] and item["meta"]["zh"]
        assert item["severity"] in ("critical", "warning")


def test_no_code_is_used_by_two_expectations_of_a_kind() -> None:
    codes = [
        item["meta"]["code"] for name in SUITES for item in read_suite(paths.EXPECTATIONS / f"{name}.json")
    ]
    assert len(codes) == len(set(codes))


def test_suites_say_the_admission_kept_its_promises_and_warn_of_a_month_without_data(judged: Station) -> None:
    told = {result.name: result for result in quality.judge_month(judged.ledger)}
    assert [name for name, result in told.items() if result.is_critical or result.broken] == []
    assert set(told["energy_month"].failed) == {"G808", "G809", "G810"}
    missing = {item.code: item for item in told["energy_month"].expectations}["G808"]
    assert [str(row["month"])[:7] for row in missing.unexpected] == ["2023-04", "2023-06"]


def test_one_month_is_judged_by_its_own_row(judged: Station) -> None:
    names = {
        month: {result.name: result.failed for result in quality.judge_month(judged.ledger, month)}
        for month in (Month(2023, 4), Month(2023, 5))
    }
    assert names[Month(2023, 4)]["energy_month"] == ["G808", "G809", "G810"]
    assert names[Month(2023, 5)]["energy_month"] == ["G809"]
    assert set(names[Month(2023, 5)]) == {"energy_month", "output_month"}


def test_a_line_admitted_against_a_rule_without_release_is_critical(judged: Station) -> None:
    made = station()
    made.receive("energy", [power(supplied=-1)])
    made.run().ledger.execute("update stg.energy_verdict set fate = 'admitted'")
    suite = next(suite for suite in quality.all_suites() if suite.name == "energy_summary")
    result = quality.judge(made.ledger, suite)
    assert result.failed == ["G106"]
    assert result.is_critical
    assert result.expectations[5].unexpected[0]["receipt_id"] == "R0002"


def test_an_expectation_that_cannot_be_run_is_broken_and_not_bad_data() -> None:
    frame = pl.DataFrame({"receipt_id": ["R1"], "held": [3]})
    declared = [_between("held", "G1"), _between("no_such_column", "G2")]
    failed, broken = evaluate(frame, "a_suite", declared, ["receipt_id"])
    assert (failed.success, failed.broken, failed.unexpected) == (
        False,
        "",
        ({"held": 3, "receipt_id": "R1"},),
    )
    assert "no_such_column" in broken.broken
    assert broken.unexpected == ()
    result = quality.SuiteResult("a_suite", "示例", (broken,))
    assert (result.failed, result.broken, result.is_critical) == ([], ["G2"], True)


def test_an_empty_frame_has_nothing_to_object_to_and_says_so_without_the_library() -> None:
    frame = pl.DataFrame(schema={"held": pl.Int64})
    assert [item.success for item in evaluate(frame, "a_suite", [_between("held", "G1")], [])] == [True]


def test_the_single_file_is_told_what_admission_would_say(judged: Station) -> None:
    findings = quality.judge_file(judged.ledger, "energy")
    sql = "select receipt_id, line_no, rule_code from stg.rule_hit where contract = 'energy'"
    admitted = set(judged.ledger.rows(sql).rows())
    assert {(item.receipt_id, item.line, item.code) for item in findings} == admitted
    assert findings[0].as_text() == (
        "Q102  第2行［暂挂］消费量未填：读到 消费量空白，应为填有数值的消费量，确无消费为 0。"
        "确无消费请填 0；有消费请补报数量。"
    )
    assert findings[0].as_text("en") == (
        "line 2 [held] consumption is not reported: read consumed blank; expected a figure for the consumption, "
        "0 when nothing was used. To mend: write 0 when nothing was used, else the amount."
    )
    assert findings[0].as_dict()["columns"] == ("consumed",)


def test_a_very_long_file_is_judged_by_the_lines_that_break_something(
    judged: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = quality.judge_file(judged.ledger, "energy")
    monkeypatch.setattr(files, "MOST_ROWS", 3)
    assert quality.judge_file(judged.ledger, "energy") == whole


def test_a_rule_that_cannot_be_run_is_told_apart_and_the_others_still_speak(
    judged: Station, tmp_path: Path
) -> None:
    folder = _rules_with(tmp_path, "not is_known_factory", "not no_such_column")
    quality.write_suites({"energy_file": quality.suite_of(quality.rules_for("energy", folder))}, folder)
    findings = quality.judge_file(judged.ledger, "energy", folder=folder)
    broken = [item for item in findings if item.is_broken_rule]
    assert [(item.code, item.line) for item in broken] == [("Q101", 0)]
    assert "与数据无关" in broken[0].as_text()
    assert {item.code for item in findings} == {"Q101", "Q102", "Q103", "Q153"}


def test_a_suite_out_of_step_with_its_rules_is_refused_with_the_way_to_mend_it(
    judged: Station, tmp_path: Path
) -> None:
    folder = _rules_with(tmp_path, "feedstock > consumed", "feedstock > consumed")
    declared = read_suite(paths.EXPECTATIONS / "energy_file.json")[1:]
    (folder / "energy_file.json").write_text(json.dumps({"expectations": declared}), encoding="utf-8")
    with pytest.raises(BrokenReference, match="python -m pipelines"):
        quality.judge_file(judged.ledger, "energy", folder=folder)


def test_file_suites_are_made_anew_from_the_rules(tmp_path: Path) -> None:
    folder = _rules_with(tmp_path, "", "")
    quality.write_file_suites(folder)
    for contract in quality.TABLE_NAMES:
        name = f"{contract}_file.json"
        assert (folder / name).read_bytes() == (paths.EXPECTATIONS / name).read_bytes()


def test_the_library_is_loaded_by_those_who_judge_and_not_by_the_room() -> None:
    for path in sorted(Path(files.__file__).parent.glob("*.py")):
        top = ast.parse(path.read_text(encoding="utf-8")).body
        names = [ast.unparse(node) for node in top if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not [name for name in names if "great_expectations" in name], path.name


def _between(column: str, code: str) -> dict[str, Any]:
    return {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": column, "min_value": 0, "max_value": 0},
        "meta": {"code": code, "zh": "示例"},
        "severity": "critical",
    }


def _rules_with(folder: Path, old: str, new: str) -> Path:
    """A copy of the rules in *folder*, with one predicate changed."""
    (folder / "rules").mkdir()
    for path in sorted((paths.EXPECTATIONS / "rules").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        (folder / "rules" / path.name).write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return folder
