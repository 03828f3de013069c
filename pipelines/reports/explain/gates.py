"""May this row be applied here? Dates, publication, confidence, carrier, region and purpose, looked up anew."""

from __future__ import annotations

from datetime import date

from pipelines.reports.explain.chains import DEFINITION, Chain
from pipelines.reports.explain.evidence import Evidence
from pipelines.reports.explain.printed import PrintedRow
from pipelines.reports.explain.shapes import Gate

_REFUSED_PURPOSES = {"do_not_use"}


def of_emission(
    evidence: Evidence, chain: Chain, purpose: str, code: str, month: date, *, is_provisional: bool
) -> list[Gate]:
    """The conditions of an emission factor: usable at all, in force on the date, meant for the purpose."""
    gates = [usable(evidence, row) for _, row in chain.rows if row.get("confidence")]
    rows = [row for _, row in chain.rows]
    if rows and rows[0].file.endswith("purchased_factors.csv"):
        gates += [
            _in_force(rows[0], month, is_provisional=is_provisional),
            _meant_for(evidence, rows[0], purpose, code),
        ]
    elif rows:
        gates.append(_edition_in_force(evidence, rows[0], month))
        gates.append(_fuel_of(evidence, rows[0], code))
    return gates


def of_row(evidence: Evidence, chain: Chain, month: date, *, is_provisional: bool = False) -> list[Gate]:
    """The conditions of a heat value, density or coal coefficient."""
    if chain.factor_id in ("", DEFINITION):
        return []
    row = chain.rows[0][1]
    gates = [usable(evidence, row)]
    if row.file.endswith("calorific_values.csv"):
        gates.append(_edition_in_force(evidence, row, month))
    elif row.file.endswith("standard_coal.csv"):
        gates.append(_in_force(row, month, is_provisional=is_provisional))
    return gates


def usable(evidence: Evidence, row: PrintedRow) -> Gate:
    """Neither from memory nor marked do_not_use, and published by the knowledge date."""
    published = evidence.printed.published_on(row)
    as_of = evidence.as_of
    is_early = published is not None and as_of is not None and published > as_of
    is_refused = row.get("confidence") in ("", "recalled") or row.get("purpose") in _REFUSED_PURPOSES
    told = f"{row.row_id}：可信度 {row.get('confidence') or '未注明'}，公布日 {published or '不详'}"
    return Gate("可用于正式运行", not is_early and not is_refused, f"{told}，知识日期 {as_of or '未限定'}")


def _in_force(row: PrintedRow, month: date, *, is_provisional: bool) -> Gate:
    """In force on the activity date; a stand-in has ended before it and says so."""
    interval = f"[{row.get('valid_from') or '…'}, {row.get('valid_to') or '…'})"
    if not is_provisional:
        return Gate("适用日期", row.covers(month), f"{row.row_id}：{interval} 含 {month:%Y-%m}")
    end = row.day("valid_to")
    holds = end is not None and end <= month
    return Gate("暂用", holds, f"{row.row_id}：{interval}，{month:%Y-%m} 的因子尚未公布，以最近一年暂代")


def _edition_in_force(evidence: Evidence, row: PrintedRow, month: date) -> Gate:
    """The edition is on the list of editions for the date."""
    editions = [item for item in evidence.printed.rows("fuel_editions") if item["edition"] == row["edition"]]
    used = [item for item in editions if item.covers(month, "used_from", "used_to")]
    interval = "、".join(
        f"[{item['used_from'] or '…'}, {item['used_to'] or '…'}) 顺位 {item['rank']}" for item in used
    )
    return Gate(
        "版本取用期", bool(used), f"{row['edition']} 版 {interval or '不在取用期'}，活动 {month:%Y-%m}"
    )


def _fuel_of(evidence: Evidence, row: PrintedRow, code: str) -> Gate:
    kind = evidence.printed.kind(code)
    return Gate(
        "燃料对应",
        kind["fuel"] == row["fuel"],
        f"能源 {code} {kind['name_zh']} 取 {kind['fuel'] or '（无）'}",
    )


def _meant_for(evidence: Evidence, row: PrintedRow, purpose: str, code: str) -> Gate:
    """Carrier, parameter, region and purpose stand in the written order of this accounting basis."""
    carrier = evidence.printed.kind(code)["carrier"]
    wanted = (carrier, row["parameter"], row["purpose"], row["region"])
    orders = [
        item
        for item in evidence.printed.rows("purchased_resolution")
        if item["purpose"] == purpose
        and (item["carrier"], item["parameter"], item["factor_purpose"], item["region"]) == wanted
    ]
    holds = bool(orders) and row["carrier"] == carrier
    level = f"，级别 {orders[0]['level']}，顺位 {orders[0]['rank']}" if orders else ""
    return Gate("口径与地域", holds, f"{purpose}：{row['carrier']}/{row['parameter']}/{row['region']}{level}")
