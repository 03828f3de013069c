"""Screens of process and fugitive emissions: district → factory → activity, down to lines and printed figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain.energy import PUBLISHED, published
from pipelines.reports.explain.evidence import Evidence
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.releasing import Release, Releases, by_activity, total
from pipelines.reports.explain.shapes import Explanation, Section, Source, Step
from pipelines.units import decimals

UNIT = "t CO2e"
FORMULA = "Σ 活动数量 × 系数（公布因子之积）× GWP（口径所用版本）；未知的不计入，另列"
_TOP = 40


def district(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """The district's month under a basis."""
    purpose = purpose_asked(evidence, figure, month)
    book = Releases(evidence, month, purpose)
    factories = sorted({made.line["factory_id"] for made in book.made})
    if not factories:
        raise NotFound(f"{month} 没有过程与逸散数据。", f"no process emission in {month}")
    parts = {factory: book.of(factory) for factory in factories}
    screen = _screen(
        evidence,
        figure,
        f"全区过程与逸散排放（{month}）",
        book.made,
        parts,
        {"month": month.first, "purpose": purpose},
        {factory: f"{factory} {evidence.name_of(factory)}" for factory in factories},
    )
    return replace(screen, steps=[*screen.steps, *_inventory(evidence, book.made, month, purpose)])


def _inventory(evidence: Evidence, found: Sequence[Release], month: Month, purpose: str) -> list[Step]:
    """The process rows of the district inventory, gas by gas, beside the mart and the release."""
    groups: dict[tuple[str, bool], list[Release]] = defaultdict(list)
    for made in found:
        if made.is_counted:
            groups[(made.gas, made.is_biogenic)].append(made)
    steps: list[Step] = []
    for (gas, is_biogenic), same in sorted(groups.items()):
        where = {"month": month.first, "purpose": purpose, "category": "process", "gas": gas}
        where |= {"is_biogenic": is_biogenic}
        masses = [made.emitted_t for made in same if made.emitted_t is not None]
        mass = decimals.total(masses) if masses else None
        for column, value, unit in (("mass_t", mass, f"t {gas}"), ("co2e_t", total(same), UNIT)):
            steps += evidence.compare(
                f"清单·过程 {gas}",
                f"{len(same)} 项之和",
                published(value),
                "mart.inventory_month",
                column,
                where,
                unit=unit,
                rounding=PUBLISHED,
            )
    return steps


def factory(evidence: Evidence, figure: str, month: Month, factory_id: str) -> Explanation:
    """A factory's month under a basis, activity by activity."""
    purpose = purpose_asked(evidence, figure, month)
    book = Releases(evidence, month, purpose, factory_id)
    if not book.made:
        raise NotFound(
            f"{factory_id} 在 {month} 没有过程与逸散数据。", f"no process emission of {factory_id} in {month}"
        )
    return _screen(
        evidence,
        figure,
        f"{evidence.name_of(factory_id)}（{factory_id}） · 过程与逸散排放（{month}）",
        book.made,
        by_activity(book.made),
        {"month": month.first, "purpose": purpose, "factory_id": factory_id},
        _names(evidence),
    )


def activity(
    evidence: Evidence, figure: str, month: Month, factory_id: str, activity_code: str
) -> Explanation:
    """One activity of a factory's month: every line and every gas, step by step."""
    purpose = purpose_asked(evidence, figure, month)
    book = Releases(evidence, month, purpose, factory_id)
    found = book.of(factory_id, activity_code)
    if not found:
        have = "、".join(by_activity(book.made)) or "（无）"
        raise NotFound(
            f"{factory_id} 在 {month} 没有活动 {activity_code}，有：{have}。",
            f"no line of activity {activity_code}; there are {have}",
        )
    rows = {(made.line["receipt_id"], made.line["line_no"]): made.line for made in found}
    name = _names(evidence).get(activity_code, activity_code)
    return Explanation(
        figure=figure,
        title=f"{evidence.name_of(factory_id)}（{factory_id}） · {name}（{month}）",
        value=_value(found, plain=True),
        formula=FORMULA,
        steps=[replace(step, name=f"{_label(made)} {step.name}") for made in found for step in made.steps],
        gates=list(dict.fromkeys(gate for made in found for gate in made.gates)),
        lines=evidence.lines(row for row in rows.values() if "quantity_text" in row),
        sources=_sources(evidence, found),
        notes=_notes(found),
        scope=f"全链复算：{len(rows)} 行原文 × 公布因子 × GWP",
        facts=facts(evidence, purpose),
    )


def _screen(
    evidence: Evidence,
    figure: str,
    title: str,
    found: Sequence[Release],
    parts: Mapping[str, Sequence[Release]],
    where: Mapping[str, Any],
    names: Mapping[str, str],
) -> Explanation:
    """A sum over parts, each recomputed from its lines, beside the exact sum of what is stored."""
    value = total(found)
    condition = " and ".join(f"{column} = ?" for column in where)
    sql = f"select co2e_t from core.process_co2e where {condition} and co2e_t is not null"
    kept = [row["co2e_t"] for row in evidence.rows(sql, *where.values())]
    stored = decimals.total(kept) if kept else None
    place = "core.process_co2e.co2e_t"
    made = Parts.of(Part(_label(item), item.steps, item.gates) for item in found)
    return Explanation(
        figure=figure,
        title=title,
        value=_value(found),
        formula=FORMULA,
        steps=[*made.parting, Step("合计", f"{len(kept)} 项存储值之和", value, UNIT, "", place, stored)],
        gates=made.gates(),
        sections=[_section(parts, names)],
        sources=_sources(evidence, found),
        notes=_notes(found),
        parts_compared=made.compared,
        part_roundings=made.roundings,
        scope=f"全链复算：{len(found)} 项（行 × 气体）逐一由原文复算后求和；各口径合计与存储值之和比较",
        closer=[f"{figure}/{key}" for key in list(parts)[:5]],
        facts=facts(evidence, str(where["purpose"])),
    )


def _section(parts: Mapping[str, Sequence[Release]], names: Mapping[str, str]) -> Section:
    rows = [
        (
            names.get(key, key),
            str(len(found)),
            figures.number(total(found), 6) if total(found) is not None else "未知",
            str(len(_unknown(found))),
            "一致" if all(made.agrees for made in found) else "不一致",
        )
        for key, found in parts.items()
    ]
    return Section("逐项（每项均由原文复算）", ("项", "行 × 气体", UNIT, "未知项", "复算"), rows[:_TOP])


def _label(made: Release) -> str:
    return f"第{made.line['line_no']}行 {made.gas}"


def _unknown(found: Sequence[Release]) -> list[Release]:
    return [made for made in found if made.is_counted and made.co2e_t is None]


def _notes(found: Sequence[Release]) -> list[str]:
    """What the sum leaves out, in plain words: unknown is not zero."""
    unknown, outside = _unknown(found), [made for made in found if not made.is_counted]
    notes = []
    if unknown:
        lines = "、".join(f"第{made.line['line_no']}行 {made.gas}" for made in unknown[:6])
        notes.append(f"{len(unknown)} 项当量未知（因子或 GWP 不可用），不在合计内：{lines}。")
    if outside:
        notes.append(f"{len(outside)} 项气体不在清单内，只记吨数，不折当量。")
    return notes


def _value(found: Sequence[Release], *, plain: bool = False) -> str:
    value: Decimal | None = total(found)
    if value is None:
        return "未知"
    told = f"{figures.plain(value)} {UNIT}（全部小数位）" if plain else f"{figures.number(value)} {UNIT}"
    unknown = len(_unknown(found))
    return f"{told}，另有 {unknown} 项未知" if unknown else told


def _sources(evidence: Evidence, found: Sequence[Release]) -> list[Source]:
    rows = {row.place: (what, row) for made in found for chain in made.chains for what, row in chain.rows}
    return [evidence.printed.source(row, what) for what, row in rows.values()]


def _names(evidence: Evidence) -> dict[str, str]:
    return {row["activity_code"]: row["name_zh"] for row in evidence.printed.rows("activities")}


def facts(evidence: Evidence, purpose: str) -> dict[str, str]:
    """The accounting basis and its GWP edition."""
    row = next(row for row in evidence.printed.rows("purposes") if row["purpose"] == purpose)
    return {**basis(evidence, purpose), "GWP 版本": row["gwp_edition"]}


def basis(evidence: Evidence, purpose: str) -> dict[str, str]:
    """The accounting basis alone, for figures of CO2."""
    row = next(row for row in evidence.printed.rows("purposes") if row["purpose"] == purpose)
    return {"核算口径": f"{row['name_zh']}（{purpose}）"}


def purpose_asked(evidence: Evidence, figure: str, month: Month) -> str:
    """The basis a name asks for: ``process@shanghai_ets/2023-12``; without one, that of the pages.

    Raises:
        NotFound: there is no such basis or month.
    """
    evidence.month_exists(month)
    asked = figure.split("/", maxsplit=1)[0].partition("@")[2]
    known = [row["purpose"] for row in evidence.printed.rows("purposes")]
    if asked and asked not in known:
        raise NotFound(
            f"读到口径 “{asked}”，应为 {'、'.join(known)}。",
            f"read basis {asked!r}, expected one of {', '.join(known)}",
        )
    return asked or evidence.headline
