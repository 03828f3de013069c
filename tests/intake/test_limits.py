"""The limits a hostile file meets: each of them is held by itself."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from pipelines.intake import workbooks
from pipelines.intake.parsing import parse
from pipelines.intake.worker import CPU_SECONDS, MEMORY_BYTES, Reader
from pipelines.periods import SHANGHAI

AT = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)


def packed(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_workbook_that_grows_three_hundredfold_is_refused_before_anything_unpacks_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbooks, "_uncalculated", lambda *_: pytest.fail("it was unpacked"))
    data = packed({"xl/worksheets/sheet1.xml": bytes(64 * 2**20)})
    assert workbooks.MOST_UNPACKED > 64 * 2**20 and 64 * 2**20 / len(data) > workbooks.MOST_RATIO
    assert [item.code for item in parse(data, "commission", AT).problems] == ["E105"]


def test_a_workbook_of_thousands_of_parts_is_refused_before_anything_unpacks_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbooks, "_uncalculated", lambda *_: pytest.fail("it was unpacked"))
    data = packed({f"xl/part{number}.xml": b"x" for number in range(workbooks.MOST_ENTRIES)})
    assert [item.code for item in parse(data, "commission", AT).problems] == ["E105"]


def test_the_child_that_reads_files_is_held_in_memory_and_time() -> None:
    with Reader() as reader:
        reader.read("甲,乙\n".encode(), "commission", AT)
        assert reader._child is not None
        told = Path(f"/proc/{reader._child.pid}/limits").read_text(encoding="utf-8").splitlines()
        soft = {line[:25].strip(): line[26:].split()[0] for line in told[1:]}
        assert soft["Max address space"] == str(MEMORY_BYTES)
        assert CPU_SECONDS <= int(soft["Max cpu time"]) <= CPU_SECONDS + 60
        assert soft["Max core file size"] == "0"
