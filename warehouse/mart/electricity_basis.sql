/*---
title: 外购电力在各口径下的排放（并列） | Purchased electricity on every basis, side by side
grain: [factory_id, month, purpose]
columns:
  factory_id:        {is: 统一社会信用代码}
  month:             {type: date, is: first day of the month}
  purpose:           {is: "accounting basis: location-based, market-based (residual), Shanghai, national"}
  charged_mwh:       {type: "decimal(38,6)", unit: "[energy_code]", is: electricity the factor is applied to}
  credited_mwh:      {type: "decimal(38,6)", unit: "[energy_code]", is: green power counted zero; zero when none}
  exported_mwh:      {type: "decimal(38,6)", unit: "[energy_code]", is: "外供电力 deducted, negative; zero when none"}
  energy_code:       {is: energy kind of form 205-1}
  declared_mwh:      {type: "decimal(38,6)", unit: "MWh{electricity}", is: green power declared by the factory; zero when none}
  uncredited_mwh:    {type: "decimal(38,6)", unit: "MWh{electricity}", is: of it what the basis does not credit (mart.green_credit says why); zero when none}
  factor_t:          {type: "decimal(24,12)", unit: "t{CO2}/[energy_code]", is: factor of the rest; empty while none is in force}
  factor_id:         {is: the factor row applied}
  is_provisional:    {type: boolean, is: the factor of an earlier year stands in}
  co2_t:             {type: "decimal(38,6)", unit: "t{CO2}", is: emissions on this basis; empty while no factor is in force}
---*/
with emission as (
    select
        emission.factory_id,
        emission.month,
        emission.purpose,
        emission.energy_code,
        cast(sum(case when emission.kind = 'electricity' then emission.activity end) as decimal(38, 12)) as charged_mwh,
        cast(sum(case when emission.kind = 'green_power' then emission.activity end) as decimal(38, 12))
            as credited_mwh,
        cast(sum(case when emission.kind = 'electricity_exported' then emission.activity end) as decimal(38, 12))
            as exported_mwh,
        max(case when emission.kind = 'electricity' then emission.factor_t end) as factor_t,
        max(case when emission.kind = 'electricity' then emission.factor_id end) as factor_id,
        sum(case when emission.is_provisional then 1 else 0 end) > 0 as is_provisional,
        cast(sum(emission.co2_t) as decimal(38, 12)) as co2_t
    from core.emission as emission
    where emission.kind in ('electricity', 'green_power', 'electricity_exported')
    group by emission.factory_id, emission.month, emission.purpose, emission.energy_code
),

green as (
    select
        credit.scheme as purpose,
        credit.factory_id,
        credit.month,
        cast(sum(credit.quantity_mwh) as decimal(38, 12)) as declared_mwh,
        cast(sum(case when credit.is_credited then 0 else credit.quantity_mwh end) as decimal(38, 12))
            as uncredited_mwh
    from core.green_credit as credit
    group by credit.scheme, credit.factory_id, credit.month
)

select
    emission.factory_id,
    emission.month,
    emission.purpose,
    cast(emission.charged_mwh as decimal(38, 6)) as charged_mwh,
    cast(case when emission.credited_mwh is null then 0 else emission.credited_mwh end as decimal(38, 6))
        as credited_mwh,
    cast(case when emission.exported_mwh is null then 0 else emission.exported_mwh end as decimal(38, 6))
        as exported_mwh,
    emission.energy_code,
    cast(case when green.declared_mwh is null then 0 else green.declared_mwh end as decimal(38, 6)) as declared_mwh,
    cast(case when green.uncredited_mwh is null then 0 else green.uncredited_mwh end as decimal(38, 6))
        as uncredited_mwh,
    emission.factor_t,
    emission.factor_id,
    emission.is_provisional,
    case when emission.factor_t is not null then cast(emission.co2_t as decimal(38, 6)) end as co2_t
from emission
left join green
    on emission.purpose = green.purpose
    and emission.factory_id = green.factory_id
    and emission.month = green.month
order by emission.factory_id, emission.month, emission.purpose
