"""The steward's page: what came in, what waits and why, how rules were hit, by factory and by month.

One offline file: no script, no outside address, every text from a file escaped. The same ledger gives the
same bytes. (The library's own pages write cell text raw and load from foreign hosts, so they are not served.)
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines import paths
from pipelines.engine import Ledger
from pipelines.quality.admission import TABLE_NAMES
from pipelines.quality.rules import Rule, load_rules
from pipelines.quality.suites import SuiteResult, judge_month

MOST_HELD = 500
MOST_WARNED = 100
MOST_FACTORIES = 30
_HERE = Path(__file__).parent
_FATES = {"admitted": "准入", "held": "暂挂", "rejected": "退回", "superseded": "被更正取代"}
_CONTRACTS = {
    "energy": "能源",
    "output": "产值产量",
    "green_power": "绿电绿证",
    "register": "企业名录",
    "titles": "绿色称号",
    "indicators": "规划指标",
    "profile": "绿色绩效",
    "media": "耗能工质",
}
_HELD = "fate.fate = 'held'"
_UNANSWERED = "fate.fate = 'admitted' and fate.warning_codes <> '' and not fate.is_acknowledged"
# Shades of the heat table: from this share of lines held (percent) the cell takes the darker shade.
_SHADES = ((50, "h3"), (20, "h2"), (0, "h1"))


def report(
    ledger: Ledger, path: Path, generated_for: str, suites: Sequence[SuiteResult] | None = None
) -> None:
    """Write the quality report (数据质量报告) of what is in *ledger* to *path*.

    *generated_for* names the release on the page. Without *suites* they are evaluated here.
    """
    rules = {rule.code: rule for rule in load_rules(paths.EXPECTATIONS)}
    contracts = _contracts(ledger)
    page = _template().render(
        generated_for=generated_for,
        contracts=contracts,
        sums={name: sum(row[name] for row in contracts) for name in ("total", "unanswered", *_FATES)},
        is_kept=all(row["is_kept"] for row in contracts),
        files=dict(ledger.rows("select outcome, count(*) from raw.submission group by 1").iter_rows()),
        rules=_rule_hits(ledger, rules),
        held=_waiting(ledger, rules, _HELD, "critical", MOST_HELD),
        warned=_waiting(ledger, rules, _UNANSWERED, "warning", MOST_WARNED),
        months=_query(ledger, "months"),
        factories=_factories(ledger),
        suites=judge_month(ledger) if suites is None else suites,
        fates=_FATES,
        contract_zh=_CONTRACTS,
    )
    path.write_text(page, encoding="utf-8", newline="\n")


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["n"] = "{:,}".format
    environment.filters["month"] = lambda day: day.strftime("%Y-%m") if day else ""
    return environment.get_template("quality.html")


def _query(ledger: Ledger, name: str, **parts: Any) -> list[dict[str, Any]]:
    """The rows of the query kept under ``queries/``."""
    sql = (_HERE / "queries" / f"{name}.sql").read_text(encoding="utf-8")
    return ledger.rows(sql.format(**parts)).to_dicts()


def _contracts(ledger: Ledger) -> list[dict[str, Any]]:
    """Rows by contract and fate; ``is_kept`` when received = admitted + held + rejected + superseded."""
    found = _query(ledger, "fates")
    table = []
    for contract, name in TABLE_NAMES.items():
        mine = [row for row in found if row["contract"] == contract]
        counts = dict.fromkeys(_FATES, 0) | {row["fate"]: row["rows"] for row in mine}
        received = ledger.rows(f"select count(*) as rows from raw.{name}_line").item()
        table.append(
            {
                "name": _CONTRACTS[contract],
                "total": received,
                "is_kept": received == sum(counts.values()),
                "unanswered": sum(row["unanswered"] for row in mine),
                **counts,
            }
        )
    return table


def _rule_hits(ledger: Ledger, rules: dict[str, Rule]) -> list[dict[str, Any]]:
    none = {"rows": 0, "submissions": 0, "factories": 0}
    hits = {row["rule_code"]: row for row in _query(ledger, "hits")}
    return [{"rule": rule, **none, **hits.get(code, {})} for code, rule in rules.items()]


def _waiting(
    ledger: Ledger, rules: dict[str, Rule], which: str, severity: str, most: int
) -> list[dict[str, Any]]:
    """Lines that wait, one entry a line, with the rules it breaks and what was read for each."""
    rows = _query(ledger, "waiting", which=which, severity=severity, most=most)
    entries = []
    for _, group in groupby(rows, key=lambda row: (row["contract"], row["receipt_id"], row["line_no"])):
        broken = list(group)
        reasons = [{"rule": rules[row["rule_code"]], "detail": row["detail"]} for row in broken]
        entries.append({**broken[0], "reasons": reasons})
    return entries


def _factories(ledger: Ledger) -> list[dict[str, Any]]:
    """The factories with most lines held or warned; ``cells`` by month, each with its shade."""
    rows = _query(ledger, "factory_months", most=MOST_FACTORIES)
    table = []
    for _, group in groupby(rows, key=lambda row: row["factory_id"]):
        months = list(group)
        cells = {row["month"]: {**row, "shade": _shade(row)} for row in months}
        table.append({**months[0], "cells": cells})
    return table


def _shade(row: dict[str, Any]) -> str:
    """The cell's shade: by the share of lines held, else whether any line was flagged."""
    if row["held"]:
        return next(shade for percent, shade in _SHADES if row["held"] * 100 >= row["rows"] * percent)
    return "w" if row["warned"] else ""
