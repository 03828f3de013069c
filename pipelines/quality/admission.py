"""Admission: every line's fate by the row rules and the steward's decisions, in one scan a contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines import paths
from pipelines.engine import Ledger
from pipelines.quality.rules import Rule, rules_for

# Contract → the name its staging tables carry.
TABLE_NAMES = {
    "energy": "energy",
    "output": "output",
    "green_power": "green_power",
    "register": "register",
    "titles": "title",
    "indicators": "indicator",
    "profile": "profile",
}

VERDICT_TABLES = {
    "verdict": {
        "receipt_id": "varchar",
        "line_no": "integer",
        "factory_id": "varchar",
        "month": "date",
        "fate": "varchar",
        "hold_codes": "varchar",
        "warning_codes": "varchar",
    }
}

_SKELETON = Path(__file__).with_name("verdict.sql")
# Which month, and whose, a line speaks of: dated lists speak of the month they took effect in.
_MONTH = {
    "register": "cast(date_trunc('month', candidate.valid_from) as date)",
    "titles": "cast(date_trunc('month', candidate.published_on) as date)",
    "profile": "make_date(candidate.year, 12, 1)",
}
_NO_FACTORY = {"indicators"}


@dataclass(frozen=True)
class Admission:
    """How many lines of a contract met which fate."""

    contract: str
    fates: dict[str, int]


def admit(ledger: Ledger, contract: str, folder: Path = paths.EXPECTATIONS) -> Admission:
    """Make ``stg.<contract>_verdict`` from ``stg.<contract>_candidate`` and the rules in *folder*.

    Steward decisions (raw.decision) are replayed: released lines pass, rejected ones do not.
    """
    name = TABLE_NAMES[contract]
    ledger.execute(verdict_sql(contract, rules_for(contract, folder)))
    counted = ledger.rows(
        f"select fate, count(*) as rows from stg.{name}_verdict group by fate order by fate"
    )
    return Admission(contract, dict(counted.iter_rows()))


def verdict_sql(contract: str, rules: Sequence[Rule]) -> str:
    """The statement that judges one contract."""
    name = TABLE_NAMES[contract]
    return _SKELETON.read_text(encoding="utf-8").format(
        verdict=f"stg.{name}_verdict",
        candidate=f"stg.{name}_candidate",
        critical=_codes(rule for rule in rules if rule.severity == "critical"),
        warning=_codes(rule for rule in rules if rule.severity == "warning"),
        anything=" or ".join(f"({rule.breaks})" for rule in rules) or "false",
        factory="cast(null as varchar)" if contract in _NO_FACTORY else "candidate.factory_id",
        month=_MONTH.get(contract, "candidate.period"),
    )


def contracts_behind(tables: Iterable[str]) -> list[str]:
    """The contracts whose verdicts are among *tables*."""
    by_table = {f"stg.{name}_verdict": contract for contract, name in TABLE_NAMES.items()}
    return [by_table[table] for table in tables if table in by_table]


def held_rows(ledger: Ledger) -> pl.DataFrame:
    """Held lines: contract, receipt_id, line_no, factory_id, month, hold_codes; oldest month first."""
    return ledger.rows(
        "select * from stg.line_fate where fate = 'held' order by month, contract, receipt_id, line_no"
    )


def _codes(rules: Iterable[Rule]) -> str:
    """SQL for the codes of the broken rules, joined by ``;``."""
    cases = [f"case when {rule.breaks} then '{rule.code}' end" for rule in rules]
    return f"concat_ws(';', {', '.join(cases)})" if cases else "''"
