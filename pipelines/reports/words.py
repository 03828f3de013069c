"""What codes of the marts are called in Chinese on every page. Closed lists; a name a steward may change is data.

Lights carry a word and a shape beside their colour, so that they can be read in print and without colour.
"""

from __future__ import annotations

from typing import NamedTuple


class Light(NamedTuple):
    """红黄绿灯 | A status as a word, a colour name and a shape."""

    word: str
    colour: str
    shape: str


LIGHTS = {
    "met": Light("达到", "green", "●"),
    "near": Light("接近", "amber", "▲"),
    "short": Light("差距较大", "red", "■"),
    "unknown": Light("未报送", "grey", "○"),
    "directional": Light("定性目标", "grey", "○"),
}
# A goal the ledger computes itself is not "not reported" when it is unknown.
UNJUDGED = Light("无法判断", "grey", "○")

READINGS = {
    "new_by_cycle": "规划期内新创建（按批次年度）",
    "new_by_publication": "规划期内新创建（按公布日期）",
    "stock_by_cycle": "期末存量（按批次年度）",
    "stock_by_publication": "期末存量（按公布日期）",
}
DEFINITIONS = {"output": "产值占比", "count": "企业数占比"}
VARIANTS = {"a9": "规划所列九个集群", "b6": "2024 年表述的六个集群"}
LEVELS = {"national": "国家级", "municipal": "市级", "district": "区级"}
DIMENSIONS = {"town": "街镇", "park": "园区", "industry": "行业大类", "cluster": "产业集群"}
FATES = {"admitted": "准入", "held": "暂挂", "rejected": "退回", "superseded": "被更正取代"}
OUTCOMES = {"accepted": "受理", "refused": "退回"}
EMISSION_KINDS = {
    "fuel": "燃料燃烧",
    "heat": "购入热力",
    "electricity": "购入电力",
    "green_power": "按零计的绿电",
    "electricity_exported": "外供电力",
    "heat_exported": "外供热力",
}
CONTRACTS = {
    "energy": "能源",
    "output": "产值产量",
    "green_power": "绿电绿证",
    "register": "企业名录",
    "titles": "绿色称号",
    "indicators": "规划指标",
    "profile": "绿色绩效",
    "activity": "过程与逸散",
    "media": "耗能工质",
}
COMPARATORS = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "~=": "约", "range": ""}
CRITERIA = {"gate": "门槛", "indicator": "指标"}
VERDICTS = {"pass": "满足", "fail": "不满足", "not_assessable": "不可评"}
ELIGIBILITY = {
    "gates_failed": "门槛不满足",
    "gates_unknown": "门槛未报全",
    "no_pass_mark": "门槛满足（未定合格分）",
    "to_be_scored": "门槛满足（待评分）",
}
CERTAINTIES = {
    "verified_fulltext": "见全文",
    "verified_excerpt": "见摘录",
    "secondary": "第三方转述",
    "derived": "推算",
    "recalled": "凭记忆，未核对",
    "proposal": "本系统约定",
}

SHARE_FORMULAS = {
    "output": "期末持有有效绿色工厂称号的 6+X 规上企业产值 ÷ 全部 6+X 规上企业产值，年初累计，当年价格",
    "count": "期末持有有效绿色工厂称号的 6+X 规上企业数 ÷ 全部 6+X 规上企业数",
}
COUNT_RULE = "按统一社会信用代码去重，同一企业只计一家；只有工业和信息化部公布的名单计入"
NOT_REGISTERED = "（名录中无此企业）"


def light_of(status: str, is_computed: bool = False) -> Light:
    """The light of a plan target; *is_computed* for the two goals this ledger computes itself."""
    return UNJUDGED if is_computed and status == "unknown" else LIGHTS[status]


def verdict(is_met: bool | None) -> str:
    """达到、未达到 or, without a whole, 无法判断."""
    return {True: "达到", False: "未达到", None: "无法判断"}[is_met]
