"""Uploaded files, judged row by row as they are sent: the same rules, through Great Expectations.

The rules are evaluated into one true/false column each by the engine; the suite ``<contract>_file.json``, made
from the same rules, says that none may be true, and names the receipt and line of every row that breaks one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import paths
from pipelines.engine import Ledger
from pipelines.errors import BrokenReference
from pipelines.quality.admission import TABLE_NAMES, broken_rules, month_of, what_was_read
from pipelines.quality.rules import Rule, Words, rules_for
from pipelines.quality.suites import evaluate, read_suite, write_suites

# The suite is asked of so many rows at a time; of larger files only rows that break something are handed to it.
MOST_ROWS = 50_000
_NOTHING = Words(zh="—", en="-")
_MARKS = {
    "held": ("暂挂", "held"),
    "flagged": ("提示", "warning"),
    "released": ("管理员已放行", "released by the steward"),
    "rejected": ("管理员已退回", "rejected by the steward"),
}


@dataclass(frozen=True)
class Finding:
    """One rule broken by one line, or (``is_broken_rule``) one rule that could not be run at all.

    ``decision`` is the steward's word on the line when there is one already: ``released`` or ``rejected``.
    """

    code: str
    severity: str
    receipt_id: str
    line: int
    columns: tuple[str, ...]
    title: Words
    read: Words
    expected: Words
    why: Words
    mend: Words
    may_release: bool = True
    is_broken_rule: bool = False
    decision: str = ""

    @property
    def fate(self) -> str:
        """What becomes of the line: held, flagged, released, rejected; unknown when the rule could not be run."""
        if self.is_broken_rule:
            return "unknown"
        if self.decision == "rejected":
            return "rejected"
        if self.severity == "warning":
            return "flagged"
        return "released" if self.decision == "released" and self.may_release else "held"

    def as_text(self, language: str = "zh") -> str:
        """The sentence a clerk reads."""
        return self._chinese() if language == "zh" else self._english()

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain = {
            name: {"zh": value.zh, "en": value.en} if isinstance(value, Words) else value
            for name, value in ((name, getattr(self, name)) for name in self.__dataclass_fields__)
        }
        return plain | {"fate": self.fate, "zh": self.as_text("zh"), "en": self.as_text("en")}

    def _chinese(self) -> str:
        if self.is_broken_rule:
            return f"{self.code}  本规则未能执行（程序问题，与数据无关）：{self.title.zh}"
        return (
            f"{self.code}  第{self.line}行［{_MARKS[self.fate][0]}］{self.title.zh}：读到 {self.read.zh}，"
            f"应为{self.expected.zh}。{self.mend.zh}。"
        )

    def _english(self) -> str:
        if self.is_broken_rule:
            return f"this rule could not be run (our mistake, not the file's): {self.title.en}"
        return (
            f"line {self.line} [{_MARKS[self.fate][1]}] {self.title.en}: read {self.read.en}; "
            f"expected {self.expected.en}. To mend: {self.mend.en}."
        )


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


def judge_file(
    ledger: Ledger, contract: str, receipts: Sequence[str] = (), folder: Path = paths.EXPECTATIONS
) -> list[Finding]:
    """What the rules say of the lines *receipts* have in ``stg.<contract>_candidate``; by line, then code.

    Without *receipts*, of all lines there. A line that a newer submission has replaced is not judged.

    Raises:
        BrokenReference: the suite kept in *folder* is not that of the rules beside it.
    """
    if not receipts:
        there = f"select distinct receipt_id from stg.{TABLE_NAMES[contract]}_candidate"
        receipts = ledger.rows(there)["receipt_id"].to_list()
    rules = {rule.code: rule for rule in rules_for(contract, folder)}
    declared = _suite_in_step(folder / f"{contract}_file.json", list(rules.values()))
    broken = broken_rules(ledger, contract, list(rules.values()))
    sound = [item for item in declared if item["meta"]["code"] not in broken]
    found = [_broken(rules[code], why) for code, why in broken.items()]
    for frame in _truths(ledger, contract, [rules[item["meta"]["code"]] for item in sound], receipts):
        for outcome in evaluate(frame, f"{contract}_file", sound, ["receipt_id", "line_no"]):
            rule = rules[outcome.code]
            if outcome.broken:
                found.append(_broken(rule, outcome.broken))
            elif outcome.unexpected:
                read = what_was_read(ledger, contract, rule, receipts, folder)
                found += [
                    _finding(rule, row["receipt_id"], row["line_no"], read) for row in outcome.unexpected
                ]
    return sorted(set(found), key=lambda finding: (finding.line, finding.code, finding.receipt_id))


def _suite_in_step(path: Path, rules: Sequence[Rule]) -> list[dict[str, Any]]:
    declared = read_suite(path)
    if declared != suite_of(rules):
        raise BrokenReference(
            f"{path.name} 与 rules/ 不一致，请运行 python -m pipelines.quality 重新生成。",
            f"{path.name} is not the suite of rules/; make it anew with python -m pipelines.quality",
        )
    return declared


def _truths(
    ledger: Ledger, contract: str, rules: Sequence[Rule], receipts: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """One column a rule: whether the row breaks it (an unknown is no break); fifty thousand rows at a time."""
    month = month_of(contract)
    columns = "".join(f", {rule.predicate(month)} as {rule.code}" for rule in rules)
    table = f"stg.{TABLE_NAMES[contract]}_candidate"
    frame = ledger.rows(
        f"select receipt_id, line_no{columns} from {table} as candidate "
        "where list_contains(?, receipt_id) and not is_superseded order by receipt_id, line_no",
        [list(receipts)],
    )
    if len(frame) > MOST_ROWS and rules:
        frame = frame.filter(pl.any_horizontal([rule.code for rule in rules]))
    return frame.iter_slices(MOST_ROWS)


def _finding(rule: Rule, receipt_id: str, line: int, read: dict[tuple[str, int], tuple[str, str]]) -> Finding:
    zh, en = read[receipt_id, int(line)]
    return Finding(
        code=rule.code,
        severity=rule.severity,
        receipt_id=receipt_id,
        line=int(line),
        columns=rule.columns,
        title=rule.title,
        read=Words(zh=zh, en=en),
        expected=rule.expected,
        why=rule.why,
        mend=rule.mend,
        may_release=rule.may_release,
    )


def _broken(rule: Rule, why: str) -> Finding:
    """The finding that a rule could not be run: nothing is known of the rows, and the file is not to blame."""
    told = Words(zh=why or "—", en=why or "-")
    return Finding(
        code=rule.code,
        severity=rule.severity,
        receipt_id="",
        line=0,
        columns=(),
        title=told,
        read=_NOTHING,
        expected=_NOTHING,
        why=_NOTHING,
        mend=_NOTHING,
        is_broken_rule=True,
    )
