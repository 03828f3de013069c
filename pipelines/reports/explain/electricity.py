"""外购电力各口径并列 | Purchased electricity on every basis side by side, each recomputed from the same lines.

Location, market with the residual mix, Shanghai, national: one consumption, several answers, never added to one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain import netting
from pipelines.reports.explain.burning import Emission, emissions
from pipelines.reports.explain.chains import Chain, plain
from pipelines.reports.explain.energy import PUBLISHED, published, sources
from pipelines.reports.explain.evidence import Column, Evidence, Row
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.printed import PrintedRow
from pipelines.reports.explain.shapes import NONE, PUBLISHED_PLACE, Explanation, Gate, Section, Step
from pipelines.reports.explain.uses import Book
from pipelines.units import decimals

FORMULA = "(购入 − 按零计的绿电) × 口径所用因子 − 外供（口径规定扣减的）× 同一因子；各口径不可相加"
_TABLE = "mart.electricity_basis"
_ZERO = Decimal(0)
_Key = tuple[str, str]


@dataclass
class Basis:
    """The electricity of one factory's month on one basis."""

    factory_id: str
    purpose: str
    made: list[Emission]
    declared: list[netting.Declared]
    lines: list[Row]
    steps: list[Step] = field(default_factory=list)

    def activity(self, kind: str) -> Decimal | None:
        """MWh of one kind: charged, green or passed on; nothing when there is none."""
        known = [made.activity for made in self.made if made.kind == kind and made.activity is not None]
        return decimals.total(known) if known else None

    @property
    def chain(self) -> Chain | None:
        """The factor of what is charged; none while none is in force."""
        return next((made.chain for made in self.made if made.kind == "electricity" and made.chain), None)

    @property
    def co2_t(self) -> Decimal | None:
        """Emissions as published; unknown without a factor."""
        known = [made.co2_t for made in self.made if made.co2_t is not None]
        return published(decimals.total(known)) if known and self.chain else None

    @property
    def is_provisional(self) -> bool | None:
        """Whether an earlier year's factor stands in for what is charged."""
        return next(
            (made.stored.get("is_provisional") for made in self.made if made.kind == "electricity"), None
        )

    @property
    def declared_mwh(self) -> Decimal:
        """Green power declared."""
        return decimals.total([item.quantity for item in self.declared])

    @property
    def uncredited_mwh(self) -> Decimal:
        """Of it what the basis does not count."""
        return decimals.total([item.quantity for item in self.declared if not item.is_counted])

    @property
    def gates(self) -> list[Gate]:
        """The conditions of its emissions."""
        return [gate for made in self.made for gate in made.gates]


def district(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """The district's month, basis by basis."""
    return _screen(evidence, figure, month, f"全区外购电力在各口径下的排放（{month}）")


def factory(evidence: Evidence, figure: str, month: Month, factory_id: str) -> Explanation:
    """A factory's month, basis by basis."""
    title = f"{evidence.name_of(factory_id)}（{factory_id}） · 外购电力在各口径下的排放（{month}）"
    return _screen(evidence, figure, month, title, factory_id)


def _screen(evidence: Evidence, figure: str, month: Month, title: str, factory_id: str = "") -> Explanation:
    evidence.month_exists(month)
    rows, left = _rows(evidence, month, factory_id)
    if not rows and not left:
        raise NotFound(f"{month} 没有外购电力数据。", f"no purchased electricity in {month}")
    purposes = evidence.printed.rows("purposes")
    made = Parts.of(
        Part(row.factory_id, [step for item in row.made for step in item.steps], row.gates) for row in rows
    )
    sums = Parts.of(Part(row.factory_id, row.steps) for row in rows)
    own = [step for row in rows for step in row.steps] if factory_id else []
    chains = [row.chain for row in rows if row.chain is not None]
    return Explanation(
        figure=figure,
        title=title,
        value="；".join(_told(purpose, rows) for purpose in purposes),
        formula=FORMULA,
        steps=[
            *made.parting,
            *(own or sums.parting),
            *left,
            *_sums(evidence, month, purposes, rows, factory_id),
        ],
        gates=made.gates(),
        sections=[_section(purposes, rows), *([_green(rows)] if factory_id else [])],
        lines=evidence.lines(rows[0].lines) if factory_id and rows else [],
        sources=sources(evidence, chains),
        parts_compared=made.compared + (0 if factory_id else sums.compared),
        part_roundings=list(dict.fromkeys([*made.roundings, *sums.roundings])),
        scope=f"全链复算：{len(rows)} 项（企业 × 口径）由原文逐一复算",
        closer=[f"co2@{row['purpose']}/{'/'.join(figure.split('/')[1:])}" for row in purposes],
    )


def _rows(evidence: Evidence, month: Month, factory_id: str) -> tuple[list[Basis], list[Step]]:
    """Every factory on every basis, and stored rows that no line stands behind."""
    ledger, release = _stored(evidence, month, factory_id)
    made: list[Basis] = []
    for purpose in evidence.printed.rows("purposes"):
        book = Book(evidence, month, purpose["purpose"], factory_id)
        for who in book.factories():
            for code in _power(book, who):
                made += _basis(book, who, code)
    for row in made:
        key = (row.factory_id, row.purpose)
        row.steps += _steps(evidence, row, ledger.pop(key, {}), release.get(key))
    told, place = "没有准入的来源行", f"{_TABLE}.charged_mwh"
    return made, [
        Step(f"{who}/{purpose} 来源行", told, None, "MWh", "", place, row["charged_mwh"])
        for (who, purpose), row in ledger.items()
    ]


def _power(book: Book, factory: str) -> list[str]:
    kinds = book.evidence.printed.kind
    return [code for code in book.codes(factory) if kinds(code)["carrier"] == "electricity"]


def _basis(book: Book, factory: str, code: str) -> list[Basis]:
    made = emissions(book, factory, code)
    unit = book.evidence.printed.kind(code)["canonical_unit"]
    credit = netting.zero_rated(book, factory, unit)
    lines = [*book.lines.get((factory, code), []), *(x for item in credit.declared for x in item.lines)]
    steps = [
        step
        for item in credit.declared
        for step in netting.published_steps(book, factory, book.purpose, item)
    ]
    steps += _of_month(book, factory, code, credit) if book.purpose == book.evidence.headline else []
    return [Basis(factory, book.purpose, made, credit.declared, lines, steps)] if made else []


def _of_month(book: Book, factory: str, code: str, credit: netting.Credit) -> list[Step]:
    """Electricity used and green power declared, as the factory's month keeps them."""
    used = [part.used for part in book.parts(factory, code) if part.used is not None]
    whole = published(decimals.total(used)) if used else None
    green = (
        published(decimals.total([item.quantity for item in credit.declared])) if credit.declared else None
    )
    columns = [
        Column("electricity_mwh", "用电量（企业月表）", "消费量之和", whole, "MWh", PUBLISHED),
        Column("green_power_mwh", "申报的绿电（企业月表）", "各类之和", green, "MWh", PUBLISHED, NONE),
    ]
    where = {"factory_id": factory, "month": book.day}
    return book.evidence.columns("mart.factory_month", where, columns)


def _stored(evidence: Evidence, month: Month, factory_id: str) -> tuple[dict[_Key, Row], dict[_Key, Row]]:
    """The mart's rows in the ledger, and as published."""
    only, more = (" and factory_id = ?", [factory_id]) if factory_id else ("", [])
    rows = evidence.rows(f"select * from {_TABLE} where month = ?{only}", month.first, *more)
    release: list[Row] = []
    if evidence.published and _TABLE in evidence.published.marts:
        release = evidence.published.marts[_TABLE].to_dicts()
    return (
        {(row["factory_id"], row["purpose"]): row for row in rows},
        {(row["factory_id"], row["purpose"]): row for row in release if row["month"] == month.first},
    )


def _steps(evidence: Evidence, row: Basis, kept: Row, release: Row | None) -> list[Step]:
    """Every column of the mart, recomputed; beside the release where there is one."""
    chain = row.chain
    charged, out = row.activity("electricity"), row.activity("electricity_exported") or _ZERO
    factor = chain.expression if chain else "没有可用因子：未知，不是零"
    papers = "；".join(f"{item.kind} {plain(item.quantity)}，{item.told()}" for item in row.declared) or "无"
    sum_told = f"({plain(charged or _ZERO)} + {plain(out)}) MWh × {factor}"
    values: list[tuple[str, str, str, Decimal | str | bool | None, str, str]] = [
        ("charged_mwh", "计费电量", "购入 − 按零计的绿电", published(charged), "MWh", PUBLISHED),
        (
            "credited_mwh",
            "按零计的绿电",
            papers,
            published(row.activity("green_power") or _ZERO),
            "MWh",
            PUBLISHED,
        ),
        ("exported_mwh", "外供扣减", "口径规定扣减的", published(out), "MWh", PUBLISHED),
        ("declared_mwh", "申报的绿电", "各类之和", published(row.declared_mwh), "MWh", PUBLISHED),
        ("uncredited_mwh", "不抵减的绿电", "各类之和", published(row.uncredited_mwh), "MWh", PUBLISHED),
        ("factor_t", "排放因子", factor, chain.value if chain else None, "t CO2/MWh", ""),
        ("factor_id", "因子编号", "口径取用次序", chain.factor_id if chain else None, "", ""),
        ("co2_t", "排放", sum_told, row.co2_t, "t CO2", PUBLISHED),
        ("is_provisional", "暂用因子", "计费电量所用的因子", row.is_provisional, "", ""),
    ]
    steps = []
    for column, label, told, value, unit, rounding in values:
        name, place = f"{row.purpose} {label}", f"{_TABLE}.{column}"
        steps.append(Step(name, told, value, unit, rounding, place, kept.get(column)))
        if evidence.published and _TABLE in evidence.published.marts:
            at = f"{PUBLISHED_PLACE}{evidence.published.release} {place}"
            printed = release.get(column) if release else None
            steps.append(Step(f"{name}（已发布）", "同上", value, unit, rounding, at, printed))
    return steps


def _sums(
    evidence: Evidence, month: Month, purposes: Sequence[PrintedRow], rows: Sequence[Basis], factory_id: str
) -> list[Step]:
    """The district's sum on each basis beside the exact sum of the mart's rows; a factory is its own sum."""
    if factory_id:
        return []
    steps = []
    for purpose in purposes:
        name = purpose["purpose"]
        sql = f"select co2_t from {_TABLE} where month = ? and purpose = ? and co2_t is not null"
        kept = [row["co2_t"] for row in evidence.rows(sql, month.first, name)]
        stored = decimals.total(kept) if kept else None
        value, told = _total(name, rows), f"{len(_of(name, rows))} 家之和"
        steps.append(Step(f"{name} 合计", told, value, "t CO2", "精确相加", f"{_TABLE}.co2_t", stored))
    return steps


def _of(purpose: str, rows: Iterable[Basis]) -> list[Basis]:
    return [row for row in rows if row.purpose == purpose]


def _total(purpose: str, rows: Iterable[Basis]) -> Decimal | None:
    known = [row.co2_t for row in _of(purpose, rows) if row.co2_t is not None]
    return decimals.total(known) if known else None


def _told(purpose: PrintedRow, rows: Sequence[Basis]) -> str:
    total = _total(purpose["purpose"], rows)
    unknown = sum(1 for row in _of(purpose["purpose"], rows) if row.co2_t is None)
    beside = f"（另有 {unknown} 家未知）" if unknown and total is not None else ""
    return f"{purpose['name_zh']} {'未知' if total is None else figures.number(total) + ' t CO2'}{beside}"


def _section(purposes: Sequence[PrintedRow], rows: Sequence[Basis]) -> Section:
    told = []
    for purpose in purposes:
        same = _of(purpose["purpose"], rows)
        total = _total(purpose["purpose"], rows)
        factors = sorted({row.chain.factor_id for row in same if row.chain})
        told.append(
            (
                purpose["name_zh"],
                *(
                    figures.number(decimals.total([row.activity(kind) or _ZERO for row in same]), 6)
                    for kind in ("electricity", "green_power", "electricity_exported")
                ),
                "、".join(factors) or "无",
                "未知" if total is None else figures.number(total, 6),
            )
        )
    header = ("口径", "计费 MWh", "绿电按零计 MWh", "外供 MWh", "因子", "t CO2")
    return Section("各口径（由原文复算，不可相加）", header, told)


def _green(rows: Sequence[Basis]) -> Section:
    told = [
        (row.purpose, item.kind, plain(item.quantity), "按零计" if item.is_counted else "不抵减", item.told())
        for row in rows
        for item in row.declared
    ]
    return Section("绿电：各口径的规定与凭证", ("口径", "类型", "MWh", "结果", "规定与凭证"), told)
