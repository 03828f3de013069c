"""Typed columns: every distinct text is understood once and mapped; clean numbers are cast as they are."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from pipelines import units
from pipelines.errors import Problem
from pipelines.intake import cells
from pipelines.intake.body import Body
from pipelines.intake.cells import Parsed
from pipelines.intake.codes import problem
from pipelines.intake.contracts import PLAIN_TEXT, Contract, ContractColumn
from pipelines.intake.headers import MONEY, Heading
from pipelines.intake.reading import SMALL

MOST_TOLD = 200
# [0-9], not \d: full-width digits are digits too, and the cast does not read them.
_CLEAN_NUMBER = r"^-?[0-9]{1,18}(\.[0-9]{1,9})?$"
# Columns whose terms stand in a closed table, and the code of a text that is not in it.
TERMS = {"activity": "E325", "gas": "E327", "process_type": "E328"}
_WIDE = pl.Decimal(38, cells.PLACES)
_POLARS: dict[str, pl.DataType | type[pl.DataType]] = {
    "decimal": pl.Decimal(28, cells.PLACES),
    "money": pl.Decimal(38, 2),
    "period": pl.Date,
    "date": pl.Date,
    "year": pl.Int32,
    "boolean": pl.Boolean,
}


class Columns:
    """The columns of one file while they are read, and the problems found on the way."""

    def __init__(self, heading: Heading, body: Body) -> None:
        self.contract: Contract = heading.contract
        self.heading = heading
        self.body = body
        self.typed: dict[str, pl.Series] = {}
        self.texts: dict[str, pl.Series] = {}
        self.problems: list[Problem] = []
        self.problem_count = 0

    def read(self) -> None:
        """Type every column; money last, for its unit may stand in another."""
        for column in sorted(self.contract.columns, key=lambda column: column.type == "money"):
            text = self.body.texts.get(column.name)
            self.texts[column.name] = self._blank(pl.String) if text is None else text
            self._read_column(column)

    def frame(self) -> pl.DataFrame:
        """Line numbers, values and texts as the raw table has them."""
        columns = self.contract.columns
        typed = {column.name: self.typed[column.name] for column in columns}
        texts = {f"{c.name}_text": self.texts[c.name] for c in columns if c.type not in PLAIN_TEXT}
        return pl.DataFrame({"line_no": self.body.lines, **typed, **texts})

    def months(self) -> tuple[str, str]:
        """The first and last month reported, blank when the table has none."""
        for column in self.contract.columns:
            if column.type == "period":
                months = self.typed[column.name]
                return str(months.min())[:7], str(months.max())[:7]
        return "", ""

    def complain(
        self, code: str, name: str, wrong: pl.Series, expected: tuple[str, str] | None = None
    ) -> None:
        """One problem a line where *wrong* is true, the first two hundred kept, all counted."""
        if not wrong.any():
            return
        places = wrong.fill_null(value=False).arg_true()
        self.problem_count += len(places)
        column, text = self.contract.column(name), self.texts[name]
        for place in places.head(MOST_TOLD).to_list():
            self.problems.append(
                problem(
                    code,
                    line=self.body.lines[place],
                    column=column.header,
                    read=text[place] or "",
                    expected=expected,
                )
            )

    def mapped(
        self,
        text: pl.Series,
        parser: Callable[[str], Parsed],
        dtype: pl.DataType | type[pl.DataType],
        name: str,
    ) -> pl.Series:
        """*text* through *parser*, each distinct text once; texts with a code are complained about."""
        if text.null_count() == len(text):
            return self._blank(dtype)
        distinct = sorted(set(text.to_list() if len(text) <= SMALL else text.unique().to_list()) - {None})
        answers = {item: parser(item) for item in distinct}
        for code in sorted({answer.code for answer in answers.values()} - {""}):
            self.complain(code, name, text.is_in([item for item in distinct if answers[item].code == code]))
        if len(text) <= SMALL:
            row_by_row = [None if item is None else answers[item].value for item in text.to_list()]
            return pl.Series(name, row_by_row, dtype=dtype)
        values = pl.Series([answers[item].value for item in distinct], dtype=dtype)
        return text.replace_strict(distinct, values, default=None, return_dtype=dtype)

    def _read_column(self, column: ContractColumn) -> None:
        text = self.texts[column.name]
        if column.required and text.null_count():
            self.complain("E312", column.name, text.is_null())
        if column.type == "uscc" and column.name in self.body.numbers:
            # An 18-digit code in a number cell has lost its last digits, whatever it prints.
            in_number = self.body.numbers[column.name]
            if in_number.any():
                self.complain("E302", column.name, in_number)
                text = text.set(in_number, None)
        if column.type == "decimal":
            self.typed[column.name] = self._numbers(column, text).cast(_POLARS["decimal"])
        elif column.type == "money":
            self.typed[column.name] = self._money(column, self._numbers(column, text))
        elif column.type in PLAIN_TEXT:
            self.typed[column.name] = text
        else:
            dtype = _POLARS.get(column.type, pl.String)
            self.typed[column.name] = self.mapped(text, _parser(column), dtype, column.name)

    def _numbers(self, column: ContractColumn, text: pl.Series) -> pl.Series:
        """Clean texts cast as they are; only the others go through the reader for people's habits."""
        if len(text) <= SMALL:
            return self.mapped(text, cells.number, _WIDE, column.name)
        clean = text.str.contains(_CLEAN_NUMBER)
        if clean.all():
            return text.cast(_WIDE)
        odd = self.mapped(text.set(clean.fill_null(value=False), None), cells.number, _WIDE, column.name)
        return text.set(~clean.fill_null(value=False), None).cast(_WIDE).fill_null(odd)

    def _money(self, column: ContractColumn, amounts: pl.Series) -> pl.Series:
        """Amounts in yuan: the money column wins, then the header's brackets, then the contract's default."""
        if amounts.null_count() == len(amounts):
            return self._blank(_POLARS["money"])
        stated = next((name for name in self.heading.brackets.get(column.name, []) if name in MONEY), "")
        scales = pl.Series([MONEY[stated or column.money_default]], dtype=pl.Int64)
        named = self.typed.get(column.money_column) if column.money_column else None
        unstated = amounts.is_not_null()
        if named is not None and named.null_count() < len(named):
            told = named.replace_strict(MONEY, default=None, return_dtype=pl.Int64)
            scales, unstated = told.fill_null(scales[0]), unstated & told.is_null()
        if not stated and unstated.any():
            self._tell_once("W204", column, unstated)
        yuan = amounts * scales.cast(pl.Decimal(18, 0))
        cents = yuan.round(2, mode="half_away_from_zero").cast(_POLARS["money"])
        if (cents != yuan).any():
            self.complain("W304", column.name, cents != yuan)
        return cents

    def _tell_once(self, code: str, column: ContractColumn, where: pl.Series) -> None:
        """One problem for a whole column, at its first line."""
        place = where.arg_true()[0]
        wanted = (
            f"注明的金额单位（已按{column.money_default}）",
            f"a stated unit (read as {column.money_default})",
        )
        self.problems.append(
            problem(code, line=self.body.lines[place], column=column.header, expected=wanted)
        )
        self.problem_count += 1

    def _blank(self, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
        return pl.Series([None] * self.body.height, dtype=dtype)


def _parser(column: ContractColumn) -> Callable[[str], Parsed]:
    if column.reference in TERMS:
        return lambda text: _term(column.reference, text)
    if column.type == "unit":
        return _MEASURED_UNITS.get(column.units, _unit)
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
    }
    return simple[column.type]


def _term(kind: str, text: str) -> Parsed:
    """A code, name or alias of a closed table."""
    key = units.resolve_term(kind, text)
    return Parsed(key, "" if key else TERMS[kind])


def _unit(text: str) -> Parsed:
    key = units.resolve_unit(text)
    return Parsed(key, "" if key else "E308")


def is_heat_unit(key: str) -> bool:
    """Heat per amount; a bare unit of mass beside a heat value says nothing."""
    return "_per_" in key and "C" not in key


def is_carbon_unit(key: str) -> bool:
    """Carbon per heat or per amount: its label stands in the name, for t/TJ alone could be CO2."""
    return "C" in key and ("_per_" in key or key.startswith("percent"))


def _heat_unit(text: str) -> Parsed:
    key = units.resolve_unit(text)
    return Parsed(key) if key and is_heat_unit(key) else Parsed(None, "E324")


def _carbon_unit(text: str) -> Parsed:
    key = units.resolve_unit(text)
    return Parsed(key) if key and is_carbon_unit(key) else Parsed(None, "E331")


_MEASURED_UNITS: dict[str, Callable[[str], Parsed]] = {
    "heat_value": _heat_unit,
    "carbon_content": _carbon_unit,
}
