"""Screens of rows: one line as received, its cells read again, its fate with reasons and decisions; a month's held rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import words
from pipelines.reports.explain import reading
from pipelines.reports.explain.evidence import RAW_TABLES, Evidence, Row
from pipelines.reports.explain.shapes import MOST_ROWS, Explanation, Section, Step, called


def line(evidence: Evidence, receipt_id: str, line_no: int, figure: str) -> Explanation:
    """One line: as received, as read, and what became of it."""
    sql = "select * from stg.line_fate where receipt_id = ? and line_no = ?"
    fates = evidence.rows(sql, receipt_id, line_no)
    if not fates:
        known = evidence.submissions.get(receipt_id)
        told = f"该件共 {known['rows']} 行数据" if known else "没有这个回执"
        raise NotFound(
            f"台账没有 {receipt_id} 第 {line_no} 行：{told}。", f"no line {line_no} of receipt {receipt_id}"
        )
    fate = fates[0]
    table = RAW_TABLES[fate["contract"]]
    row = evidence.rows(f"select * from {table} where receipt_id = ? and line_no = ?", receipt_id, line_no)[0]
    contract = evidence.printed.contract(fate["contract"])
    return Explanation(
        figure=figure,
        title=f"{called(words.CONTRACTS, fate['contract'])} {receipt_id} 第 {line_no} 行",
        value=called(words.FATES, fate["fate"]),
        formula="原文逐格照录；数量由原文再读一遍，与台账比较",
        steps=_cells(evidence, contract, table, row),
        sections=[_read_section(contract, row), *_reasons(evidence, fate), *_decisions(evidence, fate)],
        lines=[evidence.line(receipt_id, line_no)],
        scope="本行全部数量",
        facts=_facts(row),
        closer=_closer(row, fate),
    )


def held(evidence: Evidence, month: Month | None, figure: str) -> Explanation:
    """暂挂 | The lines of a month, or of all, that wait for a decision or a correction."""
    where, parameters = "", []
    if month is not None:
        evidence.month_exists(month)
        where, parameters = " and month = ?", [month.first]
    sql = f"select * from stg.line_fate where fate = 'held'{where} order by contract, receipt_id, line_no"
    rows = evidence.rows(sql, *parameters)
    steps = [_held_count(evidence, contract, rows, where, parameters) for contract in words.CONTRACTS]
    return Explanation(
        figure=figure,
        title=f"暂挂的行（{month or '全部月份'}）",
        value=f"{len(rows)} 行",
        formula="违反一条以上 critical 规则且未放行的行；不进入任何合计",
        steps=steps,
        sections=[
            Section(
                "名单",
                ("报表", "回执", "行号", "统一社会信用代码", "规则"),
                [
                    (
                        called(words.CONTRACTS, row["contract"]),
                        row["receipt_id"],
                        str(row["line_no"]),
                        row["factory_id"] or "",
                        row["hold_codes"] or "",
                    )
                    for row in rows[:MOST_ROWS]
                ],
            )
        ],
        scope="逐行计数，与质量统计比较",
        closer=[f"line/{row['receipt_id']}/{row['line_no']}" for row in rows[:5]],
    )


def _held_count(
    evidence: Evidence, contract: str, rows: list[Row], where: str, parameters: list[Any]
) -> Step:
    """The held lines of one contract beside the quality mart."""
    count = sum(1 for row in rows if row["contract"] == contract)
    sql = f"select coalesce(sum(held), 0) as held from mart.quality_month where contract = ?{where}"
    stored = int(evidence.rows(sql, contract, *parameters)[0]["held"])
    label = f"{words.CONTRACTS[contract]}暂挂"
    return Step(label, "逐行计数", count, "行", place="mart.quality_month.held", stored=stored)


def _cells(evidence: Evidence, contract: dict[str, Any], table: str, row: Row) -> list[Step]:
    """Every quantity and amount of the line read again from its text."""
    steps = []
    for column in contract["columns"]:
        name, text = column["name"], row.get(f"{column['name']}_text")
        if text is None or column["type"] not in ("decimal", "money"):
            continue
        told, value = f"“{text}”", None
        if column["type"] == "decimal":
            value = reading.number(text)
        else:
            unit = row.get(column.get("money_column") or "") or evidence.money_unit(
                row["receipt_id"], contract["contract"], name, row["line_no"]
            )
            told, value = f"“{text}” {unit}", reading.money(text, unit)
        rounding = "" if column["type"] == "decimal" else "金额折成元，取到分，四舍五入"
        steps.append(
            Step(column["header"], told, _plain(value), "", rounding, f"{table}.{name}", _plain(row[name]))
        )
    return steps


def _plain(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _read_section(contract: dict[str, Any], row: Row) -> Section:
    cells = []
    for column in contract["columns"]:
        text, read = row.get(f"{column['name']}_text", row.get(column["name"])), row.get(column["name"])
        if text is not None or read is not None:
            cells.append(
                (
                    column["header"],
                    str(text if text is not None else ""),
                    str(read if read is not None else "未知"),
                )
            )
    return Section("逐格：原文与读数", ("栏目", "原文", "读作"), cells)


def _reasons(evidence: Evidence, fate: Row) -> list[Section]:
    """The rules the line broke, in the words of the rule files."""
    rules = {rule["code"]: rule for rule in evidence.printed.rules(fate["contract"]).get("rules", [])}
    told = []
    for column, outcome in (("hold_codes", "暂挂"), ("warning_codes", "提示")):
        for code in filter(None, (fate[column] or "").split(";")):
            rule = rules.get(code, {})
            title, why, mend = (rule.get(part, {}).get("zh", "") for part in ("title", "why", "mend"))
            told.append((code, outcome, title, why, mend))
    return [Section("判定依据", ("规则", "结果", "内容", "理由", "怎样更正"), told)] if told else []


def _decisions(evidence: Evidence, fate: Row) -> list[Section]:
    sql = "select * from raw.decision where receipt_id = ? and line_no = ? order by seq"
    rows = evidence.rows(sql, fate["receipt_id"], fate["line_no"])
    told = [(str(r["decided_on"]), r["decision"], r["reason"], r["actor"]) for r in rows]
    return [Section("管理员决定", ("日期", "决定", "理由", "经手人"), told)] if told else []


def _facts(row: Row) -> dict[str, str]:
    facts = {}
    if row.get("factory_id"):
        facts["企业"] = str(row["factory_id"])
    if row.get("period"):
        facts["报告期"] = f"{row['period']:%Y-%m}"
    return facts


def _closer(row: Row, fate: Row) -> list[str]:
    if fate["fate"] != "admitted" or row.get("period") is None or not row.get("factory_id"):
        return []
    month = f"{row['period']:%Y-%m}"
    if fate["contract"] == "energy":
        return [f"co2/{month}/{row['factory_id']}/{row['energy_code']}"]
    return [f"output/{month}/{row['factory_id']}"] if fate["contract"] == "output" else []
