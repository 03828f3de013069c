"""One uploaded file, judged row by row before it is sent: the same rules, through Great Expectations.

The rules are evaluated into one true/false column each by the engine; the suite generated from them says that
none may be true, and names the receipt and line of every row that breaks one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import paths
from pipelines.engine import Ledger
from pipelines.quality.admission import TABLE_NAMES
from pipelines.quality.rules import Rule, rules_for
from pipelines.quality.suites import Expected, evaluate

MOST_ROWS = 50_000


@dataclass(frozen=True)
class Finding:
    """One rule broken by one line, or (``is_broken_rule``) one rule that could not be run at all."""

    code: str
    severity: str
    line: int
    columns: tuple[str, ...]
    zh: str
    mend_zh: str
    is_broken_rule: bool = False

    def as_text(self) -> str:
        """The Chinese sentence a clerk reads."""
        if self.is_broken_rule:
            return f"{self.code}  本规则未能执行（程序问题，与数据无关）：{self.zh}"
        mark = "暂挂" if self.severity == "critical" else "提示"
        return f"{self.code}  第{self.line}行［{mark}］{self.zh}。{self.mend_zh}。"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {**asdict(self), "text": self.as_text()}


def suite_of(rules: list[Rule]) -> list[dict[str, Any]]:
    """The row-by-row suite of some rules, as Great Expectations declares it."""
    return [
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": rule.code, "value_set": [False]},
            "meta": {"code": rule.code, "zh": rule.zh},
            "severity": rule.severity,
        }
        for rule in rules
    ]


def judge_file(ledger: Ledger, contract: str, folder: Path = paths.EXPECTATIONS) -> list[Finding]:
    """What the rules say of ``stg.<contract>_candidate``, which holds one file's lines.

    Beyond fifty thousand rows the engine's verdict alone is used; it says the same (tests hold them together).
    """
    rules = rules_for(contract, folder)
    frame = _truths(ledger, contract, rules)
    if len(frame) > MOST_ROWS:
        frame = frame.filter(pl.any_horizontal([rule.code for rule in rules])).head(MOST_ROWS)
    outcomes = evaluate(frame, f"{contract}_file", suite_of(rules), ["receipt_id", "line_no"])
    by_code = {rule.code: rule for rule in rules}
    found = [finding for outcome in outcomes for finding in _findings(outcome, by_code[outcome.code])]
    return sorted(found, key=lambda finding: (finding.line, finding.code))


def _truths(ledger: Ledger, contract: str, rules: list[Rule]) -> pl.DataFrame:
    """One column a rule: whether the row breaks it (an unknown is no break)."""
    columns = ", ".join(f"coalesce({rule.breaks}, false) as {rule.code}" for rule in rules)
    table = f"stg.{TABLE_NAMES[contract]}_candidate"
    return ledger.rows(f"select receipt_id, line_no, {columns} from {table} order by line_no")


def _findings(outcome: Expected, rule: Rule) -> list[Finding]:
    if outcome.broken:
        return [Finding(rule.code, rule.severity, 0, (), outcome.broken, rule.mend_zh, is_broken_rule=True)]
    return [
        Finding(rule.code, rule.severity, int(row["line_no"]), tuple(rule.columns), rule.zh, rule.mend_zh)
        for row in outcome.unexpected
    ]
