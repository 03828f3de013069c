"""The desk: files taken in, checked and answered. Every door comes here."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import polars as pl

from pipelines.errors import Problem
from pipelines.intake.codes import problem
from pipelines.intake.landing import Landing
from pipelines.intake.parsing import COMMISSION, Outcome, receipt_of
from pipelines.intake.receipts import Receipt
from pipelines.intake.worker import Reader

MOST_BYTES = 64 * 2**20
_BATCH = 100


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
    for batch in _batches(deliveries):
        receipts += _take_in(batch, landing)
    return receipts


def _take_in(batch: list[Delivery], landing: Landing) -> list[Receipt]:
    waiting: list[tuple[dict[str, Any], Outcome]] = []
    answers: dict[int, Receipt] = {}
    places: list[int] = []
    for place, delivery in enumerate(batch):
        known = landing.find(hashlib.sha256(delivery.data).hexdigest())
        if known is not None:
            answers[place] = _repeat(known, delivery)
            continue
        outcome = _read(landing.reader, delivery)
        row = _row(delivery, outcome)
        landing.keep_original(delivery.data)
        if outcome.is_accepted:
            landing.write_lines(outcome.contract, row["receipt_id"], outcome.parquet)
        waiting.append((row, outcome))
        places.append(place)
    if waiting:
        landing.sync_originals()
        for place, (_, outcome), (entry, was_there) in zip(
            places, waiting, landing.register(waiting), strict=True
        ):
            fresh = _receipt(entry, outcome.problems, outcome.problem_count)
            answers[place] = _repeat(entry, batch[place]) if was_there else fresh
    return [answers[place] for place in range(len(batch))]


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
        "filename": delivery.filename,
        "received_at": delivery.at.isoformat(),
        "rows": outcome.rows,
        "outcome": "accepted" if outcome.is_accepted else "refused",
        "first_month": outcome.first_month,
        "last_month": outcome.last_month,
    }


def _receipt(row: Mapping[str, Any], problems: Iterable[Problem], count: int) -> Receipt:
    fields = {name: row[name] for name in Receipt.__dataclass_fields__ if name in row}
    return Receipt(**fields, problems=tuple(problems), problem_count=count)


def _repeat(known: Mapping[str, Any], delivery: Delivery) -> Receipt:
    """The answer given before; nothing of another sender's file is told to a factory."""
    if delivery.sender not in (COMMISSION, known["sender"]):
        refused = Outcome(problems=[problem("E108")])
        return _receipt(_row(delivery, refused), refused.problems, 1)
    fields = {name: known[name] for name in Receipt.__dataclass_fields__ if name in known}
    return Receipt(**fields, problems=(), problem_count=0, is_repeat=True)


def _batches(deliveries: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    source = iter(deliveries)
    while batch := list(islice(source, _BATCH)):
        yield batch
