"""同比、环比 | The change of emissions and standard coal against an earlier month, both months recomputed.

Two months resting on different series of factors (another edition, another published series) are not compared: the
change would not be one of emissions. Which series a factor belongs to is read from its printed row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain import months, process
from pipelines.reports.explain.burning import Emission
from pipelines.reports.explain.energy import PUBLISHED, published
from pipelines.reports.explain.evidence import Column, Evidence
from pipelines.reports.explain.months import FactoryMonth
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.shapes import Explanation, Section, Step
from pipelines.reports.explain.uses import Book

FORMULA = "(本月 − 对比月) ÷ |对比月|，页面取 1 位小数；因子依据不同的不比较"
_TABLE = "mart.district_month"
Basis = dict[tuple[str, str, str], set[str]]
"""Sector, energy kind and kind of emission → the series of factors in use."""


@dataclass(frozen=True)
class Against:
    """What a month is compared with, and where the mart keeps it."""

    name: str
    title_zh: str
    co2: str
    coal: str
    flag: str


YEAR = Against(
    "yoy",
    "同比",
    "co2_same_month_last_year_t",
    "coal_same_month_last_year_tce",
    "is_new_basis_since_last_year",
)
MONTH = Against(
    "mom", "环比", "co2_previous_month_t", "coal_previous_month_tce", "is_new_basis_since_previous_month"
)


@dataclass
class Whole:
    """One month of the district: every factory, and the series the factors belong to."""

    month: Month
    factories: list[FactoryMonth]
    basis: Basis = field(default_factory=dict)

    @property
    def co2_t(self) -> Decimal | None:
        """Emissions as published; unknown when nothing is known."""
        return published(months.co2_of(self.factories))

    @property
    def coal_tce(self) -> Decimal | None:
        """综合能耗（当量值） as published."""
        return published(months.coal_of(self.factories))

    @property
    def parts(self) -> list[Part]:
        """Every use and every emission."""
        return [part for one in self.factories for part in one.parts(f"{self.month} {one.factory_id}")]


def year(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """同比 | Against the same month of the year before."""
    return _screen(evidence, figure, month, month.shift(-12), YEAR)


def previous(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """环比 | Against the month before."""
    return _screen(evidence, figure, month, month.shift(-1), MONTH)


def _screen(evidence: Evidence, figure: str, month: Month, earlier: Month, against: Against) -> Explanation:
    purpose = process.purpose_asked(evidence, figure, month)
    now, before = _whole(evidence, month, purpose), _whole(evidence, earlier, purpose)
    if not now.factories:
        raise NotFound(f"{month} 没有能源数据。", f"no energy data in {month}")
    is_new = bool(_changed(now.basis, before.basis))
    parts = Parts.of([*now.parts, *before.parts])
    co2, coal = (
        _told(now.co2_t, before.co2_t, against, is_new=is_new),
        _told(now.coal_tce, before.coal_tce, against),
    )
    return Explanation(
        figure=figure,
        title=f"全区排放与综合能耗的{against.title_zh}（{month}，与 {earlier} 比）",
        value=f"排放 {co2}；综合能耗（当量）{coal}",
        formula=FORMULA,
        steps=[*parts.parting, *_sums(evidence, now, before, against, purpose)],
        gates=parts.gates(),
        sections=[_section(now, before, co2, coal), *_series(now.basis, before.basis)],
        notes=["因子依据已变的项见下表，排放不与对比月比较。"] if is_new else [],
        parts_compared=parts.compared,
        part_roundings=parts.roundings,
        scope=f"全链复算：两个月共 {len(parts)} 项由原文逐一复算后求和",
        closer=[f"{name}/{when}" for when in (month, earlier) for name in (f"co2@{purpose}", "coal")],
        facts=process.basis(evidence, purpose),
    )


def _whole(evidence: Evidence, month: Month, purpose: str) -> Whole:
    found = Whole(month, months.of(Book(evidence, month, purpose)))
    for one in found.factories:
        sector = evidence.sector(one.factory_id, month.first)
        for code, emission in one.made:
            if series := _series_of(emission):
                key = (sector if emission.kind == "fuel" else "", code, emission.kind)
                found.basis.setdefault(key, set()).add(series)
    return found


def _series_of(emission: Emission) -> str:
    """The series of the factor by its printed row; blank without a factor, and for green power."""
    if emission.chain is None:
        return ""
    named = emission.chain.edition or emission.chain.rows[0][1]
    return f"edition_{named['edition']}" if emission.kind == "fuel" else named["series"]


def _changed(now: Basis, before: Basis) -> dict[tuple[str, str, str], tuple[set[str], set[str]]]:
    """Kinds that rest on another series than before."""
    shared = {key: (now[key], before[key]) for key in now if key in before}
    return {
        key: pair for key, pair in shared.items() if any(one != other for one in pair[0] for other in pair[1])
    }


def _sums(evidence: Evidence, now: Whole, before: Whole, against: Against, purpose: str) -> list[Step]:
    """Both figures of both months and the flag, beside the mart and the release."""
    where = {"month": now.month.first, "purpose": purpose}
    told, is_new = "全区各项之和", bool(_changed(now.basis, before.basis))
    columns = [
        Column("co2_t", f"排放 {now.month}", told, now.co2_t, "t CO2", PUBLISHED),
        Column(against.co2, f"排放 {before.month}", told, before.co2_t, "t CO2", PUBLISHED),
        Column("coal_tce", f"综合能耗 {now.month}", told, now.coal_tce, "tce", PUBLISHED),
        Column(against.coal, f"综合能耗 {before.month}", told, before.coal_tce, "tce", PUBLISHED),
        Column(against.flag, "因子依据已变", "逐项比较因子所属序列", is_new),
    ]
    return evidence.columns(_TABLE, where, columns)


def _told(now: Decimal | None, before: Decimal | None, against: Against, *, is_new: bool = False) -> str:
    change = figures.year_on_year if against is YEAR else figures.month_on_month
    return change(now, before, is_new_basis=is_new)


def _section(now: Whole, before: Whole, co2: str, coal: str) -> Section:
    rows = [
        ("排放 t CO2", figures.number(now.co2_t, 6), figures.number(before.co2_t, 6), co2),
        ("综合能耗（当量）tce", figures.number(now.coal_tce, 6), figures.number(before.coal_tce, 6), coal),
    ]
    return Section("两个月（均由原文复算）", ("项", str(now.month), str(before.month), "变化"), rows)


def _series(now: Basis, before: Basis) -> list[Section]:
    rows = [
        (code, kind, sector or "—", "、".join(sorted(new)), "、".join(sorted(old)))
        for (sector, code, kind), (new, old) in sorted(_changed(now, before).items())
    ]
    header = ("能源", "类别", "行业组", "本月序列", "对比月序列")
    return [Section("因子依据已变的项", header, rows)] if rows else []
