/*---
title: 温室气体清单（长表，全口径） | The whole inventory, long
materialized: view
grain: [purpose, factory_id, month, category, energy_code, activity_code, gas, is_biogenic, factor_id, receipt_id, first_line_no]
columns:
  purpose:        {is: accounting basis; see ref.purpose}
  gwp_edition:    {is: "the IPCC report whose GWP is used: one an inventory"}
  factory_id:     {is: 统一社会信用代码}
  month:          {type: date, is: first day of the month}
  category:       {is: fuel_stationary · fuel_mobile · electricity · electricity_exported · heat · heat_exported · green_power · process}
  scope:          {is: direct 直接 or indirect 间接}
  energy_code:    {is: energy kind of form 205-1; blank for processes}
  activity_code:  {is: 活动代码 of a process; blank for energy}
  gas:            {is: the gas emitted}
  mass_t:         {type: "decimal(38,12)", unit: "t{[gas]}", is: gas emitted; empty when unknown}
  gwp:            {type: "decimal(24,12)", unit: "t{CO2e}/t{[gas]}", is: 百年温室效应潜势; empty when the edition has none}
  co2e_t:         {type: "decimal(38,12)", unit: "t{CO2e}", is: mass × GWP; empty (unknown) when either is}
  is_biogenic:    {type: boolean, is: the gas is of biogenic origin}
  is_optional:    {type: boolean, is: the basis shows it beside its total and does not count it}
  is_in_total:    {type: boolean, is: "it counts in the basis's total: neither optional nor CO2 of biomass"}
  factor_id:      {is: the factor row or route applied}
  level:          {is: where the factor came from}
  is_provisional: {type: boolean, is: the factor of an earlier year stands in}
  note:           {is: "why this factor, or why none"}
  receipt_id:     {is: the submission the activity came with}
  first_line_no:  {type: integer, unit: "1", is: first line of that activity in the submission}
---*/
with burnt as (
    -- Vehicles' part and the rest add up to the CO2 of the fuel to the last digit: the rest is the difference.
    select
        emission.purpose,
        emission.factory_id,
        emission.month,
        emission.kind,
        emission.scope,
        emission.energy_code,
        emission.activity,
        emission.co2_t,
        emission.factor_id,
        emission.level,
        emission.is_provisional,
        emission.note,
        emission.receipt_id,
        emission.first_line_no,
        case
            when emission.mobile_activity > 0
                then cast(emission.mobile_activity * emission.factor_t as decimal(38, 12))
        end as mobile_co2_t,
        case when emission.mobile_activity > 0 then emission.mobile_activity else 0 end as mobile_activity
    from core.emission as emission
),

rowed as (
    select
        burnt.purpose,
        burnt.factory_id,
        burnt.month,
        case when burnt.kind = 'fuel' then 'fuel_stationary' else burnt.kind end as category,
        burnt.scope,
        burnt.energy_code,
        '' as activity_code,
        'CO2' as gas,
        case when burnt.mobile_co2_t is null then burnt.co2_t else burnt.co2_t - burnt.mobile_co2_t end as mass_t,
        false as is_biogenic,
        false as is_optional,
        burnt.factor_id,
        burnt.level,
        burnt.is_provisional,
        burnt.note,
        burnt.receipt_id,
        burnt.first_line_no
    from burnt
    where burnt.mobile_activity < burnt.activity or burnt.mobile_activity = 0
    union all
    select
        burnt.purpose,
        burnt.factory_id,
        burnt.month,
        'fuel_mobile' as category,
        burnt.scope,
        burnt.energy_code,
        '' as activity_code,
        'CO2' as gas,
        burnt.mobile_co2_t as mass_t,
        false as is_biogenic,
        false as is_optional,
        burnt.factor_id,
        burnt.level,
        burnt.is_provisional,
        burnt.note,
        burnt.receipt_id,
        burnt.first_line_no
    from burnt
    where burnt.mobile_activity > 0
    union all
    -- CH4 and N2O where the basis counts or shows them.
    select
        rule.purpose,
        burning.factory_id,
        burning.month,
        case when burning.use = 'mobile' then 'fuel_mobile' else 'fuel_stationary' end as category,
        'direct' as scope,
        burning.energy_code,
        '' as activity_code,
        burning.gas,
        burning.mass_t,
        burning.is_biogenic,
        rule.handling = 'shown' as is_optional,
        burning.factor_id,
        burning.level,
        false as is_provisional,
        burning.note,
        burning.receipt_id,
        burning.first_line_no
    from core.combustion_gas as burning
    inner join ref.purpose_rule as rule
        on rule.item = 'combustion_ch4_n2o'
        and rule.handling in ('counted', 'shown')
        and burning.month >= rule.valid_from
        and burning.month < rule.valid_to
    where burning.gas <> 'CO2'
    union all
    -- CO2 of biomass: on every basis, beside every total.
    select
        purpose.purpose,
        burning.factory_id,
        burning.month,
        case when burning.use = 'mobile' then 'fuel_mobile' else 'fuel_stationary' end as category,
        'direct' as scope,
        burning.energy_code,
        '' as activity_code,
        burning.gas,
        burning.mass_t,
        burning.is_biogenic,
        false as is_optional,
        burning.factor_id,
        burning.level,
        false as is_provisional,
        burning.note,
        burning.receipt_id,
        burning.first_line_no
    from core.combustion_gas as burning
    cross join ref.purpose as purpose
    where burning.gas = 'CO2'
),

weighed as (
    select
        rowed.purpose,
        purpose.gwp_edition,
        rowed.factory_id,
        rowed.month,
        rowed.category,
        rowed.scope,
        rowed.energy_code,
        rowed.activity_code,
        rowed.gas,
        cast(rowed.mass_t as decimal(38, 12)) as mass_t,
        potential.gwp,
        rowed.is_biogenic,
        rowed.is_optional,
        rowed.factor_id,
        rowed.level,
        rowed.is_provisional,
        rowed.note,
        rowed.receipt_id,
        rowed.first_line_no
    from rowed
    left join ref.purpose as purpose
        on rowed.purpose = purpose.purpose
    left join ref.gas_gwp as potential
        on purpose.gwp_edition = potential.gwp_edition
        and rowed.gas = potential.gas
        and rowed.is_biogenic = potential.is_biogenic
)

select
    weighed.purpose,
    weighed.gwp_edition,
    weighed.factory_id,
    weighed.month,
    weighed.category,
    weighed.scope,
    weighed.energy_code,
    weighed.activity_code,
    weighed.gas,
    weighed.mass_t,
    weighed.gwp,
    cast(weighed.mass_t * weighed.gwp as decimal(38, 12)) as co2e_t,
    weighed.is_biogenic,
    weighed.is_optional,
    not weighed.is_optional and not (weighed.is_biogenic and weighed.gas = 'CO2') as is_in_total,
    weighed.factor_id,
    weighed.level,
    weighed.is_provisional,
    weighed.note,
    weighed.receipt_id,
    weighed.first_line_no
from weighed
union all
select
    process.purpose,
    process.gwp_edition,
    process.factory_id,
    process.month,
    'process' as category,
    'direct' as scope,
    '' as energy_code,
    process.activity_code,
    process.gas,
    process.emitted_t as mass_t,
    process.gwp,
    process.co2e_t,
    process.is_biogenic,
    false as is_optional,
    not (process.is_biogenic and process.gas = 'CO2') as is_in_total,
    process.factor_id,
    process.level,
    false as is_provisional,
    process.note,
    process.receipt_id,
    process.line_no as first_line_no
from core.process_co2e as process
