"""The landing: originals kept by hash, the register of what came and was decided, typed lines beside them.

Truth is the originals (:mod:`pipelines.intake.originals`) and the register; typed lines
(:mod:`pipelines.intake.storedlines`) are made again from originals when they are missing, and when contracts,
units or the reading code have changed since (:mod:`pipelines.intake.stamp`). An original is on disk before its
register row, and the register row is the moment of acceptance: a crash leaves at most an original nobody refers to.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from pipelines.errors import BrokenReference, NotFound, Problem
from pipelines.intake.originals import Originals
from pipelines.intake.parsing import Outcome
from pipelines.intake.register import EVENT, SUBMISSION, Event, append_events, open_engine, verify_chain
from pipelines.intake.stamp import reading_stamp
from pipelines.intake.storedlines import StoredLines
from pipelines.intake.worker import Reader
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month

_DECISIONS = ("released", "rejected", "acknowledged")
_SUBMISSION_SCHEMA = {
    "receipt_id": pl.String,
    "seq": pl.Int64,
    "sha256": pl.String,
    "contract": pl.String,
    "sender": pl.String,
    "filename": pl.String,
    "received_on": pl.Date,
    "rows": pl.Int32,
    "outcome": pl.String,
}
_DECISION_SCHEMA = {
    "seq": pl.Int64,
    "receipt_id": pl.String,
    "line_no": pl.Int32,
    "decision": pl.String,
    "reason": pl.String,
    "actor": pl.String,
    "decided_on": pl.Date,
}


class Landing:
    """One installation's landing. Use it in a ``with`` block."""

    def __init__(self, home: Home, engine: sa.Engine) -> None:
        self.home = home
        self._engine = engine
        self.reader = Reader()
        self.originals = Originals(home.originals)
        self.stored = StoredLines(home.lines, reading_stamp())

    @classmethod
    def open(cls, home: Home) -> Landing:
        """The landing of *home*, made when it is not there."""
        home.made(home.originals)
        home.made(home.lines)
        return cls(home, open_engine(home.register))

    def __enter__(self) -> Landing:
        return self

    def __exit__(self, *error: object) -> None:
        self.reader.__exit__(*error)
        self._engine.dispose()

    def find(self, hashes: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """The accepted submissions of these bytes, by SHA-256."""
        with self._engine.connect() as connection:
            return _accepted(connection, hashes)

    def receipt(self, receipt_id: str) -> Mapping[str, Any]:
        """A submission by its receipt, with the problems told then; the accepted one where there are several.

        Raises:
            NotFound: there is no such receipt.
        """
        query = sa.select(SUBMISSION).where(SUBMISSION.c.receipt_id == receipt_id).order_by(SUBMISSION.c.seq)
        events = sa.select(EVENT.c.payload).where(
            EVENT.c.receipt_id == receipt_id, EVENT.c.kind.in_(("received", "refused"))
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
            if not rows:
                raise NotFound(f"没有回执 {receipt_id}。", f"no receipt {receipt_id}")
            row = next((row for row in rows if row["outcome"] == "accepted"), rows[0])
            told = events.where(EVENT.c.actor == row["sender"], EVENT.c.at == row["received_at"])
            payload = json.loads(connection.execute(told).scalar_one())
        return {**row, "problems": payload["problems"], "problem_count": payload["problem_count"]}

    def register(
        self, rows: Sequence[tuple[dict[str, Any], Outcome]]
    ) -> list[tuple[Mapping[str, Any], bool]]:
        """Enter submissions in one transaction, each with its event; those already there are given back.

        Returns, in order, the register's row and whether it had been there before.
        """
        hashes = [row["sha256"] for row, _ in rows]
        answers: list[tuple[Mapping[str, Any], bool]] = []
        fresh: list[dict[str, Any]] = []
        events: list[Event] = []
        with self._engine.begin() as connection:
            accepted, refused = _accepted(connection, hashes), _refused(connection, hashes)
            for row, outcome in rows:
                # Read again here: another process may have registered the same bytes meanwhile.
                is_accepted = row["outcome"] == "accepted"
                mine = (row["sha256"], row["sender"])
                known = accepted.get(row["sha256"]) if is_accepted else refused.get(mine)
                answers.append((known or row, known is not None))
                if known is None:
                    fresh.append(row)
                    events.append(_reception(row, outcome))
                    if is_accepted:
                        accepted[row["sha256"]] = row
                    else:
                        refused[mine] = row
            if fresh:
                connection.execute(SUBMISSION.insert(), fresh)
                append_events(connection, events)
        return answers

    def decide(
        self, receipt_id: str, line_no: int, decision: str, reason: str, actor: str, at: datetime
    ) -> None:
        """Record a steward's decision on one line; it takes effect at the next run and is kept for ever.

        Raises:
            NotFound: there is no such line among the accepted ones.
        """
        if decision not in _DECISIONS or not reason.strip():
            raise NotFound("决定应为放行、退回或确认，并写明理由。", "a decision needs a kind and a reason")
        payload = {"line_no": line_no, "reason": reason}
        row = self.receipt(receipt_id)
        if row["outcome"] != "accepted" or not self._has_line(row["contract"], receipt_id, line_no):
            raise NotFound(
                f"回执 {receipt_id} 没有第 {line_no} 行数据。", f"receipt {receipt_id} has no line {line_no}"
            )
        with self._engine.begin() as connection:
            append_events(connection, [Event(decision, receipt_id, payload, actor, at.isoformat())])

    def record_publication(self, release_id: str, manifest_sha256: str) -> None:
        """The event of a publication, once for each manifest."""
        payload = {"manifest": manifest_sha256}
        with self._engine.begin() as connection:
            told = sa.select(sa.func.count()).where(
                EVENT.c.kind == "published",
                EVENT.c.receipt_id == release_id,
                EVENT.c.payload.contains(manifest_sha256),
            )
            if not connection.execute(told).scalar():
                now = datetime.now(SHANGHAI).isoformat()
                append_events(connection, [Event("published", release_id, payload, "ledger", now)])

    def record(self, kind: str, about: str, payload: Mapping[str, Any], actor: str, at: datetime) -> None:
        """One event at the end of the chain, kept for ever: a pinned factor set, frozen months, a restatement."""
        with self._engine.begin() as connection:
            append_events(connection, [Event(kind, about, payload, actor, at.isoformat())])

    def submissions(self, until: datetime | None = None) -> pl.DataFrame:
        """raw.submission: every submission received by *until*, in order of reception, one row a receipt.

        Where the same bytes were first refused and later accepted, the acceptance stands.
        """
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(SUBMISSION).order_by(SUBMISSION.c.seq)).mappings().all()
        standing: dict[str, sa.RowMapping] = {}
        for row in rows:
            if until is not None and datetime.fromisoformat(row["received_at"]) > until:
                continue
            if row["receipt_id"] not in standing or row["outcome"] == "accepted":
                standing[row["receipt_id"]] = row
        kept = sorted(standing.values(), key=lambda row: int(row["seq"]))
        return pl.DataFrame([_submission(row) for row in kept], schema=_SUBMISSION_SCHEMA, orient="row")

    def neighbours(self, contract: str, first: str, last: str, senders: set[str] | None) -> list[str]:
        """Accepted receipts of *contract* that speak of a month from *first* to *last* (YYYY-MM).

        From *senders* alone where they are named. A table without months has a blank for both.
        """
        query = sa.select(SUBMISSION.c.receipt_id, SUBMISSION.c.sender).where(
            SUBMISSION.c.contract == contract,
            SUBMISSION.c.outcome == "accepted",
            SUBMISSION.c.first_month <= last,
            SUBMISSION.c.last_month >= first,
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(SUBMISSION.c.seq)).all()
        return [receipt_id for receipt_id, sender in rows if senders is None or sender in senders]

    def decisions(self, until: datetime | None = None) -> pl.DataFrame:
        """raw.decision: every steward decision taken by *until*, in order."""
        query = sa.select(EVENT).where(EVENT.c.kind.in_(_DECISIONS)).order_by(EVENT.c.seq)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        kept = [row for row in rows if until is None or datetime.fromisoformat(row["at"]) <= until]
        return pl.DataFrame([_decision(row) for row in kept], schema=_DECISION_SCHEMA, orient="row")

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        """Every event, or those of some kinds, in order."""
        query = sa.select(EVENT).order_by(EVENT.c.seq)
        if kinds:
            query = query.where(EVENT.c.kind.in_(kinds))
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def verify_chain(self) -> int:
        """How many events hold together.

        Raises:
            TamperedRegister: one does not.
        """
        with self._engine.connect() as connection:
            return verify_chain(connection)

    def latest_month(self, contract: str) -> Month | None:
        """The latest month any accepted submission of a contract speaks of."""
        query = sa.select(sa.func.max(SUBMISSION.c.last_month)).where(
            SUBMISSION.c.contract == contract, SUBMISSION.c.outcome == "accepted"
        )
        with self._engine.connect() as connection:
            latest = connection.execute(query).scalar()
        return Month.parse(latest) if latest else None

    def lines(self, contract: str, receipt_ids: Iterable[str]) -> list[Path]:
        """The Parquet files of these receipts, those missing made again from originals."""
        wanted = list(receipt_ids)
        missing = [receipt_id for receipt_id in wanted if not self.stored.has(contract, receipt_id)]
        if missing:
            self._restore(missing)
        return [self.stored.path(contract, receipt_id) for receipt_id in wanted]

    def line_text(self, receipt_id: str, line_no: int) -> str:
        """A line as it was received."""
        with self._engine.connect() as connection:
            query = sa.select(SUBMISSION.c.sha256).where(SUBMISSION.c.receipt_id == receipt_id)
            sha256 = connection.execute(query).scalar()
        return self.reader.line_text(self.originals.read(sha256), line_no) if sha256 else ""

    def copy_register(self, path: Path) -> None:
        """A consistent copy of the register at *path*."""
        with closing(sqlite3.connect(self.home.register)) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)

    def _has_line(self, contract: str, receipt_id: str, line_no: int) -> bool:
        lines = pl.read_parquet(self.lines(contract, [receipt_id])[0], columns=["line_no"])
        return bool((lines["line_no"] == line_no).any())

    def _restore(self, receipt_ids: Sequence[str]) -> None:
        """Read originals again, each as its sender sent it on its day.

        Raises:
            BrokenReference: a contract or the unit table was changed so that accepted files are refused now. All are
                named; nothing of them is kept.
        """
        refused: list[tuple[str, Problem]] = []
        wanted = set(receipt_ids)
        with self._engine.connect() as connection:
            accepted = sa.select(SUBMISSION).where(SUBMISSION.c.outcome == "accepted")
            every = connection.execute(accepted.order_by(SUBMISSION.c.seq)).mappings().all()
        for row in every:
            if row["receipt_id"] not in wanted:
                continue
            outcome = self.reader.read(
                self.originals.read(row["sha256"]),
                row["sender"],
                datetime.fromisoformat(row["received_at"]),
                row["contract"],
            )
            if not outcome.is_accepted:
                told = next(item for item in outcome.problems if item.severity == "error")
                refused.append((row["receipt_id"], told))
                continue
            self.stored.write(row["contract"], row["receipt_id"], outcome.parquet)
        if refused:
            zh = "\n".join(f"{receipt}：{told.zh()}" for receipt, told in refused)
            en = "\n".join(f"{receipt}: {told.en()}" for receipt, told in refused)
            raise BrokenReference(
                f"以下回执当时已受理，按现行约定却不能读取，请恢复约定或请企业重报：\n{zh}",
                f"accepted before, and cannot be read by the contracts of today:\n{en}",
            )


def _accepted(connection: sa.Connection, hashes: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    query = sa.select(SUBMISSION).where(SUBMISSION.c.sha256.in_(hashes), SUBMISSION.c.outcome == "accepted")
    return {row["sha256"]: dict(row) for row in connection.execute(query).mappings()}


def _refused(connection: sa.Connection, hashes: Sequence[str]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Refusals by bytes and sender: the same refused again from the same sender is the same refusal."""
    query = sa.select(SUBMISSION).where(SUBMISSION.c.sha256.in_(hashes), SUBMISSION.c.outcome == "refused")
    return {(row["sha256"], row["sender"]): dict(row) for row in connection.execute(query).mappings()}


def _reception(row: Mapping[str, Any], outcome: Outcome) -> Event:
    payload = {name: row[name] for name in ("sha256", "contract", "rows", "filename")}
    payload |= {"problems": [item.as_dict() for item in outcome.problems]}
    payload |= {"problem_count": outcome.problem_count}
    kind = "received" if row["outcome"] == "accepted" else "refused"
    return Event(kind, row["receipt_id"], payload, row["sender"], row["received_at"])


def _submission(row: sa.RowMapping) -> dict[str, Any]:
    received = datetime.fromisoformat(row["received_at"]).astimezone(SHANGHAI).date()
    names = ("receipt_id", "seq", "sha256", "contract", "sender", "filename", "rows", "outcome")
    return {name: row[name] for name in names} | {"received_on": received}


def _decision(row: sa.RowMapping) -> dict[str, Any]:
    payload = json.loads(row["payload"])
    return {
        "seq": row["seq"],
        "receipt_id": row["receipt_id"],
        "line_no": payload["line_no"],
        "decision": row["kind"],
        "reason": payload["reason"],
        "actor": row["actor"],
        "decided_on": datetime.fromisoformat(row["at"]).astimezone(SHANGHAI).date(),
    }
