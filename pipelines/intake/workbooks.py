"""XLSX to a grid of text: the zip inspected first, one sheet chosen, every cell's kind known.

A number cell is printed with the 15 digits a spreadsheet keeps; a code in a number cell, an error such as
#N/A and a formula nobody calculated are told apart from text, for each would be read wrong in silence.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import fastexcel
import polars as pl

from pipelines.intake.codes import problem
from pipelines.intake.reading import COMPLETE, HEAD_ROWS, INVISIBLE, Grid, Recognise, refused

MOST_UNPACKED = 256 * 2**20
MOST_RATIO = 300
MOST_ENTRIES = 2_000
# Below this, a high ratio is the ordinary repetitiveness of XML.
_SMALL = 4_096

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# A formula whose result was never saved; t="str" marks a result that is an empty text, which is a result.
_UNCALCULATED = re.compile(
    rb'<c\b(?![^>]*\bt="str")[^>]*\br="(?P<cell>[A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*'
    rb"<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)


def read_workbook(data: bytes, recognise: Recognise) -> Grid:
    """The table in a workbook; an empty grid with the problem when there is none, or more than one."""
    complaint = _inspect(data)
    if complaint:
        return refused(*complaint)
    try:
        return _read(fastexcel.read_excel(data), recognise)
    except fastexcel.FastExcelError:
        return refused("E105")


def _inspect(data: bytes) -> tuple[str, str] | None:
    """The code to refuse a workbook with before anything unpacks it, and what was seen."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                return "E103", ""
            if any(entry.flag_bits & 1 for entry in entries) or not _is_sane(entries, len(data)):
                return "E105", ""
            return _uncalculated(archive, entries)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError, zlib.error):
        # RuntimeError is zipfile's word for a password, and its kin for a compression method it does not know.
        return "E105", ""


def _is_sane(entries: list[zipfile.ZipInfo], packed: int) -> bool:
    unpacked = sum(entry.file_size for entry in entries)
    return (
        len(entries) <= MOST_ENTRIES
        and unpacked <= MOST_UNPACKED
        and unpacked <= MOST_RATIO * max(packed, _SMALL)
    )


def _uncalculated(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> tuple[str, str] | None:
    """A formula cell without a saved value would be read as blank, so it is refused by its place."""
    for entry in entries:
        if _SHEET.fullmatch(entry.filename):
            with archive.open(entry) as stream:
                found = _UNCALCULATED.search(stream.read(MOST_UNPACKED))
            if found:
                return "E322", found["cell"].decode("ascii")
    return None


def _read(book: Any, recognise: Recognise) -> Grid:
    """The one visible sheet that is a table; likeness decides, and two tables are one too many."""
    sheets = [
        book.load_sheet(place, header_row=None, skip_rows=0, dtypes="string")
        for place in range(len(book.sheet_names))
    ]
    shown = [
        (place, sheet) for place, sheet in enumerate(sheets) if sheet.visible == "visible" and sheet.height
    ]
    if not shown:
        return refused("E101")
    frames = {place: sheet.to_polars() for place, sheet in shown}
    likeness = {place: recognise(_head(frame)) for place, frame in frames.items()}
    tables = [place for place in frames if likeness[place] >= COMPLETE and frames[place].height > 1]
    if len(tables) > 1:
        return refused("E111", "、".join(book.sheet_names[place] for place in tables))
    chosen = max(frames, key=lambda place: (likeness[place], -place))
    grid = _grid(book, chosen, sheets[chosen], frames[chosen])
    grid.notes = [problem("W208", read=name) for name in _hidden_tables(book, sheets, recognise)]
    return grid


def _hidden_tables(book: Any, sheets: Sequence[Any], recognise: Recognise) -> list[str]:
    """Names of sheets nobody sees that hold a whole table; the lists of our own templates are none."""
    unseen = [
        (place, sheet.to_polars())
        for place, sheet in enumerate(sheets)
        if sheet.visible != "visible" and sheet.height > 1
    ]
    return [book.sheet_names[place] for place, frame in unseen if recognise(_head(frame)) >= COMPLETE]


def _head(frame: pl.DataFrame) -> list[list[str]]:
    return [[(cell or "").strip() for cell in row] for row in frame.head(HEAD_ROWS).rows()]


def _grid(book: Any, place: int, sheet: Any, texts: pl.DataFrame) -> Grid:
    options = {"header_row": None, "skip_rows": 0}
    marked = book.load_sheet(place, dtypes="boolean", **options).to_polars()
    floats = book.load_sheet(place, dtypes="float", **options).to_polars()
    errors = sheet.to_arrow_with_errors()[1]
    columns, numbers = [], []
    for text, mark, value in zip(
        texts.get_columns(), marked.get_columns(), floats.get_columns(), strict=True
    ):
        cells, are_numbers = _cells(text.to_list(), mark.to_list(), value.to_list())
        columns.append(pl.Series(text.name, cells, dtype=pl.String))
        numbers.append(pl.Series(text.name, are_numbers, dtype=pl.Boolean))
    kept = [place for place in range(texts.height) if any(column[place] is not None for column in columns)]
    return Grid(
        [column.gather(kept) for column in columns],
        pl.Series("line_no", [place + 1 for place in kept], dtype=pl.Int32),
        is_workbook=True,
        numbers=[number.gather(kept) for number in numbers],
        error_cells=[(error.position[0] + 1, error.position[1]) for error in errors.errors] if errors else [],
    )


def _cells(
    texts: list[str | None], marks: list[bool | None], values: list[float | None]
) -> tuple[list[str | None], list[bool]]:
    """Trimmed text, number cells printed exactly as far as a spreadsheet keeps them; and which were numbers."""
    # A true or false cell carries a mark too; its text tells it from a number.
    are_numbers = [
        mark is not None and text not in ("true", "false") for text, mark in zip(texts, marks, strict=True)
    ]
    printed = [
        _printed(value) if is_number and value is not None else INVISIBLE.sub("", text or "").strip() or None
        for text, is_number, value in zip(texts, are_numbers, values, strict=True)
    ]
    return printed, are_numbers


def _printed(amount: float) -> str:
    """*amount* with 15 significant digits and no exponent.

    >>> _printed(0.1 + 0.2), _printed(202305.0), _printed(1.5e-7)
    ('0.3', '202305', '0.00000015')
    """
    return format(Decimal(f"{amount:.15g}"), "f")
