"""数据情况 | Screens of what was received: rows of a month by fate, who reported, and what waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipelines.periods import Month
from pipelines.reports import words
from pipelines.reports.explain.evidence import RAW_TABLES, Column, Evidence, Row
from pipelines.reports.explain.shapes import Explanation, Gate, Section, Step
from pipelines.reports.explain.uses import Book

FORMULA = "收到的行 = 准入 + 暂挂 + 退回 + 被更正取代；暂挂的行不进入任何合计"
_QUALITY = "mart.quality_month"


def district(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """The district's month: every contract's rows by fate, factories expected and reporting."""
    evidence.month_exists(month)
    fates = _fates(evidence, month)
    by_contract = {
        contract: [row for row in fates if row["contract"] == contract] for contract in words.CONTRACTS
    }
    book = Book(evidence, month, evidence.headline)
    reporting = [who for who in book.factories() if any(map(book.is_counted, book.codes(who)))]
    registered = {
        row["factory_id"] for row in evidence.registers if evidence.registered(row["factory_id"], month.first)
    }
    held = [row for row in by_contract["energy"] if row["fate"] == "held"]
    columns = [
        Column("factories_expected", "应报企业", "月初在企业名录内的", len(registered), "家"),
        Column("factories_reporting", "有准入能源数据的企业", "逐家计数", len(reporting), "家"),
        Column("held_lines", "暂挂的能源行", "逐行计数", len(held), "行"),
    ]
    where = {"month": month.first, "purpose": evidence.headline}
    return Explanation(
        figure=figure,
        title=f"数据情况（{month}）",
        value=f"应报 {len(registered)} 家，有准入能源数据 {len(reporting)} 家；收到 {len(fates)} 行",
        formula=FORMULA,
        steps=[
            *(
                step
                for contract, rows in by_contract.items()
                if rows
                for step in _quality(evidence, month, contract, rows)
            ),
            *evidence.columns("mart.district_month", where, columns),
        ],
        gates=[_kept(evidence, month, contract, rows) for contract, rows in by_contract.items() if rows],
        sections=[_section(by_contract), _missing(evidence, sorted(registered - set(reporting)))],
        scope=f"{len(fates)} 行逐行计数",
        closer=[f"held/{month}"],
    )


def factory(evidence: Evidence, figure: str, month: Month, factory_id: str) -> Explanation:
    """A factory's month: its lines of every contract and what became of them."""
    evidence.month_exists(month)
    rows = [row for row in _fates(evidence, month) if row["factory_id"] == factory_id]
    held = sum(1 for row in rows if (row["contract"], row["fate"]) == ("energy", "held"))
    where = {"factory_id": factory_id, "month": month.first}
    columns = [Column("held_lines", "暂挂的能源行", "逐行计数", held, "行")]
    is_there = evidence.rows(
        "select month from mart.factory_month where factory_id = ? and month = ?", *where.values()
    )
    return Explanation(
        figure=figure,
        title=f"{evidence.name_of(factory_id)}（{factory_id}）的数据情况（{month}）",
        value=f"收到 {len(rows)} 行，其中暂挂的能源行 {held} 行" if rows else "当月没有收到任何行",
        formula=FORMULA,
        steps=evidence.columns("mart.factory_month", where, columns) if is_there else [],
        sections=[
            _section(
                {
                    contract: [row for row in rows if row["contract"] == contract]
                    for contract in words.CONTRACTS
                }
            )
        ],
        lines=evidence.lines(rows),
        scope=f"{len(rows)} 行逐行计数",
        closer=[f"line/{row['receipt_id']}/{row['line_no']}" for row in rows[:5]],
    )


def _fates(evidence: Evidence, month: Month) -> list[Row]:
    sql = "select * from stg.line_fate where month = ? order by contract, receipt_id, line_no"
    return evidence.rows(sql, month.first)


def _quality(evidence: Evidence, month: Month, contract: str, rows: Sequence[Row]) -> list[Step]:
    """One contract's row of the quality table."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row["fate"]] += 1
    name = words.CONTRACTS[contract]
    receipts = len({row["receipt_id"] for row in rows})
    columns = [
        Column("submissions", f"{name} 来件", "逐件计数", receipts, "件"),
        Column("rows_in", f"{name} 收到", "逐行计数", len(rows), "行"),
        *(
            Column(fate, f"{name} {told}", "逐行计数", counts[fate], "行")
            for fate, told in words.FATES.items()
        ),
    ]
    return evidence.columns(_QUALITY, {"month": month.first, "contract": contract}, columns)


def _kept(evidence: Evidence, month: Month, contract: str, rows: Sequence[Row]) -> Gate:
    """Every line received has one fate: the lines as received are counted beside them."""
    name, fated = words.CONTRACTS[contract], {(row["receipt_id"], row["line_no"]) for row in rows}
    table = RAW_TABLES[contract]
    by_period = "period" in evidence.ledger.rows(f"select * from {table} limit 0").columns
    told = f"{len(rows)} 行各有一个去向"
    if not by_period:
        return Gate(f"{name}：一行一个去向", len(fated) == len(rows), told)
    received = evidence.rows(f"select receipt_id, line_no from {table} where period = ?", month.first)
    lost = {(row["receipt_id"], row["line_no"]) for row in received} - fated
    holds = not lost and len(fated) == len(rows)
    return Gate(f"{name}：一行一个去向", holds, told if holds else f"{told}，收到 {len(received)} 行")


def _section(by_contract: dict[str, list[Row]]) -> Section:
    told = [
        (
            words.CONTRACTS[contract],
            str(len({row["receipt_id"] for row in rows})),
            str(len(rows)),
            *(str(sum(1 for row in rows if row["fate"] == fate)) for fate in words.FATES),
        )
        for contract, rows in by_contract.items()
        if rows
    ]
    return Section("按报表", ("报表", "来件", "收到", *words.FATES.values()), told)


def _missing(evidence: Evidence, factories: Sequence[str]) -> Section:
    rows = [(who, evidence.name_of(who)) for who in factories]
    return Section("应报而没有准入能源数据的企业", ("统一社会信用代码", "企业"), rows)
