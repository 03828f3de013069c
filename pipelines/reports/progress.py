"""进展 | Both goals and every target of the plan, for the terminal and for programs."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pipelines.reports import certainty, figures, views, words
from pipelines.reports.escaping import one_line
from pipelines.reports.facts import ReleaseFacts
from pipelines.reports.views import Marts, Row

_TARGET_WIDTH = 52


def progress(marts: Marts, facts: ReleaseFacts | None = None) -> dict[str, Any]:
    """JSON values: the two goals with their readings, all targets, rows by fate; with *facts* the release as well.

    Shares are 0-1. Numbers with decimals are text, so that no digit is lost on the way; unknown is null.
    """
    month = views.latest_month(marts) if facts is None else facts.month
    said: dict[str, Any] = {
        "month": f"{month:%Y-%m}",
        "green_share": _share(marts, month),
        "national_green_factories": _national(marts, month),
        "targets": views.of_month(marts, "mart.plan_progress", month),
        "quality": views.rows_by_fate(marts),
    }
    if facts is not None:
        said |= {
            "release": facts.release_id,
            "as_of": facts.as_of,
            "purpose": facts.purpose,
            "emissions": certainty.as_json(certainty.district(marts, facts.purpose, month)),
            "files": dict(facts.files),
            "rows": dict(facts.rows),
            "notes": list(facts.notes),
        }
    return {name: _jsonable(value) for name, value in said.items()}


def progress_text(marts: Marts, facts: ReleaseFacts | None = None) -> str:
    """The two goals, all quantified targets, the counts by fate; in Chinese, for a terminal.

    With *facts* also the month's emissions with their half-width, and how many files came.
    """
    month = views.latest_month(marts) if facts is None else facts.month
    return "\n".join(
        [
            f"截至 {month:%Y-%m}",
            "",
            _share_line(marts, month),
            _national_line(marts, month),
            "",
            _counts_line(marts, month),
            *_target_lines(marts, month),
            "",
            *(_emission_lines(marts, facts) if facts else []),
            *([_files_line(facts.files)] if facts else []),
            _rows_line(marts),
            "",
            f"追溯任何一个数：greenledger explain progress/{month:%Y-%m}（全部数字名称：greenledger explain --list）",
        ]
    )


def _share(marts: Marts, month: date) -> Row:
    share = views.headline_share(marts, month)
    return {
        "figure": f"green_share/{month:%Y-%m}",
        "numerator_cny": share["numerator"] if share["unit"] == "CNY" else None,
        "denominator_cny": share["denominator"] if share["unit"] == "CNY" else None,
        "share": figures.ratio(share["numerator"], share["denominator"], 6),
        "target_percent": share["target_percent"],
        "is_met": share["is_met"],
        "gap_cny": share["gap"] if share["unit"] == "CNY" else None,
        "status": views.goal_status(marts, month, views.SHARE_TARGET),
        "factories_without_output": share["factories_without_output"],
        "readings": views.of_month(marts, "mart.green_share", month),
    }


def _national(marts: Marts, month: date) -> Row:
    national = views.headline_national(marts, month)
    return {
        "figure": f"national_green_factories/{month:%Y-%m}",
        "factories": national["factories"],
        "target": national["target"],
        "reading": national["reading"],
        "is_met": national["is_met"],
        "gap": national["gap"],
        "status": views.goal_status(marts, month, views.NATIONAL_TARGET),
        "readings": views.of_month(marts, "mart.national_green_factory", month),
        "names": views.national_members(marts, month, national["reading"]),
    }


def _share_line(marts: Marts, month: date) -> str:
    share = views.headline_share(marts, month)
    shown = figures.percent(share["numerator"], share["denominator"], against=share["target_percent"])
    target = f"目标 ≥ {figures.number(share['target_percent'])}%"
    light = views.goal_light(marts, month, views.SHARE_TARGET)
    return _goal_line(light, "“6+X”产业绿色占比", shown, target, _share_gap(share))


def _share_gap(share: Row) -> str:
    if share["is_met"] is None:
        return "没有可用的分母"
    what = "绿色产值 " if share["unit"] == "CNY" else ""
    return "" if share["is_met"] else f"还差 {what}{figures.lacking(share['gap'], share['unit'])}"


def _national_line(marts: Marts, month: date) -> str:
    national = views.headline_national(marts, month)
    gap = "" if national["is_met"] else f"还差 {figures.number(national['gap'])} 家　"
    target = f"目标 ≥ {figures.number(national['target'])} 家"
    light = views.goal_light(marts, month, views.NATIONAL_TARGET)
    reading = f"{gap}读法：{words.READINGS[national['reading']]}"
    return _goal_line(light, "国家级绿色工厂", f"{national['factories']} 家", target, reading)


def _goal_line(light: words.Light, name: str, value: str, target: str, rest: str) -> str:
    return f"{_padded(_lamp(light), 12)}{_padded(name, 22)}{_padded(value, 10)}{_padded(target, 15)}{rest}".rstrip()


def _counts_line(marts: Marts, month: date) -> str:
    counts = views.status_counts(marts, month)
    told = "，".join(f"{words.LIGHTS[status].word} {count}" for status, count in counts.items())
    return f"全部规划指标 {sum(counts.values())} 项：{told}"


def _target_lines(marts: Marts, month: date) -> list[str]:
    """One line a target with a number, also where the plan states it twice; the directional ones are only counted."""
    rows = views.of_month(marts, "mart.plan_progress", month)
    return [_target_line(row) for row in rows if row["kind"] == "quantified" and not row["repeats_target_id"]]


def _target_line(row: Row) -> str:
    light = _padded(_lamp(views.target_light(row)), 12)
    text = _padded(_cut(one_line(row["text_zh"]), _TARGET_WIDTH), _TARGET_WIDTH + 2)
    if row["actual"] is None:
        return f"  {light}{text}".rstrip()
    if row["actual_denominator"] is not None:
        share = figures.percent(row["actual"], row["actual_denominator"], against=row["target_value"])
        return f"  {light}{text}{share}"
    missing = views.shortfall(row)
    gap = "" if missing is None else f"，还差 {figures.lacking(missing, row['unit'])}"
    return f"  {light}{text}{figures.with_unit(row['actual'], row['unit'])}{gap}"


def _emission_lines(marts: Marts, facts: ReleaseFacts) -> list[str]:
    """The district's emissions of the month, how sure they are, and the quality they rest on."""
    now = views.district_of(marts, facts.purpose, facts.month)
    sure = certainty.district(marts, facts.purpose, facts.month)
    missing = certainty.coverage(sure)
    return [
        f"全区排放 {figures.number(now['co2_t'], 0)} t CO2 {certainty.plus_minus(sure)}　口径：{one_line(facts.purpose_zh)}",
        f"数据质量（1 最好，5 最差）：{certainty.quality(sure)}{'；' + missing if missing else ''}",
        "",
    ]


def _files_line(files: Mapping[str, int]) -> str:
    told = "，".join(f"{words.OUTCOMES.get(key, key)} {count:,}" for key, count in sorted(files.items()))
    return f"收到文件 {sum(files.values()):,} 件：{told}"


def _rows_line(marts: Marts) -> str:
    counts = views.rows_by_fate(marts)
    told = "，".join(f"{name} {counts[fate]:,}" for fate, name in words.FATES.items())
    return f"收到数据 {counts['rows_in']:,} 行：{told}"


def _lamp(light: words.Light) -> str:
    return f"{light.shape} {light.word}"


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def _padded(text: str, columns: int) -> str:
    """*text* followed by spaces up to *columns* terminal columns; a Chinese character takes two."""
    return text + " " * max(1, columns - _columns(text))


def _cut(text: str, columns: int) -> str:
    while _columns(text) > columns:
        text = text[:-2] + "…"
    return text


def _jsonable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _jsonable(part) for name, part in value.items()}
    return [_jsonable(part) for part in value] if isinstance(value, list) else value
