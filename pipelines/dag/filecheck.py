"""Every door's answer to a file: intake's receipt, then what the row rules say of its lines.

``check``           dry run: nothing is registered or kept
``judge_received``  files that intake has just received: which rows will be held, which are flagged, how to mend them
``take``            both for files waiting in the inbox, the answer left beside each
``stands_against``  what holds one line already received, for a steward who would release it

A receipt never waits for the rules: what could not be judged is said to be so, and the file stays received.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import intake, quality
from pipelines.dag.bench import Bench
from pipelines.errors import LedgerError
from pipelines.intake import Delivery, Landing, Receipt
from pipelines.paths import Home

MOST_TOLD = 200


@dataclass(frozen=True)
class Answer:
    """What a sender is told of one file: its receipt, and the rules each line breaks.

    ``unjudged`` says, in Chinese and English, why the rules could not be asked at all; blank when they were.
    """

    receipt: Receipt
    findings: tuple[quality.Finding, ...] = ()
    unjudged: tuple[str, str] | None = None

    @property
    def held_lines(self) -> list[int]:
        """Lines that will be held (暂挂)."""
        return self._lines("held")

    @property
    def flagged_lines(self) -> list[int]:
        """Lines that pass, flagged (提示), and are not held for another reason."""
        return sorted(set(self._lines("flagged")) - set(self.held_lines))

    @property
    def broken_rules(self) -> list[str]:
        """Rules that could not be run: a mistake of ours, never of the data."""
        return sorted({finding.code for finding in self.findings if finding.is_broken_rule})

    @property
    def is_good(self) -> bool:
        """Accepted, and no line will be held."""
        return self.receipt.is_accepted and not self.held_lines

    @property
    def is_judged(self) -> bool:
        """Every rule was asked of every line (or the file was refused, and there was nothing to ask)."""
        return self.unjudged is None and not self.broken_rules

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: the receipt's, and every finding."""
        return self.receipt.as_dict() | {
            "findings": [finding.as_dict() for finding in self.findings],
            "held_lines": self.held_lines,
            "flagged_lines": self.flagged_lines,
            "broken_rules": self.broken_rules,
            "is_judged": self.is_judged,
            "unjudged": None
            if self.unjudged is None
            else dict(zip(("zh", "en"), self.unjudged, strict=True)),
        }

    def as_text(self) -> str:
        """The answer as a clerk reads it, Chinese first, then English."""
        return "\n".join([self.receipt.as_text("zh"), *self.findings_text()])

    def findings_text(self) -> list[str]:
        """What the rules say, in lines; none when the file was refused or breaks nothing."""
        told = []
        if self.held_lines or self.flagged_lines:
            told.append(
                f"  其中 {len(self.held_lines)} 行将暂挂，{len(self.flagged_lines)} 行有提示，其余准入。"
                f" | {len(self.held_lines)} lines will be held, {len(self.flagged_lines)} are flagged."
            )
        for finding in self.findings[:MOST_TOLD]:
            told += [f"  {finding.as_text('zh')}", f"        {finding.as_text('en')}"]
        if len(self.findings) > MOST_TOLD:
            rest = len(self.findings) - MOST_TOLD
            told.append(f"  ……另有 {rest} 处，用 --json 查看全部。 | {rest} more; --json lists all.")
        if self.unjudged:
            zh, en = self.unjudged
            told.append(f"  行级规则本次未能执行（程序问题，与数据无关）：{zh} | rules not asked: {en}")
        return told

    def _lines(self, fate: str) -> list[int]:
        return sorted({finding.line for finding in self.findings if finding.fate == fate})


def check(delivery: Delivery, home: Home) -> Answer:
    """What would be answered to a file. Where nothing was ever received, its factories are taken as known."""
    examined = intake.examine(
        delivery.data, sender=delivery.sender, filename=delivery.filename, at=delivery.at
    )
    with ExitStack() as stack:
        landing = stack.enter_context(Landing.open(home)) if home.register.exists() else None
        return judged(
            [examined.receipt], {examined.receipt.receipt_id: examined.lines}, landing, delivery.at
        )[0]


def take(landing: Landing, inbox: Path, at: datetime) -> list[Answer]:
    """Take in every file waiting in the inbox; the answer is left beside a file when it says more than "received"."""
    answers: list[Answer] = []

    def answering(receipts: Sequence[Receipt]) -> list[str]:
        judged_now = judge_received(receipts, landing, at)
        answers.extend(judged_now)
        return ["" if _is_plain(answer) else answer.as_text() for answer in judged_now]

    intake.take(landing, inbox, at, answering)
    return answers


def judge_received(receipts: Sequence[Receipt], landing: Landing, at: datetime) -> list[Answer]:
    """The answers to files already received, their lines read where the landing keeps them."""
    own: dict[str, pl.DataFrame] = {}
    try:
        for receipt in receipts:
            if receipt.is_accepted and receipt.receipt_id not in own:
                path = landing.lines(receipt.contract, [receipt.receipt_id])[0]
                own[receipt.receipt_id] = pl.read_parquet(path)
    except LedgerError as error:
        return [_unjudged(receipt, error) for receipt in receipts]
    return judged(receipts, own, landing, at)


def stands_against(receipt_id: str, line_no: int, landing: Landing, at: datetime) -> Answer:
    """What the rules say now of one line of an accepted file.

    Raises:
        NotFound: there is no such receipt.
    """
    row = landing.receipt(receipt_id)
    fields = {name: row[name] for name in Receipt.__dataclass_fields__ if name in row and name != "problems"}
    answer = judge_received([Receipt(**fields, problems=())], landing, at)[0]
    findings = (item for item in answer.findings if item.line == line_no or item.is_broken_rule)
    return replace(answer, findings=tuple(findings))


def judged(
    receipts: Sequence[Receipt], own: Mapping[str, pl.DataFrame], landing: Landing | None, at: datetime
) -> list[Answer]:
    """The answers to *receipts*, whose lines are in *own*; contracts without row rules have no findings."""
    asked = [
        receipt for receipt in receipts if receipt.is_accepted and receipt.contract in quality.TABLE_NAMES
    ]
    if not asked:
        return [Answer(receipt) for receipt in receipts]
    found: list[quality.Finding] = []
    try:
        with Bench(landing, at) as bench:
            for contract in dict.fromkeys(receipt.contract for receipt in asked):
                ids = {receipt.receipt_id for receipt in asked if receipt.contract == contract}
                found += bench.ask(contract, {receipt_id: own[receipt_id] for receipt_id in sorted(ids)})
    except LedgerError as error:
        return [_unjudged(receipt, error) for receipt in receipts]
    return [Answer(receipt, tuple(_of(receipt, found)) if receipt in asked else ()) for receipt in receipts]


def _of(receipt: Receipt, found: Iterable[quality.Finding]) -> list[quality.Finding]:
    """The findings on one receipt's lines, and the rules that could not be run for anybody of its contract."""
    codes = {rule.code for rule in quality.rules_for(receipt.contract)}
    return [
        item
        for item in found
        if item.receipt_id == receipt.receipt_id or (item.is_broken_rule and item.code in codes)
    ]


def _unjudged(receipt: Receipt, error: LedgerError) -> Answer:
    return Answer(receipt, unjudged=(error.zh, error.en) if receipt.is_accepted else None)


def _is_plain(answer: Answer) -> bool:
    """Nothing to tell but that the file was received."""
    return answer.receipt.is_accepted and not (
        answer.findings or answer.unjudged or answer.receipt.problem_count
    )
