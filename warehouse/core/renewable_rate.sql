/*---
title: 可再生能源利用率的分子与分母 | Renewable energy and all energy, for the green-factory rate
grain: [factory_id, month]
columns:
  factory_id:         {is: 统一社会信用代码}
  month:              {type: date, is: first day of the month}
  renewable_mwh:      {type: "decimal(38,12)", unit: "MWh{electricity}", is: green power that counts with its evidence; zero when none}
  renewable_tce:      {type: "decimal(38,12)", unit: "tce{calorific}", is: "numerator, renewable electricity and fuels without raw material"}
  energy_tce:         {type: "decimal(38,12)", unit: "tce{calorific}", is: "denominator, 综合能耗 without raw material, with self-generated power; empty when nothing is known"}
  uncounted_mwh:      {type: "decimal(38,12)", unit: "MWh{electricity}", is: green power declared that does not count; zero when none}
  uses_without_tce:   {type: bigint, unit: "1", is: "energy uses, and green power that counts, without a coefficient; they are in neither"}
---*/
-- GB/T 36132-2025 B.5: renewable energy consumed ÷ comprehensive energy, both in tce with one coefficient for electricity.
-- A self-generated kilowatt-hour is in no purchase line (row 33), so it is added to both.
with used as (
    select
        used.factory_id,
        used.month,
        cast(
            sum(
                case
                    when not energy.is_renewable then 0
                    when used.feedstock_tce is null then used.coal_tce
                    else used.coal_tce - used.feedstock_tce
                end
            )
            as decimal(38, 12)
        ) as renewable_tce,
        cast(
            sum(case when used.feedstock_tce is null then used.coal_tce else used.coal_tce - used.feedstock_tce end)
            as decimal(38, 12)
        ) as energy_tce,
        sum(case when used.coal_tce is null then 1 else 0 end) as uses_without_tce
    from core.energy_use as used
    inner join ref.energy_kind as energy
        on used.energy_code = energy.energy_code
    where used.is_counted
    group by used.factory_id, used.month
),

green as (
    select
        credit.factory_id,
        credit.month,
        cast(sum(case when credit.is_credited then credit.quantity_mwh else 0 end) as decimal(38, 12)) as renewable_mwh,
        cast(sum(case when credit.is_credited then 0 else credit.quantity_mwh end) as decimal(38, 12)) as uncounted_mwh,
        cast(
            sum(case when credit.is_credited then credit.quantity_mwh * coal.coefficient_tce end) as decimal(38, 12)
        ) as renewable_tce,
        cast(
            sum(
                case
                    when credit.is_credited and credit.kind = 'self_generated'
                        then credit.quantity_mwh * coal.coefficient_tce
                end
            ) as decimal(38, 12)
        ) as self_generated_tce,
        sum(case when credit.is_credited and coal.coefficient_tce is null then 1 else 0 end) as uses_without_tce
    from core.green_credit as credit
    left join ref.standard_coal as coal
        on coal.energy_code = '33'
        and coal.basis = 'calorific'
        and credit.month >= coal.valid_from
        and credit.month < coal.valid_to
    where credit.scheme = 'renewable_rate'
    group by credit.factory_id, credit.month
),

frame as (
    -- A month with green power and no energy line keeps its numerator; its denominator is unknown, not zero.
    select
        used.factory_id,
        used.month
    from used
    union
    select
        green.factory_id,
        green.month
    from green
)

select
    frame.factory_id,
    frame.month,
    case when green.renewable_mwh is null then cast(0 as decimal(38, 12)) else green.renewable_mwh end as renewable_mwh,
    cast(
        case when used.renewable_tce is null then 0 else used.renewable_tce end
        + case when green.renewable_tce is null then 0 else green.renewable_tce end
        as decimal(38, 12)
    ) as renewable_tce,
    cast(
        used.energy_tce + case when green.self_generated_tce is null then 0 else green.self_generated_tce end
        as decimal(38, 12)
    ) as energy_tce,
    case when green.uncounted_mwh is null then cast(0 as decimal(38, 12)) else green.uncounted_mwh end as uncounted_mwh,
    cast(
        case when used.uses_without_tce is null then 0 else used.uses_without_tce end
        + case when green.uses_without_tce is null then 0 else green.uses_without_tce end
        as bigint
    ) as uses_without_tce
from frame
left join used
    on frame.factory_id = used.factory_id
    and frame.month = used.month
left join green
    on frame.factory_id = green.factory_id
    and frame.month = green.month
