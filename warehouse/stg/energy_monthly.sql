/*---
title: 能源行的本月数量 | Energy lines with their quantities of the month
materialized: view
grain: [receipt_id, line_no]
columns:
  receipt_id:          {is: the submission}
  line_no:             {type: integer, unit: "1", is: line in the submission}
  factory_id:          {is: 统一社会信用代码}
  period:              {type: date, is: first day of the month reported}
  seq:                 {type: bigint, unit: "1", is: order of reception}
  is_superseded:       {type: boolean, is: a newer accepted submission speaks for the same factory and month}
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
  basis:               {is: "数据口径: monthly 本月 (also where none is stated) or cumulative 本年累计"}
  stated_consumed:     {type: "decimal(28,9)", unit: "[unit]", is: "消费量 as the line states it, of the month or of the year to date"}
  flow_problem:        {is: "why no month's figure follows from the year to date; see stg.energy_flow"}
  flow_note:           {is: the two lines that do not fit}
  largest:             {type: "decimal(28,9)", unit: "[unit]", is: "the largest of its quantities as stated, without sign"}
  is_beyond_reason:    {type: boolean, is: "a coefficient, amount of money, measured value or state is so large that arithmetic on it could overflow"}
---*/
with newest as (
    select
        line.factory_id,
        line.period,
        max(submission.seq) as seq
    from raw.energy_line as line
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    group by line.factory_id, line.period
)

-- Lines that state the year to date bring the month's flow (stg.energy_flow); quantities are all of the month.
select
    line.receipt_id,
    line.line_no,
    line.factory_id,
    line.period,
    submission.seq,
    case when submission.seq < newest.seq then true else false end as is_superseded,
    line.energy_code,
    line.unit,
    case when line.basis = 'cumulative' then flow.opening_stock else line.opening_stock end as opening_stock,
    case when line.basis = 'cumulative' then flow.purchased else line.purchased end as purchased,
    case when line.basis = 'cumulative' then flow.consumed else line.consumed end as consumed,
    case when line.basis = 'cumulative' then flow.feedstock else line.feedstock end as feedstock,
    case when line.basis = 'cumulative' then flow.transport else line.transport end as transport,
    case when line.basis = 'cumulative' then flow.supplied else line.supplied end as supplied,
    case when line.basis = 'cumulative' then flow.closing_stock else line.closing_stock end as closing_stock,
    case when line.basis = 'cumulative' then flow.cost_cny else line.cost_cny end as cost_cny,
    line.adopted_coefficient,
    line.measured_ncv,
    line.measured_ncv_unit,
    line.measured_carbon,
    line.measured_carbon_unit,
    line.steam_enthalpy,
    line.water_temperature,
    line.meter_id,
    line.document_no,
    case when line.basis = 'cumulative' then 'cumulative' else 'monthly' end as basis,
    line.consumed as stated_consumed,
    flow.flow_problem,
    flow.flow_note,
    greatest(
        abs(line.consumed), abs(line.purchased), abs(line.feedstock), abs(line.transport), abs(line.supplied),
        abs(line.opening_stock), abs(line.closing_stock)
    ) as largest,
    case when abs(line.adopted_coefficient) >= 10000 /* unit: tce{calorific}/[line.energy_code:form] */
        or abs(line.cost_cny) >= 1000000000000 /* unit: CNY */
        or abs(line.measured_ncv) >= 1000000 /* unit: [line.measured_ncv_unit] */
        or abs(line.measured_carbon) >= 1000000 /* unit: [line.measured_carbon_unit] */
        or abs(line.steam_enthalpy) >= 100000 /* unit: kJ/kg */
        or abs(line.water_temperature) >= 100000 /* unit: degC */ then true else false end
        as is_beyond_reason
from raw.energy_line as line
left join raw.submission as submission
    on line.receipt_id = submission.receipt_id
left join newest
    on line.factory_id = newest.factory_id
    and line.period = newest.period
left join stg.energy_flow as flow
    on line.receipt_id = flow.receipt_id
    and line.line_no = flow.line_no
    and line.unit = flow.unit
