"""Admission: every line's fate by the row rules and the steward's decisions, in one scan a contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
import yaml

from pipelines import paths
from pipelines.engine import Ledger
from pipelines.errors import BrokenReference, SqlFailed
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
    "activity": "activity",
    "media": "medium",
}

# Contract → how people call it.
CONTRACTS_ZH = {
    "energy": "能源",
    "output": "产值产量",
    "green_power": "绿电绿证",
    "register": "企业名录",
    "titles": "绿色称号",
    "indicators": "规划指标",
    "profile": "绿色绩效",
    "activity": "过程与逸散",
    "media": "耗能工质",
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
        "is_acknowledged": "boolean",
    },
    "stg.rule_hit": {
        "contract": "varchar",
        "receipt_id": "varchar",
        "line_no": "integer",
        "factory_id": "varchar",
        "month": "date",
        "rule_code": "varchar",
        "severity": "varchar",
        "detail": "varchar",
    },
    "stg.rule_summary": {
        "contract": "varchar",
        "receipt_id": "varchar",
        "rows": "bigint",
        "held": "bigint",
        "warned": "bigint",
        "rule_code": "varchar",
        "severity": "varchar",
        "hits": "bigint",
    },
}

_HERE = Path(__file__).parent
# Which month, and whose, a line speaks of: dated lists speak of the month they took effect in.
_MONTH = {
    "register": "cast(date_trunc('month', candidate.valid_from) as date)",
    "titles": "cast(date_trunc('month', candidate.published_on) as date)",
    "profile": "make_date(candidate.year, 12, 1)",
}
_NO_FACTORY = {"indicators"}
# What is shown of a cell: enough to recognise it. A rule over many columns shows only those that were filled.
_LONGEST_SHOWN = 60
_MANY_COLUMNS = 3


@dataclass(frozen=True)
class Admission:
    """How many lines of a contract met which fate (准入, 暂挂, 退回, 被更正取代)."""

    contract: str
    fates: dict[str, int]


def admit(ledger: Ledger, contract: str, folder: Path = paths.EXPECTATIONS) -> Admission:
    """Judge ``stg.<contract>_candidate`` by the rules in *folder*.

    Makes ``stg.<contract>_verdict`` (one row a line) and this contract's rows of ``stg.rule_hit`` and
    ``stg.rule_summary``. Steward decisions (raw.decision) are replayed: released lines pass, unless they cannot
    be computed with; rejected ones do not.

    Raises:
        BrokenReference: a rule could not be run. Nothing is admitted by rules that were not all asked.
    """
    rules = rules_for(contract, folder)
    name = TABLE_NAMES[contract]
    try:
        ledger.execute(verdict_sql(contract, rules))
    except SqlFailed as error:
        broken = broken_rules(ledger, contract, rules)
        if not broken:
            raise
        told = "\n".join(f"{code}: {why}" for code, why in broken.items())
        raise BrokenReference(
            f"规则未能执行（程序问题，与数据无关）：{told}", f"rules could not be run: {told}"
        ) from error
    ledger.execute(_rule_hit_sql(ledger, contract, rules, folder.parent / "contracts"))
    ledger.execute(_filled("rule_summary", contract=contract, verdict=f"stg.{name}_verdict"))
    counted = ledger.rows(
        f"select fate, count(*) as rows from stg.{name}_verdict group by fate order by fate"
    )
    return Admission(contract, dict(counted.iter_rows()))


def verdict_sql(contract: str, rules: Sequence[Rule]) -> str:
    """The statement that judges one contract."""
    name = TABLE_NAMES[contract]
    month = month_of(contract)
    return _filled(
        "verdict",
        verdict=f"stg.{name}_verdict",
        candidate=f"stg.{name}_candidate",
        critical=_codes(month, (rule for rule in rules if rule.severity == "critical")),
        final=_codes(month, (rule for rule in rules if not rule.may_release)),
        warning=_codes(month, (rule for rule in rules if rule.severity == "warning")),
        anything="\n        or ".join(rule.condition(month) for rule in rules) or "false",
        factory="cast(null as varchar)" if contract in _NO_FACTORY else "candidate.factory_id",
        month=month,
    )


def month_of(contract: str) -> str:
    """SQL for the month a candidate line speaks of."""
    return _MONTH.get(contract, "candidate.period")


def broken_rules(ledger: Ledger, contract: str, rules: Sequence[Rule]) -> dict[str, str]:
    """Rules that cannot be run on the candidate lines, each with the reason: mistakes of ours, not of the data."""
    month = month_of(contract)
    table = f"stg.{TABLE_NAMES[contract]}_candidate"
    found = {}
    for rule in rules:
        try:
            ledger.rows(f"select count(*) as rows from {table} as candidate where {rule.predicate(month)}")
        except SqlFailed as error:
            found[rule.code] = error.reason
    return found


def contracts_behind(tables: Iterable[str]) -> list[str]:
    """The contracts whose verdicts are among *tables*."""
    by_table = {f"stg.{name}_verdict": contract for contract, name in TABLE_NAMES.items()}
    return [by_table[table] for table in tables if table in by_table]


def held_rows(ledger: Ledger) -> pl.DataFrame:
    """Held lines, oldest month first: every column of ``stg.line_fate``."""
    return ledger.rows(
        "select * from stg.line_fate where fate = 'held' order by month, contract, receipt_id, line_no"
    )


def _codes(month: str, rules: Iterable[Rule]) -> str:
    """SQL for the codes of the broken rules, joined by ``;``."""
    cases = [f"case when {rule.condition(month)} then '{rule.code}' end" for rule in rules]
    return f"concat_ws(';', {', '.join(cases)})" if cases else "''"


def _rule_hit_sql(ledger: Ledger, contract: str, rules: Sequence[Rule], contracts: Path) -> str:
    raw = f"raw.{TABLE_NAMES[contract]}_line"
    there = set(ledger.rows(f"select * from {raw} limit 0").columns)
    headers = _headers(contracts / f"{contract}.yml")
    details = [f"when '{rule.code}' then {_told(rule, there, headers)}" for rule in rules]
    return _filled(
        "rule_hit",
        contract=contract,
        verdict=f"stg.{TABLE_NAMES[contract]}_verdict",
        raw=raw,
        candidate=f"stg.{TABLE_NAMES[contract]}_candidate",
        critical=", ".join(f"'{rule.code}'" for rule in rules if rule.severity == "critical") or "''",
        details="\n        ".join(details) or "when '' then ''",
    )


def what_was_read(
    ledger: Ledger, contract: str, rule: Rule, receipts: Sequence[str], folder: Path
) -> dict[tuple[str, int], tuple[str, str]]:
    """What stands in the columns a rule looks at, by receipt and line, for every line that breaks it.

    In Chinese by the contract's headers, in English by its canonical names.
    """
    name = TABLE_NAMES[contract]
    there = set(ledger.rows(f"select * from raw.{name}_line limit 0").columns)
    headers = _headers(folder.parent / "contracts" / f"{contract}.yml")
    query = _filled(
        "what_was_read",
        candidate=f"stg.{name}_candidate",
        raw=f"raw.{name}_line",
        predicate=rule.predicate(month_of(contract)),
        zh=_told(rule, there, headers),
        en=_told(rule, there, {column: f"{column} " for column in rule.columns}, "blank", ", "),
    )
    rows = ledger.rows(query, [list(receipts)])
    return {(receipt, line): (zh or "空白", en or "blank") for receipt, line, zh, en in rows.iter_rows()}


def _told(
    rule: Rule, there: set[str], headers: dict[str, str], empty: str = "空白", comma: str = "，"
) -> str:
    """SQL for what a hit tells: what the candidate table has to say, or else what was read in the rule's columns."""
    said = [f"candidate.{column}" for column in rule.shows]
    return f"concat_ws('{comma}', {', '.join(said or _shown(rule.columns, there, headers, empty))})"


def _shown(columns: Sequence[str], there: set[str], headers: dict[str, str], empty: str) -> Iterator[str]:
    """SQL for each column as a reader sees it: its header and the text that was read, or *empty*."""
    for column in columns:
        read = f"line.{column}_text" if f"{column}_text" in there else f"cast(line.{column} as varchar)"
        header = headers.get(column, column).replace("'", "''")
        blank = "null" if len(columns) > _MANY_COLUMNS else f"'{empty}'"
        yield (
            f"'{header}' || case when {read} is null or trim({read}) = '' then {blank} "
            f"else '“' || left({read}, {_LONGEST_SHOWN}) || '”' end"
        )


@cache
def _headers(path: Path) -> dict[str, str]:
    """Column → Chinese header, from the contract's own file; empty when the folder has none."""
    if not path.exists():
        return {}
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))["columns"]
    return {column["name"]: column["header"] for column in declared}


def _filled(name: str, **parts: str) -> str:
    """The SQL kept beside this file under *name*, with its marks filled in."""
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8").format(**parts)
