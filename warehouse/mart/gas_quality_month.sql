/*---
title: 过程、逸散与燃烧气体的数据质量与不确定度（全区，按月、按口径） | Quality and uncertainty of processes and other gases, by month and basis
grain: [purpose, month]
columns:
  purpose:               {is: accounting basis}
  month:                 {type: date, is: first day of the month}
  co2e_t:                {type: "decimal(38,6)", unit: "t{CO2e}", is: "processes, and CH4 and N2O of burning where the basis counts them; empty when nothing is known"}
  covered_t:             {type: "decimal(38,6)", unit: "t{CO2e}", is: part of co2e_t whose half-widths are known; the half-width speaks of it alone}
  half_width_squared_t2: {type: "decimal(38,6)", unit: "t{CO2e}*t{CO2e}", is: square of the 95 % half-width; empty when nothing is covered}
  tier_1_t:              {type: "decimal(38,6)", unit: "t{CO2e}", is: emissions of data quality 1}
  tier_2_t:              {type: "decimal(38,6)", unit: "t{CO2e}", is: emissions of data quality 2}
  tier_3_t:              {type: "decimal(38,6)", unit: "t{CO2e}", is: emissions of data quality 3}
  tier_4_t:              {type: "decimal(38,6)", unit: "t{CO2e}", is: emissions of data quality 4}
  tier_5_t:              {type: "decimal(38,6)", unit: "t{CO2e}", is: emissions of data quality 5}
  lowest_tier:           {type: integer, unit: "1", is: "the worst tier of any row, unknown ones included"}
  emission_rows:         {type: bigint, unit: "1", is: rows of a line and a gas}
  rows_unknown:          {type: bigint, unit: "1", is: "rows without a factor or a GWP: unknown, in no sum here"}
  rows_uncovered:        {type: bigint, unit: "1", is: known rows whose half-width no source gives}
---*/
-- The half-width of a GWP is not in it: IPCC combines the errors of masses. One factor errs alike in all its rows.
with counted as (
    select
        purpose.purpose,
        purpose.gwp_edition,
        quality.month,
        quality.gas,
        quality.is_biogenic,
        quality.mass_t,
        quality.factor_id,
        quality.quality_tier,
        quality.activity_half_width,
        quality.factor_half_width
    from core.gas_quality as quality
    cross join ref.purpose as purpose
    left join ref.purpose_rule as rule
        on quality.source = 'burning'
        and purpose.purpose = rule.purpose
        and rule.item = 'combustion_ch4_n2o'
        and rule.handling = 'counted'
        and quality.month >= rule.valid_from
        and quality.month < rule.valid_to
    left join ref.gas as gas
        on quality.gas = gas.gas
    where not (quality.gas = 'CO2' and quality.is_biogenic)
        and (gas.is_inventory_gas is null or gas.is_inventory_gas)
        and (quality.source = 'process' or rule.purpose is not null)
),

weighed as (
    select
        counted.purpose,
        counted.month,
        counted.factor_id,
        counted.quality_tier,
        counted.activity_half_width,
        counted.factor_half_width,
        cast(counted.mass_t * potential.gwp as decimal(38, 12)) as co2e_t
    from counted
    left join ref.gas_gwp as potential
        on counted.gwp_edition = potential.gwp_edition
        and counted.gas = potential.gas
        and counted.is_biogenic = potential.is_biogenic
),

by_factor as (
    select
        weighed.purpose,
        weighed.month,
        weighed.factor_id,
        weighed.factor_half_width,
        cast(sum(weighed.co2e_t) as decimal(38, 12)) as factor_sum_t,
        cast(sum(cast(
            cast(cast(weighed.co2e_t as decimal(19, 4)) * weighed.activity_half_width as decimal(19, 4))
            * cast(cast(weighed.co2e_t as decimal(19, 4)) * weighed.activity_half_width as decimal(19, 4))
            as decimal(38, 8)
        )) as decimal(38, 6)) as activity_squared_t2
    from weighed
    where weighed.co2e_t is not null
        and weighed.activity_half_width is not null
        and weighed.factor_half_width is not null
    group by weighed.purpose, weighed.month, weighed.factor_id, weighed.factor_half_width
),

half_width as (
    select
        by_factor.purpose,
        by_factor.month,
        cast(
            cast(sum(by_factor.activity_squared_t2) as decimal(38, 6))
            + cast(sum(cast(
                cast(cast(by_factor.factor_sum_t as decimal(24, 4)) * by_factor.factor_half_width as decimal(19, 4))
                * cast(cast(by_factor.factor_sum_t as decimal(24, 4)) * by_factor.factor_half_width as decimal(19, 4))
                as decimal(38, 8)
            )) as decimal(38, 6))
            as decimal(38, 6)
        ) as half_width_squared_t2
    from by_factor
    group by by_factor.purpose, by_factor.month
),

summed as (
    select
        weighed.purpose,
        weighed.month,
        cast(sum(weighed.co2e_t) as decimal(38, 6)) as co2e_t,
        cast(sum(
            case
                when weighed.activity_half_width is not null and weighed.factor_half_width is not null
                    then weighed.co2e_t
            end
        ) as decimal(38, 6)) as covered_t,
        cast(sum(case when weighed.quality_tier = 1 then weighed.co2e_t end) as decimal(38, 6)) as tier_1_t,
        cast(sum(case when weighed.quality_tier = 2 then weighed.co2e_t end) as decimal(38, 6)) as tier_2_t,
        cast(sum(case when weighed.quality_tier = 3 then weighed.co2e_t end) as decimal(38, 6)) as tier_3_t,
        cast(sum(case when weighed.quality_tier = 4 then weighed.co2e_t end) as decimal(38, 6)) as tier_4_t,
        cast(sum(case when weighed.quality_tier = 5 then weighed.co2e_t end) as decimal(38, 6)) as tier_5_t,
        max(case when weighed.co2e_t is null then 5 else weighed.quality_tier end) as lowest_tier,
        count(*) as emission_rows,
        count(case when weighed.co2e_t is null then 1 end) as rows_unknown,
        count(
            case
                when weighed.co2e_t is not null
                    and (weighed.activity_half_width is null or weighed.factor_half_width is null) then 1
            end
        ) as rows_uncovered
    from weighed
    group by weighed.purpose, weighed.month
)

select
    summed.purpose,
    summed.month,
    summed.co2e_t,
    summed.covered_t,
    half_width.half_width_squared_t2,
    summed.tier_1_t,
    summed.tier_2_t,
    summed.tier_3_t,
    summed.tier_4_t,
    summed.tier_5_t,
    summed.lowest_tier,
    summed.emission_rows,
    summed.rows_unknown,
    summed.rows_uncovered
from summed
left join half_width
    on summed.purpose = half_width.purpose
    and summed.month = half_width.month
order by summed.purpose, summed.month
