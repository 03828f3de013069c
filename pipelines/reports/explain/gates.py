"""May this row be applied here? Dates, publication, confidence, carrier, region and purpose, looked up anew."""

from __future__ import annotations

from datetime import date

from pipelines.reports.explain.chains import DEFINITION, Chain
from pipelines.reports.explain.evidence import Evidence
from pipelines.reports.explain.printed import PrintedRow
from pipelines.reports.explain.shapes import Gate

_REFUSED_PURPOSES = {"do_not_use"}


def of_purchased(
    evidence: Evidence, row: PrintedRow, purpose: str, code: str, month: date, *, is_provisional: bool
) -> list[Gate]:
    """The conditions of a factor for purchased energy: usable, in force or standing in, meant for the purpose."""
    return [
        usable(evidence, row),
        *_replacement(evidence, row, month, is_provisional=is_provisional),
        _meant_for(evidence, row, purpose, code),
    ]


def of_fuel(evidence: Evidence, chain: Chain, code: str, month: date, sector: str) -> list[Gate]:
    """The conditions of a fuel's factor: every input usable, its edition in use for the sector, the right fuel."""
    rows = [row for _, row in chain.rows]
    named = chain.edition or rows[0]
    return [
        *(usable(evidence, row) for row in rows if row.get("confidence")),
        _edition_in_force(evidence, named, month, sector),
        _fuel_of(evidence, named, code),
    ]


def of_row(evidence: Evidence, chain: Chain, month: date, *, is_provisional: bool = False) -> list[Gate]:
    """The conditions of a heat value, density or coal coefficient."""
    if chain.factor_id in ("", DEFINITION):
        return []
    row = chain.rows[0][1]
    gates = [usable(evidence, row)]
    if row.file.endswith("calorific_values.csv"):
        gates.append(_edition_in_force(evidence, row, month, evidence.sector("", month)))
    elif row.file.endswith("standard_coal.csv"):
        gates.append(_in_force(row, month, is_provisional=is_provisional))
    return gates


def of_sector(evidence: Evidence, factory: str, month: date, stored: str | None) -> list[Gate]:
    """行业组 | The sector the fuel edition was chosen by is the register's; older rulebooks know no sectors."""
    if not evidence.printed.rows("industry_sectors"):
        return []
    wanted = evidence.sector(factory, month)
    return [Gate("行业组", stored == wanted, f"名录行业代码属于 {wanted}，台账按 {stored or '未记'}")]


def of_equivalent(evidence: Evidence, code: str, factor_id: str | None, month: date) -> Gate:
    """等价 of electricity is what the commission adopted for the date by a numbered document; else unknown."""
    held = adopted(evidence, code, month)
    told = f"{month:%Y-%m} 采用的等价系数：{'、'.join(held) or '无，等价值未知'}；台账取 {factor_id or '无'}"
    return Gate("主管部门采用的等价系数", held == ([factor_id] if factor_id else []), told)


def adopted(evidence: Evidence, code: str, month: date) -> list[str]:
    """The rows of generation_equivalents.csv the commission adopted for a kind and month; one at most, or a fault."""
    found = [row for row in evidence.printed.rows("generation_equivalents") if row["energy_code"] == code]
    return [row.row_id for row in found if _is_adopted(evidence, row) and row.covers(month)]


def _is_adopted(evidence: Evidence, row: PrintedRow) -> bool:
    document = evidence.printed.document(row)
    is_whole = all(row.get(name) for name in ("data_year", "valid_from", "valid_to"))
    has_number = bool(document and document.get("document_number"))
    return row["is_adopted"] == "true" and is_whole and has_number and usable(evidence, row).holds


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


def _replacement(evidence: Evidence, row: PrintedRow, month: date, *, is_provisional: bool) -> list[Gate]:
    """A figure is in force until its replacement is known; a replacement may govern the years before it."""
    for event in evidence.printed.rows("replacements"):
        published = evidence.printed.published_on(event)
        is_known = published is None or evidence.as_of is None or published <= evidence.as_of
        if event["replaced"] == row.row_id:
            start = row.day("valid_from")
            told = f"{row.row_id} 由 {event['factor_id']} 替代，公布日 {published}"
            return [Gate("未被替代", not is_known and (start is None or start <= month), told)]
        if event["factor_id"] == row.row_id and event["reaches_back"] == "true" and not row.covers(month):
            old = evidence.printed.factor(event["replaced"])
            holds = is_known and old is not None and old.covers(month)
            return [Gate("按新值重算", holds, f"{row.row_id}：{event['note']}")]
    return [_in_force(row, month, is_provisional=is_provisional)]


def _edition_in_force(evidence: Evidence, row: PrintedRow, month: date, sector: str) -> Gate:
    """The edition is on the list of editions for the sector and the date."""
    used = [
        item
        for item in evidence.printed.rows("fuel_editions")
        if item["edition"] == row["edition"]
        and item.get("sector") in ("", sector)
        and item.covers(month, "used_from", "used_to")
    ]
    interval = "、".join(
        f"[{item['used_from'] or '…'}, {item['used_to'] or '…'}) 顺位 {item['rank']}" for item in used
    )
    told = f"{sector or '一般'}行业组，{row['edition']} 版 {interval or '不在取用期'}，活动 {month:%Y-%m}"
    return Gate("版本取用期", bool(used), told)


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
