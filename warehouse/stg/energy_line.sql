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
    candidate.receipt_id,
    candidate.line_no,
    candidate.factory_id,
    candidate.period,
    candidate.energy_code,
    candidate.unit,
    candidate.opening_stock,
    candidate.purchased,
    candidate.consumed,
    candidate.feedstock,
    candidate.transport,
    candidate.supplied,
    candidate.closing_stock,
    candidate.cost_cny,
    candidate.adopted_coefficient,
    candidate.measured_ncv,
    candidate.measured_ncv_unit,
    candidate.measured_carbon,
    candidate.measured_carbon_unit,
    candidate.steam_enthalpy,
    candidate.water_temperature,
    candidate.meter_id,
    candidate.document_no
from stg.energy_candidate as candidate
left join withheld
    on candidate.receipt_id = withheld.receipt_id
    and candidate.line_no = withheld.line_no
where withheld.receipt_id is null
