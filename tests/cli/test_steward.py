"""The steward's desk: what a release can do is told before it is recorded; every decision can be listed."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipelines import intake
from pipelines.cli import app
from pipelines.errors import NoEffect
from pipelines.intake import Delivery, Landing
from pipelines.paths import Home
from pipelines.periods import SHANGHAI
from tests.sample.codes import credit_code

AT = datetime(2026, 6, 5, 10, tzinfo=SHANGHAI)
A = credit_code(1)
# Line 2 may be released, line 3 cannot be computed with, line 4 breaks nothing.
FILE = (
    "统一社会信用代码,报告期,能源代码,计量单位,消费量\n"
    f"{A},2023-05,15,万立方米,-1\n{A},2023-04,33,kWh,9000000000000\n{A},2023-03,33,kWh,5\n"
).encode()
REGISTER = f"统一社会信用代码,企业名称,行业代码,是否规上,生效日期\n{A},示例甲,3973,是,2020-01-01\n".encode()


@pytest.fixture
def receipt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GREENLEDGER_HOME", str(tmp_path))
    deliveries = [
        Delivery(data, "commission", name, AT) for name, data in (("名录.csv", REGISTER), ("能源.csv", FILE))
    ]
    with Landing.open(Home(tmp_path)) as landing:
        return intake.receive_many(deliveries, landing=landing)[1].receipt_id


def decisions() -> list[dict[str, object]]:
    told = CliRunner().invoke(app, ["steward", "decisions", "--json"])
    listed: list[dict[str, object]] = json.loads(told.stdout)["decisions"]
    return listed


def release(receipt: str, line: int) -> Result:
    return CliRunner().invoke(
        app, ["steward", "release", receipt, str(line), "--reason", "电话核实", "--by", "s1"]
    )


def test_a_release_without_effect_is_refused_with_the_rule_and_not_recorded(receipt: str) -> None:
    told = release(receipt, 3)
    assert isinstance(told.exception, NoEffect)
    assert "Q109" in told.exception.zh and "放行不会生效" in told.exception.zh
    assert "no effect" in told.exception.en
    assert decisions() == []


def test_a_release_says_what_holds_the_line_and_is_listed_with_who_when_and_why(receipt: str) -> None:
    told = release(receipt, 2)
    assert told.exit_code == 0 and "Q103" in told.stdout
    CliRunner().invoke(app, ["steward", "reject", receipt, "4", "--reason", "重复", "--by", "s2"])
    assert [
        (item["line_no"], item["decision"], item["actor"], item["reason"], item["filename"], item["contract"])
        for item in decisions()
    ] == [
        (2, "released", "s1", "电话核实", "能源.csv", "energy"),
        (4, "rejected", "s2", "重复", "能源.csv", "energy"),
    ]
    listed = CliRunner().invoke(app, ["steward", "decisions"]).stdout
    assert re.search(r"\d{4}-\d\d-\d\d  s1  放行  R\w+ 第2行（能源.csv）  理由：电话核实", listed)
    only = CliRunner().invoke(app, ["steward", "decisions", "--receipt", "R0"]).stdout
    assert only.strip() == "决定 0 项"


def test_a_release_of_a_line_that_nothing_holds_says_so(receipt: str) -> None:
    told = release(receipt, 4)
    assert "没有被任何规则暂挂" in told.stdout and len(decisions()) == 1
