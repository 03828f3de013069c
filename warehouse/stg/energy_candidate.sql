/*---
title: 能源行与其判定依据 | Energy lines with what their rules need
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
  is_mixed_basis:      {type: boolean, is: "the factory states both bases for this energy kind and meter within the year"}
  is_within_size:      {type: boolean, is: "every quantity, and the use they add up to, is small enough that nothing overflows"}
  has_conversion:      {type: boolean, is: the unit converts to the canonical unit}
  has_factor:          {type: boolean, is: "an emission factor is in force under the headline basis, or none is needed"}
  is_known_factory:    {type: boolean, is: 企业名录 has the factory in that month}
  is_repeated:         {type: boolean, is: "same factory, month, energy kind, meter and document as an earlier line of the submission"}
  is_of_which:         {type: boolean, is: an of-which row}
  has_parent:          {type: boolean, is: the row it is part of was reported too}
  of_which_excess:     {type: "decimal(38,12)", unit: "[energy_code]", is: of-which rows beyond their parent row; empty when there are none}
  stock_gap:           {type: "decimal(38,12)", unit: "[unit]", is: opening + purchased − consumed − supplied − closing; empty unless all are reported}
  stock_review_gap:    {type: "decimal(38,12)", unit: "[unit]", is: a gap up to this is stocktaking; see stg.energy_balance}
  stock_hold_gap:      {type: "decimal(38,12)", unit: "[unit]", is: a gap beyond this holds the line; empty where no tolerance is in force}
  is_stock_unchecked:  {type: boolean, is: "a stock is stated, but not all five columns of the balance"}
  stock_arithmetic:    {is: "the balance as a sum, 未报 for what is not reported; empty when it closes"}
  month_total:         {type: "decimal(38,12)", unit: "[energy_code]", is: "consumption of the factory, month and energy kind"}
  previous_total:      {type: "decimal(38,12)", unit: "[energy_code]", is: the same in the month before; empty without one}
  previous_low:        {type: "decimal(38,12)", unit: "[energy_code]", is: lowest plausible after the month before}
  previous_high:       {type: "decimal(38,12)", unit: "[energy_code]", is: highest plausible after the month before}
  purchased_canonical: {type: "decimal(38,12)", unit: "[energy_code]", is: 购进量 converted}
  price_low:           {type: "decimal(28,9)", unit: "CNY/[energy_code]", is: lowest plausible price}
  price_high:          {type: "decimal(28,9)", unit: "CNY/[energy_code]", is: highest plausible price}
  coefficient_low:     {type: "decimal(28,9)", unit: "tce{calorific}/[energy_code:form]", is: lowest plausible coefficient}
  coefficient_high:    {type: "decimal(28,9)", unit: "tce{calorific}/[energy_code:form]", is: highest plausible coefficient}
  has_measured_unit:   {type: boolean, is: every measured value is in a unit that fits the energy kind}
  is_ncv_outside:      {type: boolean, is: 实测低位发热量 lies outside the fuel's band}
  is_carbon_outside:   {type: boolean, is: 实测含碳量 lies outside the fuel's band}
  is_state_outside:    {type: boolean, is: 蒸汽焓值 or 热水温度 lies outside its band}
  is_coefficient_sourced: {type: boolean, is: "the range comes from a document, not from a proposal of ours"}
---*/
with mixed as (
    -- The months of a factory, energy kind and meter that state both bases within a year.
    select
        spine.year,
        line.factory_id,
        line.energy_code,
        line.meter_id
    from stg.energy_monthly as line
    inner join ref.month as spine
        on line.period = spine.month
    where not line.is_superseded
        and line.factory_id in (select flow.factory_id from stg.energy_flow as flow)
    group by spine.year, line.factory_id, line.energy_code, line.meter_id
    having count(distinct line.basis) > 1
),

repeated as (
    select
        line.receipt_id,
        line.factory_id,
        line.period,
        line.energy_code,
        line.meter_id,
        line.document_no,
        min(line.line_no) as first_line_no
    from raw.energy_line as line
    group by line.receipt_id, line.factory_id, line.period, line.energy_code, line.meter_id, line.document_no
    having count(*) > 1
)

select
    line.receipt_id,
    line.line_no,
    line.factory_id,
    line.period,
    line.seq,
    line.is_superseded,
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
    line.document_no,
    line.basis,
    line.stated_consumed,
    line.flow_problem,
    line.flow_note,
    mixed.factory_id is not null as is_mixed_basis,
    case
        when line.is_beyond_reason or line.largest >= 1000000000000 /* unit: [unit] */ or not context.is_within_size then false
        else true
    end as is_within_size,
    conversion.multiplier is not null as has_conversion,
    context.has_factor,
    context.is_known_factory is not null and context.is_known_factory as is_known_factory,
    repeated.first_line_no is not null and repeated.first_line_no < line.line_no as is_repeated,
    context.is_of_which,
    context.has_parent,
    context.of_which_excess,
    balance.stock_gap,
    balance.stock_review_gap,
    balance.stock_hold_gap,
    balance.is_stock_unchecked is not null and balance.is_stock_unchecked as is_stock_unchecked,
    balance.stock_arithmetic,
    context.month_total,
    context.previous_total,
    context.previous_low,
    context.previous_high,
    case
        when line.largest < 1000000000000 /* unit: [unit] */
            then cast(cast(line.purchased as decimal(38, 9)) * conversion.multiplier as decimal(38, 12))
    end as purchased_canonical,
    context.price_low,
    context.price_high,
    context.coefficient_low,
    context.coefficient_high,
    measured.has_measured_unit,
    measured.is_ncv_outside,
    measured.is_carbon_outside,
    measured.is_state_outside,
    context.is_coefficient_sourced
from stg.energy_monthly as line
left join stg.energy_context as context
    on line.factory_id = context.factory_id
    and line.period = context.period
    and line.energy_code = context.energy_code
left join stg.energy_conversion as conversion
    on line.energy_code = conversion.energy_code
    and line.unit = conversion.unit
    and (
        not conversion.is_by_state
        or (
            line.steam_enthalpy is not distinct from conversion.steam_enthalpy
            and line.water_temperature is not distinct from conversion.water_temperature
        )
    )
left join stg.energy_measured as measured
    on line.receipt_id = measured.receipt_id
    and line.line_no = measured.line_no
left join repeated
    on line.receipt_id = repeated.receipt_id
    and line.factory_id = repeated.factory_id
    and line.period = repeated.period
    and line.energy_code = repeated.energy_code
    and line.meter_id is not distinct from repeated.meter_id
    and line.document_no is not distinct from repeated.document_no
left join stg.energy_balance as balance
    on line.receipt_id = balance.receipt_id
    and line.line_no = balance.line_no
    and line.unit = balance.unit
left join ref.month as spine
    on line.period = spine.month
left join mixed
    on spine.year = mixed.year
    and line.factory_id = mixed.factory_id
    and line.energy_code = mixed.energy_code
    and line.meter_id is not distinct from mixed.meter_id
