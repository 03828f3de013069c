"""Bytes to a grid of text: encodings, delimiters, CSV. Workbooks are read in :mod:`.workbooks`.

Knows nothing of what the cells mean: which delimiter and which sheet is the table is asked of the caller,
who can tell a header when it sees one.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipelines.errors import Problem
from pipelines.intake.codes import problem

HEAD_ROWS = 12

Recognise = Callable[[Sequence[Sequence[str]]], int]
"""How much the first rows of a grid look like one of our tables; see :func:`pipelines.intake.headers.likeness`."""

COMPLETE = 1_000
"""Likeness from here on: every required column of some contract was found."""

SMALL = 2_000
"""Rows below which a plain list is quicker than any expression: most files of a month."""

_DELIMITERS = ",;\t|"
_LARGE = 4 * 2**20
_CHUNK = 50_000
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")

# First bytes of what people rename to .csv, and of workbooks we cannot read (old .xls, or locked by a password).
_FOREIGN = (
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"%PDF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"RIFF",
    b"II*\x00",
    b"MM\x00*",
)
_MARKUP = re.compile(rb"\s*<(!doctype|html|\?xml|table)", re.IGNORECASE)


@dataclass
class Grid:
    """A table as trimmed text: blank cells are null, blank rows are gone, ``lines`` says where each row stood."""

    columns: list[pl.Series] = field(default_factory=list)
    lines: pl.Series = field(default_factory=lambda: pl.Series("line_no", [], dtype=pl.Int32))
    is_workbook: bool = False
    numbers: list[pl.Series] = field(default_factory=list)
    """For workbooks, column by column: whether the cell held a number, not text."""
    error_cells: list[tuple[int, int]] = field(default_factory=list)
    """For workbooks: line and column place of every #N/A, #REF! and the like."""
    short_lines: list[int] = field(default_factory=list)
    """For CSV: lines with fewer cells than the first."""
    problems: list[Problem] = field(default_factory=list)
    """Why the file cannot be read; then there are no rows."""
    notes: list[Problem] = field(default_factory=list)
    """What the sender should know of a file that was read."""

    @property
    def height(self) -> int:
        """Rows that are not blank."""
        return len(self.lines)

    def head(self, rows: int = HEAD_ROWS) -> list[list[str]]:
        """The first rows, blanks as empty text."""
        return [self.row(place) for place in range(min(rows, self.height))]

    def row(self, place: int) -> list[str]:
        """One row, blanks as empty text."""
        return [column[place] or "" for column in self.columns]

    def text_of_line(self, line_no: int) -> list[str]:
        """The cells of the row that stood on *line_no*; nothing when there is none."""
        places = (self.lines == line_no).arg_true()
        return self.row(places[0]) if len(places) else []


def refused(code: str, read: str = "") -> Grid:
    """An empty grid with the problem."""
    return Grid(problems=[problem(code, read=read)])


def read_grid(data: bytes, recognise: Recognise) -> Grid:
    """The grid in *data*; when it cannot be read, an empty grid with the problem."""
    if not data.strip(b"\x00 \t\r\n"):
        return refused("E101")
    if data.startswith(b"PK\x03\x04"):
        from pipelines.intake.workbooks import read_workbook  # noqa: PLC0415 - only workbooks need it

        return read_workbook(data, recognise)
    if data.startswith(_FOREIGN) or _MARKUP.match(data):
        return refused("E103")
    text = decode(data)
    if text is None:
        return refused("E104")
    if "\x00" in text:
        return refused("E103")
    return _read_csv(text, recognise)


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


def _read_csv(text: str, recognise: Recognise) -> Grid:
    if INVISIBLE.search(text):
        text = INVISIBLE.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    mark = _delimiter(text, recognise)
    if len(text) > _LARGE and '"' not in text:
        grid = _read_large(text, mark)
        if grid is not None:
            return grid
    try:
        return _read_rows(text, mark)
    except csv.Error:
        return refused("E110")


def _delimiter(text: str, recognise: Recognise) -> str:
    """The mark under which the first rows look most like one of our tables; the comma when none does."""
    first = "\n".join(text[: 2**16].split("\n")[:HEAD_ROWS])
    scores = {mark: recognise(_first_rows(first, mark)) for mark in _DELIMITERS if mark in first}
    return max(scores, key=lambda mark: scores[mark], default=",")


def _first_rows(text: str, mark: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error:
        return []


def _read_rows(text: str, mark: str) -> Grid:
    """Row by row with the standard reader, which knows quotes and tells of broken ones.

    Raises:
        csv.Error: quotes do not close, or a cell is longer than any cell may be.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    chunks: list[pl.DataFrame] = []
    short: list[int] = []
    width = 0
    for rows, lines in _chunks(reader):
        width = width or len(rows[0])
        short += [line for line, row in zip(lines, rows, strict=True) if len(row) < width]
        chunks.append(_transposed(rows, lines))
    if not chunks:
        return refused("E101")
    frame = pl.concat(chunks, how="diagonal") if len(chunks) > 1 else chunks[0]
    lines_column, *columns = frame.get_columns()
    return Grid(columns, lines_column, short_lines=short)


def _chunks(reader: Any) -> Iterator[tuple[list[list[str]], list[int]]]:
    """Rows that are not blank with the line each begins on, some tens of thousands at a time."""
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    for row in reader:
        trimmed = [cell.strip() for cell in row]
        if any(trimmed):
            rows.append(trimmed)
            lines.append(start)
        start = reader.line_num + 1
        if len(rows) == _CHUNK:
            yield rows, lines
            rows, lines = [], []
    if rows:
        yield rows, lines


def _transposed(rows: list[list[str]], lines: list[int]) -> pl.DataFrame:
    width = max(len(row) for row in rows)
    padded = [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]
    columns = {
        f"c{place}": pl.Series([cell or None for cell in column], dtype=pl.String)
        for place, column in enumerate(zip(*padded, strict=True))
    }
    return pl.DataFrame({"line_no": pl.Series(lines, dtype=pl.Int32), **columns})


def _read_large(text: str, mark: str) -> Grid | None:
    """A large file without quotes, split column by column; None when its rows are not all of one width."""
    try:
        frame = pl.read_csv(
            text.encode(),
            separator=mark,
            has_header=False,
            infer_schema=False,
            quote_char=None,
        )
    except pl.exceptions.ComputeError:
        return None
    trimmed = frame.with_columns(pl.all().str.strip_chars()).with_columns(
        pl.when(pl.all() == "").then(None).otherwise(pl.all()).name.keep()
    )
    numbered = trimmed.with_row_index("line_no", offset=1).filter(
        pl.any_horizontal(pl.exclude("line_no").is_not_null())
    )
    lines, *columns = numbered.get_columns()
    return Grid(columns, lines.cast(pl.Int32))
