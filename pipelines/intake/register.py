"""The register's tables and its chain: submissions, and events nobody can change without being seen.

SQLAlchemy Core on SQLite (write-ahead log, fully synchronous). Events are append-only: the database refuses
to update or delete them, and each carries the hash of the one before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipelines.errors import TamperedRegister

METADATA = sa.MetaData()

SUBMISSION = sa.Table(
    "submission",
    METADATA,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("receipt_id", sa.String, nullable=False, unique=True),
    sa.Column("sha256", sa.String, nullable=False, unique=True),
    sa.Column("contract", sa.String, nullable=False),
    sa.Column("sender", sa.String, nullable=False),
    sa.Column("filename", sa.String, nullable=False),
    sa.Column("received_at", sa.String, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("first_month", sa.String, nullable=False),
    sa.Column("last_month", sa.String, nullable=False),
)

EVENT = sa.Table(
    "event",
    METADATA,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("receipt_id", sa.String, nullable=False),
    sa.Column("payload", sa.String, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("previous_hash", sa.String, nullable=False),
    sa.Column("hash", sa.String, nullable=False),
)

TOKEN = sa.Table(
    "token",
    METADATA,
    sa.Column("token_hash", sa.String, primary_key=True),
    sa.Column("sender", sa.String, nullable=False),
    sa.Column("issued_at", sa.String, nullable=False),
    sa.Column("revoked_at", sa.String),
)

_GUARDS = (
    "create trigger if not exists event_no_update before update on event begin select raise(abort, 'append-only'); end",
    "create trigger if not exists event_no_delete before delete on event begin select raise(abort, 'append-only'); end",
)
_GENESIS = "0" * 64


def open_engine(path: Path) -> sa.Engine:
    """An engine on the register at *path*, its tables and guards made when they are not there."""
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 60})

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        # The driver must not begin transactions by itself: we begin them, immediate, below.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"pragma {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("begin immediate")

    with engine.begin() as connection:
        METADATA.create_all(connection)
        for guard in _GUARDS:
            connection.exec_driver_sql(guard)
    return engine


def append_event(
    connection: sa.Connection, *, kind: str, receipt_id: str, payload: Mapping[str, Any], actor: str, at: str
) -> None:
    """Add one event to the end of the chain, inside the caller's transaction."""
    newest = sa.select(EVENT.c.hash).order_by(EVENT.c.seq.desc()).limit(1)
    previous = connection.execute(newest).scalar() or _GENESIS
    row = {
        "kind": kind,
        "receipt_id": receipt_id,
        "payload": json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        "actor": actor,
        "at": at,
    }
    connection.execute(
        EVENT.insert().values(**row, previous_hash=previous, hash=_chained(previous, row)),
    )


def verify_chain(connection: sa.Connection) -> int:
    """How many events there are, each matching its hash and the one before it.

    Raises:
        TamperedRegister: the first event that does not.
    """
    previous, count = _GENESIS, 0
    for event in connection.execute(sa.select(EVENT).order_by(EVENT.c.seq)).mappings():
        row = {name: event[name] for name in ("kind", "receipt_id", "payload", "actor", "at")}
        if event["previous_hash"] != previous or event["hash"] != _chained(previous, row):
            raise TamperedRegister(
                f"登记簿第 {event['seq']} 条事件与哈希链不符，可能被改动。",
                f"event {event['seq']} of the register does not match the chain",
            )
        previous, count = event["hash"], count + 1
    return count


def _chained(previous: str, row: Mapping[str, str]) -> str:
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((previous + text).encode()).hexdigest()
