/*---
title: 准入的能源行 | Energy lines admitted
grain: [receipt_id, line_no]
columns:
  receipt_id:          {is: the submission}
  line_no:             {type: integer, unit: "1", is: line in the submission}
  factory_id:          {is: 统一社会信用代码}
  period:              {type: date, is: first day of the month reported}
  energy_code:         {is: energy kind of form 205-1}
  unit:                {is: unit key the line was stated in}
  opening_stock:       {type: "decimal(28,9)", unit: "[unit]", is: 期初库存}
  purchased:           {type: "decimal(28,9)", unit: "[unit]", is: 购进量}
  consumed:            {type: "decimal(28,9)", unit: "[unit]", is: 消费量}
  feedstock:           {type: "decimal(28,9)", unit: "[unit]", is: 其中用于原材料}
  transport:           {type: "decimal(28,9)", unit: "[unit]", is: 其中运输工具消费}
  supplied:            {type: "decimal(28,9)", unit: "[unit]", is: 外供量}
  closing_stock:       {type: "decimal(28,9)", unit: "[unit]", is: 期末库存}
  cost_cny:            {type: "decimal(38,2)", unit: CNY, is: 购进金额}
  adopted_coefficient: {type: "decimal(28,9)", unit: "tce{calorific}/[energy_code:form]", is: 采用折标系数}
  measured_ncv:        {type: "decimal(28,9)", unit: "[measured_ncv_unit]", is: 实测低位发热量}
  measured_ncv_unit:   {is: its unit}
  measured_carbon:     {type: "decimal(28,9)", unit: "[measured_carbon_unit]", is: 实测含碳量}
  measured_carbon_unit: {is: its unit}
  steam_enthalpy:      {type: "decimal(28,9)", unit: "kJ/kg", is: 蒸汽焓值}
  water_temperature:   {type: "decimal(28,9)", unit: "degC", is: 热水温度}
  meter_id:            {is: 计量点}
  document_no:         {is: 凭证号}
---*/
with withheld as (
    select
        verdict.receipt_id,
        verdict.line_no
    from stg.energy_verdict as verdict
    where verdict.fate <> 'admitted'
)

select
    line.receipt_id,
    line.line_no,
    line.factory_id,
    line.period,
    line.energy_code,
    line.unit,
    line.opening_stock,
    line.purchased,
    line.consumed,
    line.feedstock,
    line.transport,
    line.supplied,
    line.closing_stock,
    line.cost_cny,
    line.adopted_coefficient,
    line.measured_ncv,
    line.measured_ncv_unit,
    line.measured_carbon,
    line.measured_carbon_unit,
    line.steam_enthalpy,
    line.water_temperature,
    line.meter_id,
    line.document_no
from stg.energy_monthly as line
left join withheld
    on line.receipt_id = withheld.receipt_id
    and line.line_no = withheld.line_no
where withheld.receipt_id is null
