"""Data files read as text, with file and line kept, and their problems gathered before any is told."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path

from pipelines import units
from pipelines.errors import BrokenReference

OPEN_END = date(9999, 12, 31)
LONG_AGO = date(1900, 1, 1)
_MOST_TOLD = 60


@dataclass(frozen=True)
class Row:
    """One line of a data file: its cells by column, and where it stands."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def where(self) -> str:
        """File and line, as an editor counts."""
        return f"{self.file} 第{self.line}行"


@dataclass
class Complaints:
    """Problems found so far. Ask for all of them at once with :meth:`raise_if_any`."""

    found: list[str] = field(default_factory=list)

    def add(self, row: Row, column: str, expected: str) -> None:
        """*column* of *row* is not what was expected."""
        self.say(f"{row.where}「{column}」", f"读到 “{row.cells.get(column, '')}”，应为{expected}")

    def say(self, where: str, text: str) -> None:
        """Something wrong that no single cell shows. The same thing is told once."""
        problem = f"{where}：{text}"
        if problem not in self.found:
            self.found.append(problem)

    def raise_if_any(self, folder: str) -> None:
        """Raise when anything was found.

        Raises:
            BrokenReference: with every complaint, at most sixty of them spelled out.
        """
        if self.found:
            listed = "\n  ".join(self.found[:_MOST_TOLD])
            more = f"\n  另有 {len(self.found) - _MOST_TOLD} 处" if len(self.found) > _MOST_TOLD else ""
            raise BrokenReference(
                f"数据目录 {folder} 有 {len(self.found)} 处问题，未加载：\n  {listed}{more}",
                f"{len(self.found)} problems in {folder}; nothing was loaded (listed above with file and line)",
            )


def read_rows(path: Path, columns: Iterable[str], complaints: Complaints) -> list[Row]:
    """Every line of a CSV file; a missing file or column is a complaint and gives no rows."""
    if not path.exists():
        complaints.say(path.name, "文件不存在")
        return []
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        complaints.say(path.name, f"第{error.start + 1}个字节起不是 UTF-8，请另存为 UTF-8（不带 BOM）")
        return []
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in columns if name not in (reader.fieldnames or [])]
    if missing:
        complaints.say(path.name, f"缺少列 {'、'.join(missing)}")
        return []
    return [_row(path.name, reader.line_num, cells, complaints) for cells in reader]


def _row(file: str, line: int, cells: dict[str | None, str | None], complaints: Complaints) -> Row:
    """One line; cells beyond the header or missing at its end shift a meaning, so they are told."""
    row = Row(file, line, {key: value or "" for key, value in cells.items() if key is not None})
    if None in cells or None in cells.values():
        complaints.say(row.where, f"应有 {len(row.cells)} 个单元格，与表头不符（文字中的逗号须加引号）")
    return row


def number(row: Row, column: str, complaints: Complaints) -> Fraction:
    """The exact number in a cell; zero, with a complaint, when it is none."""
    try:
        return Fraction(row[column])
    except (ValueError, ZeroDivisionError):
        complaints.add(row, column, "十进制数")
        return Fraction(0)


def day(row: Row, column: str, default: date, complaints: Complaints) -> date:
    """The date in a cell; *default* when it is blank, or, with a complaint, when it is no date."""
    if not row[column]:
        return default
    try:
        return date.fromisoformat(row[column])
    except ValueError:
        complaints.add(row, column, "日期 YYYY-MM-DD 或空白")
        return default


def hold_unit(row: Row, column: str, wanted: str, complaints: Complaints) -> Fraction:
    """How many *wanted* are in one of the cell's unit, or one, with a complaint, when it cannot be."""
    source = row[column]
    try:
        if units.dimension(source) == units.dimension(wanted):
            return units.multiplier(source, wanted) if wanted != "1" else Fraction(1)
    except ValueError:
        complaints.add(row, column, "units.txt 中有定义的单位")
        return Fraction(1)
    complaints.add(row, column, f"与 {wanted} 同量纲的单位")
    return Fraction(1)


def hold_intervals(
    rows: Iterable[Row],
    key: Iterable[str],
    complaints: Complaints,
    columns: tuple[str, str] = ("valid_from", "valid_to"),
) -> None:
    """Rows with the same *key* may not be in force on the same day: a tie has no answer."""
    names = list(key)
    first, last = columns
    groups: dict[tuple[str, ...], list[tuple[date, date, Row]]] = {}
    for row in rows:
        start = day(row, first, LONG_AGO, complaints)
        end = day(row, last, OPEN_END, complaints)
        if end <= start:
            complaints.add(row, last, f"晚于 {first}（{start}）的日期")
        groups.setdefault(tuple(row[name] for name in names), []).append((start, end, row))
    for members in groups.values():
        members.sort(key=lambda member: (member[0], member[1], member[2].line))
        for (_, end, earlier), (start, _, later) in itertools.pairwise(members):
            if start < end:
                complaints.say(
                    later.where, f"有效区间与 {earlier.where} 重叠，两行并列无法取舍（键 {'/'.join(names)}）"
                )
