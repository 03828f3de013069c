"""The columns of every sheet of the workbook, each with its unit."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.reports import certainty, words


class Column(NamedTuple):
    """One column. ``key`` names the value in a row; ``kind`` says how the value is shown."""

    key: str
    title: str
    kind: str = "text"


_FACTORY = (Column("factory_id", "统一社会信用代码"), Column("name", "企业名称"))
_OUTPUT_YTD = Column("output_ytd_cny", "产值 年初累计（元）", "money")
_FATE_COLUMNS = tuple(Column(key, f"{name}（行）", "count") for key, name in words.FATES.items())
GOALS = (
    Column("goal", "目标"),
    Column("reading", "读法"),
    Column("is_headline", "采用"),
    Column("numerator", "分子或家数", "amount"),
    Column("denominator", "分母", "amount"),
    Column("unit", "单位"),
    Column("share", "占比（%）", "share"),
    Column("target", "目标值"),
    Column("verdict", "结果"),
    Column("gap", "差额（同单位）", "amount"),
    Column("factories_without_output", "本年无产值数据（家）", "count"),
)
CLUSTERS = (
    Column("variant", "产业范围"),
    Column("cluster", "集群代码"),
    Column("cluster_zh", "集群"),
    Column("green_output_ytd_cny", "绿色产值 年初累计（元）", "money"),
    _OUTPUT_YTD,
    Column("share", "占比（%）", "share"),
    Column("green_factories", "绿色工厂（家）", "count"),
    Column("factories", "企业（家）", "count"),
    Column("factories_without_output", "本年无产值数据（家）", "count"),
    Column("suppress", "对外公开时隐去"),
)
MEMBERS = (
    *_FACTORY,
    Column("cluster_zh", "集群"),
    Column("is_in_b6", "属六个集群"),
    Column("is_green", "绿色工厂"),
    Column("level", "称号级别"),
    _OUTPUT_YTD,
    Column("months_reported", "已报月数（月）", "count"),
)
GREEN_FACTORIES = (
    *_FACTORY,
    Column("level", "级别"),
    Column("award_cycle", "批次年度", "year"),
    Column("published_on", "公布日期", "date"),
    Column("removed_on", "移出日期", "date"),
    Column("document_no", "文号"),
    Column("cluster", "集群代码"),
    Column("is_6x_above_scale", "计入绿色占比"),
    _OUTPUT_YTD,
    Column("national", "计入国家级家数（采用读法）"),
)
MONTHS = (
    Column("month", "月份", "month"),
    Column("purpose_zh", "核算口径"),
    Column("co2_direct_t", "直接排放（t CO2）", "amount"),
    Column("co2_indirect_t", "间接排放（t CO2）", "amount"),
    Column("co2_t", "排放合计（t CO2）", "amount"),
    Column("half_width", "排放 ±（95 %，占排放）", "share"),
    *(Column(f"tier_{tier}", f"数据质量 {tier} 档（占排放）", "share") for tier in certainty.TIERS),
    Column("lowest_tier", "最低数据质量（档）", "count"),
    Column("co2_year", "排放同比"),
    Column("co2_month", "排放环比"),
    Column("coal_tce", "综合能耗 当量值（tce）", "amount"),
    Column("coal_year", "能耗同比"),
    Column("coal_month", "能耗环比"),
    Column("coal_generation_tce", "综合能耗 等价值（tce）", "amount"),
    Column("media_tce", "外购耗能工质（tce）", "amount"),
    Column("total_tce", "综合能耗 当量值，含外购工质（tce）", "amount"),
    Column("energy_gj", "热量（GJ）", "amount"),
    Column("output_value_cny", "工业总产值（元）", "money"),
    Column("factories_reporting", "有准入数据（家）", "count"),
    Column("factories_expected", "应报（家）", "count"),
    Column("held_lines", "暂挂（行）", "count"),
    Column("uses_without_factor", "无可用因子（项）", "count"),
    Column("is_provisional", "含暂用因子"),
    Column("rebased_note", "按新依据重算"),
)
INVENTORY = (
    Column("month", "月份", "month"),
    Column("purpose_zh", "核算口径"),
    Column("gwp_edition", "GWP 版本"),
    Column("category_zh", "类别"),
    Column("gas_zh", "气体"),
    Column("mass_t", "排放（t 该气体）", "amount"),
    Column("co2e_t", "二氧化碳当量（t CO2e）", "amount"),
    Column("counted_zh", "是否计入合计"),
    Column("unknown_rows", "未知（项）", "count"),
    Column("is_provisional", "含暂用因子"),
)
RANKING = (
    Column("dimension_zh", "维度"),
    Column("year", "年度", "year"),
    Column("rank_by_co2", "排放名次", "count"),
    Column("key", "代码或名称"),
    Column("key_zh", "名称"),
    Column("co2_t", "排放（t CO2）", "amount"),
    Column("coal_tce", "综合能耗 当量值（tce）", "amount"),
    Column("output_value_cny", "工业总产值（元）", "money"),
    Column("coal_rate", "单位产值综合能耗（tce/万元）", "amount"),
    Column("co2_rate", "单位产值排放（t CO2/万元）", "amount"),
    Column("compared_output_cny", "其分母：三项俱全的企业月产值（元）", "money"),
    Column("factories", "企业（家）", "count"),
    Column("suppress", "对外公开时隐去"),
)
FACTORY_MONTHS = (
    *_FACTORY,
    Column("month", "月份", "month"),
    Column("town", "街镇"),
    Column("park", "园区"),
    Column("industry_code", "行业代码"),
    Column("industry_zh", "行业大类"),
    Column("cluster_zh", "集群"),
    Column("is_above_scale", "规上"),
    Column("co2_direct_t", "直接排放（t CO2）", "amount"),
    Column("co2_indirect_t", "间接排放（t CO2）", "amount"),
    Column("co2_t", "排放合计（t CO2）", "amount"),
    Column("coal_tce", "综合能耗 当量值（tce）", "amount"),
    Column("coal_generation_tce", "综合能耗 等价值（tce）", "amount"),
    Column("energy_gj", "热量（GJ）", "amount"),
    Column("electricity_mwh", "用电量（MWh）", "amount"),
    Column("green_power_mwh", "绿电绿证（MWh）", "amount"),
    Column("output_value_cny", "工业总产值（元）", "money"),
    Column("value_added_cny", "工业增加值（元）", "money"),
    Column("held_lines", "暂挂（行）", "count"),
)
TARGETS = (
    Column("target_id", "编号"),
    Column("text_zh", "目标", "wrapped"),
    Column("section_zh", "出处", "wrapped"),
    Column("comparator_zh", "比较"),
    Column("target_value", "目标值", "amount"),
    Column("target_value_max", "目标上限", "amount"),
    Column("unit", "单位"),
    Column("actual", "实际值（占比为分子）", "amount"),
    Column("actual_denominator", "分母", "amount"),
    Column("share", "占比（%）", "share"),
    Column("missing", "尚差", "amount"),
    Column("status_zh", "状态"),
    Column("reported_month", "数据月份", "month"),
    Column("source", "来源", "wrapped"),
)
EVALUATIONS = (
    *_FACTORY,
    Column("year", "评价年度", "year"),
    Column("verdict_zh", "结论"),
    Column("gates_met", "门槛满足（条）", "count"),
    Column("gates_failed", "门槛不满足（条）", "count"),
    Column("gates_unknown", "门槛未报（条）", "count"),
    Column("indicators_passed", "指标满足（条）", "count"),
    Column("indicators_failed", "指标不满足（条）", "count"),
    Column("indicators_unknown", "指标不可评（条）", "count"),
    Column("pass_mark", "合格分", "amount"),
    Column("rule_set", "标准"),
    Column("veto_set", "否决情形"),
)
CRITERIA = (
    *_FACTORY,
    Column("year", "评价年度", "year"),
    Column("kind_zh", "类别"),
    Column("name_zh", "条目", "wrapped"),
    Column("verdict_zh", "结论"),
    Column("value", "报送值", "amount"),
    Column("reported_unit", "报送单位"),
    Column("comparator_zh", "比较"),
    Column("threshold", "阈值", "amount"),
    Column("unit", "阈值单位"),
    Column("threshold_source", "阈值出处"),
    Column("certainty_zh", "确定程度"),
    Column("distance", "优于阈值", "amount"),
    Column("reason", "不可评的原因", "wrapped"),
    Column("criterion", "指标代码"),
)
QUALITY = (
    Column("month", "月份", "month"),
    Column("contract_zh", "报表"),
    Column("submissions", "报送（件）", "count"),
    Column("rows_in", "收到（行）", "count"),
    *_FATE_COLUMNS,
)
LATE = (*_FACTORY, Column("month", "月份", "month"), Column("town", "街镇"), Column("reason_zh", "原因"))
