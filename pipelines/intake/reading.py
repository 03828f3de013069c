"""Bytes to a grid of text: encodings, delimiters, workbooks. Knows nothing of what the cells mean."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from dataclasses import dataclass, field

from pipelines.errors import Problem
from pipelines.intake.codes import problem

MOST_UNPACKED = 256 * 2**20
MOST_RATIO = 300
MOST_ENTRIES = 2_000
_SNIFFED = 65_536
_DELIMITERS = ",;\t|"

# First bytes of what people rename to .csv, and of workbooks we cannot read.
_FOREIGN = (
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"%PDF",
    b"BM",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"RIFF",
    b"II*\x00",
    b"MM\x00*",
)


@dataclass
class Grid:
    """A table as text: rows of cells with their line numbers, and whether cells came as numbers."""

    rows: list[list[str]]
    lines: list[int]
    is_workbook: bool = False
    numeric_columns: frozenset[int] = frozenset()
    problems: list[Problem] = field(default_factory=list)


def read_grid(data: bytes) -> Grid:
    """The grid in *data*; when it cannot be read, an empty grid with the problem."""
    if not data.strip(b"\x00 \t\r\n"):
        return _refused("E101")
    if data.startswith(b"PK\x03\x04"):
        return _read_workbook(data)
    if data.startswith(_FOREIGN):
        return _refused("E103")
    text = decode(data)
    if text is None:
        return _refused("E104")
    if "\x00" in text[:_SNIFFED]:
        return _refused("E103")
    return _read_csv(text)


def decode(data: bytes) -> str | None:
    """*data* as text by its byte order mark, else strict UTF-8, else strict GB18030; None when none fits.

    GB18030 decodes most UTF-8 into garbage without an error, so it comes after UTF-8.
    """
    attempts: tuple[str, ...]
    if data.startswith(codecs.BOM_UTF8):
        attempts = ("utf-8-sig",)
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        attempts = ("utf-16",)
    else:
        attempts = ("utf-8", "gb18030")
    for encoding in attempts:
        try:
            return data.decode(encoding, errors="strict")
        except UnicodeDecodeError:
            continue
    return None


def _read_csv(text: str) -> Grid:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error:
        return _refused("E103")
    return Grid(rows, lines)


def _delimiter(text: str) -> str:
    """The delimiter that splits the fullest of the first lines into most cells."""
    first = text[:_SNIFFED].splitlines()[:10]
    return max(
        _DELIMITERS, key=lambda mark: (max((line.count(mark) for line in first), default=0), mark == ",")
    )


def _read_workbook(data: bytes) -> Grid:
    complaint = _inspect_zip(data)
    if complaint:
        return _refused(complaint)
    import fastexcel  # noqa: PLC0415 - only workbooks need it

    try:
        book = fastexcel.read_excel(data)
        sheet = book.load_sheet(0, header_row=None, dtypes="string", skip_whitespace_tail_rows=True)
        frame = sheet.to_polars()
        typed = book.load_sheet(
            0, header_row=_header_guess(frame.rows()), schema_sample_rows=None
        ).to_polars()
    except fastexcel.FastExcelError:
        return _refused("E105")
    numeric = frozenset(index for index, dtype in enumerate(typed.dtypes) if dtype.is_numeric())
    rows, lines = [], []
    for number, row in enumerate(frame.iter_rows(), start=1):
        cells = [cell or "" for cell in row]
        if any(cell.strip() for cell in cells):
            rows.append(cells)
            lines.append(number)
    return Grid(rows, lines, is_workbook=True, numeric_columns=numeric)


def _header_guess(rows: list[tuple[str | None, ...]]) -> int:
    """The row with most filled cells among the first ten: where types are looked at below."""
    filled = [sum(bool(cell) for cell in row) for row in rows[:10]]
    return filled.index(max(filled)) if filled else 0


def _inspect_zip(data: bytes) -> str:
    """The code to refuse a workbook with before anything unpacks it; nothing when it looks sane."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "E103"
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        return "E103"
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED
        or unpacked > MOST_RATIO * max(len(data), 4_096)
    ):
        return "E105"
    if any(entry.flag_bits & 1 or ".." in entry.filename for entry in entries):
        return "E105"
    return ""


def _refused(code: str) -> Grid:
    return Grid([], [], problems=[problem(code)])
