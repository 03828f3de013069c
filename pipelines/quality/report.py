"""The steward's page: what came in, what waits and why, how rules were hit, by factory and by month.

One offline file: no script, no outside address, every text from a file escaped. The same ledger gives the
same bytes. (The library's own pages write cell text raw and load from foreign hosts, so they are not served.)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines import paths
from pipelines.engine import Ledger
from pipelines.quality.admission import TABLE_NAMES
from pipelines.quality.rules import Rule, load_rules
from pipelines.quality.suites import SuiteResult

MOST_HELD = 500
_FATES = {"admitted": "准入", "held": "暂挂", "rejected": "退回", "superseded": "被更正取代"}
_CONTRACTS = {
    "energy": "能源",
    "output": "产值产量",
    "green_power": "绿电绿证",
    "register": "企业名录",
    "titles": "绿色称号",
    "indicators": "规划指标",
    "profile": "绿色绩效",
}


def report(ledger: Ledger, path: Path, release_id: str, suites: Sequence[SuiteResult]) -> None:
    """Write the quality report of what is in *ledger* to *path*."""
    rules = {rule.code: rule for rule in load_rules(paths.EXPECTATIONS)}
    page = _template().render(
        release_id=release_id,
        contracts=_contracts(ledger),
        files=ledger.rows(
            "select outcome, count(*) as n from raw.submission group by 1 order by 1"
        ).to_dicts(),
        rules=_rule_hits(ledger, rules),
        held=_held(ledger, rules),
        most_held=MOST_HELD,
        months=_months(ledger),
        factories=_factories(ledger),
        suites=suites,
        fates=_FATES,
    )
    path.write_text(page, encoding="utf-8")


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("quality.html")


def _contracts(ledger: Ledger) -> list[dict[str, Any]]:
    """Rows by contract and fate, with the conservation line: in = admitted + held + rejected + superseded."""
    rows = ledger.rows("select contract, fate, count(*) as n from stg.line_fate group by 1, 2").to_dicts()
    table = []
    for contract in TABLE_NAMES:
        counts = dict.fromkeys(_FATES, 0) | {
            row["fate"]: row["n"] for row in rows if row["contract"] == contract
        }
        received = ledger.count(f"raw.{TABLE_NAMES[contract]}_line")
        is_kept = received == sum(counts.values())
        table.append({"name": _CONTRACTS[contract], "total": received, "is_kept": is_kept, **counts})
    return table


def _rule_hits(ledger: Ledger, rules: dict[str, Rule]) -> list[dict[str, Any]]:
    sql = "select hold_codes || ';' || warning_codes as codes, count(*) as n from stg.line_fate where fate <> 'superseded' group by 1"
    hits = dict.fromkeys(rules, 0)
    for codes, count in ledger.rows(sql).iter_rows():
        for code in filter(None, codes.split(";")):
            hits[code] += count
    return [
        {"code": code, "rule": rule, "hits": hits[code], "contract": _CONTRACTS[rule.contract]}
        for code, rule in rules.items()
    ]


def _held(ledger: Ledger, rules: dict[str, Rule]) -> list[dict[str, Any]]:
    sql = "select * from stg.line_fate where fate = 'held' order by month desc, contract, receipt_id, line_no"
    return [
        {
            **row,
            "contract_zh": _CONTRACTS[row["contract"]],
            "reasons": [rules[code] for code in row["hold_codes"].split(";") if code],
        }
        for row in ledger.rows(sql).to_dicts()
    ]


def _months(ledger: Ledger) -> list[dict[str, Any]]:
    sql = "select month, count(*) as total, count(case when fate = 'held' then 1 end) as held, count(case when warning_codes <> '' then 1 end) as warned from stg.line_fate where contract = 'energy' and fate <> 'superseded' group by month order by month"  # noqa: E501
    return ledger.rows(sql).to_dicts()


def _factories(ledger: Ledger) -> list[dict[str, Any]]:
    sql = "select factory_id, count(*) as total, count(case when fate = 'held' then 1 end) as held, count(case when warning_codes <> '' then 1 end) as warned from stg.line_fate where contract = 'energy' and fate <> 'superseded' group by factory_id order by held desc, warned desc, factory_id limit 30"  # noqa: E501
    return [row for row in ledger.rows(sql).to_dicts() if row["held"] or row["warned"]]
