"""One DuckDB file, opened for one purpose: load tables, build models, read rows, write Parquet.

Written so that nothing leaves the machine and nothing is installed: extensions are neither fetched nor
loaded, and the file system outside the folders named at opening is shut.
"""

from __future__ import annotations

import fcntl
import os
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import polars as pl
from sqlglot import exp

from pipelines.engine.models import Check, Model
from pipelines.errors import BrokenModel, Busy, NotFound, SqlFailed

# Readable by DuckDB clients from 1.3 on; 2.0 writes a newer format unless told. Text is written in two thirds of
# the time 1.2's format takes.
_STORAGE = "v1.3.0"
_LONGEST_TOLD = 100


class Ledger:
    """A connection to one ledger file. Use it in a ``with`` block; it closes what it opened."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    @classmethod
    def open(
        cls, path: Path, *, folders: Sequence[Path] = (), read_only: bool = False, threads: int | None = None
    ) -> Ledger:
        """The ledger at *path*; Parquet may be read and written under *folders* alone.

        Raises:
            NotFound: opened for reading, and there is no such file yet.
            SqlFailed: the file is no ledger, is damaged, or another process is writing it.
        """
        if read_only and not path.exists():
            raise NotFound(
                f"台账尚未建立：{path.name}。请先运行 greenledger run。", "no ledger yet: greenledger run"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        config: dict[str, Any] = {} if read_only else {"storage_compatibility_version": _STORAGE}
        with _telling(path.name):
            connection = duckdb.connect(str(path), read_only=read_only, config=_settings(threads) | config)
            return cls(_shut(connection, folders))

    @classmethod
    def memory(cls, *, folders: Sequence[Path] = (), threads: int | None = None) -> Ledger:
        """A ledger that is gone when it is closed: single files, situations, questions to Parquet."""
        return cls(_shut(duckdb.connect(config=_settings(threads)), folders))

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in."""
        self._connection.close()

    def load(self, table: str, frame: pl.DataFrame) -> None:
        """Create or replace *table* from *frame*, types as the frame has them."""
        with _telling(table):
            self._schema_of(table)
            self._connection.register("incoming", frame)
            try:
                self._connection.execute(
                    f"create or replace table {_quoted(table)} as select * from incoming"
                )
            finally:
                self._connection.unregister("incoming")

    def load_parquet(self, table: str, paths: Sequence[Path], columns: Mapping[str, str]) -> int:
        """Create or replace *table* with *columns* (name → SQL type) from *paths*, matched by name.

        Columns a file lacks are empty. Returns the number of rows.
        """
        declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        with _telling(table):
            self._schema_of(table)
            self._connection.execute(f"create or replace table {_quoted(table)} ({declared})")
            if paths:
                self._connection.execute(
                    f"insert into {_quoted(table)} by name select * from read_parquet(?, union_by_name => true)",
                    [[str(path) for path in paths]],
                )
        return self.count(table)

    def build(self, model: Model) -> int | None:
        """Create or replace the model's table or view from its SQL. Returns the number of rows; none for a view.

        Raises:
            BrokenModel: a column's type is not the one its header pins.
            SqlFailed: its SQL could not be run; the error names the model.
        """
        with _telling(f"模型 {model.key}"):
            self._schema_of(model.key)
            kind = "view" if model.is_view else "table"
            self._drop_unless(kind, model.key)
            self._connection.execute(f"create or replace {kind} {_quoted(model.key)} as {model.sql}")
            self._hold_types(model)
        # To count a view's rows is to form them all.
        return None if model.is_view else self.count(model.key)

    def execute(self, sql: str, parameters: Sequence[Any] | None = None) -> None:
        """Run one or more statements for their effect.

        Raises:
            SqlFailed: one of them could not be run.
        """
        with _telling(_short(sql)):
            self._connection.execute(sql, parameters or [])

    def rows(self, sql: str, parameters: Sequence[Any] | None = None) -> pl.DataFrame:
        """The rows of a query, or of a table when *sql* is a plain ``layer.name``.

        Raises:
            SqlFailed: it could not be run.
        """
        text = f"select * from {_quoted(sql)}" if _is_table_name(sql) else sql
        with _telling(_short(sql)):
            return self._connection.sql(text, params=list(parameters) if parameters else None).pl()

    def one(self, sql: str, parameters: Sequence[Any] | None = None) -> tuple[Any, ...]:
        """The single row of a query.

        Raises:
            NotFound: the query gave no row.
            SqlFailed: it could not be run.
        """
        with _telling(_short(sql)):
            # fetchall, not fetchone: a half-read result keeps the connection busy (DuckDB 2.0).
            rows = self._connection.execute(sql, parameters or []).fetchall()
        if not rows:
            raise NotFound("查询没有结果。", "the query returned no row")
        return tuple(rows[0])

    def count(self, table: str) -> int:
        """How many rows *table* has."""
        return int(self.one(f"select count(*) from {_quoted(table)}")[0])

    def tables(self) -> set[str]:
        """Every table there is, as ``layer.name``."""
        found = self._connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
        ).fetchall()
        return {name for (name,) in found}

    def violations(self, check: Check, most: int = 100) -> pl.DataFrame:
        """What a check found, at most *most* rows; empty when all is well."""
        return self.rows(f"select * from ({check.sql}) as found limit {most:d}")

    def export(self, model: Model, path: Path) -> None:
        """Write the model's table as Parquet, ordered by its grain so that equal content is equal bytes."""
        columns = ", ".join(f'"{name}"' for name in model.columns)
        order = ", ".join(f'"{name}"' for name in model.grain)
        # A literal, not a parameter: COPY takes none for its target. The path is ours, never a file's text.
        target = exp.Literal.string(str(path)).sql()
        with _telling(f"模型 {model.key}"):
            self._connection.execute(
                f"copy (select {columns} from {_quoted(model.key)} order by {order}) to {target} "
                "(format parquet, compression zstd)"
            )

    def _schema_of(self, table: str) -> None:
        self._connection.execute(f'create schema if not exists "{table.split(".", maxsplit=1)[0]}"')

    def _drop_unless(self, kind: str, key: str) -> None:
        """Remove what an earlier version of the model left under its name, when that was of the other kind."""
        layer, name = key.split(".")
        found = self._connection.execute(
            "select table_type from information_schema.tables where table_schema = ? and table_name = ?",
            [layer, name],
        ).fetchall()
        is_there = {"VIEW": "view"}.get(found[0][0], "table") if found else kind
        if is_there != kind:
            self._connection.execute(f"drop {is_there} {_quoted(key)}")

    def _hold_types(self, model: Model) -> None:
        described = self._connection.execute(f"describe {_quoted(model.key)}").fetchall()
        actual = {name: str(kind).lower().replace(" ", "") for name, kind, *_ in described}
        wrong = [
            f"{name}: {actual[name]}, header {column.type}"
            for name, column in model.columns.items()
            if column.type and actual[name] != column.type.lower().replace(" ", "")
        ]
        if wrong:
            raise BrokenModel(
                f"模型 {model.key} 的列类型与表头不符：{wrong}", f"{model.key} column types: {wrong}"
            )


@contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Hold the run lock while the block runs; it is released by the system even when we are killed.

    Raises:
        Busy: another run holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy(
                "另一次运行正在进行，请待其结束后再试。", "another run is busy; try again when it has ended"
            ) from error
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield


def _settings(threads: int | None) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        # Published bytes depend on row order.
        "preserve_insertion_order": True,
    }
    return settings | ({"threads": threads} if threads else {})


def _shut(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]) -> duckdb.DuckDBPyConnection:
    """Close the file system but for *folders*, and keep the settings as they are."""
    if connection.execute("select current_setting('enable_external_access')").fetchall() == [(False,)]:
        # Another connection of this process has the file open, and shut it already.
        return connection
    listed = ", ".join(exp.Literal.string(str(folder)).sql() for folder in folders)
    connection.execute(f"set allowed_directories = [{listed}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set timezone = 'Asia/Shanghai'")
    return connection


@contextmanager
def _telling(what: str) -> Iterator[None]:
    """The database's own errors as ours: no other room knows its classes.

    Raises:
        SqlFailed: the database refused what the block asked.
    """
    try:
        yield
    except duckdb.Error as error:
        raise SqlFailed(what, (str(error).splitlines() or [type(error).__name__])[0]) from error


def _short(sql: str) -> str:
    """A statement on one line, short enough to be read in an error: comments and most of it left out."""
    words = " ".join(line for line in sql.splitlines() if not line.lstrip().startswith("--")).split()
    return textwrap.shorten(" ".join(words), _LONGEST_TOLD, placeholder=" …") or "SQL"


def _is_table_name(text: str) -> bool:
    layer, dot, name = text.partition(".")
    return bool(dot) and layer.isidentifier() and name.isidentifier()


def _quoted(table: str) -> str:
    """``layer.name`` with both parts quoted; anything else is a mistake of ours."""
    if not _is_table_name(table):
        raise ValueError(f"{table!r} is no layer.name")
    layer, name = table.split(".")
    return f'"{layer}"."{name}"'
