/*---
title: 活动数据的质量档（企业、月、品种） | What each energy use can show for its figure
grain: [factory_id, month, energy_code]
columns:
  factory_id:         {is: 统一社会信用代码}
  month:              {type: date, is: first day of the month}
  energy_code:        {is: energy kind of form 205-1}
  tier:               {is: "what the weakest line of the use states: metered_document · metered · invoice · balance · stated"}
  quality_tier:       {type: integer, unit: "1", is: "数据质量 1 best to 5 worst; empty when the tier is not known"}
  half_width:         {type: "decimal(6,4)", unit: "1", is: "95 % half-width of the activity as a share; empty when unknown"}
  half_width_squared: {type: "decimal(24,12)", unit: "1", is: its square}
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
)

select
    placed.factory_id,
    placed.month,
    placed.energy_code,
    placed.tier,
    placed.quality_tier,
    cast(placed.half_width as decimal(6, 4)) as half_width,
    cast(placed.half_width_squared as decimal(24, 12)) as half_width_squared
from placed
where placed.place = 1
