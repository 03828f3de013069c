"""One place to judge files as the next run would: a ledger in memory with the reference data and the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import polars as pl

from pipelines import intake, paths, quality, reference
from pipelines.dag import walk
from pipelines.dag.site import Site
from pipelines.dag.tables import RAW_TABLES
from pipelines.engine import Ledger, load_models
from pipelines.intake import Landing
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month

_COMMISSION = "commission"
# A contract whose rules look at submissions of any month; the others look at the file's months and the one before.
_LOOKS_EVERYWHERE = {"green_power"}
_EVER = ("", "9999-99")
# An examined file is not in the register yet: it comes after everything that is.
_OWN_SEQ = 2**40


class Bench:
    """A ledger in memory with the reference data and the register, asked of one contract after the other."""

    def __init__(self, landing: Landing | None, at: datetime) -> None:
        today = at.astimezone(SHANGHAI).date()
        home = landing.home if landing else Home(paths.CHECKOUT)
        site = Site(home, max(Month.of(today), reference.first_month(paths.SCHEMAS)), today)
        self._landing = landing
        self._ledger = Ledger.memory(folders=[home.lines] if landing else [])
        self._models = {model.key: model for model in load_models(paths.WAREHOUSE, layers=("stg",))}
        walk.refer(self._ledger, site)
        self._ledger.load("ref.month", walk.calendar(site))

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self._ledger.close()

    def ask(self, contract: str, own: Mapping[str, pl.DataFrame]) -> list[quality.Finding]:
        """What the rules say of files of one contract: their lines (receipt → lines) among those already accepted.

        Raises:
            LedgerError: the rules or the models do not hold together; nothing is known of the rows.
        """
        self._land(contract, own)
        for key in self._needed(f"stg.{quality.TABLE_NAMES[contract]}_candidate"):
            if key == "stg.register_line":
                quality.admit(self._ledger, "register")
            self._ledger.build(self._models[key])
        found = quality.judge_file(self._ledger, contract, sorted(own))
        said = self._decisions()
        return [replace(item, decision=said.get((item.receipt_id, item.line), "")) for item in found]

    def _needed(self, candidate: str) -> list[str]:
        """The register's models first, and every model *candidate* stands on, in the order they are built."""
        register = ["stg.register_candidate", "stg.register_line"]
        needed: set[str] = set()
        waiting = [*register, candidate]
        while waiting:
            key = waiting.pop()
            if key in self._models and key not in needed:
                needed.add(key)
                waiting += self._models[key].depends_on
        return [*register, *(key for key in self._models if key in needed and key not in register)]

    def _land(self, contract: str, own: Mapping[str, pl.DataFrame]) -> None:
        """The raw tables: the register as last accepted, the files' own lines, and what they are compared with."""
        ledger, landing = self._ledger, self._landing
        lines = pl.concat([frame for _, frame in sorted(own.items())], how="diagonal_relaxed")
        there = {"register": self._accepted("register", _EVER, None)}
        there[contract] = self._compared(contract, lines)
        others = {name: [item for item in receipts if item not in own] for name, receipts in there.items()}
        for name, receipts in others.items():
            kept = landing.lines(name, receipts) if landing else []
            ledger.load_parquet(RAW_TABLES[name], kept, intake.raw_schema(name))
        ledger.load("scratch.own", lines)
        ledger.execute(f"insert into {RAW_TABLES[contract]} by name select * from scratch.own")
        self._submissions([item for receipts in others.values() for item in receipts], own)
        if landing is None and contract != "register" and "factory_id" in lines.columns:
            self._take_as_known()

    def _compared(self, contract: str, lines: pl.DataFrame) -> list[str]:
        """Receipts whose lines the rules of *contract* may look at beside the files' own."""
        if contract in _LOOKS_EVERYWHERE or "period" not in lines.columns:
            return self._accepted(contract, _EVER, None)
        months = lines["period"].sort()
        first, last = Month.of(months[0]).shift(-1), Month.of(months[-1])
        owners = lines["factory_id"].unique().to_list() if "factory_id" in lines.columns else []
        return self._accepted(contract, (str(first), str(last)), {_COMMISSION, *owners})

    def _accepted(self, contract: str, months: tuple[str, str], senders: set[str] | None) -> list[str]:
        """Receipts accepted before; none where there is no landing."""
        return self._landing.neighbours(contract, *months, senders) if self._landing else []

    def _submissions(self, there: Iterable[str], own: Mapping[str, pl.DataFrame]) -> None:
        """raw.submission and raw.decision; a file that is only examined comes after everything accepted."""
        columns = {"receipt_id": pl.String, "seq": pl.Int64, "rows": pl.Int32}
        registered = pl.DataFrame(schema=columns)
        if self._landing is not None:
            registered = self._landing.submissions().filter(
                (pl.col("outcome") == "accepted") & pl.col("receipt_id").is_in([*there, *own])
            )
        fresh = [item for item in sorted(own) if item not in set(registered["receipt_id"])]
        rows = {"receipt_id": fresh, "seq": [_OWN_SEQ + place for place in range(len(fresh))]}
        rows["rows"] = [len(own[item]) for item in fresh]
        self._ledger.load(
            "raw.submission",
            pl.concat([registered.select(list(columns)), pl.DataFrame(rows, schema=columns)]),
        )
        decisions = {"seq": pl.Int64, "receipt_id": pl.String, "line_no": pl.Int32, "decision": pl.String}
        taken = self._landing.decisions() if self._landing else pl.DataFrame(schema=decisions)
        self._ledger.load("raw.decision", taken.select(list(decisions)))

    def _take_as_known(self) -> None:
        """A register of the files' own factories, where nothing was ever received (a factory's own machine)."""
        self._ledger.execute(
            f"insert into {RAW_TABLES['register']} by name select distinct 'own' as receipt_id, 1 as line_no, "
            "factory_id, '0000' as industry_code, date '1900-01-01' as valid_from from scratch.own"
        )
        self._ledger.execute(
            "insert into raw.submission by name select 'own' as receipt_id, 0 as seq, 0 as rows"
        )

    def _decisions(self) -> dict[tuple[str, int], str]:
        """The steward's last word on each line, where it decides its fate."""
        if self._landing is None:
            return {}
        taken = self._landing.decisions().filter(pl.col("decision") != "acknowledged").sort("seq")
        return {(row["receipt_id"], row["line_no"]): row["decision"] for row in taken.to_dicts()}
