"""Membership, status, output, share and national counts judged again from lines as received and printed rules.

Nothing of core.* or mart.* is read: register, title and output lines as they came (those admitted), the industry
table, the settings and the targets as printed in the release's rulebook.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from pipelines.periods import Month
from pipelines.reports.explain import reading
from pipelines.reports.explain.evidence import Evidence, Row
from pipelines.reports.explain.printed import Printed, PrintedRow
from pipelines.units import decimals

OUTPUT, ADDED = "output_value_cny", "value_added_cny"
_FAR = date(9999, 12, 31)


@dataclass(frozen=True)
class Membership:
    """6+X 归属 | The cluster of a factory and why."""

    cluster: str | None
    reason: str
    row: PrintedRow | None
    is_in_b6: bool

    @property
    def is_in_a9(self) -> bool:
        """Its output counts in the nine clusters of the plan."""
        return self.reason in ("by_code", "by_tag")


@dataclass(frozen=True)
class Status:
    """绿色工厂状态 | Titles valid at a month end, the highest first."""

    titles: Sequence[Row]
    counts_for_share: bool

    @property
    def level(self) -> str | None:
        """The highest level; nothing without a title."""
        return str(self.titles[0]["level"]) if self.titles else None


@dataclass(frozen=True)
class Member:
    """One 6+X above-scale factory at a month end."""

    factory_id: str
    register: Row
    membership: Membership
    status: Status
    output_cny: Decimal | None
    outputs: Sequence[tuple[Row, Decimal]]


def membership(printed: Printed, industry_code: str | None, tag: str | None) -> Membership:
    """The longest prefix of the industry code decides; a tag opens a second cluster where the table allows it."""
    rows = [
        row for row in printed.policy_rows("industries_6x") if (industry_code or "").startswith(row["prefix"])
    ]
    primary = max((r for r in rows if r["role"] == "primary"), key=lambda r: len(r["prefix"]), default=None)
    opened = [r for r in rows if r["role"] == "alternative_by_tag" and tag and r["cluster"] == tag]
    alternative = max(opened, key=lambda r: r["prefix"], default=None)
    reason = _reason(primary, alternative, tag)
    cluster = _cluster(primary, alternative, tag)
    named = any(
        r["cluster"] == cluster and r["is_named_2024"] == "true" for r in printed.policy_rows("industries_6x")
    )
    return Membership(cluster, reason, alternative or primary, named and reason in ("by_code", "by_tag"))


def _reason(primary: PrintedRow | None, alternative: PrintedRow | None, tag: str | None) -> str:
    if primary is None and alternative is None:
        return "outside"
    if primary is not None and primary["in_manufacturing_output"] != "yes":
        return "no_output"
    if alternative is not None or primary is None:
        return "by_tag"
    if tag and tag in (primary["cluster"], primary["secondary_cluster"]):
        return "by_tag"
    return "by_code" if primary["coverage"] == "full" else "tag_needed"


def _cluster(primary: PrintedRow | None, alternative: PrintedRow | None, tag: str | None) -> str | None:
    if alternative is not None:
        return alternative["cluster"]
    if primary is None:
        return None
    if tag and tag == primary["secondary_cluster"]:
        return tag
    return primary["cluster"] if primary["coverage"] == "full" or tag == primary["cluster"] else None


class District:
    """The district at one month end, judged anew."""

    def __init__(self, evidence: Evidence, month: Month) -> None:
        self.evidence = evidence
        self.month = month
        self.printed = evidence.printed
        self.end = month.next().first

    @cached_property
    def registers(self) -> list[Row]:
        """Register lines valid at the month end."""
        return [r for r in self.evidence.registers if r["valid_from"] < self.end <= (r["valid_to"] or _FAR)]

    @cached_property
    def titles(self) -> list[Row]:
        """Green-factory titles, whenever valid."""
        return [r for r in self.evidence.admitted("titles") if r["title"] == "green_factory"]

    @cached_property
    def outputs(self) -> dict[str, list[tuple[Row, Decimal]]]:
        """Output lines of the year to the month with a value, by factory, in yuan."""
        first = Month(self.month.year, 1).first
        found: dict[str, list[tuple[Row, Decimal]]] = {}
        for row in self.evidence.admitted("output", first, self.month.first):
            value = self.yuan(row)
            if value is not None:
                found.setdefault(row["factory_id"], []).append((row, value))
        return found

    def yuan(self, row: Row, column: str = OUTPUT) -> Decimal | None:
        """工业总产值 or 工业增加值 of a line in yuan, from its text and the unit it was stated in."""
        text = row[f"{column}_text"]
        if text is None:
            return None
        return reading.money(text, self.money_unit(row, column))

    def money_unit(self, row: Row, column: str = OUTPUT) -> str:
        """The line's own unit of money, else the header's, else the contract's."""
        stated = row["money_unit"]
        return stated or self.evidence.money_unit(row["receipt_id"], "output", column, row["line_no"])

    def status(self, factory_id: str) -> Status:
        """Titles published by the month end and not removed by then."""
        ranks = {row["level"]: int(row["rank"]) for row in self.printed.policy_rows("title_levels")}
        counted = set(self.printed.settings("share_title_level", self.month.first))
        valid = [
            r
            for r in self.titles
            if r["factory_id"] == factory_id and r["published_on"] < self.end <= (r["removed_on"] or _FAR)
        ]
        valid.sort(
            key=lambda r: (
                r["level"] not in ranks,
                ranks.get(r["level"], 0),
                r["published_on"],
                r["award_cycle"],
                r["receipt_id"],
                r["line_no"],
            )
        )
        return Status(valid, any(r["level"] in counted for r in valid))

    @cached_property
    def members(self) -> list[Member]:
        """Every 6+X above-scale factory at the month end."""
        found = []
        for row in self.registers:
            judged = membership(self.printed, row["industry_code"], row["tag_6x"])
            if judged.is_in_a9 and row["is_above_scale"]:
                outputs = self.outputs.get(row["factory_id"], [])
                total = decimals.total([value for _, value in outputs]) if outputs else None
                status = self.status(row["factory_id"])
                found.append(Member(row["factory_id"], row, judged, status, total, outputs))
        return sorted(found, key=lambda member: member.factory_id)

    def national(self, reading_name: str) -> list[Row]:
        """国家级绿色工厂 | The first counting listing of each company under one of the four readings."""
        start = date.fromisoformat(self.printed.setting("plan_start", self.month.first))
        end = date.fromisoformat(self.printed.setting("plan_end", self.month.first))
        national = [r for r in self.titles if r["level"] == "national"]
        before = [r for r in national if (r["removed_on"] or _FAR) > start]
        is_new, by_cycle = reading_name.startswith("new_"), reading_name.endswith("_cycle")
        old = {r["factory_id"] for r in before if _is_old(r, start, by_cycle=by_cycle)}
        listed = [
            r
            for r in national
            if (r["removed_on"] or _FAR) >= self.end
            and (r["award_cycle"] <= self.month.year if by_cycle else r["published_on"] < self.end)
            and not (is_new and (r["factory_id"] in old or not _in_plan(r, start, end, by_cycle=by_cycle)))
        ]
        listed.sort(key=lambda r: (r["award_cycle"], r["published_on"], r["document_no"] or ""))
        first: dict[str, Row] = {}
        for row in listed:
            first.setdefault(row["factory_id"], row)
        return list(first.values())


def _is_old(row: Row, start: date, *, by_cycle: bool) -> bool:
    return bool(row["award_cycle"] < start.year if by_cycle else row["published_on"] < start)


def _in_plan(row: Row, start: date, end: date, *, by_cycle: bool) -> bool:
    if by_cycle:
        return bool(start.year <= row["award_cycle"] <= end.year)
    return bool(start <= row["published_on"] <= end)
