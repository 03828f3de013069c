/*---
title: 国家级绿色工厂家数（四种读法） | National green factories, four readings of the goal
grain: [month, reading]
columns:
  month:       {type: date, is: first day of the month reported}
  reading:     {is: new_by_cycle · new_by_publication · stock_by_cycle · stock_by_publication}
  factories:   {type: bigint, unit: 家, is: distinct companies}
  target:      {type: "decimal(28,9)", unit: 家, is: the plan’s target}
  gap:         {type: "decimal(28,9)", unit: 家, is: companies still missing; 0 when reached}
  is_met:      {type: boolean, is: the target is reached under this reading}
  is_headline: {type: boolean, is: the reading the commission chose}
---*/
with readings as (
    select distinct setting.value as chosen
    from ref.policy_setting as setting
    where setting.setting = 'national_reading'
),

names as (
    select 'new_by_cycle' as reading
    union all
    select 'new_by_publication' as reading
    union all
    select 'stock_by_cycle' as reading
    union all
    select 'stock_by_publication' as reading
),

counted as (
    select
        member.month,
        member.reading,
        count(distinct member.factory_id) as factories
    from mart.national_green_factory_member as member
    group by member.month, member.reading
)

select
    spine.month,
    names.reading,
    case when counted.factories is null then cast(0 as bigint) else counted.factories end as factories,
    target.value as target,
    cast(
        case
            when counted.factories is null then target.value
            when counted.factories >= target.value then 0
            else target.value - counted.factories
        end as decimal(28, 9)
    ) as gap,
    case when counted.factories is null then false else counted.factories >= target.value end as is_met,
    names.reading = readings.chosen as is_headline
from ref.month as spine
cross join names
cross join readings
inner join ref.plan_target as target
    on target.computed_by = 'national_green_factories'
left join counted
    on spine.month = counted.month
    and names.reading = counted.reading
order by spine.month, names.reading
