"""The register's tables and its chain: submissions, and events nobody can change without being seen.

SQLAlchemy Core on SQLite (write-ahead log, fully synchronous). Events are append-only: the database refuses
to update or delete them, and each carries the hash of the one before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from pipelines.errors import TamperedRegister

METADATA = sa.MetaData()

SUBMISSION = sa.Table(
    "submission",
    METADATA,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("receipt_id", sa.String, nullable=False, index=True),
    sa.Column("sha256", sa.String, nullable=False, index=True),
    sa.Column("contract", sa.String, nullable=False),
    sa.Column("sender", sa.String, nullable=False),
    sa.Column("filename", sa.String, nullable=False),
    sa.Column("received_at", sa.String, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("first_month", sa.String, nullable=False),
    sa.Column("last_month", sa.String, nullable=False),
)

# Bytes may be refused more than once (from one sender, or before their month) and are accepted at most once.
sa.Index(
    "submission_accepted_once",
    SUBMISSION.c.sha256,
    unique=True,
    sqlite_where=SUBMISSION.c.outcome == "accepted",
    postgresql_where=SUBMISSION.c.outcome == "accepted",
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

_GUARDS = tuple(
    f"create trigger if not exists {table}_no_{act} before {act} on {table} "
    "begin select raise(abort, 'append-only'); end"
    for table in ("event", "submission")
    for act in ("update", "delete")
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


class Event(NamedTuple):
    """What happened: its kind, the receipt or release it is about, who did it, when."""

    kind: str
    receipt_id: str
    payload: Mapping[str, Any]
    actor: str
    at: str


def append_events(connection: sa.Connection, events: Sequence[Event]) -> None:
    """Add events to the end of the chain, inside the caller's transaction."""
    newest = sa.select(EVENT.c.hash).order_by(EVENT.c.seq.desc()).limit(1)
    previous = connection.execute(newest).scalar() or _GENESIS
    rows = []
    for event in events:
        row = event._asdict() | {"payload": _canonical(event.payload)}
        hashed = _chained(previous, row)
        rows.append(row | {"previous_hash": previous, "hash": hashed})
        previous = hashed
    if rows:
        connection.execute(EVENT.insert(), rows)


def verify_chain(connection: sa.Connection) -> int:
    """How many events there are, each matching its hash and the one before it, each submission its event.

    What was cut off the end together with its submission cannot be seen here; the manifests of releases,
    which name every submission, show it.

    Raises:
        TamperedRegister: the first event or submission that does not match.
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
    _match_submissions(connection)
    return count


def _match_submissions(connection: sa.Connection) -> None:
    """The submission table says what its events say: rows, hashes, senders and outcomes."""
    told: set[tuple[object, ...]] = set()
    kinds = {"received": "accepted", "refused": "refused"}
    for event in connection.execute(sa.select(EVENT).where(EVENT.c.kind.in_(kinds))).mappings():
        payload = json.loads(event["payload"])
        facts = (payload[name] for name in ("sha256", "contract", "rows", "filename"))
        told.add((event["receipt_id"], kinds[event["kind"]], event["actor"], event["at"], *facts))
    kept = set()
    for row in connection.execute(sa.select(SUBMISSION)).mappings():
        names = ("receipt_id", "outcome", "sender", "received_at", "sha256", "contract", "rows", "filename")
        kept.add(tuple(row[name] for name in names))
    if told != kept:
        odd = sorted(str(item[0]) for item in told ^ kept)[0]
        raise TamperedRegister(
            f"登记簿中 {odd} 的登记与其事件不符，可能被改动。",
            f"the submission {odd} does not match its event",
        )


def _chained(previous: str, row: Mapping[str, str]) -> str:
    return hashlib.sha256((previous + _canonical(row)).encode()).hexdigest()


def _canonical(value: Mapping[str, Any]) -> str:
    """The one way a mapping is written, so that its hash can be made again."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
