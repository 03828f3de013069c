"""One uploaded file, judged row by row before it is sent: the same rules, through Great Expectations.

The rules are evaluated into one true/false column each by the engine; the suite ``<contract>_file.json``, made
from the same rules, says that none may be true, and names the receipt and line of every row that breaks one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import paths
from pipelines.engine import Ledger
from pipelines.errors import BrokenReference
from pipelines.quality.admission import TABLE_NAMES, broken_rules, month_of
from pipelines.quality.rules import Rule, rules_for
from pipelines.quality.suites import Expected, evaluate, read_suite, write_suites

MOST_ROWS = 50_000


@dataclass(frozen=True)
class Finding:
    """One rule broken by one line, or (``is_broken_rule``) one rule that could not be run at all."""

    code: str
    severity: str
    receipt_id: str
    line: int
    columns: tuple[str, ...]
    zh: str
    en: str
    why_zh: str
    mend_zh: str
    mend_en: str
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


def suite_of(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """The row-by-row suite of some rules, as Great Expectations declares it."""
    return [
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": rule.code, "value_set": [False]},
            "meta": {"code": rule.code, "zh": rule.title.zh},
            "severity": rule.severity,
        }
        for rule in rules
    ]


def write_file_suites(folder: Path = paths.EXPECTATIONS) -> None:
    """Write every ``<contract>_file.json`` anew from the rules in *folder*. To be done when a rule has changed."""
    write_suites(
        {f"{contract}_file": suite_of(rules_for(contract, folder)) for contract in TABLE_NAMES}, folder
    )


def judge_file(ledger: Ledger, contract: str, folder: Path = paths.EXPECTATIONS) -> list[Finding]:
    """What the rules say of ``stg.<contract>_candidate``, which holds one file's lines; by line, then code.

    Beyond fifty thousand rows only those that break something are handed to the suite.

    Raises:
        BrokenReference: the suite kept in *folder* is not that of the rules beside it.
    """
    rules = {rule.code: rule for rule in rules_for(contract, folder)}
    declared = _suite_in_step(folder / f"{contract}_file.json", list(rules.values()))
    broken = broken_rules(ledger, contract, list(rules.values()))
    sound = [item for item in declared if item["meta"]["code"] not in broken]
    frame = _truths(ledger, contract, [rules[item["meta"]["code"]] for item in sound])
    outcomes = evaluate(frame, f"{contract}_file", sound, ["receipt_id", "line_no"])
    found = [finding for outcome in outcomes for finding in _findings(outcome, rules[outcome.code])]
    found += [_broken(rules[code], why) for code, why in broken.items()]
    return sorted(found, key=lambda finding: (finding.line, finding.code, finding.receipt_id))


def _suite_in_step(path: Path, rules: Sequence[Rule]) -> list[dict[str, Any]]:
    declared = read_suite(path)
    if declared != suite_of(rules):
        raise BrokenReference(
            f"{path.name} 与 rules/ 不一致，请运行 python -m pipelines.quality 重新生成。",
            f"{path.name} is not the suite of rules/; make it anew with python -m pipelines.quality",
        )
    return declared


def _truths(ledger: Ledger, contract: str, rules: Sequence[Rule]) -> pl.DataFrame:
    """One column a rule: whether the row breaks it (an unknown is no break)."""
    month = month_of(contract)
    columns = "".join(f", {rule.predicate(month)} as {rule.code}" for rule in rules)
    table = f"stg.{TABLE_NAMES[contract]}_candidate"
    frame = ledger.rows(
        f"select receipt_id, line_no{columns} from {table} as candidate order by receipt_id, line_no"
    )
    if len(frame) > MOST_ROWS and rules:
        frame = frame.filter(pl.any_horizontal([rule.code for rule in rules])).head(MOST_ROWS)
    return frame


def _findings(outcome: Expected, rule: Rule) -> list[Finding]:
    if outcome.broken:
        return [_broken(rule, outcome.broken)]
    return [
        Finding(
            code=rule.code,
            severity=rule.severity,
            receipt_id=str(row["receipt_id"]),
            line=int(row["line_no"]),
            columns=rule.columns,
            zh=rule.title.zh,
            en=rule.title.en,
            why_zh=rule.why.zh,
            mend_zh=rule.mend.zh,
            mend_en=rule.mend.en,
        )
        for row in outcome.unexpected
    ]


def _broken(rule: Rule, why: str) -> Finding:
    """The finding that a rule could not be run: nothing is known of the rows, and the file is not to blame."""
    nothing = ("", "", "")
    return Finding(rule.code, rule.severity, "", 0, (), why, why, *nothing, is_broken_rule=True)
