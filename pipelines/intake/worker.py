"""The child process that reads files: limited in memory and time, thrown away when a file breaks it.

Small crafted workbooks make their reader ask for hundreds of gigabytes and abort; that must end the child and
nothing else. One child reads many files, one after the other, over a pipe of length-prefixed messages.
"""

from __future__ import annotations

import hashlib
import io
import json
import resource
import select
import struct
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import IO, Any

import polars as pl

from pipelines.errors import Problem
from pipelines.intake.codes import problem
from pipelines.intake.contracts import load_contracts
from pipelines.intake.parsing import Outcome, line_text, parse, receipt_of
from pipelines.paths import CHECKOUT

MEMORY_BYTES = 4 * 2**30
CPU_SECONDS = 120
WALL_SECONDS = 180
_LENGTHS = struct.Struct("!II")


class Reader:
    """A handle on the child. Use it in a ``with`` block; the child is started when first needed."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, data: bytes, sender: str, at: datetime, wanted: str = "") -> Outcome:
        """What :func:`pipelines.intake.parsing.parse` says, or E106 when reading broke the child.

        Raises:
            BrokenReference: a contract does not hold together; that is our mistake, not the file's.
        """
        load_contracts()
        answer = self._ask({"do": "parse", "sender": sender, "at": at.isoformat(), "wanted": wanted}, data)
        if answer is None:
            return Outcome(problems=[problem("E106")], problem_count=1)
        header, body = answer
        problems = [Problem(**item) for item in header.pop("problems")]
        return Outcome(**header, problems=problems, parquet=body)

    def line_text(self, data: bytes, line_no: int) -> str:
        """One line of a file as the sender wrote it, cells joined by `` | ``; blank when it is not there."""
        answer = self._ask({"do": "line", "line_no": line_no}, data)
        return str(answer[0]["text"]) if answer else ""

    def _ask(self, header: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes] | None:
        child = self._running()
        assert child.stdin is not None and child.stdout is not None  # noqa: S101 - both are pipes
        try:
            _write(child.stdin, header, body)
            if not select.select([child.stdout], [], [], WALL_SECONDS)[0]:
                self._stop()
                return None
            answer = _read(child.stdout)
        except (BrokenPipeError, ConnectionError):
            answer = None
        if answer is None:
            self._stop()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "pipelines.intake.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Python looks for modules where it is started: that must be here, not where a person stands.
                cwd=CHECKOUT,
            )
        return self._child

    def _stop(self) -> None:
        if self._child is None:
            return
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        self._child.kill()
        self._child.wait()
        self._child = None


def serve() -> None:
    """The child's loop: limits set, then one answer a request until the pipe closes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while True:
        request = _read(source)
        if request is None:
            return
        _allow_cpu()
        header, body = _answer(*request)
        _write(sink, header, body)


def _allow_cpu() -> None:
    """So many more seconds of processor for this file."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _answer(header: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    if header["do"] == "line":
        return {"text": line_text(body, header["line_no"])}, b""
    try:
        outcome = parse(body, header["sender"], datetime.fromisoformat(header["at"]), header["wanted"])
    except Exception as error:  # noqa: BLE001 - whatever a hostile file breaks, its sender gets an answer
        outcome = Outcome(problems=[problem("E106", read=type(error).__name__)], problem_count=1)
    buffer = io.BytesIO()
    if outcome.is_accepted:
        # The receipt is known from the bytes alone, so the lines leave here as they will be kept.
        receipt_id = receipt_of(hashlib.sha256(body).hexdigest())
        outcome.lines.select(pl.lit(receipt_id).alias("receipt_id"), pl.all()).write_parquet(
            buffer, compression="zstd", statistics=False
        )
    told = {
        "contract": outcome.contract,
        "rows": outcome.rows,
        "problems": [asdict(item) for item in outcome.problems],
        "problem_count": outcome.problem_count,
        "first_month": outcome.first_month,
        "last_month": outcome.last_month,
    }
    return told, buffer.getvalue()


def _write(pipe: IO[bytes], header: Mapping[str, Any], body: bytes) -> None:
    text = json.dumps(header, ensure_ascii=False).encode()
    pipe.write(_LENGTHS.pack(len(text), len(body)))
    pipe.write(text)
    pipe.write(body)
    pipe.flush()


def _read(pipe: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    lengths = pipe.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header_size, body_size = _LENGTHS.unpack(lengths)
    header = pipe.read(header_size)
    body = pipe.read(body_size)
    if len(header) < header_size or len(body) < body_size:
        return None
    return json.loads(header), body


if __name__ == "__main__":
    serve()
