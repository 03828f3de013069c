"""Which table a grid is, and which column is which: headers in any order, in Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from pipelines.errors import Problem
from pipelines.intake.codes import problem
from pipelines.intake.contracts import Contract, ContractColumn, fold_header, load_contracts
from pipelines.intake.reading import COMPLETE, Grid
from pipelines.units import fold

MONEY = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}

_LEAST_MATCHES = 2
_BRACKETS = re.compile(r"[(\[【〔](?P<inside>[^)\]】〕]*)[)\]】〕]")
_UNIT_WORDS = re.compile(r"^(计量单位|单位|unit)[:：]?|人民币")
_MONEY_WORDS = re.compile(r"元|币|圆|刀|[$€£¥]|usd|eur|cny|rmb|yuan", re.IGNORECASE)


@dataclass
class Heading:
    """The header found: contract, row, and for each matched column its place and what its brackets say."""

    contract: Contract
    row: int
    places: dict[str, int]
    brackets: dict[str, list[str]]
    problems: list[Problem] = field(default_factory=list)


def likeness(head: Sequence[Sequence[str]]) -> int:
    """How much the first rows look like a table of ours: columns matched, plus :data:`COMPLETE` when all are."""
    best = _best(head, list(load_contracts().values()))
    return best[0][1] * COMPLETE + best[0][0] if best else 0


def find_heading(grid: Grid, wanted: str = "") -> Heading | list[Problem]:
    """The heading of *grid*, or why there is none.

    The row and contract that match most columns win; of equals, one that has all its required columns.
    """
    contracts = load_contracts()
    head = grid.head()
    best = _best(head, [contracts[wanted]] if wanted in contracts else list(contracts.values()))
    if best is None or best[0][0] < _LEAST_MATCHES:
        first = " | ".join(cell for cell in head[0][:6] if cell) if head else ""
        return [problem("E201", line=grid.lines[0] if head else 0, read=first)]
    return _heading(grid, best[1], best[2])


def _best(
    head: Sequence[Sequence[str]], contracts: Sequence[Contract]
) -> tuple[tuple[int, bool, int], Contract, int] | None:
    best: tuple[tuple[int, bool, int], Contract, int] | None = None
    for row, cells in enumerate(head):
        folded = {_folded(cell) for cell in cells if cell}
        for contract in contracts:
            score = _score(contract, folded, row)
            if best is None or score > best[0]:
                best = (score, contract, row)
    return best


def _score(contract: Contract, cells: set[str], row: int) -> tuple[int, bool, int]:
    known = _spellings(contract.contract)
    matched = {known[cell] for cell in cells if cell in known}
    return len(matched), _required(contract.contract) <= matched, -row


@cache
def _required(contract: str) -> frozenset[str]:
    return frozenset(column.name for column in load_contracts()[contract].required)


@cache
def _spellings(contract: str) -> dict[str, str]:
    """Every folded header → the column it means."""
    columns = load_contracts()[contract].columns
    return {spelling: column.name for column in columns for spelling in column.spellings}


@lru_cache(4_096)
def _folded(cell: str) -> str:
    return fold_header(cell)


def _heading(grid: Grid, contract: Contract, row: int) -> Heading:
    line = grid.lines[row]
    heading = Heading(contract, row, {}, {})
    known = _spellings(contract.contract)
    for place, cell in enumerate(grid.row(row)):
        name = known.get(_folded(cell)) if cell else None
        if name is None:
            if cell:
                heading.problems.append(problem("W201", line=line, column=cell))
        elif name in heading.places:
            heading.problems.append(problem("E202", line=line, column=cell, read=cell))
        else:
            heading.places[name] = place
            heading.brackets[name] = [_bracket(match) for match in _BRACKETS.finditer(fold(cell))]
            heading.problems += _odd_money(contract.column(name), heading.brackets[name], line, cell)
    heading.problems += [
        _missing(column, line) for column in contract.required if column.name not in heading.places
    ]
    if row:
        heading.problems.append(problem("W202", line=line))
    return heading


def _bracket(match: re.Match[str]) -> str:
    return _UNIT_WORDS.sub("", match["inside"])


def _odd_money(column: ContractColumn, brackets: list[str], line: int, cell: str) -> list[Problem]:
    """A bracket that speaks of money we do not know would be read as another currency or scale."""
    if column.type != "money" or any(bracket in MONEY for bracket in brackets):
        return []
    odd = [bracket for bracket in brackets if _MONEY_WORDS.search(bracket)]
    return [problem("E204", line=line, column=cell, read=odd[0])] if odd else []


def _missing(column: ContractColumn, line: int) -> Problem:
    wanted = (f"必填列「{column.header}」", f"column {column.name}")
    return problem("E203", line=line, column=column.header, expected=wanted)
