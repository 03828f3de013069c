"""The desk: files taken in, checked and answered. Every door comes here."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from pipelines.errors import Problem
from pipelines.intake.codes import harmless, problem
from pipelines.intake.landing import Landing
from pipelines.intake.parsing import COMMISSION, Outcome, receipt_of
from pipelines.intake.receipts import Receipt
from pipelines.intake.worker import Reader

# A year of readings of a large factory fits; what is larger is a mistake, or is to be split by month.
MOST_BYTES = 150 * 2**20
_BATCH = 100
_BATCH_BYTES = 64 * 2**20
_WRITERS = 4
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Delivery:
    """One file as it arrives: bytes, who sent it, what it was called, when."""

    data: bytes
    sender: str
    filename: str
    at: datetime


@dataclass(frozen=True)
class Examination:
    """A dry run: what the desk would answer, and the lines it would keep."""

    receipt: Receipt
    lines: pl.DataFrame

    @property
    def is_accepted(self) -> bool:
        """The file would be accepted."""
        return self.receipt.is_accepted

    @property
    def contract(self) -> str:
        """Which table it is."""
        return self.receipt.contract

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return self.receipt.as_dict()

    def as_text(self, language: str = "zh") -> str:
        """The answer as a clerk reads it."""
        return self.receipt.as_text(language)


def examine(data: bytes, *, sender: str, filename: str, at: datetime, contract: str = "") -> Examination:
    """Check a file without writing anything."""
    delivery = Delivery(data, sender, filename, at)
    with Reader() as reader:
        return answer(delivery, _read(reader, delivery, contract))


def answer(delivery: Delivery, outcome: Outcome) -> Examination:
    """What the desk says of a file that was read."""
    receipt = _receipt(_row(delivery, outcome), outcome.problems, outcome.problem_count)
    return Examination(receipt, _lines(outcome))


def receive(data: bytes, *, sender: str, filename: str, at: datetime, landing: Landing) -> Receipt:
    """Take in one file: its receipt, or every problem. The same bytes again give the same receipt."""
    return receive_many([Delivery(data, sender, filename, at)], landing=landing)[0]


def receive_many(deliveries: Iterable[Delivery], *, landing: Landing) -> list[Receipt]:
    """Take in files in order, a hundred to a register transaction; each original is on disk before its receipt."""
    receipts: list[Receipt] = []
    with ThreadPoolExecutor(_WRITERS) as writers:
        for batch in _batches(deliveries):
            receipts += _take_in(batch, landing, writers)
    return receipts


def _take_in(batch: list[Delivery], landing: Landing, writers: Executor) -> list[Receipt]:
    """One batch: originals written while files are read, then the register, then the lines."""
    answers: dict[int, Receipt] = {}
    waiting: dict[int, tuple[dict[str, Any], Outcome]] = {}
    writing: list[Future[str]] = []
    hashes = [hashlib.sha256(delivery.data).hexdigest() for delivery in batch]
    there = landing.find(hashes)
    for place, delivery in enumerate(batch):
        known = there.get(hashes[place])
        if known is not None and delivery.sender in (COMMISSION, known["sender"]):
            answers[place] = _receipt(known, (), 0, is_repeat=True)
            continue
        outcome = _read(landing.reader, delivery)
        if known is not None:
            answers[place] = _second(known, delivery, outcome)
            continue
        writing.append(writers.submit(landing.originals.keep, delivery.data))
        waiting[place] = _row(delivery, outcome), outcome
    for written in writing:
        written.result()
    if waiting:
        landing.originals.sync()
        answers |= _register(waiting, landing)
    return [answers[place] for place in range(len(batch))]


def _second(known: Mapping[str, Any], delivery: Delivery, outcome: Outcome) -> Receipt:
    """The answer to a factory whose bytes somebody else has sent: its own data is there already, or E108.

    Nothing of another sender's submission is told.
    """
    if outcome.is_accepted:
        return _receipt(
            {**known, "sender": delivery.sender, "filename": delivery.filename}, (), 0, is_repeat=True
        )
    refused = Outcome(problems=[problem("E108")])
    return _receipt(_row(delivery, refused), refused.problems, 1)


def _register(waiting: Mapping[int, tuple[dict[str, Any], Outcome]], landing: Landing) -> dict[int, Receipt]:
    """The commit: everything of the batch in one transaction; lines are derived and follow it."""
    answers = {}
    entries = landing.register(list(waiting.values()))
    for (place, (_, outcome)), (entry, was_there) in zip(waiting.items(), entries, strict=True):
        if outcome.is_accepted and not was_there:
            landing.stored.write(outcome.contract, entry["receipt_id"], outcome.parquet)
        answers[place] = _receipt(entry, outcome.problems, outcome.problem_count, is_repeat=was_there)
    return answers


def _read(reader: Reader, delivery: Delivery, contract: str = "") -> Outcome:
    if len(delivery.data) > MOST_BYTES:
        read = f"{len(delivery.data) / 2**20:.0f} MiB"
        wanted = (f"不超过 {MOST_BYTES // 2**20} MiB 的文件", f"at most {MOST_BYTES // 2**20} MiB")
        return Outcome(problems=[problem("E102", read=read, expected=wanted)], problem_count=1)
    return reader.read(delivery.data, delivery.sender, delivery.at, contract)


def _lines(outcome: Outcome) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(outcome.parquet)) if outcome.parquet else outcome.lines


def _row(delivery: Delivery, outcome: Outcome) -> dict[str, Any]:
    sha256 = hashlib.sha256(delivery.data).hexdigest()
    return {
        "receipt_id": receipt_of(sha256),
        "sha256": sha256,
        "contract": outcome.contract,
        "sender": delivery.sender,
        "filename": harmless(delivery.filename, _LONGEST_NAME),
        "received_at": delivery.at.isoformat(),
        "rows": outcome.rows,
        "outcome": "accepted" if outcome.is_accepted else "refused",
        "first_month": outcome.first_month,
        "last_month": outcome.last_month,
    }


def _receipt(
    row: Mapping[str, Any], problems: Iterable[Problem], count: int, *, is_repeat: bool = False
) -> Receipt:
    fields = {name: row[name] for name in Receipt.__dataclass_fields__ if name in row}
    return Receipt(**fields, problems=tuple(problems), problem_count=count, is_repeat=is_repeat)


def _batches(deliveries: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    """Deliveries by the hundred, fewer when they are large."""
    batch: list[Delivery] = []
    size = 0
    for delivery in deliveries:
        batch.append(delivery)
        size += len(delivery.data)
        if len(batch) == _BATCH or size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
