"""What a page says of a check that found something names what it found."""

from __future__ import annotations

import polars as pl

from pipelines import paths
from pipelines.dag.notes import notes
from pipelines.dag.walk import Finding
from pipelines.engine import Ledger, load_checks


def test_a_note_names_its_accounting_bases_and_kinds_of_energy_in_chinese() -> None:
    check = next(c for c in load_checks(paths.WAREHOUSE) if c.name == "emission_without_factor")
    with Ledger.memory(threads=1) as ledger:
        ledger.load("ref.purpose", pl.DataFrame({"purpose": ["a", "b"], "name_zh": ["口径甲", "口径乙"]}))
        ledger.load("ref.energy_kind", pl.DataFrame({"energy_code": ["32"], "name_zh": ["热力"]}))
        rows = pl.DataFrame({"purpose": ["b", "a"], "energy_code": ["32", "40"], "uses": [1, 2]})
        told = notes(ledger, [Finding(check, rows), Finding(check, rows.clear())])
    assert told == (f"{check.title_zh}：{check.message_zh}（口径 口径甲、口径乙；能源 热力、40）",)
