/*---
title: 二氧化碳排放（直接与间接，按核算口径） | CO2 emissions, direct and indirect, by accounting basis
grain: [purpose, factory_id, month, energy_code, kind, receipt_id, first_line_no]
columns:
  purpose:         {is: accounting basis; see ref.purpose}
  factory_id:      {is: 统一社会信用代码}
  month:           {type: date, is: first day of the month}
  energy_code:     {is: energy kind of form 205-1}
  kind:            {is: fuel · heat · electricity · green_power · electricity_exported · heat_exported}
  sector:          {is: "行业组 sector whose edition of fuel factors applies; any where the factor is the same for all"}
  scope:           {is: direct 直接 (fuels) or indirect 间接 (purchased electricity and heat)}
  receipt_id:      {is: the submission the activity came with}
  first_line_no:   {type: integer, unit: "1", is: first line of that activity in the submission}
  activity:        {type: "decimal(38,12)", unit: "[energy_code]", is: "amount the factor is applied to; fuels without the part used as raw material, exports negative"}
  mobile_activity: {type: "decimal(38,12)", unit: "[energy_code]", is: the part of it burnt by vehicles (其中运输工具消费); empty where none was reported}
  activity_unit:   {names: "[energy_code]", is: canonical unit of the energy kind}
  factor_t:        {type: "decimal(24,12)", unit: "t{CO2}/[energy_code]", is: the factor; empty while none is in force}
  factor_id:       {is: "the factor row applied; measured.… names the measured value and the edition that gives the rest"}
  level:           {is: "where the factor came from, narrow to wide; see levels.csv"}
  series:          {is: "what is measured and how; a curve keeps one series or says where it changed"}
  is_provisional:  {type: boolean, is: the factor of an earlier year stands in for one not yet published}
  is_rebased:      {type: boolean, is: a later figure applied to an earlier year because its document governs historical emissions}
  note:            {is: why this factor}
  co2_t:           {type: "decimal(38,12)", unit: "t{CO2}", is: activity × factor; empty while no factor is in force}
---*/
with default_sector as (
    select
        sector.sector
    from ref.industry_sector as sector
    where sector.prefix = ''
),

burnt as (
    -- Carbon of biomass is not here: it is told apart in core.combustion_gas and core.inventory.
    select
        used.factory_id,
        used.month,
        used.energy_code,
        used.receipt_id,
        used.first_line_no,
        -- Raw material is not burnt (form 205-1, column 6). Not reported means no such use was declared.
        case when used.feedstock is null then used.used else used.used - used.feedstock end as activity,
        used.transport,
        used.canonical_unit as activity_unit,
        used.measured_ncv_gj,
        used.carbon_of_heat,
        used.carbon_of_amount,
        used.unproven_lines,
        case when placed.sector is null then default_sector.sector else placed.sector end as sector,
        placed.sector is null or placed.is_industry_unknown as is_industry_unknown
    from core.energy_use as used
    inner join ref.energy_kind as energy
        on used.energy_code = energy.energy_code
    cross join default_sector
    left join core.factory_sector as placed
        on used.factory_id = placed.factory_id
        and used.month >= placed.valid_from
        and used.month < placed.valid_to
    where used.is_counted and energy.is_fuel and not energy.is_renewable
),

burnt_or_bought as (
    select
        purpose.purpose,
        direct.factory_id,
        direct.month,
        direct.energy_code,
        'fuel' as kind,
        direct.sector,
        direct.is_industry_unknown,
        'direct' as scope,
        direct.receipt_id,
        direct.first_line_no,
        direct.activity,
        case when direct.transport > direct.activity then direct.activity else direct.transport end as mobile_activity,
        direct.activity_unit,
        direct.measured_ncv_gj,
        direct.carbon_of_heat,
        direct.carbon_of_amount,
        direct.unproven_lines
    from burnt as direct
    cross join ref.purpose as purpose
    union all
    select
        bought.purpose,
        bought.factory_id,
        bought.month,
        bought.energy_code,
        bought.kind,
        'any' as sector,
        false as is_industry_unknown,
        'indirect' as scope,
        bought.receipt_id,
        bought.first_line_no,
        bought.activity,
        null as mobile_activity,
        bought.activity_unit,
        null as measured_ncv_gj,
        null as carbon_of_heat,
        null as carbon_of_amount,
        null as unproven_lines
    from core.purchased_energy as bought
    where bought.kind <> 'green_power'
),

resolved as (
    -- A measured heat value or carbon content takes the place of the edition's; the edition chosen gives the rest.
    select
        activity.purpose,
        activity.factory_id,
        activity.month,
        activity.energy_code,
        activity.kind,
        activity.sector,
        activity.is_industry_unknown,
        activity.scope,
        activity.receipt_id,
        activity.first_line_no,
        cast(activity.activity as decimal(38, 12)) as activity,
        cast(activity.mobile_activity as decimal(38, 12)) as mobile_activity,
        activity.activity_unit,
        activity.unproven_lines,
        factor.factor_t,
        factor.factor_id,
        factor.level,
        factor.series,
        factor.is_provisional,
        factor.is_rebased,
        factor.note,
        case
            when activity.carbon_of_amount is not null
                then cast(activity.carbon_of_amount * part.co2_t_per_carbon_t as decimal(24, 12))
            when activity.carbon_of_heat is not null and activity.measured_ncv_gj is not null
                then cast(
                    cast(activity.measured_ncv_gj * activity.carbon_of_heat as decimal(38, 18))
                    * part.co2_t_per_carbon_t as decimal(24, 12)
                )
            when activity.carbon_of_heat is not null
                then cast(
                    cast(part.ncv_gj * activity.carbon_of_heat as decimal(38, 18)) * part.co2_t_per_carbon_t
                    as decimal(24, 12)
                )
            when activity.measured_ncv_gj is not null
                then cast(activity.measured_ncv_gj * part.co2_t_per_gj as decimal(24, 12))
        end as measured_factor_t,
        case
            when activity.carbon_of_amount is not null then part.measured_carbon_id
            when activity.carbon_of_heat is not null and activity.measured_ncv_gj is not null
                then part.measured_both_id
            when activity.carbon_of_heat is not null then part.measured_carbon_id
            when activity.measured_ncv_gj is not null then part.measured_ncv_id
        end as measured_id
    from burnt_or_bought as activity
    left join ref.emission_factor as factor
        on activity.purpose = factor.purpose
        and activity.energy_code = factor.energy_code
        and activity.sector = factor.sector
        and factor.gas = 'CO2'
        and activity.month >= factor.valid_from
        and activity.month < factor.valid_to
    left join ref.fuel_parameter as part
        on factor.factor_id = part.factor_id
        and activity.energy_code = part.energy_code
        and (
            activity.measured_ncv_gj is not null
            or activity.carbon_of_heat is not null
            or activity.carbon_of_amount is not null
        )
),

factored as (
    select
        resolved.purpose,
        resolved.factory_id,
        resolved.month,
        resolved.energy_code,
        resolved.kind,
        resolved.sector,
        resolved.scope,
        resolved.receipt_id,
        resolved.first_line_no,
        resolved.activity,
        resolved.mobile_activity,
        resolved.activity_unit,
        case when resolved.measured_id is not null then resolved.measured_factor_t else resolved.factor_t end
            as factor_t,
        case when resolved.measured_id is not null then resolved.measured_id else resolved.factor_id end as factor_id,
        case when resolved.measured_id is not null then 'measured' else resolved.level end as level,
        resolved.series,
        case when resolved.measured_id is not null then false else resolved.is_provisional end as is_provisional,
        resolved.is_rebased,
        case
            when resolved.measured_id is not null then '按企业实测值，凭证号见来源行'
            when resolved.unproven_lines > 0 then '有实测值而无凭证号，按缺省值'
            when resolved.is_industry_unknown and resolved.note <> ''
                then '企业行业不详，按一般工业取版本；' || resolved.note
            when resolved.is_industry_unknown then '企业行业不详，按一般工业取版本'
            else resolved.note
        end as note
    from resolved
)

select
    factored.purpose,
    factored.factory_id,
    factored.month,
    factored.energy_code,
    factored.kind,
    factored.sector,
    factored.scope,
    factored.receipt_id,
    factored.first_line_no,
    factored.activity,
    factored.mobile_activity,
    factored.activity_unit,
    factored.factor_t,
    factored.factor_id,
    factored.level,
    factored.series,
    factored.is_provisional,
    factored.is_rebased,
    factored.note,
    cast(factored.activity * factored.factor_t as decimal(38, 12)) as co2_t
from factored
union all
select
    green.purpose,
    green.factory_id,
    green.month,
    green.energy_code,
    green.kind,
    'any' as sector,
    'indirect' as scope,
    green.receipt_id,
    green.first_line_no,
    green.activity,
    cast(null as decimal(38, 12)) as mobile_activity,
    green.activity_unit,
    cast(0 as decimal(24, 12)) as factor_t,
    green.green_factor_id as factor_id,
    'contract' as level,
    'green_power' as series,
    false as is_provisional,
    false as is_rebased,
    '已结算绿电按零计' as note,
    cast(0 as decimal(38, 12)) as co2_t
from core.purchased_energy as green
where green.kind = 'green_power'
