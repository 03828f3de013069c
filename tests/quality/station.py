"""A ledger in memory, as the quality station meets it: real reference data, raw lines given by the test.

Factories are invented; their names contain 示例.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import polars as pl

from pipelines import intake, paths, quality, reference
from pipelines.dag import walk
from pipelines.dag.site import Rulebook, Site
from pipelines.dag.tables import RAW_TABLES, models_in_order
from pipelines.engine import Ledger, Model
from pipelines.paths import Home
from pipelines.periods import Month

AS_OF = date(2026, 6, 30)
RAW = RAW_TABLES
KNOWN, OTHER, STRANGER = "91310000MA1FL0AB1U", "91310000MA1FL0CD2X", "91310000MA1FL0EF3Y"
MARCH, APRIL, MAY = date(2023, 3, 1), date(2023, 4, 1), date(2023, 5, 1)


@cache
def references() -> dict[str, pl.DataFrame]:
    """Every ref table, as known on a fixed day."""
    loaded = reference.load(paths.EMISSION_FACTORS, as_of=AS_OF).tables
    site = Site(Home(paths.CHECKOUT), Month(2023, 6), AS_OF)
    return {**loaded, **reference.load_policy(paths.SCHEMAS), "ref.month": walk.calendar(site)}


@cache
def models() -> tuple[Model, ...]:
    """Every model, in the order of the walk."""
    return tuple(models_in_order(Rulebook()))


class Station:
    """Give it submissions and decisions, run it, and read what became of them."""

    def __init__(self) -> None:
        self.ledger = Ledger.memory(threads=2)
        for name, frame in references().items():
            self.ledger.load(name, frame)
        self._lines: dict[str, list[dict[str, Any]]] = {contract: [] for contract in RAW}
        self._submissions: list[dict[str, Any]] = []
        self._decisions: list[dict[str, Any]] = []

    def receive(self, contract: str, rows: list[dict[str, Any]], receipt_id: str = "") -> str:
        """Land *rows* as one accepted submission; lines are numbered from 2, as below a header."""
        seq = len(self._submissions) + 1
        receipt = receipt_id or f"R{seq:04d}"
        self._submissions.append({"receipt_id": receipt, "seq": seq, "contract": contract, "rows": len(rows)})
        types = intake.raw_schema(contract)
        self._lines[contract] += [
            {"receipt_id": receipt, "line_no": line, **_with_text(row, types)}
            for line, row in enumerate(rows, start=2)
        ]
        return receipt

    def decide(self, receipt_id: str, line_no: int, decision: str) -> None:
        """A steward's word on one line."""
        self._decisions.append(
            {
                "seq": len(self._decisions) + 1,
                "receipt_id": receipt_id,
                "line_no": line_no,
                "decision": decision,
            }
        )

    def run(self, layers: tuple[str, ...] = ("stg",)) -> Station:
        """Build the models of *layers*, admitting each contract where its verdict is needed."""
        for contract, lines in self._lines.items():
            self._land(contract, lines)
        submission = {
            "receipt_id": pl.String,
            "seq": pl.Int64,
            "contract": pl.String,
            "rows": pl.Int32,
            "outcome": pl.String,
        }
        rows = [{**row, "outcome": "accepted"} for row in self._submissions]
        self.ledger.load("raw.submission", pl.DataFrame(rows, schema=submission))
        decision = {"seq": pl.Int64, "receipt_id": pl.String, "line_no": pl.Int32, "decision": pl.String}
        self.ledger.load("raw.decision", pl.DataFrame(self._decisions, schema=decision))
        admitted: set[str] = set()
        for model in models():
            if model.layer in layers:
                for contract in set(quality.contracts_behind(model.depends_on)) - admitted:
                    quality.admit(self.ledger, contract)
                    admitted.add(contract)
                self.ledger.build(model)
        return self

    def _land(self, contract: str, lines: list[dict[str, Any]]) -> None:
        """The lines received, typed as intake types them."""
        types = intake.raw_schema(contract)
        texts = {name: [_plain(line.get(name)) for line in lines] for name in types}
        self.ledger.load("scratch.lines", pl.DataFrame(texts, schema=dict.fromkeys(types, pl.String)))
        casts = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in types.items())
        self.ledger.execute("create schema if not exists raw")
        self.ledger.execute(f"create or replace table {RAW[contract]} as select {casts} from scratch.lines")

    def fates(self, contract: str = "energy") -> dict[tuple[str, int], tuple[str, str, str]]:
        """(receipt, line) → fate, codes that hold it, codes that warn."""
        sql = "select * from stg.line_fate where contract = ? order by receipt_id, line_no"
        return {
            (row["receipt_id"], row["line_no"]): (row["fate"], row["hold_codes"], row["warning_codes"])
            for row in self.ledger.rows(sql, [contract]).to_dicts()
        }

    def fate(self, receipt_id: str, line_no: int = 2, contract: str = "energy") -> tuple[str, str, str]:
        """Fate and codes of one line."""
        return self.fates(contract)[receipt_id, line_no]


def registered(*factory_ids: str, **changes: Any) -> list[dict[str, Any]]:
    """Register lines of invented factories, known since 2020."""
    return [
        {
            "factory_id": factory_id,
            "name": f"示例工厂{number}",
            "industry_code": "3973",
            "is_above_scale": True,
            "valid_from": date(2020, 1, 1),
            **changes,
        }
        for number, factory_id in enumerate(factory_ids or (KNOWN, OTHER), start=1)
    ]


def power(**changes: Any) -> dict[str, Any]:
    """A flawless line: 120 万千瓦时 of electricity in May 2023, bought for 840 thousand yuan."""
    return {
        "factory_id": KNOWN,
        "period": MAY,
        "energy_code": "33",
        "unit": "wan_kWh",
        "purchased": 120,
        "consumed": 120,
        "cost_cny": 840_000,
        **changes,
    }


def station(*, register: bool = True) -> Station:
    """A station, by default with two factories on the register."""
    made = Station()
    if register:
        made.receive("register", registered())
    return made


def _with_text(row: dict[str, Any], types: dict[str, str]) -> dict[str, Any]:
    """The row with each parsed value's text as read beside it."""
    texts = {f"{name}_text": value for name, value in row.items() if f"{name}_text" in types}
    return {**texts, **row}


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
