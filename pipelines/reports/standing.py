"""发布状态的话 | What the pages say of frozen, preliminary and restated months: the same sentences everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipelines.reports import figures
from pipelines.reports.facts import Standing

_COLUMNS = {
    "co2_t": ("二氧化碳", " 吨"),
    "coal_tce": ("综合能耗", " 吨标准煤"),
    "numerator": ("绿色占比的绿色部分", ""),
    "denominator": ("绿色占比的全部", ""),
    "factories": ("国家级绿色工厂", " 家"),
}
_MOST_TOLD = 12


def standing_lines(standing: Standing) -> list[str]:
    """One sentence each: frozen and preliminary months, every restatement, what waits. Plain text, not escaped."""
    lines = []
    if standing.factors:
        lines.append(f"因子发布 {standing.factors}；已冻结 {standing.frozen} 个月，其数字只能通过重述改变。")
    if standing.preliminary:
        lines.append(f"初步：{_months(standing.preliminary)} 尚未过封账日，重算时可能变动。")
    lines += [_restatement(said) for said in standing.restatements]
    lines += _waiting(standing)
    return lines


def _restatement(said: Mapping[str, Any]) -> str:
    figures_told = _figures(said.get("district", ()))
    return (
        f"重述：{_months(said['months'])}，{said['on']}，批准人 {said['approver']}，理由：{said['reason']}"
        f"（发布 {said['release']}）。{figures_told or '主要数字不变，变动的数字见该发布的 restatement.json。'}"
    )


def _waiting(standing: Standing) -> list[str]:
    if not (standing.pending_figures or standing.set_aside_lines or standing.set_aside_decisions):
        return []
    aside = [
        f"{count} {what}"
        for count, what in (
            (standing.set_aside_lines, "行封账后报送的数据"),
            (standing.set_aside_decisions, "个封账后作出的决定"),
        )
        if count
    ]
    told = [f"待重述：{'、'.join(aside)}未计入已冻结月份。"] if aside else []
    if standing.pending_figures:
        told.append(
            f"待重述：按今天已知的数据和因子，{_months(standing.pending_months)} 有 {standing.pending_figures} 个数字会变"
            f"（明细见 pending.json）；本发布仍为原公布数。{_figures(standing.pending)}"
        )
    return told


def _figures(lines: Iterable[Mapping[str, Any]]) -> str:
    """The district's figures old and new, in one sentence; empty when none changed."""
    told = []
    for line in lines:
        name, unit = _COLUMNS[line["column"]]
        old, new = _shown(line["old"]), _shown(line["new"])
        told.append(f"{line['month']} 全区{name} {old} → {new}{unit}")
    more = f"；另有 {len(told) - _MOST_TOLD} 项" if len(told) > _MOST_TOLD else ""
    return "；".join(told[:_MOST_TOLD]) + more + ("。" if told else "")


def _shown(text: str | None) -> str:
    return figures.number(Decimal(text) if text is not None else None, 6)


def _months(months: Sequence[str]) -> str:
    ordered = sorted(months)
    if len(ordered) <= _MOST_TOLD:
        return "、".join(ordered)
    return f"{ordered[0]} 至 {ordered[-1]} 间 {len(ordered)} 个月"
