/*---
title: 排放的不确定度与数据质量（全区按口径，企业按采用口径，按月） | Uncertainty and data quality of emissions by month
grain: [purpose, month, scale, factory_id]
columns:
  purpose:                {is: "accounting basis; every one for the district, the headline for factories"}
  month:                  {type: date, is: first day of the month}
  scale:                  {is: district or factory}
  factory_id:             {is: 统一社会信用代码; blank for the district}
  co2_t:                  {type: "decimal(38,6)", unit: "t{CO2}", is: emissions with a factor}
  covered_t:              {type: "decimal(38,6)", unit: "t{CO2}", is: part of co2_t whose half-widths are known; the half-width speaks of it alone}
  half_width_squared_t2:  {type: "decimal(38,6)", unit: "t{CO2}*t{CO2}", is: "square of the 95 % half-width; empty when nothing is covered"}
  activity_squared_t2:    {type: "decimal(38,6)", unit: "t{CO2}*t{CO2}", is: "part of it from activity figures: Σ (row × u)², errors independent"}
  factor_squared_t2:      {type: "decimal(38,6)", unit: "t{CO2}*t{CO2}", is: "part of it from factors: Σ over factors of (Σ rows × u)², errors of one factor shared"}
  tier_1_t:               {type: "decimal(38,6)", unit: "t{CO2}", is: emissions of data quality 1}
  tier_2_t:               {type: "decimal(38,6)", unit: "t{CO2}", is: emissions of data quality 2}
  tier_3_t:               {type: "decimal(38,6)", unit: "t{CO2}", is: emissions of data quality 3}
  tier_4_t:               {type: "decimal(38,6)", unit: "t{CO2}", is: emissions of data quality 4}
  tier_5_t:               {type: "decimal(38,6)", unit: "t{CO2}", is: emissions of data quality 5}
  lowest_tier:            {type: integer, unit: "1", is: "the worst tier of any row, unknown ones included"}
  emission_rows:          {type: bigint, unit: "1", is: emission rows}
  rows_without_factor:    {type: bigint, unit: "1", is: "rows without a factor: unknown, in no figure here"}
  rows_uncovered:         {type: bigint, unit: "1", is: rows with a factor whose half-width is unknown}
---*/
-- Squares stay squares: the root is taken once, at the page. An emission is taken to the fourth place (0.1 kg), and what
-- shares a half-width is added before it is multiplied. Sums of squares to the sixth place hold 10^16 t squared, and a
-- factor's half-width (19,4) 10^15 t: more than all lines that are admitted can say.
with weighed as (
    select
        quality.purpose,
        quality.month,
        quality.factory_id,
        quality.factor_id,
        quality.quality_tier,
        quality.activity_half_width,
        quality.factor_half_width,
        quality.half_width_squared is not null as is_covered,
        quality.co2_t,
        cast(cast(quality.co2_t as decimal(18, 4)) as decimal(19, 4)) as short_t
    from core.emission_quality as quality
),

spread as (
    select
        weighed.purpose,
        weighed.month,
        'district' as scale,
        '' as factory_id,
        weighed.factor_id,
        weighed.quality_tier,
        weighed.activity_half_width,
        weighed.factor_half_width,
        weighed.is_covered,
        cast(sum(weighed.co2_t) as decimal(38, 12)) as co2_t,
        cast(sum(weighed.short_t) as decimal(24, 4)) as short_t,
        cast(sum(weighed.short_t * weighed.short_t) as decimal(38, 8)) as squared_t2,
        count(*) as emission_rows,
        count(case when weighed.co2_t is null then 1 end) as rows_without_factor,
        count(case when weighed.co2_t is not null and not weighed.is_covered then 1 end) as rows_uncovered
    from weighed
    group by
        weighed.purpose,
        weighed.month,
        weighed.factor_id,
        weighed.quality_tier,
        weighed.activity_half_width,
        weighed.factor_half_width,
        weighed.is_covered
    union all
    select
        weighed.purpose,
        weighed.month,
        'factory' as scale,
        weighed.factory_id,
        weighed.factor_id,
        weighed.quality_tier,
        weighed.activity_half_width,
        weighed.factor_half_width,
        weighed.is_covered,
        cast(sum(weighed.co2_t) as decimal(38, 12)) as co2_t,
        cast(sum(weighed.short_t) as decimal(24, 4)) as short_t,
        cast(sum(weighed.short_t * weighed.short_t) as decimal(38, 8)) as squared_t2,
        count(*) as emission_rows,
        count(case when weighed.co2_t is null then 1 end) as rows_without_factor,
        count(case when weighed.co2_t is not null and not weighed.is_covered then 1 end) as rows_uncovered
    from weighed
    inner join ref.purpose as purpose
        on weighed.purpose = purpose.purpose
    where purpose.is_headline
    group by
        weighed.purpose,
        weighed.month,
        weighed.factory_id,
        weighed.factor_id,
        weighed.quality_tier,
        weighed.activity_half_width,
        weighed.factor_half_width,
        weighed.is_covered
),

activity_part as (
    -- Errors of activity are independent: squares add up.
    select
        spread.purpose,
        spread.month,
        spread.scale,
        spread.factory_id,
        cast(sum(cast(
            cast(cast(spread.squared_t2 as decimal(38, 6)) * spread.activity_half_width as decimal(38, 6))
            * spread.activity_half_width as decimal(38, 6)
        )) as decimal(38, 6)) as activity_squared_t2
    from spread
    where spread.co2_t is not null and spread.is_covered
    group by spread.purpose, spread.month, spread.scale, spread.factory_id
),

factor_sum as (
    -- All uses of one factor row are wrong together: they add up before they are squared.
    select
        spread.purpose,
        spread.month,
        spread.scale,
        spread.factory_id,
        spread.factor_half_width,
        cast(sum(spread.short_t) as decimal(24, 4)) as short_t
    from spread
    where spread.co2_t is not null and spread.is_covered
    group by
        spread.purpose, spread.month, spread.scale, spread.factory_id, spread.factor_id, spread.factor_half_width
),

factor_part as (
    select
        factor_sum.purpose,
        factor_sum.month,
        factor_sum.scale,
        factor_sum.factory_id,
        cast(sum(cast(
            cast(factor_sum.short_t * factor_sum.factor_half_width as decimal(19, 4))
            * cast(factor_sum.short_t * factor_sum.factor_half_width as decimal(19, 4))
            as decimal(38, 8)
        )) as decimal(38, 6)) as factor_squared_t2
    from factor_sum
    group by factor_sum.purpose, factor_sum.month, factor_sum.scale, factor_sum.factory_id
),

counted as (
    select
        spread.purpose,
        spread.month,
        spread.scale,
        spread.factory_id,
        cast(sum(spread.co2_t) as decimal(38, 12)) as co2_t,
        cast(sum(case when spread.is_covered then spread.co2_t end) as decimal(38, 12)) as covered_t,
        cast(sum(case when spread.quality_tier = 1 then spread.co2_t end) as decimal(38, 12)) as tier_1_t,
        cast(sum(case when spread.quality_tier = 2 then spread.co2_t end) as decimal(38, 12)) as tier_2_t,
        cast(sum(case when spread.quality_tier = 3 then spread.co2_t end) as decimal(38, 12)) as tier_3_t,
        cast(sum(case when spread.quality_tier = 4 then spread.co2_t end) as decimal(38, 12)) as tier_4_t,
        cast(sum(case when spread.quality_tier = 5 then spread.co2_t end) as decimal(38, 12)) as tier_5_t,
        max(spread.quality_tier) as lowest_tier,
        cast(sum(spread.emission_rows) as bigint) as emission_rows,
        cast(sum(spread.rows_without_factor) as bigint) as rows_without_factor,
        cast(sum(spread.rows_uncovered) as bigint) as rows_uncovered
    from spread
    group by spread.purpose, spread.month, spread.scale, spread.factory_id
)

select
    counted.purpose,
    counted.month,
    counted.scale,
    counted.factory_id,
    cast(counted.co2_t as decimal(38, 6)) as co2_t,
    cast(counted.covered_t as decimal(38, 6)) as covered_t,
    cast(activity_part.activity_squared_t2 + factor_part.factor_squared_t2 as decimal(38, 6)) as half_width_squared_t2,
    activity_part.activity_squared_t2,
    factor_part.factor_squared_t2,
    cast(counted.tier_1_t as decimal(38, 6)) as tier_1_t,
    cast(counted.tier_2_t as decimal(38, 6)) as tier_2_t,
    cast(counted.tier_3_t as decimal(38, 6)) as tier_3_t,
    cast(counted.tier_4_t as decimal(38, 6)) as tier_4_t,
    cast(counted.tier_5_t as decimal(38, 6)) as tier_5_t,
    counted.lowest_tier,
    counted.emission_rows,
    counted.rows_without_factor,
    counted.rows_uncovered
from counted
left join activity_part
    on counted.purpose = activity_part.purpose
    and counted.month = activity_part.month
    and counted.scale = activity_part.scale
    and counted.factory_id = activity_part.factory_id
left join factor_part
    on counted.purpose = factor_part.purpose
    and counted.month = factor_part.month
    and counted.scale = factor_part.scale
    and counted.factory_id = factor_part.factory_id
order by counted.purpose, counted.month, counted.scale, counted.factory_id
