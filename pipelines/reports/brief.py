"""月度简报 | The monthly brief: a page of text a leader reads in two minutes."""

from __future__ import annotations

from pipelines.reports import figures, views
from pipelines.reports.facts import ReleaseFacts
from pipelines.reports.views import Marts


def brief_text(marts: Marts, facts: ReleaseFacts) -> str:
    """The brief of a release, as Markdown."""
    month = facts.month
    share = views.headline_share(marts, month)
    national = views.headline_national(marts, month)
    names = views.national_members(marts, month, national["reading"])
    now = next(row for row in views.district(marts, facts.purpose) if row["month"] == month)
    share_verdict = {True: "已达到", False: "尚未达到", None: "无法判断是否达到"}[share["is_met"]]
    lines = [
        f"# 绿色制造月度简报（{facts.through.year} 年 {facts.through.month} 月）",
        "",
        f"发布 {facts.release_id}，数据与因子截至 {facts.as_of}，核算口径：{facts.purpose_zh}。",
        "",
        "## 两项目标",
        "",
        f"- “6+X”产业绿色占比 {figures.percent(share['numerator'], share['denominator'])}（年初累计），"
        f"{share_verdict}目标 {figures.number(share['target_percent'])}%："
        f"绿色产值 {figures.money(share['numerator'])}，全部产值 {figures.money(share['denominator'])}"
        + ("" if share["is_met"] else f"，还差 {figures.money(share['gap'])}")
        + "。",
        f"- 国家级绿色工厂 {national['factories']} 家（{views.READINGS[national['reading']]}），"
        f"{'已达到' if national['is_met'] else '尚未达到'}目标 {figures.number(national['target'])} 家。"
        + "、".join(str(row["name"] or row["factory_id"]) for row in names)
        + ("。" if names else ""),
        "",
        "## 能耗与排放",
        "",
        f"- 当月二氧化碳排放 {figures.number(now['co2_t'], 0)} 吨，"
        f"同比 {figures.change(now['co2_t'], now['co2_same_month_last_year_t'])}，"
        f"环比 {figures.change(now['co2_t'], now['co2_previous_month_t'])}。",
        f"- 当月综合能耗（当量值）{figures.number(now['coal_tce'], 0)} 吨标准煤，"
        f"同比 {figures.change(now['coal_tce'], now['coal_same_month_last_year_tce'])}，"
        f"环比 {figures.change(now['coal_tce'], now['coal_previous_month_tce'])}。",
        "",
        "## 数据情况",
        "",
        f"- 应报 {now['factories_expected']} 家，已有准入数据 {now['factories_reporting']} 家，"
        f"当月暂挂 {now['held_lines']} 行；绿色占比中 {share['factories_without_output']} 家企业本年没有产值数据。",
        *[f"- 请注意：{note}" for note in facts.notes],
        "",
    ]
    return "\n".join(lines)
