/*---
title: 全区月度能耗与排放 | The district by month and accounting basis
grain: [month, purpose]
columns:
  month:                         {type: date, is: first day of the month}
  purpose:                       {is: accounting basis}
  co2_direct_t:                  {type: "decimal(38,6)", unit: "t{CO2}", is: 直接排放}
  co2_indirect_t:                {type: "decimal(38,6)", unit: "t{CO2}", is: 间接排放}
  co2_t:                         {type: "decimal(38,6)", unit: "t{CO2}", is: 直接 + 间接}
  coal_tce:                      {type: "decimal(38,6)", unit: "tce{calorific}", is: 综合能耗（当量值）}
  coal_generation_tce:           {type: "decimal(38,6)", unit: "tce{generation}", is: "综合能耗（等价值）; empty when some use has no equivalent in force"}
  energy_gj:                     {type: "decimal(38,6)", unit: GJ, is: heat content}
  output_value_cny:              {type: "decimal(38,2)", unit: CNY, is: 工业总产值}
  factories_reporting:           {type: bigint, unit: 家, is: factories with at least one admitted energy line}
  factories_expected:            {type: bigint, unit: 家, is: factories on the register in that month}
  held_lines:                    {type: bigint, unit: 行, is: energy lines of the month still held}
  uses_without_factor:           {type: bigint, unit: 项, is: energy uses no factor was found for; they are not in co2_t}
  is_provisional:                {type: boolean, is: some factor of the month stands in for one not yet published}
  is_rebased:                    {type: boolean, is: some factor of the month is a later figure applied to an earlier year}
  rebased_note:                  {is: "why, and which figure it replaces; empty when none"}
  is_new_basis_since_previous_month: {type: boolean, is: "与上月依据不同: some use rests on another series than the month before, so the two must not be compared"}
  is_new_basis_since_last_year:  {type: boolean, is: "与上年同月依据不同: likewise against the same month of the year before"}
  co2_previous_month_t:          {type: "decimal(38,6)", unit: "t{CO2}", is: 上月; empty without one}
  co2_same_month_last_year_t:    {type: "decimal(38,6)", unit: "t{CO2}", is: 上年同月; empty without one}
  coal_previous_month_tce:       {type: "decimal(38,6)", unit: "tce{calorific}", is: 上月; empty without one}
  coal_same_month_last_year_tce: {type: "decimal(38,6)", unit: "tce{calorific}", is: 上年同月; empty without one}
---*/
with emission as (
    select
        emission.purpose,
        emission.month,
        cast(sum(case when emission.scope = 'direct' then emission.co2_t end) as decimal(38, 6)) as co2_direct_t,
        cast(sum(case when emission.scope = 'indirect' then emission.co2_t end) as decimal(38, 6)) as co2_indirect_t,
        cast(sum(emission.co2_t) as decimal(38, 6)) as co2_t,
        sum(case when emission.co2_t is null then 1 else 0 end) as uses_without_factor,
        sum(case when emission.is_provisional then 1 else 0 end) as provisional_uses,
        sum(case when emission.is_rebased then 1 else 0 end) as rebased_uses,
        max(case when emission.is_rebased then emission.note end) as rebased_note
    from core.emission as emission
    group by emission.purpose, emission.month
),

basis as (
    select distinct
        emission.purpose,
        emission.month,
        emission.sector,
        emission.energy_code,
        emission.kind,
        emission.series
    from core.emission as emission
    where emission.series is not null and emission.kind <> 'green_power'
),

new_basis as (
    -- Months whose figures rest on another series than those they are compared with.
    select
        now.purpose,
        now.month,
        max(case when before.month = spine.previous_month then 1 else 0 end) as since_previous_month,
        max(case when before.month = spine.same_month_last_year then 1 else 0 end) as since_last_year
    from basis as now
    inner join ref.month as spine
        on now.month = spine.month
    inner join basis as before
        on now.purpose = before.purpose
        and now.sector = before.sector
        and now.energy_code = before.energy_code
        and now.kind = before.kind
        and now.series <> before.series
        and (before.month = spine.previous_month or before.month = spine.same_month_last_year)
    group by now.purpose, now.month
),

energy as (
    select
        used.month,
        cast(sum(used.coal_tce) as decimal(38, 6)) as coal_tce,
        -- Without an equivalent in force for electricity a sum of the rest would pass for the whole: unknown instead.
        case
            when count(used.coal_generation_tce) = count(*)
                then cast(sum(used.coal_generation_tce) as decimal(38, 6))
        end as coal_generation_tce,
        cast(sum(used.energy_gj) as decimal(38, 6)) as energy_gj,
        count(distinct used.factory_id) as factories_reporting
    from core.energy_use as used
    where used.is_counted
    group by used.month
),

output as (
    select
        output.month,
        cast(sum(output.output_value_cny) as decimal(38, 2)) as output_value_cny
    from core.output as output
    group by output.month
),

registered as (
    select
        spine.month,
        count(distinct factory.factory_id) as factories_expected
    from ref.month as spine
    inner join core.factory as factory
        on spine.month >= factory.valid_from
        and spine.month < factory.valid_to
    group by spine.month
),

held as (
    select
        fate.month,
        count(*) as held_lines
    from stg.line_fate as fate
    where fate.contract = 'energy' and fate.fate = 'held'
    group by fate.month
)

select
    spine.month,
    purpose.purpose,
    emission.co2_direct_t,
    emission.co2_indirect_t,
    emission.co2_t,
    energy.coal_tce,
    energy.coal_generation_tce,
    energy.energy_gj,
    output.output_value_cny,
    case when energy.factories_reporting is null then cast(0 as bigint) else energy.factories_reporting end
        as factories_reporting,
    case when registered.factories_expected is null then cast(0 as bigint) else registered.factories_expected end
        as factories_expected,
    case when held.held_lines is null then cast(0 as bigint) else held.held_lines end as held_lines,
    cast(case when emission.uses_without_factor is null then 0 else emission.uses_without_factor end as bigint)
        as uses_without_factor,
    emission.provisional_uses > 0 as is_provisional,
    emission.rebased_uses > 0 as is_rebased,
    emission.rebased_note,
    case when new_basis.since_previous_month is null then false else new_basis.since_previous_month = 1 end
        as is_new_basis_since_previous_month,
    case when new_basis.since_last_year is null then false else new_basis.since_last_year = 1 end
        as is_new_basis_since_last_year,
    previous.co2_t as co2_previous_month_t,
    last_year.co2_t as co2_same_month_last_year_t,
    energy_previous.coal_tce as coal_previous_month_tce,
    energy_last_year.coal_tce as coal_same_month_last_year_tce
from ref.month as spine
cross join ref.purpose as purpose
left join emission
    on spine.month = emission.month and purpose.purpose = emission.purpose
left join emission as previous
    on spine.previous_month = previous.month and purpose.purpose = previous.purpose
left join emission as last_year
    on spine.same_month_last_year = last_year.month and purpose.purpose = last_year.purpose
left join new_basis
    on spine.month = new_basis.month and purpose.purpose = new_basis.purpose
left join energy
    on spine.month = energy.month
left join energy as energy_previous
    on spine.previous_month = energy_previous.month
left join energy as energy_last_year
    on spine.same_month_last_year = energy_last_year.month
left join output
    on spine.month = output.month
left join registered
    on spine.month = registered.month
left join held
    on spine.month = held.month
order by spine.month, purpose.purpose
