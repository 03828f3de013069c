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

electricity as (
    -- One row a month: green power is set against the month's whole consumption, whatever units it was stated in.
    select
        used.factory_id,
        used.month,
        used.energy_code,
        used.canonical_unit as activity_unit,
        min(used.receipt_id) as receipt_id,
        min(used.first_line_no) as first_line_no,
        cast(sum(used.used) as decimal(38, 12)) as used,
        case when count(used.purchased) = count(*) then cast(sum(used.purchased) as decimal(38, 12)) end as purchased,
        cast(sum(used.supplied) as decimal(38, 12)) as supplied
    from core.energy_use as used
    where used.is_counted and used.energy_code = '33'
    group by used.factory_id, used.month, used.energy_code, used.canonical_unit
),

-- Net purchase = bought − exported. Consumption has no exports in it, so where nothing was exported, or the
-- basis does not net, it is the amount bought for own use; what was resold without 购进量 was bought as well.
net_heat as (
    select
        purpose.purpose,
        heat.factory_id,
        heat.month,
        heat.energy_code,
        heat.canonical_unit as activity_unit,
        heat.receipt_id,
        heat.first_line_no,
        case
            when rule.purpose is null or heat.supplied is null or heat.supplied = 0 then heat.used
            when heat.purchased is not null then heat.purchased
            else heat.used + heat.supplied
        end as gross,
        case when rule.purpose is not null and heat.supplied > 0 then heat.supplied end as exported
    from core.energy_use as heat
    inner join ref.energy_kind as energy
        on heat.energy_code = energy.energy_code
    cross join ref.purpose as purpose
    left join ref.purpose_rule as rule
        on purpose.purpose = rule.purpose
        and rule.item = 'exported_energy'
        and rule.handling = 'net'
        and heat.month >= rule.valid_from
        and heat.month < rule.valid_to
    where heat.is_counted and energy.carrier = 'heat' and not energy.is_recovered
),

net_electricity as (
    select
        purpose.purpose,
        electricity.factory_id,
        electricity.month,
        electricity.energy_code,
        electricity.activity_unit,
        electricity.receipt_id,
        electricity.first_line_no,
        electricity.used,
        case
            when rule.purpose is null or electricity.supplied is null or electricity.supplied = 0 then electricity.used
            when electricity.purchased is not null then electricity.purchased
            else electricity.used + electricity.supplied
        end as gross,
        case when rule.purpose is not null and electricity.supplied > 0 then electricity.supplied end as exported
    from electricity
    cross join ref.purpose as purpose
    left join ref.purpose_rule as rule
        on purpose.purpose = rule.purpose
        and rule.item = 'exported_energy'
        and rule.handling = 'net'
        and electricity.month >= rule.valid_from
        and electricity.month < rule.valid_to
),

zero_rated as (
    select
        credit.scheme as purpose,
        credit.factory_id,
        credit.month,
        min(credit.factor_id) as factor_id,
        min(credit.receipt_id) as receipt_id,
        min(credit.first_line_no) as first_line_no,
        cast(sum(credit.quantity_mwh) as decimal(38, 12)) as quantity_mwh
    from core.green_credit as credit
    where credit.is_credited
    group by credit.scheme, credit.factory_id, credit.month
),

electricity_split as (
    -- What is declared green beyond the month's consumption earns nothing; checks/green_power_within_use tells it.
    select
        netted.purpose,
        netted.factory_id,
        netted.month,
        netted.energy_code,
        netted.activity_unit,
        netted.receipt_id,
        netted.first_line_no,
        zero_rated.receipt_id as green_receipt_id,
        zero_rated.first_line_no as green_first_line_no,
        zero_rated.factor_id as green_factor_id,
        case
            when zero_rated.quantity_mwh is null then cast(0 as decimal(38, 12))
            else least(zero_rated.quantity_mwh, netted.gross, netted.used)
        end as green_mwh,
        netted.gross
    from net_electricity as netted
    left join zero_rated
        on netted.purpose = zero_rated.purpose
        and netted.factory_id = zero_rated.factory_id
        and netted.month = zero_rated.month
),

bought as (
    select
        netted.purpose,
        netted.factory_id,
        netted.month,
        netted.energy_code,
        'heat' as kind,
        netted.receipt_id,
        netted.first_line_no,
        netted.gross as activity,
        netted.activity_unit
    from net_heat as netted
    union all
    select
        netted.purpose,
        netted.factory_id,
        netted.month,
        netted.energy_code,
        'heat_exported' as kind,
        netted.receipt_id,
        netted.first_line_no,
        -netted.exported as activity,
        netted.activity_unit
    from net_heat as netted
    where netted.exported is not null
    union all
    select
        netted.purpose,
        netted.factory_id,
        netted.month,
        netted.energy_code,
        'electricity_exported' as kind,
        netted.receipt_id,
        netted.first_line_no,
        -netted.exported as activity,
        netted.activity_unit
    from net_electricity as netted
    where netted.exported is not null
    union all
    select
        netted.purpose,
        netted.factory_id,
        netted.month,
        netted.energy_code,
        'electricity' as kind,
        netted.receipt_id,
        netted.first_line_no,
        netted.gross - netted.green_mwh as activity,
        netted.activity_unit
    from electricity_split as netted
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
    from bought
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
    split.purpose,
    split.factory_id,
    split.month,
    split.energy_code,
    'green_power' as kind,
    'any' as sector,
    'indirect' as scope,
    split.green_receipt_id as receipt_id,
    split.green_first_line_no as first_line_no,
    cast(split.green_mwh as decimal(38, 12)) as activity,
    cast(null as decimal(38, 12)) as mobile_activity,
    split.activity_unit,
    cast(0 as decimal(24, 12)) as factor_t,
    split.green_factor_id as factor_id,
    'contract' as level,
    'green_power' as series,
    false as is_provisional,
    false as is_rebased,
    '已结算绿电按零计' as note,
    cast(0 as decimal(38, 12)) as co2_t
from electricity_split as split
where split.green_mwh > 0
