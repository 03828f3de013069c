"""不确定度 | The 95 % half-width of a month's emissions, recomputed from each emission's tiers.

U² = Σ (emission × u activity)² + Σ over factors of (Σ emissions × u factor)²: errors of activity figures are
independent, all uses of one factor are wrong together. Added before multiplied, and rounded where the ledger rounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain import process
from pipelines.reports.explain.burning import emissions
from pipelines.reports.explain.chains import plain
from pipelines.reports.explain.energy import MART_PLACES, PUBLISHED, published
from pipelines.reports.explain.evidence import Column, Evidence
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.shapes import MOST_ROWS, NONE, Explanation, Section, Source, Step
from pipelines.reports.explain.tiers import SHORT, WORST, Tiers, Weighed
from pipelines.reports.explain.uses import Book
from pipelines.units import decimals

FORMULA = "U² = Σ(排放 × u活动)² + Σ因子(Σ排放 × u因子)²；± = √U² ÷ 覆盖的排放，95 % 置信"
SQUARES = "每组平方和取 6 位小数，乘每个半宽后再取 6 位；因子一侧先相加、乘半宽取 4 位、再平方；四舍五入"
_TABLE = "mart.uncertainty_month"
_SHORT_PLACES, _MOST_TERMS = 4, 4
_ROOT = Context(prec=60)


@dataclass(frozen=True)
class Spread:
    """The sums of some emissions: what is known of them, and the squares of their half-width."""

    rows: Sequence[Weighed]

    def tonnes(self, tier: int = 0, *, is_covered: bool = False) -> Decimal | None:
        """CO2 of all rows, of one tier, or of those the half-width speaks of; nothing when none."""
        known = [
            row.co2_t
            for row in self.rows
            if row.co2_t is not None and tier in (0, row.quality_tier) and (row.is_covered or not is_covered)
        ]
        return decimals.total(known) if known else None

    @property
    def covered(self) -> list[Weighed]:
        """Rows with an emission and both half-widths."""
        return [row for row in self.rows if row.co2_t is not None and row.is_covered]

    def activity_terms(self) -> list[tuple[str, Decimal]]:
        """Each group that shares its half-widths: how it reads, and its part of the square."""
        terms = []
        for rows in _grouped(self.covered, _standing).values():
            share = rows[0].activity.half_width or Decimal(0)
            squares = decimals.total([decimals.product(row.short_t, row.short_t) for row in rows])
            once = _six(decimals.product(_six(squares), share))
            terms.append((f"{plain(_six(squares))} × {plain(share)}²", _six(decimals.product(once, share))))
        return terms

    def factor_terms(self) -> list[tuple[str, Decimal]]:
        """Each factor: how it reads, and its part of the square, exact."""
        terms = []
        for rows in _grouped(self.covered, lambda row: (row.factor_id, row.factor.half_width)).values():
            share = rows[0].factor.half_width or Decimal(0)
            tonnes = decimals.total([row.short_t for row in rows])
            wide = decimals.rounded(decimals.product(tonnes, share), _SHORT_PLACES, ROUND_HALF_UP)
            told = f"({plain(tonnes)} × {plain(share)})²（{rows[0].factor_id}）"
            terms.append((told, decimals.product(wide, wide)))
        return terms

    @property
    def activity_squared(self) -> Decimal | None:
        """Part of the square from activity figures."""
        return _sum(self.activity_terms())

    @property
    def factor_squared(self) -> Decimal | None:
        """Part of the square from factors."""
        return _sum(self.factor_terms())

    @property
    def squared(self) -> Decimal | None:
        """Both parts; nothing when nothing is covered."""
        first, second = self.activity_squared, self.factor_squared
        return None if first is None or second is None else decimals.total([first, second])

    @property
    def without_factor(self) -> int:
        """Rows without a factor: unknown, in no figure."""
        return sum(1 for row in self.rows if row.co2_t is None)

    @property
    def uncovered(self) -> int:
        """Rows with a factor whose half-width is unknown."""
        return sum(1 for row in self.rows if row.co2_t is not None and not row.is_covered)


def district(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """The district's month, under the headline basis or a named one."""
    return _screen(evidence, figure, month, f"全区排放的不确定度与数据质量（{month}）")


def factory(evidence: Evidence, figure: str, month: Month, factory_id: str) -> Explanation:
    """A factory's month, under the headline basis: the marts tell factories on no other."""
    purpose = process.purpose_asked(evidence, figure, month)
    if purpose != evidence.headline:
        raise NotFound(
            f"企业的不确定度只按采用口径（{evidence.headline}）给出；全区可写 uncertainty@{purpose}/{month}。",
            f"factories have a half-width on the headline basis {evidence.headline} alone",
        )
    title = f"{evidence.name_of(factory_id)}（{factory_id}） · 排放的不确定度与数据质量（{month}）"
    return _screen(evidence, figure, month, title, factory_id)


def _screen(evidence: Evidence, figure: str, month: Month, title: str, factory_id: str = "") -> Explanation:
    purpose = process.purpose_asked(evidence, figure, month)
    book = Book(evidence, month, purpose, factory_id)
    rows = _weighed(book)
    if not rows:
        raise NotFound(f"{month} 没有排放数据。", f"no emission in {month}")
    spread = Spread(rows)
    where = {"purpose": purpose, "month": month.first, "scale": "factory" if factory_id else "district"}
    parts = Parts.of(Part(f"{row.factory_id}/{row.code}", row.steps, row.gates) for row in rows)
    return Explanation(
        figure=figure,
        title=title,
        value=_value(spread),
        formula=FORMULA,
        steps=[
            *parts.parting,
            *_sums(evidence, spread, {**where, "factory_id": factory_id}),
            *root(spread.squared, spread.tonnes(is_covered=True), "t CO2"),
        ],
        gates=parts.gates("因子与半宽条件"),
        sections=[
            by_tier(spread, "t CO2"),
            _by_factor(spread),
            *([_by_row(evidence, rows)] if factory_id else []),
        ],
        lines=evidence.lines(line for key in sorted(book.lines) for line in book.lines[key])
        if factory_id
        else [],
        sources=tier_sources(evidence, rows),
        notes=_notes(spread),
        parts_compared=parts.compared,
        part_roundings=parts.roundings,
        scope=f"全链复算：{len(rows)} 项排放由原文复算，档次由来源行各栏和印发的档次表另行判定",
        closer=[f"co2@{purpose}/{'/'.join(figure.split('/')[1:])}"],
        facts=process.basis(evidence, purpose),
    )


def _weighed(book: Book) -> list[Weighed]:
    tiers = Tiers(book)
    return [
        tiers.of(who, code, emission)
        for who in book.factories()
        for code in book.codes(who)
        for emission in emissions(book, who, code)
    ]


def _sums(evidence: Evidence, spread: Spread, where: dict[str, object]) -> list[Step]:
    """Every column of the mart, recomputed."""
    activity, factor = spread.activity_terms(), spread.factor_terms()
    number, square = f"{len(spread.rows)} 项之和", "t²"
    known = published(spread.tonnes(is_covered=True))
    columns = [
        Column("co2_t", "排放", number, published(spread.tonnes()), "t CO2", PUBLISHED),
        Column("covered_t", "半宽覆盖的排放", f"{len(spread.covered)} 项之和", known, "t CO2", PUBLISHED),
        Column(
            "activity_squared_t2",
            "活动数据平方和",
            _spelled(activity),
            spread.activity_squared,
            square,
            SQUARES,
        ),
        Column("factor_squared_t2", "因子平方和", _spelled(factor), spread.factor_squared, square, SQUARES),
        Column("half_width_squared_t2", "半宽平方", "两部分之和", spread.squared, square, SHORT),
        *tier_columns(spread, "t CO2"),
        Column("lowest_tier", "最低档", "各项中最差", max(row.quality_tier for row in spread.rows)),
        Column("emission_rows", "排放项数", "", len(spread.rows), "项"),
        Column("rows_without_factor", "无因子的项", "", spread.without_factor, "项"),
        Column("rows_uncovered", "半宽未知的项", "", spread.uncovered, "项"),
    ]
    return evidence.columns(_TABLE, where, columns)


def tier_columns(spread: Spread, unit: str) -> list[Column]:
    """The emissions of each tier, as a mart of half-widths keeps them; a tier nothing belongs to has none."""
    columns = []
    for tier in range(1, WORST + 1):
        value = published(spread.tonnes(tier))
        told = "该档没有项" if value is None else "该档各项之和"
        columns.append(Column(f"tier_{tier}_t", f"{tier} 档排放", told, value, unit, PUBLISHED, NONE))
    return columns


def root(squared: Decimal | None, covered: Decimal | None, unit: str) -> list[Step]:
    """The one root, taken for the page and kept nowhere."""
    if squared is None:
        return []
    told, width = f"√{plain(squared)}", squared.sqrt(_ROOT)
    share = figures.half_width(squared, covered)
    return [
        Step("半宽", told, decimals.rounded(width, MART_PLACES, ROUND_HALF_UP), unit, "页面上开一次方"),
        Step("相对半宽", f"{told} ÷ {_plain(covered)}", share, "", "取 12 位小数"),
    ]


def by_tier(spread: Spread, unit: str) -> Section:
    """Emissions by data quality."""
    whole = spread.tonnes()
    rows = []
    for tier in range(1, WORST + 1):
        number = sum(1 for row in spread.rows if row.quality_tier == tier)
        tonnes = spread.tonnes(tier)
        if number:
            share = "—" if tonnes is None else figures.percent(tonnes, whole, 1)
            rows.append((str(tier), str(number), _plain(tonnes), share))
    return Section("按数据质量档（1 最好）", ("档", "项", unit, "占排放"), rows)


def _by_factor(spread: Spread) -> Section:
    """What the square is made of on the side of factors, widest first."""
    terms = sorted(spread.factor_terms(), key=lambda term: (-term[1], term[0]))
    rows = [(told, figures.number(value, MART_PLACES)) for told, value in terms[:MOST_ROWS]]
    return Section("因子一侧（同一因子的误差相加后再平方）", ("(Σ排放 × u)²", "t²"), rows)


def _by_row(evidence: Evidence, rows: Sequence[Weighed]) -> Section:
    told = [
        (
            f"{row.code} {evidence.printed.kind(row.code)['name_zh']} {row.kind}",
            _plain(row.co2_t),
            row.activity.told,
            row.factor.told,
            figures.plus_minus(row.squared, Decimal(1)),
            str(row.quality_tier),
        )
        for row in rows[:MOST_ROWS]
    ]
    return Section("逐项", ("能源", "t CO2", "活动数据", "因子", "合成半宽", "质量档"), told)


def tier_sources(evidence: Evidence, rows: Iterable[Weighed]) -> list[Source]:
    """The printed tiers and half-widths in use, each once."""
    found = {}
    for row in rows:
        for tier in (row.activity, row.factor):
            for what, printed in (("数据质量档", tier.row), ("半宽", tier.width)):
                if printed is not None:
                    found[printed.place] = evidence.printed.source(printed, what)
    return [found[place] for place in sorted(found)]


def _notes(spread: Spread) -> list[str]:
    told = []
    if spread.without_factor:
        told.append(f"{spread.without_factor} 项没有因子：未知，不在排放和半宽之内，质量档为 5。")
    if spread.uncovered:
        told.append(f"{spread.uncovered} 项没有半宽：计入排放，不计入半宽。")
    return told


def _value(spread: Spread) -> str:
    told = figures.plus_minus(spread.squared, spread.tonnes(is_covered=True))
    return f"{told}，排放 {figures.number(spread.tonnes())} t CO2"


def _spelled(terms: Sequence[tuple[str, Decimal]]) -> str:
    told = " + ".join(text for text, _ in terms[:_MOST_TERMS])
    return told if len(terms) <= _MOST_TERMS else f"{told} + …（共 {len(terms)} 组）"


def _standing(row: Weighed) -> tuple[Hashable, ...]:
    return (row.factor_id, row.quality_tier, row.activity.half_width, row.factor.half_width)


def _grouped(
    rows: Iterable[Weighed], key: Callable[[Weighed], tuple[Hashable, ...]]
) -> dict[tuple[Hashable, ...], list[Weighed]]:
    groups: dict[tuple[Hashable, ...], list[Weighed]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _sum(terms: Sequence[tuple[str, Decimal]]) -> Decimal | None:
    return _six(decimals.total([value for _, value in terms])) if terms else None


def _six(value: Decimal) -> Decimal:
    return decimals.rounded(value, MART_PLACES, ROUND_HALF_UP)


def _plain(value: Decimal | None) -> str:
    return "未知" if value is None else plain(value)
