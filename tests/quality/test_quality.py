"""The quality room: rules that run, a broken rule told apart, a page nothing can escape from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines import intake, paths, quality
from pipelines.dag import filecheck
from pipelines.engine import Ledger
from pipelines.errors import BrokenReference
from pipelines.intake import desk
from pipelines.intake.parsing import parse
from pipelines.paths import Home
from pipelines.periods import SHANGHAI
from pipelines.quality.suites import all_suites, evaluate
from tests.sample.codes import credit_code

AT = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)
A = credit_code(1)
HEADER = "统一社会信用代码,报告期,能源代码,计量单位,消费量,其中用于原材料,期初库存,购进量,外供量,期末库存,购进金额,采用折标系数,备注\n"


def findings(rows: str, tmp_path: Path) -> set[tuple[int, str]]:
    """Line and rule of every finding, by the way ``greenledger check`` goes."""
    data = (HEADER + rows).encode()
    outcome = parse(data, "commission", AT)
    assert outcome.is_accepted, outcome.problems
    outcome.lines = outcome.lines.select(pl.lit("R1").alias("receipt_id"), pl.all())
    examined = desk.answer(intake.Delivery(data, "commission", "x.csv", AT), outcome)
    return {(item.line, item.code) for item in filecheck.judge(examined, Home(tmp_path))}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"{A},2023-05,33,kWh,-1,,,,,,,,", "Q103"),
        (f"{A},2023-05,23,t,1,2,,,,,,,", "Q104"),
        (f"{A},2023-05,04,t,1,,,,,,,,", "Q107"),
        (f"{A},2023-05,33,kWh,1000000000000,,,,,,,,", "Q109"),
        (f"{A},2023-05,21,t,5,,1,5,0,2,,,", "Q151"),
        (f"{A},2023-05,33,kWh,1000,,,1000,,,900,,", "Q153"),
        (f"{A},2023-05,15,万立方米,1,,,,,,,15,", "Q154"),
        (f"{A},2023-05,36,t,1,,,,,,,,", "Q156"),
    ],
)
def test_each_rule_finds_the_row_that_breaks_it(tmp_path: Path, row: str, code: str) -> None:
    assert (2, code) in findings(row + "\n", tmp_path)


def test_a_good_row_breaks_nothing_and_a_repeat_is_the_second_one(tmp_path: Path) -> None:
    good = f"{A},2023-05,33,kWh,1000,,,1000,,,0.7,,\n"
    assert findings(good, tmp_path) == set()
    assert findings(good + good, tmp_path) == {(3, "Q106")}


def test_every_rule_can_be_run_on_its_candidate() -> None:
    assert {rule.contract for rule in quality.load_rules()} == set(quality.TABLE_NAMES)


def test_a_rule_that_cannot_run_is_not_a_rule_that_failed() -> None:
    frame = pl.DataFrame({"receipt_id": ["R"], "held": [0]})
    declared = [
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": column, "min_value": 0, "max_value": 0},
            "meta": {"code": column, "zh": column},
        }
        for column in ("held", "no_such_column")
    ]
    good, broken = evaluate(frame, "try", declared, ["receipt_id"])
    assert good.success and not good.broken
    assert not broken.success and "no_such_column" in broken.broken


def test_failures_are_mapped_back_to_their_rows() -> None:
    frame = pl.DataFrame({"receipt_id": ["R1", "R2"], "held": [0, 3]})
    declared = [
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "held", "min_value": 0, "max_value": 0},
            "meta": {"code": "G", "zh": "无"},
        }
    ]
    (found,) = evaluate(frame, "try", declared, ["receipt_id"])
    assert [row["receipt_id"] for row in found.unexpected] == ["R2"]


def test_every_suite_has_its_file_and_every_expectation_a_code_and_words() -> None:
    for suite in all_suites():
        text = suite.path.read_text(encoding="utf-8")
        assert '"code"' in text and '"zh"' in text, suite.name


def test_a_rule_file_with_a_code_used_twice_is_refused(tmp_path: Path) -> None:
    text = (paths.EXPECTATIONS / "rules.yml").read_text(encoding="utf-8")
    (tmp_path / "rules.yml").write_text(text.replace("code: Q102", "code: Q101"), encoding="utf-8")
    with pytest.raises(BrokenReference, match="Q101"):
        quality.load_rules(tmp_path)


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger whose texts would like to run in the steward's browser."""
    with Ledger.memory() as ledger:
        fate = {
            "contract": ["energy"],
            "receipt_id": ["<script>alert(1)</script>"],
            "line_no": [2],
            "factory_id": ["<img src=x onerror=alert(1)>"],
            "month": [datetime(2023, 5, 1).date()],  # noqa: DTZ001
            "fate": ["held"],
            "hold_codes": ["Q103"],
            "warning_codes": [""],
        }
        ledger.load("stg.line_fate", pl.DataFrame(fate))
        ledger.load("raw.submission", pl.DataFrame({"outcome": ["accepted"]}))
        for name in quality.TABLE_NAMES.values():
            ledger.load(
                f"raw.{name}_line",
                pl.DataFrame(
                    {"receipt_id": ["R"] if name == "energy" else []}, schema={"receipt_id": pl.String}
                ),
            )
        yield ledger


def test_the_page_escapes_every_text_and_needs_nobody(hostile: Ledger, tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        quality.report(hostile, tmp_path / name, "2023-05-示例", [])
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<script" not in page and "<img" not in page and "://" not in page
    assert "Q103 数量为负" in page and "相符" in page
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
