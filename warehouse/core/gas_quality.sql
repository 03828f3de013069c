/*---
title: 过程、逸散与燃烧气体的数据质量与不确定度 | Data quality and uncertainty of processes and of CH4, N2O and biomass CO2
materialized: view
grain: [source, factory_id, month, energy_code, use, activity_code, input_gas, process_type, gas, receipt_id, line_no]
columns:
  source:              {is: "process 过程与逸散 or burning 燃烧的 CH4、N2O 与生物质 CO2"}
  factory_id:          {is: 统一社会信用代码}
  month:               {type: date, is: first day of the month}
  energy_code:         {is: energy kind of form 205-1; blank for processes}
  use:                 {is: stationary or mobile; blank for processes}
  activity_code:       {is: 活动代码; blank for burning}
  input_gas:           {is: the gas used or charged; blank for burning}
  process_type:        {is: 工艺类型; blank for burning}
  gas:                 {is: the gas emitted}
  is_biogenic:         {type: boolean, is: the gas is of biogenic origin}
  receipt_id:          {is: the submission}
  line_no:             {type: integer, unit: "1", is: the line; of a fuel the first of the use}
  mass_t:              {type: "decimal(38,12)", unit: "t{[gas]}", is: gas emitted; empty when unknown}
  factor_id:           {is: the route or factor row applied}
  activity_tier:       {is: "what the line states (of a fuel its weakest line): metered_document · metered · invoice · balance · stated"}
  factor_tier:         {is: level the widest figure came from}
  quality_tier:        {type: integer, unit: "1", is: "数据质量 1 best to 5 worst: the worse of activity and factor; 5 when the emission is unknown"}
  activity_half_width: {type: "decimal(6,4)", unit: "1", is: "95 % half-width of the activity as a share; empty when unknown"}
  factor_half_width:   {type: "decimal(6,4)", unit: "1", is: "95 % half-width of the factor as a share; empty when no source gives one"}
  half_width_squared:  {type: "decimal(24,12)", unit: "1", is: "activity² + factor²; empty when either is unknown"}
---*/
-- Beside core.emission_quality, which speaks of energy CO2: together every emission row has a tier.
with emitted as (
    select
        'process' as source,
        process.factory_id,
        process.month,
        '' as energy_code,
        '' as use,
        process.activity_code,
        process.input_gas,
        process.process_type,
        process.gas,
        process.is_biogenic,
        process.receipt_id,
        process.line_no,
        process.emitted_t as mass_t,
        process.factor_id,
        case when line.document_no is not null then 'invoice' else 'stated' end as activity_tier,
        process.level as factor_tier,
        process.activity_code as tier_of
    from core.process_emission as process
    left join stg.activity_line as line
        on process.receipt_id = line.receipt_id
        and process.line_no = line.line_no
    union all
    select
        'burning' as source,
        burning.factory_id,
        burning.month,
        burning.energy_code,
        burning.use,
        '' as activity_code,
        '' as input_gas,
        '' as process_type,
        burning.gas,
        burning.is_biogenic,
        burning.receipt_id,
        burning.first_line_no as line_no,
        burning.mass_t,
        burning.factor_id,
        used.tier as activity_tier,
        burning.level as factor_tier,
        burning.gas as tier_of
    from core.combustion_gas as burning
    left join core.activity_quality as used
        on burning.factory_id = used.factory_id
        and burning.month = used.month
        and burning.energy_code = used.energy_code
)

select
    emitted.source,
    emitted.factory_id,
    emitted.month,
    emitted.energy_code,
    emitted.use,
    emitted.activity_code,
    emitted.input_gas,
    emitted.process_type,
    emitted.gas,
    emitted.is_biogenic,
    emitted.receipt_id,
    emitted.line_no,
    emitted.mass_t,
    emitted.factor_id,
    emitted.activity_tier,
    emitted.factor_tier,
    case
        when emitted.mass_t is null or activity.quality_tier is null or factor.quality_tier is null then 5
        else greatest(activity.quality_tier, factor.quality_tier)
    end as quality_tier,
    cast(activity.half_width as decimal(6, 4)) as activity_half_width,
    cast(factor.half_width as decimal(6, 4)) as factor_half_width,
    cast(activity.half_width_squared + factor.half_width_squared as decimal(24, 12)) as half_width_squared
from emitted
left join ref.quality_tier as activity
    on activity.side = 'activity'
    and emitted.activity_tier = activity.tier
left join ref.quality_tier as factor
    on emitted.source = factor.side
    and emitted.tier_of = factor.kind
    and emitted.factor_tier = factor.tier
