"""Both goals and every target of the plan, for the terminal and for programs."""

from __future__ import annotations

from typing import Any

from pipelines.reports import figures, views
from pipelines.reports.views import Marts, Row

_MARKS = {"green": "●", "amber": "▲", "red": "■", "grey": "○"}


def progress(marts: Marts) -> dict[str, Any]:
    """Plain values: the two goals with their readings, and all targets. Shares are 0-1, as text."""
    month = views.latest_month(marts)
    share = views.headline_share(marts, month)
    national = views.headline_national(marts, month)
    return {
        "month": month.isoformat()[:7],
        "green_share": {
            "numerator_cny": share["numerator"],
            "denominator_cny": share["denominator"],
            "share": figures.ratio(share["numerator"], share["denominator"], 6),
            "target_percent": share["target_percent"],
            "is_met": share["is_met"],
            "gap_cny": share["gap"],
            "status": views.goal_status(marts, month, views.SHARE_TARGET),
            "factories_without_output": share["factories_without_output"],
            "readings": views.of_month(marts, "mart.green_share", month),
        },
        "national_green_factories": {
            "factories": national["factories"],
            "target": national["target"],
            "reading": national["reading"],
            "is_met": national["is_met"],
            "gap": national["gap"],
            "status": views.goal_status(marts, month, views.NATIONAL_TARGET),
            "readings": views.of_month(marts, "mart.national_green_factory", month),
            "names": views.national_members(marts, month, national["reading"]),
        },
        "targets": views.of_month(marts, "mart.plan_progress", month),
        "quality": _quality(marts),
    }


def progress_text(marts: Marts) -> str:
    """The two goals, the counts by fate and the other targets, in Chinese, for a terminal."""
    month = views.latest_month(marts)
    share = views.headline_share(marts, month)
    national = views.headline_national(marts, month)
    lines = [f"截至 {month:%Y-%m}", ""]
    status = views.goal_status(marts, month, views.SHARE_TARGET)
    lines.append(
        f"{_light(status)} “6+X”产业绿色占比  {figures.percent(share['numerator'], share['denominator'])}"
        f"  目标 ≥ {figures.number(share['target_percent'])}%  {_share_gap(share)}"
    )
    status = views.goal_status(marts, month, views.NATIONAL_TARGET)
    gap = "" if national["is_met"] else f"  还差 {figures.number(national['gap'])} 家"
    lines.append(
        f"{_light(status)} 国家级绿色工厂        {national['factories']} 家"
        f"  目标 ≥ {figures.number(national['target'])} 家{gap}  读法：{views.READINGS[national['reading']]}"
    )
    lines += ["", _targets_line(marts, month), _rows_line(marts)]
    return "\n".join(lines)


def _share_gap(share: Row) -> str:
    if share["is_met"] is None:
        return "无法判断：没有产值数据"
    return "已达到" if share["is_met"] else f"还差绿色产值 {figures.money(share['gap'])}"


def _targets_line(marts: Marts, month: Any) -> str:
    rows = views.of_month(marts, "mart.plan_progress", month)
    counts = {status: sum(row["status"] == status for row in rows) for status in views.STATUSES}
    told = "，".join(f"{views.STATUSES[status][0]} {count}" for status, count in counts.items() if count)
    return f"全部规划指标 {len(rows)} 项：{told}"


def _rows_line(marts: Marts) -> str:
    quality = _quality(marts)
    told = "，".join(f"{views.FATES[fate]} {quality[fate]:,}" for fate in views.FATES)
    return f"收到数据 {quality['rows_in']:,} 行：{told}"


def _quality(marts: Marts) -> dict[str, int]:
    frame = marts["mart.quality_month"]
    return {name: int(frame[name].sum() or 0) for name in ("rows_in", *views.FATES)}


def _light(status: str) -> str:
    word, colour = views.STATUSES[status]
    return f"{_MARKS[colour]} {word}"
