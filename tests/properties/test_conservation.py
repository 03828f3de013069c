"""Mutated files through the door, the register and admission: rows in = admitted + held + rejected + superseded, always."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import polars as pl

from pipelines import intake
from pipelines.dag import walk
from pipelines.dag.site import Site
from pipelines.engine import Ledger
from pipelines.intake import Delivery, Landing
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month
from tests.intake.test_mutations import mutated
from tests.sample.codes import credit_code

FIRST = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)
FATES = {"admitted", "held", "rejected", "superseded"}
FILES = 2_000
KNOWN = 4
"""Of the six factories in the file this many are in the register; the rows of the others wait (Q101)."""
REGISTER = "统一社会信用代码,企业名称,行业代码,是否规上,生效日期\n" + "".join(
    f"{credit_code(number)},示例企业{number},3990,是,2020-01-01\n" for number in range(1, KNOWN + 1)
)


def test_every_row_of_two_thousand_mutated_files_has_one_fate(tmp_path: Path) -> None:
    random = Random(20230605)
    home = Home(tmp_path)
    sent = [Delivery(REGISTER.encode(), "commission", "名录.csv", FIRST)]
    sent += [
        Delivery(mutated(random), "commission", f"{place}.csv", FIRST + timedelta(minutes=place))
        for place in range(1, FILES + 1)
    ]
    with Landing.open(home) as landing:
        receipts = intake.receive_many(sent, landing=landing)
        # A released and a rejected row, so that every fate is there.
        good = next(receipt for receipt in reversed(receipts) if receipt.is_accepted and receipt.rows > 1)
        line = line_numbers(landing, good.receipt_id)[0]
        landing.decide(good.receipt_id, line, "rejected", "示例", "steward", FIRST + timedelta(days=30))
    assert len(receipts) == FILES + 1
    came = {r.receipt_id: r.rows for r in receipts if r.is_accepted}
    with Ledger.memory(folders=[home.lines]) as ledger:
        walk.compute(ledger, Site(home, Month(2023, 5), date(2026, 6, 30)))
        fates = ledger.rows("select receipt_id, line_no, fate from stg.line_fate")
    assert len(fates) == len(fates.unique(["receipt_id", "line_no"]))
    assert set(fates["fate"]) == FATES
    assert Counter(fates["receipt_id"].to_list()) == came


def line_numbers(landing: Landing, receipt_id: str) -> list[int]:
    """Line numbers of a submission's lines."""
    return pl.read_parquet(landing.lines("energy", [receipt_id])[0])["line_no"].to_list()
