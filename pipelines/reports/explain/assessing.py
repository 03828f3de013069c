"""逐条判定 | Criteria of a green-factory evaluation judged again from profile lines and the criteria files as printed.

Nothing of ``ref.*`` or ``mart.*`` is read here. Which rule sets speak follows from the last day of the year, which
reference value from the industry code of that day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipelines.reports.explain import reading
from pipelines.reports.explain.evidence import Evidence, Row
from pipelines.reports.explain.printed import PrintedRow, in_force
from pipelines.units import decimals

PASS, FAIL, OPEN = "pass", "fail", "not_assessable"
_KINDS = ("standard", "veto")
_BY_DIRECTION = {"up": ">=", "down": "<="}
_REACHED = {
    ">=": lambda value, limit: value >= limit,
    ">": lambda value, limit: value > limit,
    "<=": lambda value, limit: value <= limit,
    "<": lambda value, limit: value < limit,
}


@dataclass(frozen=True)
class RuleSet:
    """规则集 | One criteria file in force on the day."""

    place: str
    content: dict[str, Any]

    @property
    def name(self) -> str:
        """Its key."""
        return str(self.content["rule_set"])

    @property
    def kind(self) -> str:
        """standard or veto."""
        return str(self.content["kind"])


@dataclass(frozen=True)
class Limit:
    """阈值 | What a value is compared with, where it is printed and how sure it is; empty where none is known."""

    value: Decimal | None
    unit: str
    source: str | None
    certainty: str
    row: PrintedRow | None = None


@dataclass(frozen=True)
class Criterion:
    """One criterion judged anew; ``lines`` are the admitted profile lines that speak of it."""

    rules: RuleSet
    item: dict[str, Any]
    is_gate: bool
    limit: Limit
    lines: Sequence[Row]

    @property
    def key(self) -> str:
        """The indicator code."""
        return str(self.item["key"])

    @property
    def value(self) -> Decimal | None:
        """As reported; nothing without a line, or where several speak."""
        return reading.number(self.lines[0]["value_text"]) if len(self.lines) == 1 else None

    @property
    def reported_unit(self) -> str | None:
        """Of the first line."""
        return self.lines[0]["unit"] if self.lines else None

    @property
    def comparator(self) -> str | None:
        """How the value is compared; gates are not."""
        if self.is_gate:
            return None
        stated = self.item.get("threshold")
        return str(stated["comparator"]) if stated else _BY_DIRECTION[self.item["direction"]]

    @property
    def reason(self) -> str | None:
        """Why it cannot be assessed; nothing where it can."""
        if len(self.lines) > 1:
            return "同一指标报送了多个值"
        if self.value is None:
            return "未报送"
        if self.is_gate:
            return None if self.value in (0, 1) else "门槛应填 1（满足）或 0（不满足）"
        return self._reason_of_limit() or self._reason_of_unit()

    def _reason_of_limit(self) -> str | None:
        if self.item.get("type") == "positive_qualitative" or self.item["unit"] == "定性":
            return "定性指标，由评价人员判定"
        if self.limit.value is None:
            wanted = self.item.get("reference_zh")
            return f"缺参考值：{wanted}" if wanted else "缺参考值"
        return "阈值仅凭记忆，未核对标准原文" if self.limit.certainty == "recalled" else None

    def _reason_of_unit(self) -> str | None:
        if self.reported_unit is None:
            return f"未填计量单位，应为{self.limit.unit}"
        if self.reported_unit != self.limit.unit:
            return f"计量单位不符：报送“{self.reported_unit}”，应为“{self.limit.unit}”"
        return None

    @property
    def distance(self) -> Decimal | None:
        """How far on the good side of the limit."""
        value, limit = self.value, self.limit.value
        if self.reason is not None or self.is_gate or value is None or limit is None:
            return None
        less, more = (value, limit) if self.item["direction"] == "down" else (limit, value)
        return decimals.total([more, -less])

    @property
    def verdict(self) -> str:
        """pass, fail or not_assessable."""
        if self.reason is not None or self.value is None:
            return OPEN
        if self.is_gate:
            return PASS if self.value == 1 else FAIL
        reached = _REACHED[self.comparator or ""](self.value, self.limit.value or Decimal(0))
        return PASS if reached else FAIL


def criteria(evidence: Evidence, factory_id: str, year: int) -> list[Criterion]:
    """Every criterion of the rule sets in force on the last day of *year*, in the order they are printed."""
    day = date(year, 12, 31)
    answers: dict[str, list[Row]] = defaultdict(list)
    for line in evidence.admitted("profile", factory=factory_id):
        if line["year"] == year:
            answers[line["indicator_code"]].append(line)
    found = []
    for rules in rule_sets(evidence, day):
        for gate in rules.content.get("gates") or []:
            limit = Limit(None, "是/否", None, str(gate["certainty"]))
            found.append(Criterion(rules, gate, True, limit, answers[gate["key"]]))
        for item in rules.content.get("indicators") or []:
            limit = _limit(evidence, rules, item, factory_id, day)
            found.append(Criterion(rules, item, False, limit, answers[item["key"]]))
    return found


def rule_sets(evidence: Evidence, day: date) -> list[RuleSet]:
    """The standard and the vetoes in force on *day*."""
    found = [RuleSet(place, content) for place, content in evidence.printed.criteria(day)]
    return [rules for rules in found if rules.kind in _KINDS]


def pass_mark(rules: RuleSet, day: date) -> Decimal | None:
    """合格分 | Of the standard on *day*; nothing while the authority has set none."""
    marks = [mark for mark in rules.content.get("pass_marks") or [] if in_force(mark, day)]
    return Decimal(str(marks[0]["value"])) if marks else None


def count(found: Iterable[Criterion], *, is_gate: bool, verdict: str) -> int:
    """How many gates or indicators came out so."""
    return sum(1 for item in found if item.is_gate == is_gate and item.verdict == verdict)


def _limit(evidence: Evidence, rules: RuleSet, item: dict[str, Any], factory_id: str, day: date) -> Limit:
    """The printed threshold, else the base value, else the reference value of the company's own industry."""
    stated = item.get("threshold")
    number = stated["value"] if stated else item.get("base")
    if number is not None:
        return Limit(Decimal(str(number)), str(item["unit"]), "标准条文", str(item["certainty"]))
    code = evidence.industry_code(factory_id, day)
    rows = [
        row
        for row in evidence.printed.policy_rows("criteria/references")
        if (row["rule_set"], row["criterion"]) == (rules.name, item["key"])
        and row["role"] in ("required", "base")
        and row.covers(day)
        and code.startswith(row["industry_prefix"])
    ]
    if not rows:
        return Limit(None, str(item["unit"]), None, str(item["certainty"]))
    row = min(rows, key=lambda row: (-len(row["industry_prefix"]), row["reference_id"]))
    return Limit(Decimal(row["value"]), row["unit"], row["reference_id"], row["certainty"], row)
