"""Lines and decisions that came after a frozen month's clock: set aside in ``raw.set_aside``, none is lost.

They wait for a restatement. Only what speaks of one factory's month is set aside; the register, titles and the
plan's indicators speak of later months too and are taken as they are known now (``frozenrows`` keeps what was
published of a frozen month all the same).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines import intake
from pipelines.dag.site import Site
from pipelines.engine import Ledger

SET_ASIDE = "raw.set_aside"
_QUERIES = Path(__file__).parent / "queries"
_SCHEMA = {
    "contract": pl.String,
    "receipt_id": pl.String,
    "line_no": pl.Int32,
    "factory_id": pl.String,
    "month": pl.Date,
    "decision_seq": pl.Int64,
}
_CLOCK = {"month": pl.Date, "as_of": pl.Date, "submission_seq": pl.Int64, "decision_seq": pl.Int64}


def set_aside(ledger: Ledger, site: Site, tables: Mapping[str, str]) -> None:
    """Move what the frozen months may not know from the raw *tables* (by contract) to ``raw.set_aside``."""
    clocks = [
        (month.first, held.clock.as_of, held.clock.submission_seq, held.clock.decision_seq)
        for month, held in sorted(site.frozen.items())
    ]
    ledger.load("raw.month_clock", pl.DataFrame(clocks, schema=_CLOCK, orient="row"))
    ledger.load(SET_ASIDE, pl.DataFrame(schema=_SCHEMA))
    if not clocks:
        return
    monthly = {
        contract: table
        for contract, table in tables.items()
        if {"factory_id", "period"} <= set(intake.raw_schema(contract))
    }
    for contract, table in monthly.items():
        ledger.execute(_query("set_aside_lines", contract, table))
        ledger.execute(_query("take_lines_out", contract, table))
    for contract, table in monthly.items():
        ledger.execute(_query("set_aside_decisions", contract, table))
    ledger.execute(
        f"delete from raw.decision where seq in (select decision_seq from {SET_ASIDE} where decision_seq is not null)"
    )


def _query(name: str, contract: str, table: str) -> str:
    """The query kept under ``queries/``; contract and table are ours."""
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8").format(contract=contract, table=table)
