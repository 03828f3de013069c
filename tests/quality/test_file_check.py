"""One file, the way ``greenledger check`` goes: bytes, parsed, judged by the rules before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest

from pipelines import intake
from pipelines.dag import filecheck
from pipelines.intake import desk
from pipelines.intake.parsing import parse
from pipelines.periods import SHANGHAI
from tests.sample.codes import credit_code

AT = datetime(2026, 6, 5, 10, tzinfo=SHANGHAI)
A = credit_code(1)
HEADER = "统一社会信用代码,报告期,能源代码,计量单位,消费量,其中用于原材料,期初库存,购进量,外供量,期末库存,购进金额,采用折标系数,备注\n"
FLAWS = {
    "Q103": f"{A},2023-05,33,kWh,-1,,,,,,,,\n",
    "Q104": f"{A},2023-04,23,t,1,2,,,,,,,\n",
    "Q107": f"{A},2023-05,04,t,1,,,,,,,,\n",
    "Q109": f"{A},2023-03,33,kWh,1000000000000,,,,,,,,\n",
    "Q151": f"{A},2023-05,21,t,50,,10,50,0,11,,,\n",
    "Q153": f"{A},2023-04,33,kWh,1000,,,1000,,,900,,\n",
    "Q156": f"{A},2023-05,39,tce,1,,,,,,,,\n",
    "Q110": f"{A},2023-05,15,万立方米,1,,,,,,,15,\n",
    "Q154": f"{A},2023-05,22,吨,1,,,,,,,1.2,\n",
}
GOOD = f"{A},2023-05,33,kWh,1000,,,1000,,,0.7,,\n"


def findings(rows: str, header: str = HEADER) -> set[tuple[int, str]]:
    """Line and rule of every finding, where no register is at hand."""
    data = (header + rows).encode()
    outcome = parse(data, "commission", AT)
    assert outcome.is_accepted, outcome.problems
    outcome.lines = outcome.lines.select(pl.lit("R1").alias("receipt_id"), pl.all())
    examined = desk.answer(intake.Delivery(data, "commission", "x.csv", AT), outcome)
    receipt = replace(examined.receipt, receipt_id="R1")
    answer = filecheck.judged([receipt], {"R1": examined.lines}, None, AT)[0]
    return {(item.line, item.code) for item in answer.findings}


@pytest.fixture(scope="module")
def found() -> set[tuple[int, str]]:
    """What is found in one file that holds every flaw, a line each."""
    return findings("".join(FLAWS.values()))


@pytest.mark.parametrize(("line", "code"), list(enumerate(FLAWS, start=2)))
def test_each_rule_finds_the_line_that_breaks_it(line: int, code: str, found: set[tuple[int, str]]) -> None:
    assert (line, code) in found


def test_a_good_line_breaks_nothing_and_a_repeat_is_the_second_one() -> None:
    assert findings(GOOD) == set()
    assert findings(GOOD + GOOD) == {(3, "Q106")}


ACTIVITY = "统一社会信用代码,报告期,活动代码,数量,计量单位,气体,工艺类型\n"


def test_nf3_without_its_process_type_would_be_held_and_the_clerk_is_told_before_sending() -> None:
    rows = f"{A},2023-05,electronics.semiconductor,1,吨,NF3,\n{A},2023-05,welding_co2,-1,吨,,\n"
    assert findings(rows, ACTIVITY) == {(2, "Q808"), (3, "Q802")}
