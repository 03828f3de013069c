/*---
title: 排放的数据质量与不确定度 | Data quality and uncertainty of every emission row
grain: [purpose, factory_id, month, energy_code, kind, receipt_id, first_line_no]
columns:
  purpose:             {is: accounting basis; see ref.purpose}
  factory_id:          {is: 统一社会信用代码}
  month:               {type: date, is: first day of the month}
  energy_code:         {is: energy kind of form 205-1}
  kind:                {is: fuel · heat · electricity · green_power}
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
with stated as (
    -- What each line can show for its figure. Lines of a use in the same standing are one.
    select distinct
        line.factory_id,
        line.period as month,
        line.energy_code,
        case
            when line.meter_id is not null and line.document_no is not null then 'metered_document'
            when line.meter_id is not null then 'metered'
            when line.document_no is not null then 'invoice'
            when line.purchased is not null and line.opening_stock is not null and line.closing_stock is not null
                then 'balance'
            else 'stated'
        end as tier
    from stg.energy_line as line
),

placed as (
    -- A use is as good as its weakest line.
    select
        stated.factory_id,
        stated.month,
        stated.energy_code,
        stated.tier,
        tier.quality_tier,
        tier.half_width,
        tier.half_width_squared,
        row_number() over (
            partition by stated.factory_id, stated.month, stated.energy_code
            order by
                case when tier.quality_tier is null then 1 else 0 end desc,
                tier.quality_tier desc,
                tier.half_width desc,
                stated.tier
        ) as place
    from stated
    left join ref.quality_tier as tier
        on tier.side = 'activity'
        and stated.tier = tier.tier
),

activity as (
    select
        placed.factory_id,
        placed.month,
        placed.energy_code,
        placed.tier,
        placed.quality_tier,
        placed.half_width,
        placed.half_width_squared
    from placed
    where placed.place = 1
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
    cast(activity.half_width as decimal(6, 4)) as activity_half_width,
    cast(factor.half_width as decimal(6, 4)) as factor_half_width,
    cast(activity.half_width_squared + factor.half_width_squared as decimal(24, 12)) as half_width_squared
from core.emission as emission
left join activity
    on emission.factory_id = activity.factory_id
    and emission.month = activity.month
    and emission.energy_code = activity.energy_code
left join ref.quality_tier as factor
    on factor.side = 'factor'
    and emission.kind = factor.kind
    and emission.level = factor.tier
    and emission.is_provisional = factor.is_provisional
