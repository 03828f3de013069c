"""An explanation's steps, lines, sources and conditions as tables, for terminal and card alike."""

from __future__ import annotations

from pipelines.reports.explain.shapes import Explanation, Gate, Line, Section, Source, Step, shown

_MOST_STEPS = 24
_MOST_GATES = 12


def sections_of(screen: Explanation) -> list[Section]:
    """Every table of a screen in reading order; empty ones left out."""
    found = [
        _steps(screen),
        *screen.sections,
        _lines(screen),
        _sources(screen),
        _gates(screen),
    ]
    return [section for section in found if section.rows]


def _steps(screen: Explanation) -> Section:
    """The computation; of a long one those that differ come first and the rest is counted."""
    steps = list(screen.steps)
    title = "逐步复算"
    if len(steps) > _MOST_STEPS:
        differing = [step for step in steps if not step.agrees]
        kept = (differing + [step for step in steps[-_MOST_STEPS:] if step.agrees])[:_MOST_STEPS]
        title = f"逐步复算（共 {len(steps)} 步，列出 {len(kept)} 步；全部见 --json）"
        steps = kept
    return Section(title, ("步骤", "算式", "复算", "存储值", "单位", "结果"), [_step(step) for step in steps])


def _step(step: Step) -> tuple[str, ...]:
    if not step.place:
        return step.name, step.expression, shown(step.value), "", step.unit, ""
    verdict = "一致" if step.agrees else "不一致"
    return step.name, step.expression, shown(step.value), shown(step.stored), step.unit, verdict


def _lines(screen: Explanation) -> Section:
    return Section(
        "来源行（原文照录）",
        ("文件", "回执", "行号", "收到", "行文（原文）"),
        [_line(row) for row in screen.lines],
    )


def _line(row: Line) -> tuple[str, ...]:
    return row.filename, row.receipt_id, str(row.line_no), str(row.received_on or ""), row.text


def _sources(screen: Explanation) -> Section:
    header = ("数值", "文件原值", "文件（文号）", "公布日", "适用期", "可信度", "因子编号（规则文件:行）")
    return Section("因子出处", header, [_source(row) for row in screen.sources])


def _source(row: Source) -> tuple[str, ...]:
    interval = f"{row.valid_from or '…'} 至 {row.valid_to or '…'}" if row.valid_from or row.valid_to else ""
    return (
        row.what,
        f"{row.value_text} {row.unit_text}".strip(),
        f"{row.title}（{row.document_number}）" if row.document_number else row.title,
        str(row.published_on or "不详"),
        interval,
        row.confidence,
        f"{row.factor_id}（{row.place.removeprefix('emission_factors/')}）" if row.factor_id else row.place,
    )


def _gates(screen: Explanation) -> Section:
    gates = sorted(screen.gates, key=lambda gate: gate.holds)[:_MOST_GATES]
    return Section("取用条件（重新核对）", ("条件", "成立", "依据"), [_gate(gate) for gate in gates])


def _gate(gate: Gate) -> tuple[str, ...]:
    return gate.name, "是" if gate.holds else "否", gate.detail
