/*---
title: 排放的数据质量与不确定度 | Data quality and uncertainty of every emission row
materialized: view
grain: [purpose, factory_id, month, energy_code, kind, receipt_id, first_line_no]
columns:
  purpose:             {is: accounting basis; see ref.purpose}
  factory_id:          {is: 统一社会信用代码}
  month:               {type: date, is: first day of the month}
  energy_code:         {is: energy kind of form 205-1}
  kind:                {is: fuel · heat · electricity · green_power · electricity_exported · heat_exported}
  receipt_id:          {is: the submission the activity came with}
  first_line_no:       {type: integer, unit: "1", is: first line of that activity in the submission}
  factor_id:           {is: the factor row applied}
  co2_t:               {type: "decimal(38,12)", unit: "t{CO2}", is: the emission; empty while no factor is in force}
  activity_tier:       {is: "what the weakest line of the use states: metered_document · metered · invoice · balance · stated"}
  factor_tier:         {is: level the factor came from}
  is_provisional:      {type: boolean, is: the factor of an earlier year stands in}
  quality_tier:        {type: integer, unit: "1", is: "数据质量 1 best to 5 worst: the worse of activity and factor; 5 without a factor"}
  activity_half_width: {type: "decimal(6,4)", unit: "1", is: "95 % half-width of the activity as a share; empty when unknown"}
  factor_half_width:   {type: "decimal(6,4)", unit: "1", is: "95 % half-width of the factor as a share; empty when unknown"}
  half_width_squared:  {type: "decimal(24,12)", unit: "1", is: "square of the row's relative half-width: activity² + factor²"}
---*/
with factor as (
    select
        tier.kind,
        tier.tier,
        tier.is_provisional,
        tier.quality_tier,
        cast(tier.half_width as decimal(6, 4)) as half_width,
        tier.half_width_squared
    from ref.quality_tier as tier
    where tier.side = 'factor'
)

select
    emission.purpose,
    emission.factory_id,
    emission.month,
    emission.energy_code,
    emission.kind,
    emission.receipt_id,
    emission.first_line_no,
    emission.factor_id,
    emission.co2_t,
    activity.tier as activity_tier,
    emission.level as factor_tier,
    emission.is_provisional,
    case
        when emission.co2_t is null or activity.quality_tier is null or factor.quality_tier is null then 5
        else greatest(activity.quality_tier, factor.quality_tier)
    end as quality_tier,
    activity.half_width as activity_half_width,
    factor.half_width as factor_half_width,
    cast(activity.half_width_squared + factor.half_width_squared as decimal(24, 12)) as half_width_squared
from core.emission as emission
left join core.activity_quality as activity
    on emission.factory_id = activity.factory_id
    and emission.month = activity.month
    and emission.energy_code = activity.energy_code
left join factor
    -- What is passed on carries the factor of what was bought.
    on case emission.kind
        when 'electricity_exported' then 'electricity'
        when 'heat_exported' then 'heat'
        else emission.kind
    end = factor.kind
    and emission.level = factor.tier
    and emission.is_provisional = factor.is_provisional
