"""Which table a grid is, and which column is which: headers in any order, in Chinese or English."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.errors import Problem
from pipelines.intake.codes import problem
from pipelines.intake.contracts import Contract, ContractColumn, bracketed, fold_header, load_contracts
from pipelines.intake.reading import Grid

_LOOKED_AT = 12


@dataclass
class Heading:
    """The header found: contract, row, and for each matched column its place and the unit in its brackets."""

    contract: Contract
    row: int
    places: dict[str, int]
    brackets: dict[str, str]
    problems: list[Problem] = field(default_factory=list)


def find_heading(grid: Grid, wanted: str = "") -> Heading | list[Problem]:
    """The heading of *grid*, or why there is none.

    The row and contract that match most columns win; of equals, one that has all its required columns.
    """
    contracts = load_contracts()
    candidates = [contracts[wanted]] if wanted in contracts else list(contracts.values())
    best: tuple[tuple[int, bool, int], Contract, int] | None = None
    for row in range(min(_LOOKED_AT, len(grid.rows))):
        cells = [fold_header(cell) for cell in grid.rows[row]]
        for contract in candidates:
            score = _score(contract, cells, row)
            if best is None or score > best[0]:
                best = (score, contract, row)
    if best is None or best[0][0] < 2:  # noqa: PLR2004 - one matching word is chance
        first = " | ".join(grid.rows[0][:6]) if grid.rows else ""
        return [problem("E201", line=grid.lines[0] if grid.lines else 0, read=first)]
    return _heading(grid, best[1], best[2])


def _score(contract: Contract, cells: list[str], row: int) -> tuple[int, bool, int]:
    matched = {
        column.name for column in contract.columns if any(cell in column.spellings for cell in cells if cell)
    }
    complete = all(column.name in matched for column in contract.required)
    return len(matched), complete, -row


def _heading(grid: Grid, contract: Contract, row: int) -> Heading:
    line = grid.lines[row]
    heading = Heading(contract, row, {}, {})
    for place, cell in enumerate(grid.rows[row]):
        column = _column(contract, cell)
        if column is None:
            if cell.strip():
                heading.problems.append(problem("W201", line=line, column=cell.strip()))
        elif column.name in heading.places:
            heading.problems.append(problem("E202", line=line, column=cell.strip(), read=cell.strip()))
        else:
            heading.places[column.name] = place
            heading.brackets[column.name] = bracketed(cell)
    heading.problems += [
        problem(
            "E203",
            line=line,
            column=column.header,
            expected=(f"必填列「{column.header}」", f"column {column.name}"),
        )
        for column in contract.required
        if column.name not in heading.places
    ]
    if row:
        heading.problems.append(problem("W202", line=line))
    return heading


def _column(contract: Contract, cell: str) -> ContractColumn | None:
    folded = fold_header(cell)
    return next((column for column in contract.columns if folded and folded in column.spellings), None)
