"""Screens of the green share: share → cluster, down to the factories behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures, words
from pipelines.reports.explain.evidence import Column, Evidence
from pipelines.reports.explain.policy import District, Member
from pipelines.reports.explain.shapes import MOST_ROWS, NONE, Explanation, Section, Step, called
from pipelines.units import decimals

_HUNDRED = Decimal(100)
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
    steps = [step for m in members for step in member_steps(evidence, month, m)]
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
    """One reading of the share: both parts, who stands behind them, and what is missing to the target."""
    green, whole = shares(district, variant, definition)
    members = _of_variant(district, variant)
    target = _target(evidence, month, "green_share")
    where = {"month": month.first, "definition": definition, "cluster_variant": variant}
    label = f"{words.DEFINITIONS[definition]}（{variant}）"
    unit, rounding = ("元", FEN) if definition == "output" else ("家", "")
    gap, is_met = gap_of(green, whole, target, definition)
    chosen = (
        evidence.printed.setting("green_share_definition", month.first),
        evidence.printed.setting("cluster_variant", month.first),
    )
    columns = [
        Column("numerator", f"{label}分子", "绿色部分之和", green, unit, rounding),
        Column("denominator", f"{label}分母", "全部之和", whole, unit, rounding),
        Column("green_factories", f"{label}绿色企业", "", len(_green(members)), "家"),
        Column("factories", f"{label}企业", "", len(members), "家"),
        Column("factories_without_output", f"{label}未报产值的企业", "", len(_silent(members)), "家"),
        Column("target_percent", f"{label}目标", "规划原文", target, "%", absent=NONE),
        Column("gap", f"{label}距目标", "分母 × 目标 − 分子，进位到分或一家", gap, unit, absent=NONE),
        Column("is_met", f"{label}达到", "分子 × 100 ≥ 分母 × 目标", is_met, absent=NONE),
        Column("is_headline", f"{label}为采用的读法", "口径设置", chosen == (definition, variant)),
    ]
    return evidence.columns("mart.green_share", where, columns)


def gap_of(
    green: Decimal, whole: Decimal | None, target: Decimal | None, definition: str
) -> tuple[Decimal | None, bool | None]:
    """What the green part lacks with the whole as it is, and whether it reaches the target."""
    if not whole or target is None:
        return None, None
    missing = decimals.total([decimals.product(whole, target), -decimals.product(green, _HUNDRED)])
    if missing <= 0:
        return Decimal(0), True
    places = 2 if definition == "output" else 0
    return decimals.rounded(decimals.product(missing, Decimal("0.01")), places, ROUND_CEILING), False


def _cluster_steps(
    evidence: Evidence, month: Month, variant: str, cluster: str, district: District
) -> list[Step]:
    members = [m for m in _of_variant(district, variant) if m.membership.cluster == cluster]
    green = _green(members)
    where = {"month": month.first, "cluster_variant": variant, "cluster": cluster}
    told = f"{len(green)} 家绿色工厂，共 {len(members)} 家"
    columns = [
        Column("green_output_ytd_cny", f"{cluster} 绿色产值", told, _money(green) or Decimal(0), "元", FEN),
        Column("output_ytd_cny", f"{cluster} 产值", told, _money(members), "元", FEN),
        Column("factories", f"{cluster} 企业数", told, len(members), "家"),
        Column("green_factories", f"{cluster} 绿色企业数", told, len(green), "家"),
        Column("factories_without_output", f"{cluster} 未报产值的企业", told, len(_silent(members)), "家"),
    ]
    return evidence.columns("mart.green_share_cluster", where, columns)


def member_steps(evidence: Evidence, month: Month, member: Member) -> list[Step]:
    """The row of one factory in the named list behind the share."""
    where = {"month": month.first, "factory_id": member.factory_id}
    name = member.register["name"] or member.factory_id
    told = f"{len(member.outputs)} 行产值之和"
    receipts = len({row["receipt_id"] for row, _ in member.outputs})
    columns = [
        Column("output_ytd_cny", f"{name} 年初累计", told, member.output_cny, "元", FEN),
        Column(
            "months_reported", f"{name} 报送月数", told, len({row["period"] for row, _ in member.outputs})
        ),
        Column("receipts", f"{name} 来件", told, receipts, "件"),
        Column(
            "is_green",
            f"{name} 绿色工厂",
            member.status.level or "无有效称号",
            member.status.counts_for_share,
        ),
        Column("level", f"{name} 称号级别", "月末有效的最高级别", member.status.level, absent=NONE),
        Column("is_in_b6", f"{name} 属六个集群", "行业对照表", member.membership.is_in_b6),
    ]
    return evidence.columns("mart.green_share_member", where, columns)


def _green(members: Sequence[Member]) -> list[Member]:
    return [m for m in members if m.status.counts_for_share]


def _silent(members: Sequence[Member]) -> list[Member]:
    """Members that reported no output this year: unknown, not zero."""
    return [m for m in members if m.output_cny is None]


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
    silent = len(_silent(_of_variant(district, variant)))
    return f"未报送产值的企业 {silent} 家：未知，不是零，不进入任何产值之和。"


def _count_outputs(district: District) -> int:
    return sum(len(m.outputs) for m in district.members)
