"""工作簿 | The workbook: the release's figures as sheets, units in headers, text never live.

A number a spreadsheet can hold exactly (15 digits) is written as a number, a longer one as text; an unknown stays
an empty cell. Text from files is written as text, and text that looks like a formula carries the mark that keeps it
text when the cell is edited. Equal figures give equal bytes.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.reports import figures
from pipelines.reports.escaping import looks_like_formula, one_line
from pipelines.reports.facts import ReleaseFacts
from pipelines.reports.sheetcolumns import Column
from pipelines.reports.sheets import Sheet, sheets
from pipelines.reports.views import Marts

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# What a double holds without loss, and what one cell holds.
_EXACT_DIGITS = 15
_LONGEST_TEXT = 32_000
_STORED_PLACES = 6
_NARROWEST, _WIDEST, _ROWS_MEASURED = 9, 48, 200
_NUMBER_FORMATS = {
    "text": "@",
    "count": "#,##0",
    "year": "0",
    "money": "#,##0.00",
    "amount": "#,##0.00",
    "share": "0.00%",
    "date": "yyyy-mm-dd",
    "month": "yyyy-mm",
}


def workbook(marts: Marts, facts: ReleaseFacts, path: Path) -> None:
    """Write the workbook of a release to *path*."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        # The knowledge date instead of the clock, so that the bytes depend on the figures alone.
        made = datetime.combine(facts.as_of, time())
        book.set_properties({"title": f"绿账 {facts.release_id}", "created": made})
        styles = _styles(book)
        for sheet in sheets(marts, facts):
            _write_sheet(book, sheet, styles)


def _styles(book: Any) -> dict[str, Any]:
    top = {"valign": "top"}
    styles = {kind: book.add_format({"num_format": form, **top}) for kind, form in _NUMBER_FORMATS.items()}
    head = {"bold": True, "bg_color": "#DCE9E2", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    return styles | {
        "head": book.add_format(head),
        "wrapped": book.add_format({"num_format": "@", "text_wrap": True, **top}),
        "quoted": book.add_format({"num_format": "@", "quote_prefix": True, **top}),
        "long": book.add_format({"num_format": "@", "align": "right", **top}),
    }


def _write_sheet(book: Any, sheet: Sheet, styles: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, sheet.frozen_columns)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.title, styles["head"])
        page.set_column(place, place, _width(sheet, place, column))
    for line, row in enumerate(sheet.rows, start=1):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(page, line, place, value, column.kind, styles)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _write_cell(page: Any, line: int, place: int, value: Any, kind: str, styles: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, date):
        page.write_datetime(line, place, datetime.combine(value, time()), styles[kind])
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        _write_number(page, line, place, Decimal(value), kind, styles)
    else:
        _write_text(page, line, place, _words(value), kind, styles)


def _write_number(
    page: Any, line: int, place: int, value: Decimal, kind: str, styles: dict[str, Any]
) -> None:
    short = figures.rounded(value, _STORED_PLACES)
    if len(short.normalize().as_tuple().digits) > _EXACT_DIGITS:
        page.write_string(line, place, figures.plain(short), styles["long"])
    else:
        page.write_number(line, place, float(short), styles[kind])


def _write_text(page: Any, line: int, place: int, text: str, kind: str, styles: dict[str, Any]) -> None:
    clean = one_line(text)[:_LONGEST_TEXT]
    style = "quoted" if looks_like_formula(clean) else "wrapped" if kind == "wrapped" else "text"
    page.write_string(line, place, clean, styles[style])


def _words(value: Any) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def _width(sheet: Sheet, place: int, column: Column) -> int:
    """Wide enough for the title's longest part and the first rows; a Chinese character takes two columns."""
    texts = [
        *column.title.replace("（", " （").split(),
        *[_measured(row[place], column.kind) for row in sheet.rows[:_ROWS_MEASURED]],
    ]
    return min(_WIDEST, max(_NARROWEST, *[_columns(text) + 3 for text in texts]))


def _measured(value: Any, kind: str) -> str:
    """About the text a reader will see."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return "100.00%" if kind == "share" else figures.fixed(value)
    return str(value)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)
