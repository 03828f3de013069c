"""耗能工质 | Standard coal of bought-in media, recomputed: line text → canonical unit → the coefficient of the month.

Which coefficient speaks is decided here anew: the first edition of ``media_editions.csv`` in use in the month whose row
of ``standard_coal.csv`` may be used. What is made on site is told and not counted: its energy stands in form 205-1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain import gates, reading
from pipelines.reports.explain.chains import EVEN, LEDGER_PLACES, Chain, Chains, plain, pretty
from pipelines.reports.explain.energy import PUBLISHED, published, sources
from pipelines.reports.explain.evidence import Column, Evidence, Row
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.printed import PrintedRow
from pipelines.reports.explain.shapes import MOST_ROWS, Explanation, Gate, Section, Step
from pipelines.reports.explain.uses import HALF_UP, Book
from pipelines.units import decimals

FORMULA = "Σ 外购工质消费量 × 折标准煤系数（GB/T 2589 活动日期所在版次）；自产的只登记，不计入"
_BOUGHT = "purchased"
_TABLE = "core.medium_use"
_KEY = ("factory_id", "medium", "origin", "unit", "receipt_id")
_ORIGINS = {_BOUGHT: "外购", "self_produced": "自产"}


@dataclass
class MediumUse:
    """One row of core.medium_use recomputed: the lines of one medium, origin, unit and receipt."""

    factory_id: str
    medium: str
    origin: str
    unit: str
    lines: list[Row]
    used: Decimal | None = None
    coal_tce: Decimal | None = None
    is_provisional: bool = False
    chains: list[Chain] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)

    @property
    def is_counted(self) -> bool:
        """Bought in; the energy of what is made on site is in form 205-1 already."""
        return self.origin == _BOUGHT

    @property
    def agrees(self) -> bool:
        """Every step and every condition."""
        return all(step.agrees for step in self.steps) and all(gate.holds for gate in self.gates)


def district(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """The district's month."""
    return _screen(evidence, figure, month, f"全区耗能工质折标准煤（{month}）")


def factory(evidence: Evidence, figure: str, month: Month, factory_id: str) -> Explanation:
    """A factory's month."""
    title = f"{evidence.name_of(factory_id)}（{factory_id}） · 耗能工质折标准煤（{month}）"
    return _screen(evidence, figure, month, title, factory_id)


def _screen(evidence: Evidence, figure: str, month: Month, title: str, factory_id: str = "") -> Explanation:
    evidence.month_exists(month)
    parts = _parts(evidence, month, factory_id)
    if not parts:
        raise NotFound(f"{month} 没有准入的耗能工质数据。", f"no admitted working medium in {month}")
    made = Parts.of(Part(medium.factory_id, medium.steps, medium.gates) for medium in parts)
    told = [step for medium in parts for step in medium.steps] if factory_id else made.parting
    total = _total(parts)
    return Explanation(
        figure=figure,
        title=title,
        value="未知" if total is None else f"{figures.number(total, 6)} tce",
        formula=FORMULA,
        steps=[*told, *_sums(evidence, month, parts, factory_id)],
        gates=made.gates("系数条件"),
        lines=evidence.lines(line for part in parts for line in part.lines) if factory_id else [],
        sources=sources(evidence, [chain for part in parts for chain in part.chains]),
        sections=[_section(evidence, parts)],
        notes=_notes(parts),
        parts_compared=0 if factory_id else made.compared,
        part_roundings=made.roundings,
        scope=f"全链复算：{len(parts)} 项工质由原文逐一复算",
        closer=_closer(month, parts, factory_id),
        facts={"计入综合能耗": "仅外购；月表 mart.energy_total_month 与 205-1 表能源并列后相加"},
    )


def _parts(evidence: Evidence, month: Month, factory_id: str) -> list[MediumUse]:
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for line in evidence.admitted("media", month.first, month.first, factory_id):
        unit = evidence.printed.unit_of(line["unit_text"]) or str(line["unit_text"])
        groups[tuple({**line, "unit": unit}[name] for name in _KEY)].append(line)
    only, more = (" and factory_id = ?", [factory_id]) if factory_id else ("", [])
    kept = evidence.rows(f"select * from {_TABLE} where month = ?{only}", month.first, *more)
    stored = {tuple(row[name] for name in _KEY): row for row in kept}
    chains = Chains(evidence.printed)
    made = [
        _part(evidence, chains, month, key, lines, stored.pop(key, {}))
        for key, lines in sorted(groups.items())
    ]
    # A stored row that no line stands behind is the gravest difference of all.
    return made + [_unfounded(row) for row in stored.values()]


def _part(
    evidence: Evidence, chains: Chains, month: Month, key: tuple[str, ...], lines: list[Row], stored: Row
) -> MediumUse:
    who, medium, origin, unit, _ = key
    part = MediumUse(who, medium, origin, unit, lines)
    printed = next(row for row in evidence.printed.rows("working_media") if row["medium"] == medium)
    canonical = printed["canonical_unit"]
    conversion = chains.conversion(unit, canonical, None)
    amounts = [value for line in lines if (value := reading.number(line["consumed_text"])) is not None]
    amount = decimals.total(amounts)
    part.used = _times(amount, conversion.value)
    sql = "select multiplier from ref.medium_conversion where medium = ? and unit = ?"
    found = evidence.rows(sql, medium, unit)
    multiplier = found[0]["multiplier"] if found else None
    place = "ref.medium_conversion.multiplier"
    shown = pretty(conversion.unit)
    part.steps = [
        Step("消费量（原文）", " + ".join(f"“{x['consumed_text']}”" for x in lines), amount, pretty(unit)),
        Step("换算乘数", conversion.expression, conversion.value, shown, EVEN, place, multiplier),
        Step(
            "消费量（规范单位）",
            f"{plain(amount)} {pretty(unit)} × {plain(conversion.value)}",
            part.used,
            pretty(canonical),
            HALF_UP,
            f"{_TABLE}.used",
            stored.get("used"),
        ),
        Step(
            "计入",
            _ORIGINS[origin],
            part.is_counted,
            "",
            "",
            f"{_TABLE}.is_counted",
            stored.get("is_counted"),
        ),
    ]
    _coal(evidence, chains, month, part, printed, stored)
    label = f"{printed['name_zh']}（{_ORIGINS[origin]}）"
    part.steps = [replace(step, name=f"{label}{step.name}") for step in part.steps]
    return part


def _coal(
    evidence: Evidence, chains: Chains, month: Month, part: MediumUse, medium: PrintedRow, stored: Row
) -> None:
    """The coefficient of the edition in use, and the standard coal by it; unknown where no row may be used."""
    order, row = _coefficient(evidence, month, medium["subject"])
    part.is_provisional = order is not None and order["stands_in"] == "true"
    told = (
        f"media_editions.csv：{order['edition']} 顺位 {order['rank']}，{order['note']}"
        if order
        else "没有可用的版次"
    )
    place = f"{_TABLE}.factor_id"
    factor_id = row.row_id if row else None
    part.steps.append(Step("系数编号", told, factor_id, "", "", place, stored.get("factor_id")))
    if row is not None:
        canonical = medium["canonical_unit"]
        chain = chains.coal(row.row_id, canonical)
        part.chains.append(chain)
        part.gates.append(gates.usable(evidence, row))
        sql = "select coefficient_tce from ref.medium_coal where medium = ? and valid_from <= ? and ? < valid_to"
        kept = evidence.rows(sql, part.medium, month.first, month.first)
        value = kept[0]["coefficient_tce"] if kept else None
        at, shown = "ref.medium_coal.coefficient_tce", pretty(chain.unit)
        part.coal_tce = _times(part.used, chain.value)
        part.steps += [
            Step("折标准煤系数", chain.expression, chain.value, shown, EVEN, at, value),
            Step(
                "暂用旧版",
                "media_editions.csv 该版次的 stands_in",
                part.is_provisional,
                "",
                "",
                f"{_TABLE}.is_provisional",
                stored.get("is_provisional"),
            ),
        ]
        told = f"{plain(part.used or Decimal(0))} {pretty(canonical)} × {plain(chain.value)} {shown}"
    place = f"{_TABLE}.coal_tce"
    part.steps.append(Step("折标准煤", told, part.coal_tce, "tce", HALF_UP, place, stored.get("coal_tce")))


def _coefficient(
    evidence: Evidence, month: Month, subject: str
) -> tuple[PrintedRow | None, PrintedRow | None]:
    """The first edition in use in the month that has a row of the medium which may be used, and that row."""
    orders = sorted(evidence.printed.rows("media_editions"), key=lambda row: int(row["rank"]))
    for order in orders:
        for row in evidence.printed.rows("standard_coal"):
            is_its = (row["subject"], row["edition"]) == (subject, order["edition"])
            is_used = order.covers(month.first, "used_from", "used_to")
            if is_its and is_used and gates.usable(evidence, row).holds:
                return order, row
    return None, None


def _sums(evidence: Evidence, month: Month, parts: Sequence[MediumUse], factory_id: str) -> list[Step]:
    """What the month's totals say of media, as the ledger keeps them and as published."""
    scale = "factory" if factory_id else "district"
    where = {"month": month.first, "scale": scale, "factory_id": factory_id}
    counted = [part for part in parts if part.is_counted]
    bought, made = f"{len(counted)} 项之和", f"{len(parts) - len(counted)} 项之和"
    own, old = _total(parts, is_counted=False), sum(1 for part in counted if part.is_provisional)
    columns = [
        Column("media_tce", "外购工质", bought, published(_total(parts)), "tce", PUBLISHED),
        Column("media_not_counted_tce", "自产工质（不计入）", made, published(own), "tce", PUBLISHED),
        Column("media_uses_unknown", "没有系数的", "外购各项", _unknown(parts), "项"),
        Column("media_uses_provisional", "暂用旧版系数的", "外购各项", old, "项"),
    ]
    form, form_unknown = _form(evidence, month, factory_id)
    bought_tce = _total(parts)
    sums = [value for value in (form, bought_tce) if value is not None]
    whole = published(decimals.total(sums)) if sums else None
    columns += [
        Column("form_tce", "205-1 表能源", "各项之和，见 coal/MONTH", published(form), "tce", PUBLISHED),
        Column("form_uses_unknown", "205-1 表没有系数的", "各项", form_unknown, "项"),
        Column("total_tce", "综合能耗（含外购工质）", "205-1 表能源 + 外购工质", whole, "tce", PUBLISHED),
    ]
    return evidence.columns("mart.energy_total_month", where, columns)


def _form(evidence: Evidence, month: Month, factory_id: str) -> tuple[Decimal | None, int]:
    """Energy kinds of form 205-1 at 当量值, recomputed, and how many of their rows have no coefficient."""
    book = Book(evidence, month, evidence.headline, factory_id)
    parts = [
        part
        for who in book.factories()
        for code in book.codes(who)
        if book.is_counted(code)
        for part in book.parts(who, code)
    ]
    known = [part.coal_tce for part in parts if part.coal_tce is not None]
    return decimals.total(known) if known else None, len(parts) - len(known)


def _total(parts: Iterable[MediumUse], *, is_counted: bool = True) -> Decimal | None:
    known = [part.coal_tce for part in parts if part.is_counted == is_counted and part.coal_tce is not None]
    return decimals.total(known) if known else None


def _unknown(parts: Iterable[MediumUse]) -> int:
    return sum(1 for part in parts if part.is_counted and part.coal_tce is None)


def _section(evidence: Evidence, parts: Sequence[MediumUse]) -> Section:
    names = {row["medium"]: row["name_zh"] for row in evidence.printed.rows("working_media")}
    units = {row["medium"]: pretty(row["canonical_unit"]) for row in evidence.printed.rows("working_media")}
    rows = [
        (
            part.factory_id,
            names.get(part.medium, part.medium),
            _ORIGINS.get(part.origin, part.origin),
            "未知" if part.used is None else f"{plain(part.used)} {units.get(part.medium, '')}",
            "未知" if part.coal_tce is None else plain(part.coal_tce),
            "一致" if part.agrees else "不一致",
        )
        for part in parts[:MOST_ROWS]
    ]
    header = ("企业", "工质", "来源", "消费量", "折标准煤 tce", "复算")
    return Section("逐项（每项均由原文复算）", header, rows)


def _notes(parts: Sequence[MediumUse]) -> list[str]:
    told = []
    if number := _unknown(parts):
        told.append(f"外购 {number} 项没有可用的折标系数：未知，不在合计内。")
    if any(part.is_provisional for part in parts):
        told.append("有工质暂用旧版标准的系数：新版该行未核对原件。")
    return told


def _closer(month: Month, parts: Sequence[MediumUse], factory_id: str) -> list[str]:
    if factory_id:
        return [f"coal/{month}/{factory_id}"]
    return [f"medium/{month}/{who}" for who in sorted({part.factory_id for part in parts})[:5]]


def _times(amount: Decimal | None, factor: Decimal) -> Decimal | None:
    if amount is None:
        return None
    return decimals.rounded(decimals.product(amount, factor), LEDGER_PLACES, ROUND_HALF_UP)


def _unfounded(row: Row) -> MediumUse:
    part = MediumUse(row["factory_id"], row["medium"], row["origin"], row["unit"], [])
    told = "没有准入的来源行"
    part.steps = [Step(f"{row['medium']} 来源行", told, None, "", "", f"{_TABLE}.used", row["used"])]
    return part
