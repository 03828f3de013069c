"""An explanation's steps, lines, sources and conditions as tables, for terminal and card alike."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.reports.explain.shapes import Explanation, Gate, Line, Section, Source, Step, Value, shown

MOST_STEPS = 24
_MOST_GATES = 12
_LONG = 44


def sections_of(screen: Explanation, most_steps: int = MOST_STEPS) -> list[Section]:
    """Every table of a screen in reading order; empty ones left out."""
    found = [
        _steps(screen, most_steps),
        *screen.sections,
        _lines(screen),
        _sources(screen),
        _gates(screen),
    ]
    return [section for section in found if section.rows]


def _steps(screen: Explanation, most: int) -> Section:
    """The computation. Of a long one those that differ come first, then the last ones: the sums asked for."""
    shown_steps = _paired(screen.steps)
    title = "逐步复算"
    if len(shown_steps) > most:
        differing = [pair for pair in shown_steps if not pair[0].agrees]
        agreeing = [pair for pair in shown_steps if pair[0].agrees]
        kept = differing[:most] + agreeing[len(agreeing) - max(most - len(differing), 0) :]
        title = f"逐步复算（共 {len(shown_steps)} 步，列出 {len(kept)} 步；全部见 --json）"
        shown_steps = kept
    rows = [_step(step, is_published=is_published) for step, is_published in shown_steps]
    return Section(title, ("步骤", "算式", "复算", "存储值", "单位", "结果"), rows)


def _paired(steps: Sequence[Step]) -> list[tuple[Step, bool]]:
    """Steps, each with whether the published mart says the same; that comparison then needs no row of its own."""
    found: list[tuple[Step, bool]] = []
    for step in steps:
        is_same = bool(found) and step.is_published and step.agrees and found[-1][0].agrees
        if is_same and step.name.startswith(found[-1][0].name):
            found[-1] = (found[-1][0], True)
        else:
            found.append((step, False))
    return found


def _step(step: Step, *, is_published: bool) -> tuple[str, ...]:
    if not step.place:
        return step.name, step.expression, _cell(step, step.value), "", step.unit, ""
    verdict = ("一致，发布同" if is_published else "一致") if step.agrees else "不一致"
    cells = _cell(step, step.value), _cell(step, step.stored)
    return step.name, step.expression, *cells, step.unit, verdict


def _cell(step: Step, value: Value) -> str:
    """A value; a long list that agrees is cut, one that differs is not."""
    text = shown(value, step.absent)
    return text if len(text) <= _LONG or not step.agrees else f"{text[:_LONG]}…"


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
