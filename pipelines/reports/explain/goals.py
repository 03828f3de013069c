"""Screens of the green share: share → cluster → a factory's output, down to lines as received."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures, words
from pipelines.reports.explain.evidence import Evidence, Row
from pipelines.reports.explain.policy import District, Member
from pipelines.reports.explain.shapes import MOST_ROWS, Explanation, Section, Step, called
from pipelines.units import decimals

FEN = "产值按原文单位折成元，取到分，四舍五入；占比只在页面上除一次"


def green_share(evidence: Evidence, month: Month, figure: str) -> Explanation:
    """The share, all its readings, and its clusters."""
    evidence.month_exists(month)
    district = District(evidence, month)
    definition = evidence.printed.setting("green_share_definition", month.first)
    variant = evidence.printed.setting("cluster_variant", month.first)
    steps: list[Step] = []
    for cluster in _clusters(district, variant):
        steps += _cluster_steps(evidence, month, variant, cluster, district)
    for name in words.VARIANTS:
        for way in words.DEFINITIONS:
            steps += _share_steps(evidence, month, way, name, district)
    green, whole = shares(district, variant, definition)
    chosen = f"{words.DEFINITIONS[definition]}，{words.VARIANTS[variant]}"
    return Explanation(
        figure=figure,
        title=f"“6+X”产业绿色占比（{month}，年初累计，{chosen}）",
        value=figures.percent(green, whole, against=_target(evidence, month, "green_share")),
        formula=f"{words.SHARE_FORMULAS[definition]} = {figures.plain(green)} ÷ {figures.plain(whole)}",
        steps=steps,
        sections=[_readings_section(district), _clusters_section(district, variant)],
        notes=[_without_output(district, variant)],
        scope=f"全链复算：{len(district.members)} 家企业的名录、称号和 {_count_outputs(district)} 行产值原文逐一重判重算",
        closer=[f"green_share/{month}/{cluster}" for cluster in _clusters(district, variant)],
        facts={"口径依据": "schemas/targets（发布时保存的一份）"},
    )


def share_cluster(evidence: Evidence, month: Month, cluster: str, figure: str) -> Explanation:
    """The factories behind one cluster."""
    evidence.month_exists(month)
    district = District(evidence, month)
    variant = evidence.printed.setting("cluster_variant", month.first)
    members = [m for m in _of_variant(district, variant) if m.membership.cluster == cluster]
    if not members:
        have = "、".join(_clusters(district, variant))
        raise NotFound(
            f"{month} 没有集群 “{cluster}”，有：{have}。", f"no cluster {cluster!r}; there are {have}"
        )
    members.sort(key=lambda m: (-(m.output_cny or Decimal(0)), m.factory_id))
    green, whole = _money(m for m in members if m.status.counts_for_share), _money(members)
    steps = [step for m in members for step in _member_steps(evidence, month, m)]
    steps += _cluster_steps(evidence, month, variant, cluster, district)
    return Explanation(
        figure=figure,
        title=f"产业集群 {members[0].membership.row['cluster_zh'] if members[0].membership.row else cluster} 的绿色占比（{month}，年初累计）",
        value=figures.percent(green, whole),
        formula=f"{figures.number(green)} 元 ÷ {figures.number(whole)} 元",
        steps=steps,
        sections=[_members_section(members)],
        scope=f"全链复算：{len(members)} 家企业的归属、称号和产值",
        closer=[f"output/{month}/{m.factory_id}" for m in members[:5]],
    )


def output(evidence: Evidence, month: Month, factory_id: str, figure: str) -> Explanation:
    """A factory's output, month by month, with its lines."""
    evidence.month_exists(month)
    district = District(evidence, month)
    outputs = district.outputs.get(factory_id, [])
    if not outputs:
        raise NotFound(
            f"{factory_id} 在 {month.year} 年没有准入的产值。",
            f"{factory_id} reported no output in {month.year}",
        )
    steps: list[Step] = []
    by_month: dict[Month, list[tuple[Row, Decimal]]] = {}
    for row, value in outputs:
        by_month.setdefault(Month.of(row["period"]), []).append((row, value))
    for each, lines in sorted(by_month.items()):
        told = " + ".join(f"“{row['output_value_cny_text']}” {district.money_unit(row)}" for row, _ in lines)
        where = {"factory_id": factory_id, "month": each.first}
        total = decimals.total([value for _, value in lines])
        steps += evidence.compare(
            str(each), told, total, "core.output", "output_value_cny", where, unit="元", rounding=FEN
        )
    whole = decimals.total([value for _, value in outputs])
    member = next((m for m in district.members if m.factory_id == factory_id), None)
    if member is not None:
        steps += _member_steps(evidence, month, member)
    else:
        steps.append(Step("年初累计", "各月之和", whole, "元"))
    return Explanation(
        figure=figure,
        title=f"{evidence.name_of(factory_id)}（{factory_id}）的工业总产值（{month.year} 年 1 月至 {month.month} 月）",
        value=f"{figures.number(whole)} 元",
        formula="各月工业总产值之和",
        steps=steps,
        lines=evidence.lines([row for row, _ in outputs]),
        notes=[] if member is not None else ["本企业期末不是 6+X 规上企业，产值不进入绿色占比。"],
        scope=f"全链复算：{len(outputs)} 行产值原文",
        closer=[f"membership/{month}/{factory_id}", f"green_status/{month}/{factory_id}"],
    )


def _target(evidence: Evidence, month: Month, computed_by: str) -> Decimal | None:
    for target in evidence.printed.targets(month.first):
        if target["computed_by"] == computed_by:
            return Decimal(str(target["target"]["value"]))
    return None


def _of_variant(district: District, variant: str) -> list[Member]:
    return [m for m in district.members if variant == "a9" or m.membership.is_in_b6]


def _clusters(district: District, variant: str) -> list[str]:
    return sorted({m.membership.cluster or "" for m in _of_variant(district, variant)})


def _money(members: Iterable[Member]) -> Decimal | None:
    known = [m.output_cny for m in members if m.output_cny is not None]
    return decimals.total(known) if known else None


def shares(district: District, variant: str, definition: str) -> tuple[Decimal, Decimal | None]:
    """Numerator and denominator of one reading of the share."""
    members = _of_variant(district, variant)
    green = [m for m in members if m.status.counts_for_share]
    if definition == "count":
        return Decimal(len(green)), Decimal(len(members))
    return _money(green) or Decimal(0), _money(members)


def _share_steps(
    evidence: Evidence, month: Month, definition: str, variant: str, district: District
) -> list[Step]:
    green, whole = shares(district, variant, definition)
    where = {"month": month.first, "definition": definition, "cluster_variant": variant}
    label, table = f"{words.DEFINITIONS[definition]}（{variant}）", "mart.green_share"
    unit, rounding = ("元", FEN) if definition == "output" else ("家", "")
    return [
        *evidence.compare(
            f"{label}分子", "绿色部分之和", green, table, "numerator", where, unit=unit, rounding=rounding
        ),
        *evidence.compare(
            f"{label}分母", "全部之和", whole, table, "denominator", where, unit=unit, rounding=rounding
        ),
    ]


def _cluster_steps(
    evidence: Evidence, month: Month, variant: str, cluster: str, district: District
) -> list[Step]:
    members = [m for m in _of_variant(district, variant) if m.membership.cluster == cluster]
    green = [m for m in members if m.status.counts_for_share]
    where = {"month": month.first, "cluster_variant": variant, "cluster": cluster}
    table = "mart.green_share_cluster"
    told = f"{len(green)} 家绿色工厂，共 {len(members)} 家"
    return [
        *evidence.compare(
            f"{cluster} 绿色产值",
            told,
            _money(green) or Decimal(0),
            table,
            "green_output_ytd_cny",
            where,
            unit="元",
            rounding=FEN,
        ),
        *evidence.compare(
            f"{cluster} 产值", told, _money(members), table, "output_ytd_cny", where, unit="元", rounding=FEN
        ),
        *evidence.compare(f"{cluster} 企业数", told, len(members), table, "factories", where, unit="家"),
    ]


def _member_steps(evidence: Evidence, month: Month, member: Member) -> list[Step]:
    where = {"month": month.first, "factory_id": member.factory_id}
    table, name = "mart.green_share_member", member.register["name"] or member.factory_id
    told = f"{len(member.outputs)} 行产值之和"
    is_green = member.status.counts_for_share
    return [
        *evidence.compare(
            f"{name} 年初累计",
            told,
            member.output_cny,
            table,
            "output_ytd_cny",
            where,
            unit="元",
            rounding=FEN,
        ),
        *evidence.compare(
            f"{name} 绿色工厂", member.status.level or "无有效称号", is_green, table, "is_green", where
        ),
    ]


def _readings_section(district: District) -> Section:
    rows = []
    for variant, name in words.VARIANTS.items():
        for definition in words.DEFINITIONS:
            green, whole = shares(district, variant, definition)
            unit = "元" if definition == "output" else "家"
            rows.append(
                (
                    words.DEFINITIONS[definition],
                    name,
                    figures.number(green),
                    figures.number(whole),
                    figures.percent(green, whole),
                    unit,
                )
            )
    return Section("各种口径（由原文复算）", ("口径", "产业范围", "分子", "分母", "占比", "单位"), rows)


def _clusters_section(district: District, variant: str) -> Section:
    rows = []
    for cluster in _clusters(district, variant):
        members = [m for m in _of_variant(district, variant) if m.membership.cluster == cluster]
        green = [m for m in members if m.status.counts_for_share]
        row = members[0].membership.row
        rows.append(
            (
                cluster,
                row["cluster_zh"] if row else "",
                figures.money(_money(green) or Decimal(0)),
                figures.money(_money(members)),
                figures.percent(_money(green) or Decimal(0), _money(members)),
                f"{len(green)}/{len(members)}",
            )
        )
    return Section("按产业集群", ("集群", "名称", "绿色产值", "产值", "占比", "绿色/全部（家）"), rows)


def _members_section(members: Sequence[Member]) -> Section:
    return Section(
        "企业名单（产值“—”为未报送，不是零）",
        ("统一社会信用代码", "企业", "绿色工厂", "年初累计产值（元）"),
        [
            (
                m.factory_id,
                m.register["name"] or "",
                called(words.LEVELS, m.status.level) if m.status.counts_for_share else "否",
                figures.number(m.output_cny),
            )
            for m in members[:MOST_ROWS]
        ],
    )


def _without_output(district: District, variant: str) -> str:
    silent = [m for m in _of_variant(district, variant) if m.output_cny is None]
    return f"未报送产值的企业 {len(silent)} 家：未知，不是零，不进入任何产值之和。"


def _count_outputs(district: District) -> int:
    return sum(len(m.outputs) for m in district.members)
