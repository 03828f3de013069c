/*---
title: 排放的不确定度与数据质量（全区与企业，按月、按口径） | Uncertainty and data quality of emissions by month and basis
grain: [purpose, month, scale, factory_id]
columns:
  purpose:                {is: accounting basis}
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
-- Squares stay squares: the root is taken once, at the page. A half-width is formed in tonnes to the fourth place
-- before it is squared, so (19,4) squared is (38,8) and half-widths of 10^15 t fit: more than all lines that are admitted can say.
with covered as (
    select
        quality.purpose,
        quality.month,
        quality.factory_id,
        quality.factor_id,
        quality.factor_half_width,
        cast(sum(quality.co2_t) as decimal(38, 12)) as factor_sum_t,
        cast(sum(cast(
            cast(cast(quality.co2_t as decimal(19, 4)) * quality.activity_half_width as decimal(19, 4))
            * cast(cast(quality.co2_t as decimal(19, 4)) * quality.activity_half_width as decimal(19, 4))
            as decimal(38, 8)
        )) as decimal(38, 6)) as activity_squared_t2
    from core.emission_quality as quality
    where quality.co2_t is not null and quality.half_width_squared is not null
    group by quality.purpose, quality.month, quality.factory_id, quality.factor_id, quality.factor_half_width
),

spread as (
    select
        covered.purpose,
        covered.month,
        'factory' as scale,
        covered.factory_id,
        covered.factor_id,
        covered.factor_half_width,
        covered.factor_sum_t,
        covered.activity_squared_t2
    from covered
    union all
    -- In the district all uses of one factor row are wrong together.
    select
        covered.purpose,
        covered.month,
        'district' as scale,
        '' as factory_id,
        covered.factor_id,
        covered.factor_half_width,
        cast(sum(covered.factor_sum_t) as decimal(38, 12)) as factor_sum_t,
        cast(sum(covered.activity_squared_t2) as decimal(38, 6)) as activity_squared_t2
    from covered
    group by covered.purpose, covered.month, covered.factor_id, covered.factor_half_width
),

half_width as (
    select
        spread.purpose,
        spread.month,
        spread.scale,
        spread.factory_id,
        cast(sum(spread.activity_squared_t2) as decimal(38, 6)) as activity_squared_t2,
        cast(sum(cast(
            cast(cast(spread.factor_sum_t as decimal(24, 4)) * spread.factor_half_width as decimal(19, 4))
            * cast(cast(spread.factor_sum_t as decimal(24, 4)) * spread.factor_half_width as decimal(19, 4))
            as decimal(38, 8)
        )) as decimal(38, 6)) as factor_squared_t2
    from spread
    group by spread.purpose, spread.month, spread.scale, spread.factory_id
),

counted as (
    select
        quality.purpose,
        quality.month,
        quality.factory_id,
        cast(sum(quality.co2_t) as decimal(38, 12)) as co2_t,
        cast(sum(case when quality.half_width_squared is not null then quality.co2_t end) as decimal(38, 12)) as covered_t,
        cast(sum(case when quality.quality_tier = 1 then quality.co2_t end) as decimal(38, 12)) as tier_1_t,
        cast(sum(case when quality.quality_tier = 2 then quality.co2_t end) as decimal(38, 12)) as tier_2_t,
        cast(sum(case when quality.quality_tier = 3 then quality.co2_t end) as decimal(38, 12)) as tier_3_t,
        cast(sum(case when quality.quality_tier = 4 then quality.co2_t end) as decimal(38, 12)) as tier_4_t,
        cast(sum(case when quality.quality_tier = 5 then quality.co2_t end) as decimal(38, 12)) as tier_5_t,
        max(quality.quality_tier) as lowest_tier,
        count(*) as emission_rows,
        count(case when quality.co2_t is null then 1 end) as rows_without_factor,
        count(case when quality.co2_t is not null and quality.half_width_squared is null then 1 end) as rows_uncovered
    from core.emission_quality as quality
    group by quality.purpose, quality.month, quality.factory_id
),

scaled as (
    select
        counted.purpose,
        counted.month,
        'factory' as scale,
        counted.factory_id,
        counted.co2_t,
        counted.covered_t,
        counted.tier_1_t,
        counted.tier_2_t,
        counted.tier_3_t,
        counted.tier_4_t,
        counted.tier_5_t,
        counted.lowest_tier,
        counted.emission_rows,
        counted.rows_without_factor,
        counted.rows_uncovered
    from counted
    union all
    select
        counted.purpose,
        counted.month,
        'district' as scale,
        '' as factory_id,
        cast(sum(counted.co2_t) as decimal(38, 12)) as co2_t,
        cast(sum(counted.covered_t) as decimal(38, 12)) as covered_t,
        cast(sum(counted.tier_1_t) as decimal(38, 12)) as tier_1_t,
        cast(sum(counted.tier_2_t) as decimal(38, 12)) as tier_2_t,
        cast(sum(counted.tier_3_t) as decimal(38, 12)) as tier_3_t,
        cast(sum(counted.tier_4_t) as decimal(38, 12)) as tier_4_t,
        cast(sum(counted.tier_5_t) as decimal(38, 12)) as tier_5_t,
        max(counted.lowest_tier) as lowest_tier,
        cast(sum(counted.emission_rows) as bigint) as emission_rows,
        cast(sum(counted.rows_without_factor) as bigint) as rows_without_factor,
        cast(sum(counted.rows_uncovered) as bigint) as rows_uncovered
    from counted
    group by counted.purpose, counted.month
)

select
    scaled.purpose,
    scaled.month,
    scaled.scale,
    scaled.factory_id,
    cast(scaled.co2_t as decimal(38, 6)) as co2_t,
    cast(scaled.covered_t as decimal(38, 6)) as covered_t,
    cast(half_width.activity_squared_t2 + half_width.factor_squared_t2 as decimal(38, 6)) as half_width_squared_t2,
    half_width.activity_squared_t2,
    half_width.factor_squared_t2,
    cast(scaled.tier_1_t as decimal(38, 6)) as tier_1_t,
    cast(scaled.tier_2_t as decimal(38, 6)) as tier_2_t,
    cast(scaled.tier_3_t as decimal(38, 6)) as tier_3_t,
    cast(scaled.tier_4_t as decimal(38, 6)) as tier_4_t,
    cast(scaled.tier_5_t as decimal(38, 6)) as tier_5_t,
    scaled.lowest_tier,
    scaled.emission_rows,
    scaled.rows_without_factor,
    scaled.rows_uncovered
from scaled
left join half_width
    on scaled.purpose = half_width.purpose
    and scaled.month = half_width.month
    and scaled.scale = half_width.scale
    and scaled.factory_id = half_width.factory_id
order by scaled.purpose, scaled.month, scaled.scale, scaled.factory_id
