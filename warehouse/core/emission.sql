/*---
title: 二氧化碳排放（直接与间接，按核算口径） | CO2 emissions, direct and indirect, by accounting basis
grain: [purpose, factory_id, month, energy_code, kind, receipt_id, first_line_no]
columns:
  purpose:        {is: accounting basis; see ref.purpose}
  factory_id:     {is: 统一社会信用代码}
  month:          {type: date, is: first day of the month}
  energy_code:    {is: energy kind of form 205-1}
  kind:           {is: fuel · heat · electricity · green_power}
  sector:         {is: "行业组 sector whose edition of fuel factors applies; any where the factor is the same for all"}
  scope:          {is: direct 直接 (fuels) or indirect 间接 (purchased electricity and heat)}
  receipt_id:     {is: the submission the activity came with}
  first_line_no:  {type: integer, unit: "1", is: first line of that activity in the submission}
  activity:       {type: "decimal(38,12)", unit: "[energy_code]", is: amount the factor is applied to; fuels without the part used as raw material}
  activity_unit:  {names: "[energy_code]", is: canonical unit of the energy kind}
  factor_t:       {type: "decimal(24,12)", unit: "t{CO2}/[energy_code]", is: the factor; empty while none is in force}
  factor_id:      {is: the factor row applied}
  level:          {is: "where the factor came from, narrow to wide; see levels.csv"}
  series:         {is: "what is measured and how; a curve keeps one series or says where it changed"}
  is_provisional: {type: boolean, is: the factor of an earlier year stands in for one not yet published}
  is_rebased:     {type: boolean, is: a later figure applied to an earlier year because its document governs historical emissions}
  note:           {is: why this factor}
  co2_t:          {type: "decimal(38,12)", unit: "t{CO2}", is: activity × factor; empty while no factor is in force}
---*/
with default_sector as (
    select
        sector.sector
    from ref.industry_sector as sector
    where sector.prefix = ''
),

combustion as (
    select
        used.factory_id,
        used.month,
        used.energy_code,
        'fuel' as kind,
        case when placed.sector is null then default_sector.sector else placed.sector end as sector,
        placed.sector is null or placed.is_industry_unknown as is_industry_unknown,
        'direct' as scope,
        used.receipt_id,
        used.first_line_no,
        -- Raw material is not burnt (form 205-1, column 6). Not reported means no such use was declared.
        case when used.feedstock is null then used.used else used.used - used.feedstock end as activity,
        used.canonical_unit as activity_unit
    from core.energy_use as used
    inner join ref.energy_kind as energy
        on used.energy_code = energy.energy_code
    cross join default_sector
    left join core.factory_sector as placed
        on used.factory_id = placed.factory_id
        and used.month >= placed.valid_from
        and used.month < placed.valid_to
    where used.is_counted and energy.is_fuel
),

heat as (
    select
        used.factory_id,
        used.month,
        used.energy_code,
        'heat' as kind,
        'indirect' as scope,
        used.receipt_id,
        used.first_line_no,
        used.used as activity,
        used.canonical_unit as activity_unit
    from core.energy_use as used
    inner join ref.energy_kind as energy
        on used.energy_code = energy.energy_code
    where used.is_counted and energy.carrier = 'heat' and not energy.is_recovered
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
        cast(sum(used.used) as decimal(38, 12)) as consumed_mwh
    from core.energy_use as used
    where used.is_counted and used.energy_code = '33'
    group by used.factory_id, used.month, used.energy_code, used.canonical_unit
),

zero_rated as (
    select
        rule.purpose,
        green.factory_id,
        green.month,
        min(rule.factor_id) as factor_id,
        min(green.receipt_id) as receipt_id,
        min(green.first_line_no) as first_line_no,
        cast(sum(green.quantity_mwh) as decimal(38, 12)) as quantity_mwh
    from core.green_power as green
    inner join ref.green_power_rule as rule
        on green.kind = rule.kind
        and green.month >= rule.valid_from
        and green.month < rule.valid_to
    where rule.treatment = 'zero'
    group by rule.purpose, green.factory_id, green.month
),

electricity_split as (
    -- What is declared green beyond the month's consumption earns nothing; checks/green_power_within_use tells it.
    select
        purpose.purpose,
        electricity.factory_id,
        electricity.month,
        electricity.energy_code,
        electricity.activity_unit,
        electricity.receipt_id,
        electricity.first_line_no,
        zero_rated.receipt_id as green_receipt_id,
        zero_rated.first_line_no as green_first_line_no,
        zero_rated.factor_id as green_factor_id,
        case
            when zero_rated.quantity_mwh is null then cast(0 as decimal(38, 12))
            when zero_rated.quantity_mwh > electricity.consumed_mwh then electricity.consumed_mwh
            else zero_rated.quantity_mwh
        end as green_mwh,
        electricity.consumed_mwh
    from electricity
    cross join ref.purpose as purpose
    left join zero_rated
        on purpose.purpose = zero_rated.purpose
        and electricity.factory_id = zero_rated.factory_id
        and electricity.month = zero_rated.month
),

burnt_or_bought as (
    select
        purpose.purpose,
        direct.factory_id,
        direct.month,
        direct.energy_code,
        direct.kind,
        direct.sector,
        direct.is_industry_unknown,
        direct.scope,
        direct.receipt_id,
        direct.first_line_no,
        direct.activity,
        direct.activity_unit
    from combustion as direct
    cross join ref.purpose as purpose
    union all
    select
        purpose.purpose,
        heat.factory_id,
        heat.month,
        heat.energy_code,
        heat.kind,
        'any' as sector,
        false as is_industry_unknown,
        heat.scope,
        heat.receipt_id,
        heat.first_line_no,
        heat.activity,
        heat.activity_unit
    from heat
    cross join ref.purpose as purpose
    union all
    select
        split.purpose,
        split.factory_id,
        split.month,
        split.energy_code,
        'electricity' as kind,
        'any' as sector,
        false as is_industry_unknown,
        'indirect' as scope,
        split.receipt_id,
        split.first_line_no,
        split.consumed_mwh - split.green_mwh as activity,
        split.activity_unit
    from electricity_split as split
)

select
    activity.purpose,
    activity.factory_id,
    activity.month,
    activity.energy_code,
    activity.kind,
    activity.sector,
    activity.scope,
    activity.receipt_id,
    activity.first_line_no,
    cast(activity.activity as decimal(38, 12)) as activity,
    activity.activity_unit,
    factor.factor_t,
    factor.factor_id,
    factor.level,
    factor.series,
    factor.is_provisional,
    factor.is_rebased,
    case
        when activity.is_industry_unknown and factor.note <> ''
            then '企业行业不详，按一般工业取版本；' || factor.note
        when activity.is_industry_unknown then '企业行业不详，按一般工业取版本'
        else factor.note
    end as note,
    cast(cast(activity.activity as decimal(38, 12)) * factor.factor_t as decimal(38, 12)) as co2_t
from burnt_or_bought as activity
left join ref.emission_factor as factor
    on activity.purpose = factor.purpose
    and activity.energy_code = factor.energy_code
    and activity.sector = factor.sector
    and factor.gas = 'CO2'
    and activity.month >= factor.valid_from
    and activity.month < factor.valid_to
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
