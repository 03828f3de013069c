"""Rows as the files clerks really save: encodings, headers, units and periods of each one's habit."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import xlsxwriter

from tests.sample.people import Habit

CHINESE = (
    "统一社会信用代码",
    "报告期",
    "能源代码",
    "能源名称",
    "计量单位",
    "消费量",
    "其中用于原材料",
    "备注",
)
ENGLISH = ("factory_id", "period", "energy_code", "energy_name", "unit", "consumed", "feedstock", "remark")
_FULL = str.maketrans("0123456789.", "０１２３４５６７８９．")
_MADE = datetime(2021, 1, 1)  # noqa: DTZ001 - a workbook property has no zone


def energy_file(habit: Habit, rows: Sequence[tuple[str, str, str, str, str, str, str, str]]) -> bytes:
    """One energy file; *rows* are (factory, period, code, name, unit, consumed, feedstock, remark)."""
    header = list(ENGLISH if habit.english else CHINESE)
    if not habit.english:
        header[5] = "消费量 "
    table: list[Sequence[str]] = [[*header, *_proofs(rows)[0]]]
    table += [[*row, *proof] for row, proof in zip(rows, _proofs(rows)[1:], strict=True)]
    if habit.title_row:
        table.insert(0, ["示例区能源购进、消费与库存月报"])
    return workbook(table) if habit.form == "xlsx" else text_file(table, habit.encoding)


def _proofs(rows: Sequence[tuple[str, ...]]) -> list[list[str]]:
    """计量点 and 凭证号 after the last column: one factory in four states both, two state a document, one nothing.

    Drawn from the code, not by chance, so that no other figure of the sample moves.
    """
    kind = sum(map(ord, rows[0][0])) % 4 if rows else 0
    header = ([], ["凭证号"], ["凭证号"], ["计量点", "凭证号"])[kind]
    meter = [f"示例表{row[2]}" for row in rows]
    document = [f"示例结算单{row[2]}" for row in rows]
    told = {"计量点": meter, "凭证号": document}
    return [header, *([told[name][line] for name in header] for line in range(len(rows)))]


def text_file(table: Sequence[Sequence[str]], encoding: str) -> bytes:
    """A CSV file in an encoding; UTF-16 comes with its mark, as programs save it."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(table)
    return stream.getvalue().encode(encoding)


def workbook(table: Sequence[Sequence[str]]) -> bytes:
    """An XLSX file: codes as text, clean amounts as numbers."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet("Sheet1")
        for line, row in enumerate(table):
            for place, cell in enumerate(row):
                if place >= 5 and cell.replace(".", "", 1).isdigit():
                    sheet.write_number(line, place, float(cell))
                else:
                    sheet.write_string(line, place, cell)
    return stream.getvalue()


def period(habit: Habit, year: int, month: int) -> str:
    """A month in a clerk's spelling."""
    styles = (
        f"{year}-{month:02d}",
        f"{year}年{month}月",
        f"{year}/{month}",
        f"{year}{month:02d}",
        f"{year}.{month:02d}",
    )
    return styles[habit.period_style]


def amount(habit: Habit, value: Decimal) -> str:
    """An amount in a clerk's spelling."""
    text = format(value, ",f") if habit.thousands and habit.form == "csv" else format(value, "f")
    return text.translate(_FULL) if habit.full_width else text
