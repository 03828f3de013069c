"""What the Dagster page says of a table: title, columns with unit and meaning, and who answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from pipelines import intake
from pipelines.dag.tables import RAW_TABLES
from pipelines.engine import Model

STEWARD, ANALYST, ENGINEER = "team:数据管理员", "team:分析人员", "team:系统管理员"
"""Owners by the wall a table stands on (docs/map.md)."""

_CONTRACT_OF = {table: contract for contract, table in RAW_TABLES.items()}
_OTHERS = {
    "raw.submission": "报送登记：每件报送一行 | Submissions, one row a receipt",
    "raw.decision": "管理员决定：放行、退回、确认 | The steward's decisions",
    "ref.month": "报告期日历：每月一行，连同上月与上年同月 | One row a month, with its neighbours",
}
_REFERENCE = {
    "ref.energy_kind": "能源品种（205-1 表） | Energy kinds of form 205-1",
    "ref.unit_conversion": "计量单位换算：每种能源、每个单位一个精确倍数 | One exact multiplier an energy kind and unit",
    "ref.purpose": "核算口径 | Accounting bases",
    "ref.emission_factor": "排放因子：每种口径、品种、气体和时段恰有一个 | One factor a basis, kind, gas and interval",
    "ref.green_power_rule": "绿电绿证如何计算 | How green power is treated by each basis",
    "ref.heat_value": "低位发热量 | Net calorific values",
    "ref.standard_coal": "折标准煤系数（当量、等价） | Standard coal coefficients",
    "ref.gwp": "全球变暖潜势 | Global warming potentials",
    "ref.factor_source": "因子出处：文件名、文号 | Where each factor comes from",
    "ref.industry_6x": "6+X 产业与行业代码 | 6+X clusters by industry code",
    "ref.industry_division": "行业大类名称（GB/T 4754-2017） | Names of industry divisions",
    "ref.plan_target": "规划目标 | Targets of the plan",
    "ref.policy_setting": "口径设置 | The readings chosen, dated",
    "ref.light": "红黄绿灯 | When a light is amber",
    "ref.title_level": "绿色称号级别 | Levels of green titles",
    "ref.rule_set": "评价规则集 | Rule sets, dated",
    "ref.criterion": "评价指标与门槛 | Criteria and gates of each rule set",
    "ref.criterion_reference": "指标参考值 | Reference values of criteria",
    "ref.pass_mark": "合格分 | Pass marks",
    "ref.filing_calendar": "报送截止日 | Filing days",
    "ref.deadline": "年度期限 | Deadlines of the year",
    "ref.change_range": "与上月之比的合理范围 | Plausible change from month to month",
    "ref.stock_gap_range": "库存差的合理范围 | Plausible gap of the stock balance",
    "ref.price_range": "单价的合理范围 | Plausible prices",
    "ref.coefficient_range": "采用折标系数的合理范围 | Plausible adopted coefficients",
    "ref.heat_value_range": "实测低位发热量的合理范围 | Plausible measured heat values",
    "ref.carbon_of_heat_range": "实测单位热值含碳量的合理范围 | Plausible measured carbon of heat",
    "ref.carbon_of_amount_range": "实测元素碳含量的合理范围 | Plausible measured carbon contents",
    "ref.steam_enthalpy_range": "蒸汽焓值的合理范围 | Plausible steam enthalpies",
    "ref.water_temperature_range": "热水温度的合理范围 | Plausible water temperatures",
}


def contract_title(contract: str) -> str:
    """A contract's Chinese name."""
    return intake.load_contracts()[contract].title.zh


def raw_label(table: str) -> str:
    """What a landed table is."""
    if table in _OTHERS:
        return _OTHERS[table]
    title = intake.load_contracts()[_CONTRACT_OF[table]].title
    return f"{title.zh}：受理的每一行 | {title.en}: every line received"


def reference_label(table: str) -> str:
    """What a reference table is."""
    return _REFERENCE.get(table, "参考数据 | Reference data")


def raw_columns(table: str) -> dict[str, Any]:
    """The columns of a landed table, as the contract describes them."""
    if table not in _CONTRACT_OF:
        return {}
    contract = intake.load_contracts()[_CONTRACT_OF[table]]
    meanings = {column.name: f"{column.header}：{column.meaning.zh}" for column in contract.columns}
    meanings |= {f"{column.name}_text": f"{column.header}：读到的原文" for column in contract.columns}
    meanings |= {"receipt_id": "回执号", "line_no": "行号"}
    types = intake.raw_schema(contract.contract)
    return _schema({name: (kind, meanings.get(name, "")) for name, kind in types.items()})


def model_columns(model: Model) -> dict[str, Any]:
    """The columns of a model, as its header describes them."""
    return _schema(
        {
            name: (
                column.type or "varchar",
                f"{column.meaning}（单位 {column.unit}）" if column.unit else column.meaning,
            )
            for name, column in model.columns.items()
        }
    )


def _schema(columns: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    listed = [dg.TableColumn(name, kind, description=told or None) for name, (kind, told) in columns.items()]
    return {"dagster/column_schema": dg.TableSchema(columns=listed)}
