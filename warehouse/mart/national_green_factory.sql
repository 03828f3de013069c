/*---
title: 国家级绿色工厂家数（四种读法） | National green factories, four readings of the goal
grain: [month, reading]
columns:
  month:       {type: date, is: first day of the month reported}
  reading:     {is: new_by_cycle · new_by_publication · stock_by_cycle · stock_by_publication}
  factories:   {type: bigint, unit: 家, is: distinct companies}
  target:      {type: "decimal(28,9)", unit: 家, is: the plan’s target; empty when no plan is in force}
  gap:         {type: "decimal(28,9)", unit: 家, is: companies still missing; 0 when reached}
  is_met:      {type: boolean, is: the target is reached under this reading}
  is_headline: {type: boolean, is: the reading the commission chose}
---*/
with names as (
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
),

judged as (
    select
        policy.month,
        names.reading,
        -- Nobody listed is a true zero: the lists are complete, not a sample.
        case when counted.factories is null then cast(0 as bigint) else counted.factories end as factories,
        names.reading = policy.national_reading as is_headline
    from core.policy_month as policy
    cross join names
    left join counted
        on policy.month = counted.month
        and names.reading = counted.reading
)

select
    judged.month,
    judged.reading,
    judged.factories,
    target.value /* unit: 家 */ as target,
    cast(case when judged.factories >= target.value /* unit: 家 */ then 0 else target.value /* unit: 家 */ - judged.factories end as decimal(28, 9)) as gap,
    judged.factories >= target.value /* unit: 家 */ as is_met,
    judged.is_headline
from judged
left join ref.plan_target as target
    on target.computed_by = 'national_green_factories'
    and judged.month >= target.valid_from
    and judged.month < target.valid_to
order by judged.month, judged.reading
