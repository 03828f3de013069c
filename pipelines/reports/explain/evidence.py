"""What a screen may look at: the ledger as stored, the lines as received, the rulebook as printed, the release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipelines import paths
from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.intake import Landing
from pipelines.periods import Month
from pipelines.reports.explain import reading
from pipelines.reports.explain.printed import Printed
from pipelines.reports.explain.shapes import PUBLISHED_PLACE, UNKNOWN, Line, Step, Value, rows_of

Row = dict[str, Any]
_HEAD_LINES = 12
RAW_TABLES = {
    "energy": "raw.energy_line",
    "output": "raw.output_line",
    "green_power": "raw.green_power_line",
    "register": "raw.register_line",
    "titles": "raw.title_line",
    "indicators": "raw.indicator_line",
    "profile": "raw.profile_line",
    "activity": "raw.activity_line",
    "media": "raw.medium_line",
}


class Column(NamedTuple):
    """A column of a stored row beside the value recomputed for it: label and expression are what the screen says."""

    name: str
    label: str
    expression: str
    value: Value
    unit: str = ""
    rounding: str = ""
    absent: str = UNKNOWN


@dataclass(frozen=True)
class Published:
    """The release the ledger was published as: its knowledge date, its kept rules, its marts.

    ``restatements`` are the register's words (release, months, reason, approver, on); ``pending`` the months of which
    figures would be others by what is known today.
    """

    release: str
    through: Month
    as_of: date
    rules: Path
    marts: Mapping[str, pl.DataFrame]
    restatements: Sequence[Mapping[str, Any]] = ()
    pending: Sequence[str] = ()


class Evidence:
    """One question's sources. Without a release the rulebook of the checkout is read and no mart is compared."""

    def __init__(self, ledger: Ledger, landing: Landing, published: Published | None = None) -> None:
        self.ledger = ledger
        self.landing = landing
        self.published = published
        self.printed = Printed(published.rules if published else paths.CHECKOUT)
        self._money_units: dict[tuple[str, str], str] = {}

    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """Rows of the ledger."""
        return rows_of(self.ledger, sql, list(parameters))

    def admitted(
        self, contract: str, first: date | None = None, last: date | None = None, factory: str = ""
    ) -> list[Row]:
        """Lines as received (``raw.*``) whose fate is admitted, in order of receipt and line.

        *first* and *last* bound the months. What the ledger computes with (``stg.*_line``) is not read: a slip
        between the two would show.
        """
        sql = f"select * from {RAW_TABLES[contract]} where true"
        fates = "select receipt_id, line_no from stg.line_fate where fate = 'admitted' and contract = ?"
        parameters: list[Any] = []
        asked: list[Any] = [contract]
        if first is not None and last is not None:
            sql, parameters = f"{sql} and period between ? and ?", [first, last]
            fates, asked = f"{fates} and month between ? and ?", [contract, first, last]
        if factory:
            sql, parameters = f"{sql} and factory_id = ?", [*parameters, factory]
        admitted = set(self.ledger.rows(fates, asked).iter_rows())
        rows = self.rows(f"{sql} order by receipt_id, line_no", *parameters)
        return [row for row in rows if (row["receipt_id"], row["line_no"]) in admitted]

    @cached_property
    def submissions(self) -> dict[str, Row]:
        """Every submission by receipt."""
        return {row["receipt_id"]: row for row in self.rows("select * from raw.submission")}

    @cached_property
    def registers(self) -> list[Row]:
        """企业名录 | Every admitted register line."""
        return self.admitted("register")

    def registered(self, factory: str, day: date) -> Row | None:
        """The register line of a factory in force on *day*; none where the register does not know it then."""
        lines = self._registers_of.get(factory, [])
        return next(
            (
                row
                for row in lines
                if row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])
            ),
            None,
        )

    def industry_code(self, factory: str, day: date) -> str:
        """行业代码 | As registered on *day*; blank where it is not known."""
        row = self.registered(factory, day)
        return str(row["industry_code"] or "") if row else ""

    def sector(self, factory: str, day: date) -> str:
        """行业组 | The sector of a factory on *day* by the longest prefix; the one for all others without a code."""
        code = self.industry_code(factory, day)
        rows = [row for row in self.printed.rows("industry_sectors") if code.startswith(row["prefix"])]
        return max(rows, key=lambda row: len(row["prefix"]))["sector"] if rows else ""

    @cached_property
    def _registers_of(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.registers:
            found.setdefault(row["factory_id"], []).append(row)
        return found

    @cached_property
    def headline(self) -> str:
        """The accounting basis of the pages, as printed."""
        return self.printed.headline_purpose()

    @cached_property
    def last_month(self) -> date:
        """The month the ledger ends with."""
        last: date = self.ledger.one("select max(month) from ref.month")[0]
        return last

    @property
    def as_of(self) -> date | None:
        """知识日期 | The knowledge date of the release; unknown without one."""
        return self.published.as_of if self.published else None

    def line(self, receipt_id: str, line_no: int) -> Line:
        """A line as received, from the original."""
        submission = self.submissions.get(receipt_id, {})
        text = self.landing.line_text(receipt_id, line_no)
        return Line(
            receipt_id,
            line_no,
            str(submission.get("filename") or ""),
            submission.get("received_on"),
            tuple(text.split(" | ")) if text else (),
        )

    def lines(self, rows: Iterable[Row], most: int = 12) -> list[Line]:
        """The first *most* lines as received."""
        return [self.line(row["receipt_id"], row["line_no"]) for row in list(rows)[:most]]

    def money_unit(self, receipt_id: str, contract: str, column: str, first_line: int) -> str:
        """金额单位 | The unit a file's header states for a money column, else the contract's default.

        Read from the header line of the original: the ledger keeps yuan alone.
        """
        key = (receipt_id, column)
        if key not in self._money_units:
            self._money_units[key] = self._stated_money(receipt_id, contract, column, first_line)
        return self._money_units[key]

    def name_of(self, factory_id: str) -> str:
        """The newest registered name; blank when the register never had it."""
        sql = "select name from raw.register_line where factory_id = ? order by valid_from desc limit 1"
        found = self.rows(sql, factory_id)
        return str(found[0]["name"] or "") if found else ""

    def stored(self, table: str, column: str, where: Mapping[str, Any]) -> Value:
        """One stored value; nothing when there is no such row."""
        condition = " and ".join(f"{name} is not distinct from ?" for name in where) or "true"
        found = self.rows(f"select {column} as value from {table} where {condition}", *where.values())
        value: Value = found[0]["value"] if found else None
        return value

    def compare(
        self,
        name: str,
        expression: str,
        value: Value,
        table: str,
        column: str,
        where: Mapping[str, Any],
        **more: str,
    ) -> list[Step]:
        """The recomputed *value* beside the ledger's, and beside the published mart's where there is a release."""
        stored = self.stored(table, column, where)
        steps = [Step(name, expression, value, place=f"{table}.{column}", stored=stored, **more)]
        if self.published and table in self.published.marts:
            mart = self.published.marts[table]
            for key, wanted in where.items():
                mart = mart.filter(pl.col(key) == wanted)
            printed = mart[column][0] if len(mart) else None
            place = f"{PUBLISHED_PLACE}{self.published.release} {table}.{column}"
            steps.append(Step(f"{name}（已发布）", "同上", value, place=place, stored=printed, **more))
        return steps

    def columns(self, table: str, where: Mapping[str, Any], columns: Iterable[Column]) -> list[Step]:
        """:meth:`compare` for several columns of one row."""
        return [
            step
            for column in columns
            for step in self.compare(
                column.label,
                column.expression,
                column.value,
                table,
                column.name,
                where,
                unit=column.unit,
                rounding=column.rounding,
                absent=column.absent,
            )
        ]

    def month_exists(self, month: Month) -> None:
        """Hold that the ledger has the month.

        Raises:
            NotFound: it does not; the months it has are named.
        """
        first, last = self.ledger.one("select min(month), max(month) from ref.month")
        if not first <= month.first <= last:
            raise NotFound(
                f"台账没有 {month}，现有 {first:%Y-%m} 至 {last:%Y-%m}。",
                f"the ledger has no {month}; it has {first:%Y-%m} to {last:%Y-%m}",
            )

    def _stated_money(self, receipt_id: str, contract: str, column: str, first_line: int) -> str:
        declared = next(c for c in self.printed.contract(contract)["columns"] if c["name"] == column)
        spellings = {
            reading.bare(text) for text in (column, declared["header"], *declared.get("aliases", []))
        }
        for line_no in range(min(first_line - 1, _HEAD_LINES), 0, -1):
            for cell in self.landing.line_text(receipt_id, line_no).split(" | "):
                if reading.bare(cell) in spellings:
                    stated = [text for text in reading.brackets(cell) if reading.is_money_unit(text)]
                    return stated[0] if stated else str(declared["money_default"])
        return str(declared["money_default"])
