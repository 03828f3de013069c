"""The data rows of a grid: what stands under the header, without rows of units, totals and signatures.

Rows are left out only when they name no factory (or, where a table has none, no metric), and it is told.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field

import polars as pl

from pipelines import units
from pipelines.errors import Problem
from pipelines.intake.codes import problem
from pipelines.intake.headers import MONEY, Heading
from pipelines.intake.reading import SMALL, Grid

_NOTE_WORDS = "合计|总计|小计|填表人|填报人|审核人|负责人|制表|单位负责人|统计负责人|说明|注[:：]|备注|报出日期|填表日期|联系电话|联系人"
_NOTE = re.compile(rf"^({_NOTE_WORDS})")
# 甲 乙 丙 and 1 2 3 under a header number a form's columns.
_COLUMN_MARK = re.compile(r"[甲乙丙丁戊己庚辛]|\(?[0-9]{1,2}\)?")
_ROWS_OF_UNITS = 2
# Fewer words below a header may be anything; two name columns.
_COLUMNS_NAMED = 2


@dataclass
class Body:
    """Data rows, column by canonical name; columns that were not sent are missing."""

    lines: pl.Series
    texts: dict[str, pl.Series]
    numbers: dict[str, pl.Series] = field(default_factory=dict)
    """For workbooks, by name: whether the cell held a number."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Data rows."""
        return len(self.lines)


def body_of(grid: Grid, heading: Heading) -> Body:
    """The data rows under *heading*, with what was left out and what stands where no column is."""
    first = heading.row + 1
    lines = grid.lines.slice(first)
    left_out = _left_out(grid, heading, first)
    keep = pl.Series([place not in left_out for place in range(len(lines))]) if left_out else None

    def kept(column: pl.Series) -> pl.Series:
        rest = column.slice(first)
        return rest if keep is None else rest.filter(keep)

    body = Body(
        lines=lines if keep is None else lines.filter(keep),
        texts={name: kept(grid.columns[place]) for name, place in heading.places.items()},
    )
    if grid.is_workbook:
        body.numbers = {name: kept(grid.numbers[place]) for name, place in heading.places.items()}
    second = _second_header(grid, heading, first, left_out)
    # Cells beyond a header that goes on below it are no slips of a comma.
    strays = [] if second else _strays(grid, heading, first)
    body.problems = [*left_out.values(), *second, *strays, *_broken(grid, heading)]
    return body


def _left_out(grid: Grid, heading: Heading, first: int) -> dict[int, Problem]:
    """Place under the header → why the row is no data row."""
    anchor = heading.places.get(heading.contract.grain[0])
    if anchor is None:
        return {}
    rest = grid.columns[anchor].slice(first)
    suspects = _suspects(rest)
    found = {}
    for place in sorted({*suspects, *range(min(_ROWS_OF_UNITS, len(rest)))}):
        cells = [cell for cell in grid.row(first + place) if cell]
        line = grid.lines[first + place]
        if place < _ROWS_OF_UNITS and _is_row_of_units(cells, rest[place]):
            found[place] = problem("W206", line=line, read=" | ".join(cells[:6]))
        elif place in suspects and _NOTE.match(cells[0]):
            found[place] = problem("W302", line=line, read=cells[0])
    return found


def _second_header(grid: Grid, heading: Heading, first: int, left_out: Container[int]) -> list[Problem]:
    """The line below the header when it goes on naming columns, as form 205-1 is printed: words and no factory."""
    anchor = heading.places.get(heading.contract.grain[0])
    if anchor is None or grid.height <= first or 0 in left_out or grid.columns[anchor][first] is not None:
        return []
    cells = [cell for cell in grid.row(first) if cell]
    if len(cells) < _COLUMNS_NAMED or any(letter.isdigit() for cell in cells for letter in cell):
        return []
    return [problem("E205", line=grid.lines[first], read=" | ".join(cells[:6]))]


def _suspects(anchor: pl.Series) -> set[int]:
    """Places of rows that name nobody, or begin with a word of a form's foot."""
    if len(anchor) <= SMALL:
        return {place for place, text in enumerate(anchor.to_list()) if text is None or _NOTE.match(text)}
    return set((anchor.is_null() | anchor.str.contains(f"^({_NOTE_WORDS})")).arg_true().to_list())


def _is_row_of_units(cells: list[str], anchor: str | None) -> bool:
    """Units alone where no factory is named, or a form's column numbers."""
    if all(_COLUMN_MARK.fullmatch(units.fold(cell)) for cell in cells):
        return len(cells) > 1
    return anchor is None and all(units.resolve_unit(cell) or units.fold(cell) in MONEY for cell in cells)


def _strays(grid: Grid, heading: Heading, first: int) -> list[Problem]:
    """Cells beyond the header: in a CSV a number was split by its comma, in a workbook a jotted note."""
    header = grid.row(heading.row)
    found = []
    for place, column in enumerate(grid.columns):
        if header[place]:
            continue
        for row in column.slice(first).is_not_null().arg_true().to_list()[:50]:
            code = "W207" if grid.is_workbook else "E320"
            found.append(problem(code, line=grid.lines[first + row], read=column[first + row] or ""))
    begins = grid.lines[heading.row]
    return found + [problem("W203", line=line) for line in grid.short_lines if line > begins][:50]


def _broken(grid: Grid, heading: Heading) -> list[Problem]:
    """#N/A and the like in a column we read: blank to a careless reader, unknown to us."""
    headers = {place: heading.contract.column(name).header for name, place in heading.places.items()}
    begins = grid.lines[heading.row]
    return [
        problem("E321", line=line, column=headers[place])
        for line, place in grid.error_cells
        if place in headers and line > begins
    ]
