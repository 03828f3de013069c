"""What a sender is told: a receipt, or every problem of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.errors import Problem
from pipelines.intake.contracts import load_contracts


@dataclass(frozen=True)
class Receipt:
    """The answer to one file. ``is_repeat`` says the same bytes had been answered before, the same way."""

    receipt_id: str
    sha256: str
    contract: str
    sender: str
    filename: str
    received_at: str
    rows: int
    outcome: str
    problems: tuple[Problem, ...]
    problem_count: int
    first_month: str = ""
    last_month: str = ""
    is_repeat: bool = False

    @property
    def is_accepted(self) -> bool:
        """The file was accepted; its lines are judged at the next run."""
        return self.outcome == "accepted"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, problems with their sentences."""
        plain = {key: value for key, value in self.__dict__.items() if key != "problems"}
        return plain | {"problems": [item.as_dict() for item in self.problems]}

    def as_text(self, language: str = "zh") -> str:
        """The answer as a clerk reads it."""
        return _chinese(self) if language == "zh" else _english(self)


def _chinese(receipt: Receipt) -> str:
    told = [item.zh() for item in receipt.problems]
    rest = receipt.problem_count - len(receipt.problems)
    if rest > 0:
        told.append(f"……另有 {rest} 处，改正以上问题后再查。")
    if not receipt.is_accepted:
        head = f"退回  {receipt.filename}（{_title(receipt) or '无法识别的报表'}，{receipt.rows} 行）：全部未受理，请改正后重新报送。"
        return "\n".join([head, *[f"  {line}" for line in told]])
    months = receipt.first_month
    if receipt.last_month != receipt.first_month:
        months = f"{receipt.first_month} 至 {receipt.last_month}"
    again = "（此前已受理，未重复登记）" if receipt.is_repeat else ""
    head = f"受理  {receipt.filename}  回执 {receipt.receipt_id}{again}：{_title(receipt)} {receipt.rows} 行"
    return "\n".join([f"{head}，报告期 {months}" if months else head, *[f"  {line}" for line in told]])


def _english(receipt: Receipt) -> str:
    word = "accepted" if receipt.is_accepted else "refused whole"
    head = f"{word}  {receipt.filename}  {receipt.receipt_id}  {receipt.contract or 'unknown table'}  {receipt.rows} rows"
    return "\n".join([head, *[f"  {item.code}  {item.en()}" for item in receipt.problems]])


def _title(receipt: Receipt) -> str:
    contract = load_contracts().get(receipt.contract)
    return contract.title.zh if contract else ""
