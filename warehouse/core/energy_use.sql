/*---
title: 能源消费量（规范单位、折热量、折标准煤） | Energy used, in canonical unit, heat and standard coal
grain: [factory_id, month, energy_code, receipt_id, first_line_no]
columns:
  factory_id:           {is: 统一社会信用代码}
  month:                {type: date, is: first day of the month reported}
  energy_code:          {is: energy kind of form 205-1; see ref.energy_kind}
  unit:                 {is: the unit the lines were stated in}
  receipt_id:           {is: the submission the lines came with}
  first_line_no:        {type: integer, unit: "1", is: first of the lines summed here}
  lines:                {type: bigint, unit: "1", is: how many lines were summed}
  canonical_unit:       {names: "[energy_code]", is: "the unit of used, feedstock, transport and supplied"}
  used:                 {type: "decimal(38,12)", unit: "[energy_code]", is: 消费量 consumption}
  feedstock:            {type: "decimal(38,12)", unit: "[energy_code]", is: 其中用于原材料 of which raw material; empty when not reported}
  transport:            {type: "decimal(38,12)", unit: "[energy_code]", is: 其中运输工具消费 of which vehicles; empty when not reported}
  supplied:             {type: "decimal(38,12)", unit: "[energy_code]", is: 外供量 passed on to others; empty when not reported}
  is_counted:           {type: boolean, is: "false for of-which rows and the total row, which no sum may include"}
  energy_gj:            {type: "decimal(38,12)", unit: GJ, is: heat content (低位发热量); empty without a heat value}
  coal_tce:             {type: "decimal(38,12)", unit: "tce{calorific}", is: 综合能耗 by calorific value; empty without a coefficient}
  coal_generation_tce:  {type: "decimal(38,12)", unit: "tce{generation}", is: 综合能耗 by generation equivalent; empty without a coefficient}
  adopted_coefficient:  {type: "decimal(28,9)", unit: "tce{calorific}/[energy_code:form]", is: 采用折标系数 the factory reported; it replaces the reference coefficient in 当量}
  heat_value_id:        {is: the heat value row applied}
  coal_factor_id:       {is: the 当量 coefficient row applied; adopted when the factory's own was}
  generation_factor_id: {is: the 等价 coefficient row applied}
---*/
with grouped as (
    -- Aggregate first, convert after: inside a group the multiplier is one number, so the sum stays exact.
    select
        line.factory_id,
        line.period as month,
        line.energy_code,
        line.unit,
        line.receipt_id,
        line.adopted_coefficient,
        min(line.line_no) as first_line_no,
        count(*) as lines,
        cast(sum(line.consumed) as decimal(38, 9)) as consumed,
        cast(sum(line.feedstock) as decimal(38, 9)) as feedstock,
        cast(sum(line.transport) as decimal(38, 9)) as transport,
        cast(sum(line.supplied) as decimal(38, 9)) as supplied
    from stg.energy_line as line
    group by line.factory_id, line.period, line.energy_code, line.unit, line.receipt_id, line.adopted_coefficient
),

converted as (
    select
        grouped.factory_id,
        grouped.month,
        grouped.energy_code,
        grouped.unit,
        grouped.receipt_id,
        grouped.adopted_coefficient,
        grouped.first_line_no,
        grouped.lines,
        kind.canonical_unit,
        not kind.is_of_which and not kind.is_total as is_counted,
        cast(grouped.consumed * conversion.multiplier as decimal(38, 12)) as used,
        cast(grouped.feedstock * conversion.multiplier as decimal(38, 12)) as feedstock,
        cast(grouped.transport * conversion.multiplier as decimal(38, 12)) as transport,
        cast(grouped.supplied * conversion.multiplier as decimal(38, 12)) as supplied
    from grouped
    left join ref.energy_kind as kind
        on grouped.energy_code = kind.energy_code
    left join ref.unit_conversion as conversion
        on grouped.energy_code = conversion.energy_code
        and grouped.unit = conversion.unit
)

select
    converted.factory_id,
    converted.month,
    converted.energy_code,
    converted.unit,
    converted.receipt_id,
    converted.first_line_no,
    converted.lines,
    converted.canonical_unit,
    converted.used,
    converted.feedstock,
    converted.transport,
    converted.supplied,
    converted.is_counted,
    cast(converted.used * heat.ncv_gj as decimal(38, 12)) as energy_gj,
    case
        when converted.adopted_coefficient is not null
            then cast(
                cast(converted.used * calorific.form_units as decimal(38, 12))
                * cast(converted.adopted_coefficient as decimal(24, 9)) as decimal(38, 12)
            )
        else cast(converted.used * calorific.coefficient_tce as decimal(38, 12))
    end as coal_tce,
    cast(converted.used * generation.coefficient_tce as decimal(38, 12)) as coal_generation_tce,
    converted.adopted_coefficient,
    heat.factor_id as heat_value_id,
    case when converted.adopted_coefficient is not null then 'adopted' else calorific.factor_id end as coal_factor_id,
    generation.factor_id as generation_factor_id
from converted
left join ref.heat_value as heat
    on converted.energy_code = heat.energy_code
    and converted.month >= heat.valid_from
    and converted.month < heat.valid_to
left join ref.standard_coal as calorific
    on converted.energy_code = calorific.energy_code
    and calorific.basis = 'calorific'
    and converted.month >= calorific.valid_from
    and converted.month < calorific.valid_to
left join ref.standard_coal as generation
    on converted.energy_code = generation.energy_code
    and generation.basis = 'generation'
    and converted.month >= generation.valid_from
    and converted.month < generation.valid_to
