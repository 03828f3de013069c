"""A grid of text to typed lines, a column at a time: every distinct text is understood once and mapped.

Text stays beside its value (``<column>_text``). All problems of a file are gathered; a file with any error is
refused whole, so that nothing enters in part.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from pipelines import units
from pipelines.errors import Problem
from pipelines.intake import cells
from pipelines.intake.cells import Parsed
from pipelines.intake.codes import problem
from pipelines.intake.contracts import PLAIN_TEXT, Contract, ContractColumn
from pipelines.intake.headers import Heading, find_heading
from pipelines.intake.reading import Grid, read_grid
from pipelines.periods import SHANGHAI, Month

MOST_PROBLEMS = 200
COMMISSION = "commission"
# [0-9], not \d: full-width digits are digits too, and the cast does not read them.
_CLEAN_NUMBER = r"^-?[0-9]{1,18}(\.[0-9]{1,9})?$"
_CODE_LENGTH = 15
_NOTE = re.compile(
    r"^(合计|总计|小计|填表人|审核人|负责人|制表|单位负责人|统计负责人|说明|注|备注|报出日期|联系电话)"
)
_POLARS: dict[str, pl.DataType | type[pl.DataType]] = {
    "decimal": pl.Decimal(28, 9),
    "money": pl.Decimal(38, 2),
    "period": pl.Date,
    "date": pl.Date,
    "year": pl.Int32,
    "boolean": pl.Boolean,
}
_MONEY = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}


@dataclass
class Outcome:
    """What reading one file gave: typed lines when it is accepted (``parquet`` from the child), every problem."""

    contract: str = ""
    rows: int = 0
    lines: pl.DataFrame = field(default_factory=pl.DataFrame)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    first_month: str = ""
    last_month: str = ""
    parquet: bytes = b""

    @property
    def is_accepted(self) -> bool:
        """No problem is an error."""
        return not any(item.severity == "error" for item in self.problems)


def receipt_of(sha256: str) -> str:
    """The receipt number of some bytes: the same bytes have the same receipt."""
    return f"R{sha256[:16]}"


def parse(data: bytes, sender: str, at: datetime, wanted: str = "") -> Outcome:
    """Read *data* as *sender* sent it on *at*; *wanted* names the contract when the sender did."""
    grid = read_grid(data)
    if grid.problems:
        return _told(Outcome(problems=grid.problems))
    heading = find_heading(grid, wanted)
    if isinstance(heading, list):
        return _told(Outcome(problems=heading, rows=max(len(grid.rows) - 1, 0)))
    contract = heading.contract
    outcome = Outcome(contract=contract.contract, problems=list(heading.problems))
    if sender != COMMISSION and "factory" not in contract.senders:
        outcome.problems.append(problem("E109", read=contract.title.zh))
    frame = _body(grid, heading, outcome)
    outcome.rows = len(frame)
    if frame.is_empty():
        outcome.problems.append(problem("E107"))
    elif outcome.is_accepted:
        _Columns(contract, heading, grid, outcome, sender, at).fill(frame)
    return _told(outcome)


def _body(grid: Grid, heading: Heading, outcome: Outcome) -> pl.DataFrame:
    """The data rows as text columns by canonical name, notes at the foot left out and told."""
    width = max((len(row) for row in grid.rows), default=0)
    named = len(grid.rows[heading.row])
    kept: list[tuple[int, list[str]]] = []
    for line, row in zip(grid.lines[heading.row + 1 :], grid.rows[heading.row + 1 :], strict=True):
        place = heading.places.get("factory_id", 0)
        identity = row[place].strip() if place < len(row) else ""
        first = next((cell.strip() for cell in row if cell.strip()), "")
        if _NOTE.match(first) and len(units.fold(identity)) < _CODE_LENGTH:
            outcome.problems.append(problem("W302", line=line, read=first))
            continue
        beyond = [cell.strip() for cell in row[named:] if cell.strip()]
        if beyond:
            outcome.problems.append(problem("E320", line=line, read=" | ".join(beyond)))
        kept.append((line, row + [""] * (width - len(row))))
    columns = {name: [row[place] for _, row in kept] for name, place in heading.places.items()}
    return pl.DataFrame(
        {"line_no": [line for line, _ in kept], **columns}, schema_overrides={"line_no": pl.Int32}
    )


class _Columns:
    """Fills the typed columns of one file and gathers their problems."""

    def __init__(
        self, contract: Contract, heading: Heading, grid: Grid, outcome: Outcome, sender: str, at: datetime
    ) -> None:
        self._contract = contract
        self._heading = heading
        self._grid = grid
        self._outcome = outcome
        self._sender = sender
        self._now = Month.of(at.astimezone(SHANGHAI).date())
        self._typed: dict[str, pl.Series] = {}
        self._texts: dict[str, pl.Series] = {}

    def fill(self, frame: pl.DataFrame) -> None:
        """Type every column, then hold the rules that join columns."""
        self._lines = frame["line_no"]
        for column in self._contract.columns:
            self._fill_column(column, frame)
        self._hold_owner()
        self._hold_periods()
        if self._contract.contract == "energy":
            self._settle_energy()
        self._settle_units()
        self._hold_at_least_one()
        if self._outcome.is_accepted:
            self._outcome.lines = self._frame()
            self._note_months()

    def _fill_column(self, column: ContractColumn, frame: pl.DataFrame) -> None:
        text = (
            frame[column.name]
            if column.name in frame.columns
            else pl.Series([None] * len(frame), dtype=pl.String)
        )
        text = text.str.strip_chars()
        text = text.set(text == "", None)
        self._texts[column.name] = text
        if column.required:
            self._complain("E312", column, text.is_null(), text)
        self._hold_text_cells(column, text)
        if column.type in ("decimal", "money"):
            self._typed[column.name] = self._numbers(column, text)
        else:
            self._typed[column.name] = self._mapped(column, text, self._parser(column))

    def _hold_text_cells(self, column: ContractColumn, text: pl.Series) -> None:
        """An 18-digit code in a number cell has lost its last digits, whatever it prints."""
        if column.type == "uscc" and self._heading.places.get(column.name, -1) in self._grid.numeric_columns:
            self._complain("E302", column, text.is_not_null(), text)

    def _parser(self, column: ContractColumn) -> Callable[[str], Parsed]:
        if column.type == "unit":
            return lambda text: Parsed(units.resolve_unit(text), "" if units.resolve_unit(text) else "E308")
        if column.type == "choice":
            return lambda text: cells.choice(text, column.choices)
        if column.type == "code":
            return lambda text: cells.code(text, column.pattern, column.pad, column.names)
        simple: dict[str, Callable[[str], Parsed]] = {
            "uscc": cells.credit_code,
            "period": cells.period,
            "date": cells.day,
            "year": cells.year,
            "boolean": cells.boolean,
            "text": cells.plain,
        }
        return simple[column.type]

    def _mapped(self, column: ContractColumn, text: pl.Series, parser: Callable[[str], Parsed]) -> pl.Series:
        """Each distinct text parsed once."""
        dtype = _POLARS.get(column.type, pl.String)
        if column.type in PLAIN_TEXT and not column.reference:
            return text.cast(pl.String)
        answers = {distinct: parser(distinct) for distinct in text.drop_nulls().unique().to_list()}
        for code in {answer.code for answer in answers.values() if answer.code}:
            wrong = [distinct for distinct, answer in answers.items() if answer.code == code]
            self._complain(code, column, text.is_in(wrong), text)
        if not answers:
            return pl.Series([None] * len(text), dtype=dtype)
        values = [answer.value for answer in answers.values()]
        return text.replace_strict(
            list(answers), pl.Series(values, dtype=dtype), default=None, return_dtype=dtype
        )

    def _numbers(self, column: ContractColumn, text: pl.Series) -> pl.Series:
        """Clean texts cast as they are; only the others go through the reader for people's habits."""
        clean = text.str.contains(_CLEAN_NUMBER).fill_null(value=False)
        if self._grid.is_workbook:
            clean = clean & (text.str.len_chars() <= 15)  # noqa: PLR2004 - Excel's significant digits
        number = pl.Decimal(38, cells.PLACES)
        exact = text.set(~clean, None).cast(number)
        odd = text.filter(~clean & text.is_not_null()).unique().to_list()
        if odd:
            answers = {item: cells.number(item, is_workbook=self._grid.is_workbook) for item in odd}
            for code in {answer.code for answer in answers.values() if answer.code}:
                self._complain(
                    code, column, text.is_in([item for item in odd if answers[item].code == code]), text
                )
            values = pl.Series([answer.value for answer in answers.values()], dtype=number)
            exact = exact.fill_null(text.replace_strict(odd, values, default=None, return_dtype=number))
        if column.type == "money":
            return self._money(column, exact)
        return exact.cast(pl.Decimal(28, cells.PLACES))

    def _money(self, column: ContractColumn, amounts: pl.Series) -> pl.Series:
        """Amounts in yuan: the unit column wins, then the header's brackets, then the contract's default."""
        stated = self._heading.brackets.get(column.name, "")
        default = _MONEY.get(stated, _MONEY[column.money_default])
        scales = pl.Series([default] * len(amounts), dtype=pl.Int64)
        if column.money_column and column.money_column in self._heading.places:
            named = self._unit_of_money(column.money_column)
            scales = named.fill_null(scales)
        # Scaled as whole numbers of 10^-9 yuan, so that no product leaves the decimal.
        yuan = amounts.cast(pl.Decimal(38, cells.PLACES)) * scales.cast(pl.Decimal(18, 0))
        return yuan.cast(pl.Decimal(38, 2))

    def _unit_of_money(self, name: str) -> pl.Series:
        column = self._contract.column(name)
        if name not in self._typed:
            place = self._heading.places[name]
            first = self._heading.row + 1
            wanted = dict(zip(self._grid.lines[first:], self._grid.rows[first:], strict=True))
            text = pl.Series(
                [(wanted[line] + [""] * (place + 1))[place].strip() or None for line in self._lines]
            )
            self._texts[name] = text.cast(pl.String)
            self._typed[name] = self._mapped(column, self._texts[name], self._parser(column))
        return self._typed[name].replace_strict(_MONEY, default=None, return_dtype=pl.Int64)

    def _hold_owner(self) -> None:
        owner = self._typed.get("factory_id")
        if owner is None or self._sender == COMMISSION:
            return
        column = self._contract.column("factory_id")
        self._complain(
            "E303", column, (owner != self._sender).fill_null(value=False), self._texts["factory_id"]
        )

    def _hold_periods(self) -> None:
        for column in self._contract.columns:
            if column.type == "period":
                late = (self._typed[column.name] > self._now.first).fill_null(value=False)
                self._complain("E305", column, late, self._texts[column.name])

    def _settle_energy(self) -> None:
        """Code and name may stand for each other, and must agree where both stand."""
        codes, names = self._typed["energy_code"], self._texts["energy_name"]
        kinds = units.energy_kinds()
        unknown = codes.is_not_null() & ~codes.is_in(list(kinds))
        self._complain("E309", self._contract.column("energy_code"), unknown, self._texts["energy_code"])
        distinct = names.drop_nulls().unique().to_list()
        meant = {name: units.energy_code_of(name) for name in distinct}
        nameless = names.is_in([name for name, code in meant.items() if code is None])
        self._complain("E310", self._contract.column("energy_name"), nameless & codes.is_null(), names)
        named = (
            names.replace_strict(list(meant), list(meant.values()), default=None, return_dtype=pl.String)
            if meant
            else pl.Series([None] * len(names), dtype=pl.String)
        )
        differ = (codes != named).fill_null(value=False)
        self._complain("E311", self._contract.column("energy_name"), differ, names)
        settled = codes.fill_null(named)
        self._complain(
            "E319",
            self._contract.column("energy_code"),
            settled.is_null() & names.is_null() & self._texts["energy_code"].is_null(),
            names,
        )
        self._typed["energy_code"] = settled

    def _settle_units(self) -> None:
        """Electricity in tonnes, gas in kilowatt-hours: refused with the reason."""
        if "unit" not in self._typed or self._contract.contract not in ("energy", "green_power"):
            return
        codes = self._typed.get("energy_code", pl.Series(["33"] * len(self._lines)))
        pairs = pl.DataFrame({"code": codes, "unit": self._typed["unit"]})
        column = self._contract.column("unit")
        for code, unit in pairs.drop_nulls().unique().sort("code", "unit").iter_rows():
            if code not in units.energy_kinds():
                continue
            reason = units.unit_problem(code, unit)
            if reason:
                wrong = ((pairs["code"] == code) & (pairs["unit"] == unit)).fill_null(value=False)
                self._complain("E307", column, wrong, self._texts["unit"], expected=reason)

    def _hold_at_least_one(self) -> None:
        for group in self._contract.at_least_one:
            if self._contract.contract == "energy":
                continue
            empty = pl.Series([True] * len(self._lines))
            for name in group:
                empty = empty & self._typed[name].is_null()
            column = self._contract.column(group[0])
            headers = "、".join(self._contract.column(name).header for name in group)
            wanted = (f"{headers}中至少一项", f"at least one of {', '.join(group)}")
            self._complain("E312", column, empty, self._texts[group[0]], expected=wanted)

    def _complain(
        self,
        code: str,
        column: ContractColumn,
        wrong: pl.Series,
        text: pl.Series,
        expected: tuple[str, str] | None = None,
    ) -> None:
        """One problem a line, the first two hundred kept, all counted."""
        places = wrong.fill_null(value=False).arg_true()
        self._outcome.problem_count += len(places)
        for place in places.head(MOST_PROBLEMS).to_list():
            self._outcome.problems.append(
                problem(
                    code,
                    line=self._lines[place],
                    column=column.header,
                    read=text[place] or "",
                    expected=expected,
                )
            )

    def _frame(self) -> pl.DataFrame:
        texts = {
            f"{column.name}_text": self._texts[column.name]
            for column in self._contract.columns
            if column.type not in PLAIN_TEXT
        }
        typed = {
            column.name: self._typed[column.name].cast(_POLARS.get(column.type, pl.String))
            for column in self._contract.columns
        }
        return pl.DataFrame({"line_no": self._lines, **typed, **texts})

    def _note_months(self) -> None:
        for column in self._contract.columns:
            if column.type == "period":
                months = self._typed[column.name].drop_nulls()
                if len(months):
                    self._outcome.first_month = str(months.min())[:7]
                    self._outcome.last_month = str(months.max())[:7]


def _told(outcome: Outcome) -> Outcome:
    """Problems in the order of the file, errors and warnings each capped, the count kept."""
    errors = [item for item in outcome.problems if item.severity == "error"]
    warnings = [item for item in outcome.problems if item.severity != "error"]
    outcome.problem_count = max(outcome.problem_count, len(errors) + len(warnings))
    outcome.problems = [
        *sorted(errors, key=lambda item: (item.line, item.code))[:MOST_PROBLEMS],
        *sorted(warnings, key=lambda item: (item.line, item.code))[:MOST_PROBLEMS],
    ]
    return outcome
