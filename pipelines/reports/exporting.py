"""The whole ledger as JSON lines: every submission, every row verdict. Nothing is summed or left out."""

from __future__ import annotations

import json
from typing import Any, TextIO

from pipelines.engine import Ledger
from pipelines.intake import Landing


def export_ledger(ledger: Ledger, landing: Landing, stream: TextIO) -> None:
    """One JSON object a line: ``kind`` is ``submission``, ``event`` or ``line``."""
    for row in landing.submissions().to_dicts():
        _write(stream, {"kind": "submission", **row})
    for event in landing.events():
        _write(stream, {"kind": "event", **event})
    fates = ledger.rows("select * from stg.line_fate order by contract, receipt_id, line_no")
    for row in fates.iter_rows(named=True):
        _write(stream, {"kind": "line", **row})


def _write(stream: TextIO, row: dict[str, Any]) -> None:
    stream.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
