"""月度简报 | The monthly brief: a page of text a leader reads in two minutes."""

from __future__ import annotations

from pipelines.reports import certainty, charts, figures, inventory, views, words
from pipelines.reports.escaping import markdown
from pipelines.reports.facts import ReleaseFacts
from pipelines.reports.standing import standing_lines
from pipelines.reports.views import Marts, Row

_RANKED = 3
_SMALL = "※"


def brief_text(marts: Marts, facts: ReleaseFacts) -> str:
    """The brief of a release, as Markdown. Names from files are shown as they are and mean nothing to Markdown."""
    parts = [
        _head(facts),
        _goals(marts, facts),
        _clusters(marts, facts),
        _energy(marts, facts),
        _targets(marts, facts),
        _coverage(marts, facts),
        _reading(facts),
    ]
    return "\n\n".join(parts) + "\n"


def _head(facts: ReleaseFacts) -> str:
    return (
        f"# 绿色制造月度简报（{facts.through.year} 年 {facts.through.month} 月）\n\n"
        f"发布 {facts.release_id}　知识日期 {facts.as_of}　核算口径 {markdown(facts.purpose_zh)}"
    )


def _goals(marts: Marts, facts: ReleaseFacts) -> str:
    share = views.headline_share(marts, facts.month)
    national = views.headline_national(marts, facts.month)
    names = views.national_members(marts, facts.month, national["reading"])
    listed = "、".join(markdown(row["name"] or row["factory_id"]) for row in names)
    return (
        "## 一、两项目标\n\n"
        f"1. **“6+X”产业绿色占比{_share_words(share)}**。{_share_detail(share)}\n"
        f"2. **国家级绿色工厂 {national['factories']} 家**，{_national_verdict(national)}"
        f"（{words.READINGS[national['reading']]}）。{f'名单：{listed}。' if names else ''}{_other_readings(marts, facts)}"
    )


def _share_words(share: Row) -> str:
    if share["is_met"] is None:
        return "无法判断"
    return " " + figures.percent(share["numerator"], share["denominator"], against=share["target_percent"])


def _share_detail(share: Row) -> str:
    if share["is_met"] is None:
        return "没有可用的产值数据，占比没有分母。"
    target = f"{figures.number(share['target_percent'])}%"
    parts = f"绿色部分 {figures.amount(share['numerator'], share['unit'])}，全部 {figures.amount(share['denominator'], share['unit'])}"
    if share["is_met"]:
        return f"达到 {target} 的目标。{parts}（年初累计）。"
    return (
        f"未达到 {target} 的目标，还差 {figures.lacking(share['gap'], share['unit'])}。{parts}（年初累计）。"
    )


def _national_verdict(national: Row) -> str:
    target = f"{figures.number(national['target'])} 家的目标"
    if national["is_met"]:
        return f"达到 {target}"
    return f"未达到 {target}，还差 {figures.number(national['gap'])} 家"


def _other_readings(marts: Marts, facts: ReleaseFacts) -> str:
    rows = views.of_month(marts, "mart.national_green_factory", facts.month)
    told = "；".join(
        f"{words.READINGS[row['reading']]} {row['factories']} 家" for row in rows if not row["is_headline"]
    )
    return f"其他读法：{told}。" if told else ""


def _clusters(marts: Marts, facts: ReleaseFacts) -> str:
    variant = views.headline_share(marts, facts.month)["cluster_variant"]
    rows = views.clusters(marts, facts.month, variant)
    title = "## 二、各产业集群（年初累计）\n\n"
    if not rows:
        return f"{title}没有 6+X 规上企业。"
    head = (
        "| 集群 | 绿色产值（亿元） | 产值（亿元） | 占比 | 绿色工厂／企业（家） |\n|---|---:|---:|---:|---:|"
    )
    return "\n".join(
        [f"{title}{head}", *map(_cluster_line, rows), "", "※ 只涉及一两家企业，对外公开时应隐去。"]
    )


def _cluster_line(row: Row) -> str:
    marked = charts.small_cells(row)
    green, whole = figures.yi(row["green_output_ytd_cny"]), figures.yi(row["output_ytd_cny"])
    share = figures.percent(row["green_output_ytd_cny"], row["output_ytd_cny"])
    cells = [
        row["cluster_zh"],
        f"{_SMALL if marked['green'] else ''}{green}",
        f"{_SMALL if marked['whole'] else ''}{whole}",
        f"{_SMALL if any(marked.values()) else ''}{share}",
        f"{row['green_factories']}／{row['factories']}",
    ]
    return f"| {' | '.join(cells)} |"


def _energy(marts: Marts, facts: ReleaseFacts) -> str:
    now = views.district_of(marts, facts.purpose, facts.month)
    sure = certainty.district(marts, facts.purpose, facts.month)
    missing = certainty.coverage(sure)
    return "\n".join(
        [
            "## 三、能耗与排放",
            "",
            f"- 当月二氧化碳排放 {figures.number(now['co2_t'], 0)} 吨，"
            f"同比{_said(figures.co2_year_on_year(now))}，"
            f"环比{_said(figures.co2_month_on_month(now))}；"
            f"其中直接 {figures.number(now['co2_direct_t'], 0)} 吨，间接 {figures.number(now['co2_indirect_t'], 0)} 吨。",
            f"- 上述排放的不确定度 {certainty.plus_minus(sure)}；数据质量（1 最好，5 最差）：{certainty.quality(sure)}。"
            f"{missing + '。' if missing else ''}",
            f"- 当月综合能耗（当量值）{figures.number(now['coal_tce'], 0)} 吨标准煤，"
            f"同比{_said(figures.year_on_year(now['coal_tce'], now['coal_same_month_last_year_tce']))}，"
            f"环比{_said(figures.month_on_month(now['coal_tce'], now['coal_previous_month_tce']))}；等价值{_generation(now)}。",
            *_whole(marts, facts),
            *_leaders(marts, facts),
        ]
    )


def _whole(marts: Marts, facts: ReleaseFacts) -> list[str]:
    """The whole inventory in one line; none for a release without it."""
    total = inventory.totals(inventory.of_month(marts, facts.purpose, facts.month))
    if total["counted_t"] is None:
        return []
    sure = certainty.whole(marts, facts.purpose, facts.month)
    missing = certainty.coverage(sure)
    return [
        f"- 温室气体清单（全部气体，含过程与逸散，GWP 取 {total['gwp_edition']}）{figures.number(total['counted_t'], 0)} 吨二氧化碳当量"
        f" {certainty.plus_minus(sure)}；数据质量：{certainty.quality(sure)}。{missing + '。' if missing else ''}"
    ]


def _generation(now: Row) -> str:
    """等价值 with its unit, or that none was supplied and why."""
    value = certainty.generation(now)
    if isinstance(value, str):
        return f"{value}（没有主管部门采用的电力等价折标系数）"
    return f" {figures.number(value, 0)} 吨标准煤"


def _said(change: str) -> str:
    """A change, or in brackets why there is none."""
    return f" {change}" if change.endswith("%") else f"（{change}）"


def _leaders(marts: Marts, facts: ReleaseFacts) -> list[str]:
    lines = []
    for dimension in ("town", "park"):
        rows = views.ranking(marts, dimension, facts.month.year)[:_RANKED]
        told = "、".join(
            f"{markdown(row['key_zh'] or row['key'])}（{figures.number(row['co2_t'], 0)} 吨）" for row in rows
        )
        if told:
            lines.append(f"- 年初以来排放较大的{words.DIMENSIONS[dimension]}：{told}。")
    return lines


def _targets(marts: Marts, facts: ReleaseFacts) -> str:
    counts = views.status_counts(marts, facts.month)
    told = "，".join(f"{words.LIGHTS[status].word} {count} 项" for status, count in counts.items())
    rows = views.of_month(marts, "mart.plan_progress", facts.month)
    short = [
        f"- {views.target_light(row).word}：{markdown(row['text_zh'])}"
        for row in rows
        if row["status"] in ("near", "short")
    ]
    return "\n".join(
        [f"## 四、规划指标\n\n共 {sum(counts.values())} 项：{told}。", *(["", *short] if short else [])]
    )


def _coverage(marts: Marts, facts: ReleaseFacts) -> str:
    now = views.district_of(marts, facts.purpose, facts.month)
    share = views.headline_share(marts, facts.month)
    held = facts.rows.get("held", 0)
    lines = [
        f"- 当月应报 {now['factories_expected']} 家，有准入数据 {now['factories_reporting']} 家，暂挂 {now['held_lines']} 行；"
        f"6+X 规上企业中 {share['factories_without_output']} 家本年没有产值数据。",
        *([f"- 全部月份尚有 {held:,} 行暂挂待处理，处理后有关数字可能变化。"] if held else []),
        *[f"- {markdown(line)}" for line in standing_lines(facts.standing)],
        *[f"- 请注意：{markdown(note)}" for note in facts.notes],
    ]
    return "\n".join(["## 五、数据情况", "", *lines])


def _reading(facts: ReleaseFacts) -> str:
    return (
        f"> 占比定义：{words.SHARE_FORMULAS['output']}；规划未给公式，其他读法见工作簿。"
        f"各数按全部小数位计算，显示时四舍五入。任何一个数都可追溯：`greenledger explain green_share/{facts.through}`。"
    )
