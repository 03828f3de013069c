"""累计数折月 | The month's flow of a line that states the year to date, subtracted again from the two texts.

本月数 = 本月累计 − 同年上月累计; January states its own. Which line is last month's is looked up here anew, among the
lines as received: the newest submission of the factory's month before, not rejected, same kind, meter and unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from pipelines.periods import Month
from pipelines.reports.explain import reading
from pipelines.reports.explain.evidence import Evidence, Row
from pipelines.reports.explain.shapes import Gate, Step
from pipelines.units import decimals

CUMULATIVE = "cumulative"
GATE = "上月累计"
_NEWEST = (
    "select line.receipt_id from raw.energy_line as line inner join raw.submission as submission "
    "on line.receipt_id = submission.receipt_id where line.factory_id = ? and line.period = ? "
    "order by submission.seq desc limit 1"
)


class Stated(NamedTuple):
    """One quantity of one line for the month, and how it reads on the screen."""

    value: Decimal | None
    told: str


class Flows:
    """The quantities of one month's lines, whatever basis they are stated on."""

    def __init__(self, evidence: Evidence, month: Month) -> None:
        self._evidence = evidence
        self._month = month
        self._known: dict[tuple[str, str], list[Row]] = {}

    def stated(self, row: Row, column: str) -> Stated:
        """A line's quantity for the month, in the line's own unit; unknown where the month before is missing."""
        text = row[f"{column}_text"]
        value = reading.number(text)
        if row.get("basis") != CUMULATIVE or self._month.first.month == 1:
            return Stated(value, "" if text is None else f"“{text}”")
        before = self.before(row)
        earlier = before[f"{column}_text"] if before else None
        previous = reading.number(earlier)
        if value is None or previous is None:
            return Stated(None, "")
        return Stated(decimals.total([value, -previous]), f"(“{text}” − “{earlier}”)")

    def before(self, row: Row) -> Row | None:
        """The line of last month that states the same total; none unless there is exactly one in the same unit."""
        unit = self._evidence.printed.unit_of
        same = [
            line
            for line in self._standing(row["factory_id"])
            if (line["energy_code"], line["meter_id"]) == (row["energy_code"], row["meter_id"])
        ]
        fits = len(same) == 1 and unit(same[0]["unit_text"]) == unit(row["unit_text"])
        return same[0] if fits else None

    def steps(self, rows: Sequence[Row], unit: str) -> list[Step]:
        """The subtraction of every line that states the year to date, beside the ledger's."""
        return [self._step(row, unit) for row in rows if row.get("basis") == CUMULATIVE]

    def gates(self, rows: Sequence[Row]) -> list[Gate]:
        """That the ledger subtracted the line found here."""
        return [self._gate(row) for row in rows if row.get("basis") == CUMULATIVE]

    def _step(self, row: Row, unit: str) -> Step:
        found = self.stated(row, "consumed")
        stored = self._stored(row).get("consumed")
        name = f"累计折月（第{row['line_no']}行，本月累计 − 同年上月累计）"
        return Step(name, found.told, found.value, unit, "", "stg.energy_flow.consumed", stored)

    def _gate(self, row: Row) -> Gate:
        if self._month.first.month == 1:
            return Gate(GATE, True, f"第{row['line_no']}行：一月，累计即本月")
        before, stored = self.before(row), self._stored(row)
        found = (before["receipt_id"], before["line_no"]) if before else None
        told = f"回执 {found[0]} 第{found[1]}行" if found else "没有可用的一行"
        kept = (stored.get("previous_receipt_id"), stored.get("previous_line_no"))
        return Gate(GATE, found == kept, f"第{row['line_no']}行减去上月 {told}")

    def _stored(self, row: Row) -> Row:
        sql = "select * from stg.energy_flow where receipt_id = ? and line_no = ?"
        found = self._evidence.rows(sql, row["receipt_id"], row["line_no"])
        return found[0] if found else {}

    def _standing(self, factory: str) -> list[Row]:
        """A factory's year-to-date lines of the month before that neither a newer file nor a steward took back."""
        month = self._month.first
        earlier = date(month.year, month.month - 1, 1)
        key = (factory, f"{earlier}")
        if key not in self._known:
            newest = self._evidence.rows(_NEWEST, factory, earlier)
            sql = "select * from raw.energy_line where factory_id = ? and period = ? and receipt_id = ? order by line_no"
            receipt = newest[0]["receipt_id"] if newest else ""
            self._known[key] = [
                row
                for row in self._evidence.rows(sql, factory, earlier, receipt)
                if row.get("basis") == CUMULATIVE
                and (row["receipt_id"], row["line_no"]) not in self._rejected
            ]
        return self._known[key]

    @cached_property
    def _rejected(self) -> set[tuple[str, int]]:
        """Lines whose last word of a steward between reject and release is reject."""
        last: dict[tuple[str, int], str] = {}
        for row in self._evidence.rows("select * from raw.decision order by seq"):
            if row["decision"] in ("rejected", "released"):
                last[(row["receipt_id"], row["line_no"])] = row["decision"]
        return {key for key, decision in last.items() if decision == "rejected"}
