"""Screens of plan progress: all targets of a month, and one target down to the figure or line it is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures, words
from pipelines.reports.explain import reading
from pipelines.reports.explain.evidence import Column, Evidence, Row
from pipelines.reports.explain.goals import gap_of, shares
from pipelines.reports.explain.policy import District
from pipelines.reports.explain.shapes import NONE, Explanation, Section, Step
from pipelines.units import decimals

_HUNDRED = Decimal(100)
_TABLE = "mart.plan_progress"


@dataclass(frozen=True)
class Judged:
    """A target judged anew."""

    actual: Decimal | None
    denominator: Decimal | None
    status: str
    told: str
    lines: list[Row]
    closer: list[str]
    distance: Decimal | None = None
    """What is missing; zero when met, nothing when unknown."""


def progress(evidence: Evidence, month: Month, figure: str) -> Explanation:
    """Every target of the plan, judged anew."""
    evidence.month_exists(month)
    targets = evidence.printed.targets(month.first)
    district = District(evidence, month)
    judged = {target["id"]: _judge(evidence, month, target, district) for target in targets}
    steps = [step for target in targets for step in _steps(evidence, month, target, judged[target["id"]])]
    met = sum(1 for item in judged.values() if item.status == "met")
    return Explanation(
        figure=figure,
        title=f"规划指标进展（{month}）",
        value=f"{len(targets)} 条目标，达到 {met} 条",
        formula="目标值照录规划文字；绿色占比和国家级绿色工厂由本系统计算，其余取最近一次报送值",
        steps=steps,
        sections=[
            Section(
                "各项目标",
                ("编号", "目标", "状态", "现值"),
                [
                    (t["id"], t["text_zh"], _light(judged[t["id"]].status, t), _shown(judged[t["id"]], t))
                    for t in targets
                ],
            )
        ],
        scope=f"{len(targets)} 条目标逐条由原文重新判定",
        closer=[
            f"progress/{month}/{t['id']}"
            for t in targets
            if t["computed_by"] != "indicator" and t["kind"] == "quantified"
        ],
    )


def target(evidence: Evidence, month: Month, target_id: str, figure: str) -> Explanation:
    """One target of the plan."""
    evidence.month_exists(month)
    targets = {t["id"]: t for t in evidence.printed.targets(month.first)}
    if target_id not in targets:
        raise NotFound(
            f"规划没有目标 {target_id}，编号 {min(targets)} 至 {max(targets)}。",
            f"the plan has no target {target_id}",
        )
    chosen = targets[target_id]
    judged = _judge(evidence, month, chosen, District(evidence, month))
    document = chosen["document"]
    return Explanation(
        figure=figure,
        title=f"{chosen['text_zh']}（{month}）",
        value=f"{_light(judged.status, chosen)}　{_shown(judged, chosen)}",
        formula=judged.told,
        steps=_steps(evidence, month, chosen, judged),
        lines=evidence.lines(judged.lines),
        notes=[text for text in (chosen.get("note_zh"),) if text],
        scope="由规划原文的目标值和来源数重新判定",
        closer=judged.closer,
        facts={
            "规划": f"{document['title']}（{document['number']}）",
            "原文位置": f"{chosen['section_zh']}，第 {chosen['plan_line']} 行",
            "责任单位": "、".join(chosen.get("responsible_units") or []) or "规划未写明",
        },
    )


def _judge(evidence: Evidence, month: Month, chosen: dict[str, Any], district: District) -> Judged:
    if chosen["kind"] == "directional":
        return Judged(None, None, "directional", "定性目标，不比较数值", [], [])
    if chosen["computed_by"] == "green_share":
        definition = evidence.printed.setting("green_share_definition", month.first)
        variant = evidence.printed.setting("cluster_variant", month.first)
        green, whole = shares(district, variant, definition)
        status = "unknown" if not whole else _status(evidence, month, chosen, green * _HUNDRED, whole)
        told, closer = "分子 × 100 与 分母 × 目标 比较，不作除法", [f"green_share/{month}"]
        gap, _ = gap_of(green, whole, Decimal(str(chosen["target"]["value"])), definition)
        return Judged(green, whole, status, told, [], closer, gap)
    if chosen["computed_by"] == "national_green_factories":
        listed = Decimal(len(district.national(evidence.printed.setting("national_reading", month.first))))
        status = _status(evidence, month, chosen, listed, Decimal(1))
        closer = [f"national_green_factories/{month}"]
        return Judged(listed, None, status, "家数与目标比较", [], closer, _missing(chosen, listed, status))
    return _indicator(evidence, month, chosen)


def _indicator(evidence: Evidence, month: Month, chosen: dict[str, Any]) -> Judged:
    """The latest reported value of the plan's years in the target's own unit."""
    start = evidence.printed.setting("plan_start", month.first)
    wanted = chosen["target"]
    lines = [
        row
        for row in evidence.admitted("indicators")
        if row["target_metric"] == chosen["metric_key"]
        and row["unit"] == wanted["unit"]
        and start <= row["period"].isoformat()
        and row["period"] <= month.first
        and row["period"].year <= wanted["due_year"]
    ]
    if not lines:
        return Judged(None, None, "unknown", "没有报送值：未知，不是零", [], [])
    latest = max(row["period"] for row in lines)
    line = next(row for row in lines if row["period"] == latest)
    value = reading.number(line["value_text"])
    told = f"{latest:%Y-%m} 报送值与目标比较，来源 {line['source_document'] or '未注明'}"
    status = "unknown" if value is None else _status(evidence, month, chosen, value, Decimal(1))
    closer = [f"line/{line['receipt_id']}/{line['line_no']}"]
    return Judged(value, None, status, told, [line], closer, _missing(chosen, value, status))


def _missing(chosen: dict[str, Any], value: Decimal | None, status: str) -> Decimal | None:
    """Target less value; zero when met, nothing when unknown."""
    if value is None:
        return None
    return Decimal(0) if status == "met" else Decimal(str(chosen["target"]["value"])) - value


def _status(evidence: Evidence, month: Month, chosen: dict[str, Any], value: Decimal, per: Decimal) -> str:
    """met, near or short; *per* multiplies the target, so that a share needs no division."""
    aim = Decimal(str(chosen["target"]["value"]))
    forgiven = Decimal(1)
    if chosen["target"]["comparator"] == "~=":
        forgiven -= Decimal(evidence.printed.setting("approximate_tolerance", month.first))
    amber = Decimal(evidence.printed.amber_share(chosen["metric_key"], month.first))
    if value >= decimals.product(per, aim, forgiven):
        return "met"
    return "near" if value >= decimals.product(per, aim, amber) else "short"


def _steps(evidence: Evidence, month: Month, chosen: dict[str, Any], judged: Judged) -> list[Step]:
    where = {"month": month.first, "target_id": chosen["id"]}
    aim = chosen["target"].get("value")
    printed = None if aim is None else Decimal(str(aim))
    more = {"unit": chosen["target"].get("unit") or ""}
    told = f"规划原文：{chosen['text_zh']}"
    steps = evidence.compare(f"{chosen['id']} 目标值", told, printed, _TABLE, "target_value", where, **more)
    most = chosen["target"].get("value_max")
    steps += evidence.columns(
        _TABLE,
        where,
        [
            Column(
                "target_value_max",
                f"{chosen['id']} 目标上限",
                told,
                None if most is None else Decimal(str(most)),
                more["unit"],
                absent=NONE,
            ),
            Column(
                "due_year", f"{chosen['id']} 完成年份", told, chosen["target"].get("due_year"), absent=NONE
            ),
            Column("distance", f"{chosen['id']} 差距", "达到为零", judged.distance, absent=NONE),
        ],
    )
    steps += evidence.compare(f"{chosen['id']} 现值", judged.told, judged.actual, _TABLE, "actual", where)
    if judged.denominator is not None:
        steps += evidence.compare(
            f"{chosen['id']} 分母", judged.told, judged.denominator, _TABLE, "actual_denominator", where
        )
    return steps + evidence.compare(f"{chosen['id']} 状态", "", judged.status, _TABLE, "status", where)


def _light(status: str, chosen: dict[str, Any]) -> str:
    light = words.light_of(status, is_computed=chosen["computed_by"] != "indicator")
    return f"{light.shape} {light.word}"


def _shown(judged: Judged, chosen: dict[str, Any]) -> str:
    if judged.denominator is not None:
        return figures.percent(judged.actual, judged.denominator)
    return figures.with_unit(judged.actual, chosen["target"].get("unit"))
