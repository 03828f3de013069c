/*---
title: 燃料燃烧的 CH4、N2O 与生物质 CO2 | CH4 and N2O of burning, and the CO2 of biomass
grain: [factory_id, month, energy_code, use, gas, receipt_id, first_line_no]
columns:
  factory_id:    {is: 统一社会信用代码}
  month:         {type: date, is: first day of the month}
  energy_code:   {is: energy kind of form 205-1}
  use:           {is: stationary 固定源 or mobile 移动源 (其中运输工具消费)}
  gas:           {is: "CH4, N2O, or CO2 of biomass"}
  is_biogenic:   {type: boolean, is: the fuel is biomass; its CO2 is told beside the totals}
  receipt_id:    {is: the submission the activity came with}
  first_line_no: {type: integer, unit: "1", is: first line of that activity in the submission}
  activity:      {type: "decimal(38,12)", unit: "[energy_code]", is: "amount burnt, without raw material"}
  ncv_gj:        {type: "decimal(24,12)", unit: "GJ/[energy_code]", is: 低位发热量 measured or default; empty without one}
  burnt_gj:      {type: "decimal(38,12)", unit: "GJ", is: heat of it; empty without a heat value}
  factor_t:      {type: "decimal(24,12)", unit: "t{[gas]}/GJ", is: the factor; empty where none may be used}
  factor_id:     {is: the factor row applied}
  level:         {is: where the factor came from}
  note:          {is: "why this factor, or why none"}
  mass_t:        {type: "decimal(38,12)", unit: "t{[gas]}", is: heat × factor; empty while either is unknown}
---*/
with fuel as (
    select
        used.factory_id,
        used.month,
        used.energy_code,
        used.receipt_id,
        used.first_line_no,
        case when used.feedstock is null then used.used else used.used - used.feedstock end as burnt,
        used.transport,
        used.ncv_gj,
        energy.is_renewable
    from core.energy_use as used
    inner join ref.energy_kind as energy
        on used.energy_code = energy.energy_code
    where used.is_counted and energy.is_fuel
),

parted as (
    select
        fuel.factory_id,
        fuel.month,
        fuel.energy_code,
        fuel.receipt_id,
        fuel.first_line_no,
        fuel.burnt,
        case
            when fuel.transport is null then cast(0 as decimal(38, 12))
            when fuel.transport > fuel.burnt then fuel.burnt
            else fuel.transport
        end as mobile,
        fuel.ncv_gj,
        fuel.is_renewable
    from fuel
),

burnt as (
    select
        parted.factory_id,
        parted.month,
        parted.energy_code,
        'stationary' as use,
        parted.receipt_id,
        parted.first_line_no,
        parted.burnt - parted.mobile as activity,
        parted.ncv_gj,
        parted.is_renewable
    from parted
    where parted.burnt > parted.mobile
    union all
    select
        parted.factory_id,
        parted.month,
        parted.energy_code,
        'mobile' as use,
        parted.receipt_id,
        parted.first_line_no,
        parted.mobile as activity,
        parted.ncv_gj,
        parted.is_renewable
    from parted
    where parted.mobile > 0
),

heated as (
    select
        burnt.factory_id,
        burnt.month,
        burnt.energy_code,
        burnt.use,
        gas.gas,
        burnt.is_renewable as is_biogenic,
        burnt.receipt_id,
        burnt.first_line_no,
        cast(burnt.activity as decimal(38, 12)) as activity,
        case when burnt.ncv_gj is not null then burnt.ncv_gj else gas.fallback_ncv_gj end as ncv_gj,
        gas.factor_t,
        gas.factor_id,
        gas.level,
        gas.note
    from burnt
    inner join ref.combustion_gas as gas
        on burnt.energy_code = gas.energy_code
        and burnt.use = gas.use
        and burnt.month >= gas.valid_from
        and burnt.month < gas.valid_to
    where burnt.is_renewable or gas.gas <> 'CO2'
),

burning as (
    select
        heated.factory_id,
        heated.month,
        heated.energy_code,
        heated.use,
        heated.gas,
        heated.is_biogenic,
        heated.receipt_id,
        heated.first_line_no,
        heated.activity,
        heated.ncv_gj,
        cast(heated.activity * heated.ncv_gj as decimal(38, 12)) as burnt_gj,
        heated.factor_t,
        heated.factor_id,
        heated.level,
        heated.note
    from heated
)

select
    burning.factory_id,
    burning.month,
    burning.energy_code,
    burning.use,
    burning.gas,
    burning.is_biogenic,
    burning.receipt_id,
    burning.first_line_no,
    burning.activity,
    burning.ncv_gj,
    burning.burnt_gj,
    burning.factor_t,
    burning.factor_id,
    burning.level,
    burning.note,
    cast(burning.burnt_gj * burning.factor_t as decimal(38, 12)) as mass_t
from burning
