"""Screens of the sums over energy uses: district → factory → energy use, down to lines and documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain import gates, quality
from pipelines.reports.explain.chains import Chain, plain
from pipelines.reports.explain.evidence import Column, Evidence
from pipelines.reports.explain.metrics import METRICS, Metric, Recomputed
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.shapes import Explanation, Section, Source, Step, called
from pipelines.reports.explain.uses import Book
from pipelines.units import decimals

MART_PLACES = 6
NOT_RECOMPUTED = "——台账存储值，未独立复算"
PUBLISHED = "发布时取 6 位小数，四舍五入"
MOST_LINES_AT_ONCE = 20_000
"""Above this a district figure is the exact sum of stored parts, with the largest factory recomputed whole."""

_TOP = 10
_POWER = "33"


@dataclass(frozen=True)
class Question:
    """Which metric, under which basis, for which month."""

    metric: Metric
    purpose: str
    month: Month
    figure: str

    @property
    def prefix(self) -> str:
        """The figure's name up to the month, for naming what is closer."""
        return "/".join(self.figure.split("/")[:2])


def question(evidence: Evidence, figure: str, month: Month) -> Question:
    """The question a figure's name asks: ``co2@shanghai_ets/2023-12`` names another basis than the pages'.

    Raises:
        NotFound: there is no such basis, or the metric has none.
    """
    name, _, purpose = figure.split("/", maxsplit=1)[0].partition("@")
    metric = METRICS[name]
    known = [row["purpose"] for row in evidence.printed.rows("purposes")]
    if purpose and (not metric.by_purpose or purpose not in known):
        raise NotFound(
            f"读到口径 “{purpose}”，应为 {'、'.join(known) if metric.by_purpose else '（此数不分口径）'}。",
            f"read basis {purpose!r}, expected one of {', '.join(known)}",
        )
    evidence.month_exists(month)
    return Question(metric, purpose or evidence.headline, month, figure)


def use(evidence: Evidence, asked: Question, factory: str, code: str) -> Explanation:
    """One energy use of a factory's month."""
    book = Book(evidence, asked.month, asked.purpose, factory)
    if code not in book.codes(factory):
        have = "、".join(book.codes(factory)) or "（无）"
        raise NotFound(
            f"{factory} 在 {asked.month} 没有能源 {code} 的准入数据，有：{have}。",
            f"no admitted line of energy kind {code}; there are {have}",
        )
    found = asked.metric.recompute(book, factory, code)
    kind = evidence.printed.kind(code)
    notes = [] if book.is_counted(code) else ["其中项或合计行：保留、核对，不计入任何合计。"]
    return Explanation(
        figure=asked.figure,
        title=f"{_who(evidence, factory)} · {kind['name_zh']} · {asked.metric.title_zh}（{asked.month}）",
        value="未知"
        if found.value is None
        else f"{figures.plain(found.value)} {asked.metric.unit}（全部小数位）",
        formula=found.formula or asked.metric.formula_zh,
        steps=found.steps,
        gates=found.gates,
        lines=evidence.lines(found.lines),
        sections=[
            *_sure(evidence, asked, factory, code),
            *quality.of_flows(evidence.ledger, factory, asked.month, code),
        ],
        sources=sources(evidence, found.chains),
        notes=[*notes, *_stored_notes(book, factory, code, asked)],
        scope=f"全链复算：{len(found.lines)} 行原文 → 规范单位 → {asked.metric.title_zh}",
        facts=_facts(evidence, asked),
    )


def factory(evidence: Evidence, asked: Question, factory_id: str) -> Explanation:
    """Every energy use of a factory's month, and their sum."""
    book = Book(evidence, asked.month, asked.purpose, factory_id)
    codes = book.codes(factory_id)
    if not codes:
        raise NotFound(
            f"{factory_id} 在 {asked.month} 没有准入的能源数据。",
            f"{factory_id} has no admitted energy line in {asked.month}",
        )
    found = {code: asked.metric.recompute(book, factory_id, code) for code in codes}
    lines = [line for item in found.values() for line in item.lines]
    parts = Parts.of(Part(code, item.steps, item.gates) for code, item in found.items())
    return Explanation(
        figure=asked.figure,
        title=f"{_who(evidence, factory_id)} · {asked.metric.title_zh}（{asked.month}）",
        value=_rounded(asked.metric.total(found.values()), asked.metric.unit),
        formula=asked.metric.formula_zh,
        steps=[*parts.parting, *_factory_sums(evidence, asked, factory_id, found)],
        gates=parts.gates(),
        sections=[_by_code(evidence, asked, found), *_sure(evidence, asked, factory_id)],
        sources=sources(evidence, [chain for item in found.values() for chain in item.chains]),
        parts_compared=parts.compared,
        part_roundings=parts.roundings,
        scope=f"全链复算：本企业当月全部 {len(codes)} 种能源、{len(lines)} 行原文",
        closer=[f"{asked.prefix}/{factory_id}/{code}" for code in codes],
        facts=_facts(evidence, asked),
    )


def district(evidence: Evidence, asked: Question) -> Explanation:
    """The district's month: every factory recomputed, or the largest alone where there are very many lines."""
    book_size = evidence.ledger.one(
        "select count(*) from raw.energy_line where period = ?", [asked.month.first]
    )[0]
    book = Book(evidence, asked.month, asked.purpose)
    is_whole = book_size <= MOST_LINES_AT_ONCE
    everyone = book.factories()
    wanted = everyone if is_whole else _largest(evidence, asked)[:1]
    found = {
        (factory_id, code): asked.metric.recompute(book, factory_id, code)
        for factory_id in wanted
        for code in book.codes(factory_id)
    }
    by_factory = {f: asked.metric.total(item for (who, _), item in found.items() if who == f) for f in wanted}
    ranked = sorted(by_factory, key=lambda f: (-(by_factory[f] or Decimal(0)), f))
    parts = Parts.of(Part("/".join(key), item.steps, item.gates) for key, item in found.items())
    steps = parts.parting
    if is_whole:
        steps += _standing(evidence, asked, found.values())
        steps += _equivalent(evidence, book) if asked.metric.is_whole else []
        steps += _district_sums(evidence, asked, found)
    else:
        steps += _stored_sum(evidence, asked)
    return Explanation(
        figure=asked.figure,
        title=f"全区{asked.metric.title_zh}（{asked.month}）",
        value=_rounded(
            asked.metric.total(found.values()) if is_whole else _decimal(steps[-1].value), asked.metric.unit
        ),
        formula=asked.metric.formula_zh,
        steps=steps,
        gates=parts.gates(),
        sections=[
            _top(evidence, asked, by_factory, ranked),
            *_bases(evidence, asked),
            *_sure(evidence, asked),
        ],
        parts_compared=parts.compared,
        part_roundings=parts.roundings,
        scope=_scope(asked, len(everyone), len(found), is_whole=is_whole),
        closer=[f"{asked.prefix}/{factory_id}" for factory_id in ranked[:5]],
        facts=_facts(evidence, asked),
    )


def sources(evidence: Evidence, chains: Sequence[Chain]) -> list[Source]:
    """The printed rows behind some chains, each once."""
    rows = {row.place: (what, row) for chain in chains for what, row in chain.rows}
    return [evidence.printed.source(row, what) for what, row in rows.values()]


def _factory_sums(
    evidence: Evidence, asked: Question, factory_id: str, found: dict[str, Recomputed]
) -> list[Step]:
    metric, where = asked.metric, {"factory_id": factory_id, "month": asked.month.first}
    total = metric.total(found.values())
    told = " + ".join(plain(item.value) for item in found.values() if item.value is not None)
    keyed = {**where, "metric": metric.column, "purpose": asked.purpose if metric.by_purpose else ""}
    steps = evidence.compare("企业合计", told, total, "core.factory_metric", "value", keyed, unit=metric.unit)
    if asked.purpose == evidence.headline:
        for column, label, value in (*_scoped(metric, found), (metric.column, "企业当月", total)):
            steps += evidence.compare(
                label,
                "企业合计",
                published(value),
                "mart.factory_month",
                column,
                where,
                unit=metric.unit,
                rounding=PUBLISHED,
            )
    return steps


def _district_sums(
    evidence: Evidence, asked: Question, found: dict[tuple[str, str], Recomputed]
) -> list[Step]:
    metric = asked.metric
    where = {"month": asked.month.first, "purpose": asked.purpose}
    steps: list[Step] = []
    for column, label, value in (
        *_scoped(metric, found),
        (metric.column, "全区当月", asked.metric.total(found.values())),
    ):
        steps += evidence.compare(
            label,
            f"{len(found)} 项之和",
            published(value),
            "mart.district_month",
            column,
            where,
            unit=metric.unit,
            rounding=PUBLISHED,
        )
    return steps


def _standing(evidence: Evidence, asked: Question, found: Iterable[Recomputed]) -> list[Step]:
    """What the district's month says of its factors: how many uses have none, and whether one stands in."""
    made = [emission for item in found for emission in item.made]
    if not made:
        return []
    told = f"{len(made)} 项排放"
    unknown = sum(1 for emission in made if emission.co2_t is None)
    stands_in, rebased = (
        any(emission.stored.get(flag) for emission in made) for flag in ("is_provisional", "is_rebased")
    )
    columns = [
        Column("uses_without_factor", "没有因子的项", told, unknown, "项"),
        Column("is_provisional", "有暂用因子", told, stands_in),
        Column("is_rebased", "有改用后来数值的因子", told, rebased),
    ]
    where = {"month": asked.month.first, "purpose": asked.purpose}
    return evidence.columns("mart.district_month", where, columns)


def _equivalent(evidence: Evidence, book: Book) -> list[Step]:
    """等价系数 | The equivalent of electricity in force in the month, and the uses without one."""
    adopted = gates.adopted(evidence, _POWER, book.day)
    unit = evidence.printed.kind(_POWER)["canonical_unit"]
    value = book.chains.coal(adopted[0], unit).value if adopted else None
    uses = [part for who in book.factories() for part in book.parts(who, _POWER)]
    without = sum(1 for part in uses if part.coal_generation_tce is None)
    columns = [
        Column("generation_tce", "电力等价系数", "主管部门采用的行", value, f"tce/{unit}", absent="未采用"),
        Column("uses_without_equivalent", "没有等价值的用电", f"{len(uses)} 项用电", without, "项"),
    ]
    return evidence.columns("mart.generation_month", {"month": book.day}, columns)


def _stored_sum(evidence: Evidence, asked: Question) -> list[Step]:
    """The exact sum of the stored factory months, for very large months."""
    metric = asked.metric
    purpose = asked.purpose if metric.by_purpose else ""
    sql = "select value from core.factory_metric where month = ? and metric = ? and purpose = ?"
    stored = [row["value"] for row in evidence.rows(sql, asked.month.first, metric.column, purpose)]
    values = [value for value in stored if value is not None]
    is_unknown = not values or (metric.is_whole and len(values) < len(stored))
    total = None if is_unknown else decimals.total(values)
    where = {"month": asked.month.first, "purpose": asked.purpose}
    return evidence.compare(
        "全区当月",
        f"{len(values)} 家企业存储值之和",
        published(total),
        "mart.district_month",
        metric.column,
        where,
        unit=metric.unit,
        rounding=PUBLISHED,
    )


def _scoped(metric: Metric, found: Mapping[Any, Recomputed]) -> list[tuple[str, str, Decimal | None]]:
    items = list(found.values())
    rows = []
    for scope, column, label in metric.scopes:
        known = [item.by_scope[scope] for item in items if scope in item.by_scope]
        rows.append((column, label, decimals.total(known) if known else None))
    return rows


def published(value: Decimal | None) -> Decimal | None:
    """With the decimals a mart is published with."""
    return None if value is None else decimals.rounded(value, MART_PLACES, ROUND_HALF_UP)


def _rounded(value: Decimal | None, unit: str) -> str:
    return "未知" if value is None else f"{figures.number(value)} {unit}"


def _decimal(value: Any) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _largest(evidence: Evidence, asked: Question) -> list[str]:
    sql = "select factory_id from core.factory_metric where month = ? and metric = ? and purpose = ? order by value desc nulls last, factory_id"
    purpose = asked.purpose if asked.metric.by_purpose else ""
    return [row["factory_id"] for row in evidence.rows(sql, asked.month.first, asked.metric.column, purpose)]


def _by_code(evidence: Evidence, asked: Question, found: dict[str, Recomputed]) -> Section:
    return Section(
        "逐项（每项均由原文复算）",
        ("能源", "名称", "数量", f"{asked.metric.title_zh} {asked.metric.unit}", "复算"),
        [
            (
                code,
                evidence.printed.kind(code)["name_zh"],
                item.activity,
                "未知" if item.value is None else figures.number(item.value, 6),
                "一致" if item.agrees else "不一致",
            )
            for code, item in found.items()
        ],
    )


def _top(
    evidence: Evidence, asked: Question, by_factory: dict[str, Decimal | None], ranked: Sequence[str]
) -> Section:
    rest = [by_factory[f] for f in ranked[_TOP:]]
    rows = [(f, evidence.name_of(f), figures.number(by_factory[f])) for f in ranked[:_TOP]]
    if rest:
        known = [value for value in rest if value is not None]
        rows.append(("", f"其余 {len(rest)} 家", figures.number(decimals.total(known))))
    return Section("按企业（由原文复算）", ("统一社会信用代码", "企业", asked.metric.unit), rows)


def _bases(evidence: Evidence, asked: Question) -> list[Section]:
    if not asked.metric.by_purpose:
        return []
    sql = "select * from mart.district_month where month = ? order by purpose"
    names = {row["purpose"]: row["name_zh"] for row in evidence.printed.rows("purposes")}
    rows = [
        (
            called(names, row["purpose"]) + ("（本页）" if row["purpose"] == asked.purpose else ""),
            figures.number(row["co2_direct_t"]),
            figures.number(row["co2_indirect_t"]),
            figures.number(row["co2_t"]),
            f"co2@{row['purpose']}/{asked.month}",
        )
        for row in evidence.rows(sql, asked.month.first)
    ]
    return [
        Section(
            f"各核算口径（不可相加，不可混用）{NOT_RECOMPUTED}",
            ("口径", "直接 t", "间接 t", "合计 t", "数字名称"),
            rows,
        )
    ]


def _stored_notes(book: Book, factory_id: str, code: str, asked: Question) -> list[str]:
    """What the ledger itself says of the factor: level, stand-in, fallback."""
    if not asked.metric.by_purpose:
        return []
    told = []
    for row in book.emissions.get((factory_id, code), []):
        if row["is_provisional"]:
            told.append(f"暂用因子：{row['note']}")
        elif row["note"]:
            told.append(f"{row['kind']}：{row['note']}")
    return list(dict.fromkeys(told))


def _sure(evidence: Evidence, asked: Question, factory_id: str = "", code: str = "") -> list[Section]:
    """How sure the emission is, as the ledger keeps it for the pages' basis; read, not recomputed."""
    if asked.metric.name != "co2" or asked.purpose != evidence.headline:
        return []
    ledger, month = evidence.ledger, asked.month
    of_use = [quality.of_use(ledger, factory_id, month, code)] if code else []
    section = of_use[0] if of_use else quality.of_month(ledger, month, factory_id)
    return [replace(section, title=f"{section.title}{NOT_RECOMPUTED}")] if section.rows else []


def _scope(asked: Question, factories: int, parts: int, *, is_whole: bool) -> str:
    if is_whole:
        return f"全链复算：全部 {factories} 家企业、{parts} 项能源消费逐一由原文复算后求和"
    return f"行数超过 {MOST_LINES_AT_ONCE:,}：排放最大的一家全链复算，全区为 {factories} 家存储值的精确求和，其余企业未独立复算"


def _who(evidence: Evidence, factory_id: str) -> str:
    name = evidence.name_of(factory_id)
    return f"{name}（{factory_id}）" if name else factory_id


def _facts(evidence: Evidence, asked: Question) -> dict[str, str]:
    names = {row["purpose"]: row["name_zh"] for row in evidence.printed.rows("purposes")}
    return {"核算口径": f"{names[asked.purpose]}（{asked.purpose}）"} if asked.metric.by_purpose else {}
