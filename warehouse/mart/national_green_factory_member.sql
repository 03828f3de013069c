/*---
title: 国家级绿色工厂名单（四种读法） | National green factories by name, four readings
grain: [month, reading, factory_id]
columns:
  month:        {type: date, is: first day of the month reported}
  reading:      {is: new_by_cycle · new_by_publication · stock_by_cycle · stock_by_publication}
  factory_id:   {is: 统一社会信用代码}
  name:         {is: 企业名称 at the month end; empty when the register never had it}
  award_cycle:  {type: integer, unit: year, is: 批次年度 of the first listing that counts}
  published_on: {type: date, is: 公布日期}
  document_no:  {is: 文号}
---*/
-- A listing counts while it has not been removed by the month end. By cycle it counts from January of its cycle’s year,
-- whenever the list came out (cycle 2021 came out in January 2022); by publication, from the day the list came out.
with national as (
    select
        title.factory_id,
        title.award_cycle,
        title.published_on,
        title.removed_on,
        title.document_no
    from core.title as title
    where title.title = 'green_factory' and title.level = 'national'
),

listed as (
    select
        spine.month,
        national.factory_id,
        national.award_cycle,
        national.published_on,
        national.document_no,
        national.award_cycle <= spine.year as is_in_by_cycle,
        national.published_on < spine.next_month as is_in_by_publication
    from ref.month as spine
    inner join national
        on national.removed_on >= spine.next_month
),

-- New is who was not a national green factory already when the plan began.
before as (
    select
        policy.month,
        national.factory_id,
        max(case when national.award_cycle < extract(year from policy.plan_start) then 1 else 0 end) as was_by_cycle,
        max(case when national.published_on < policy.plan_start then 1 else 0 end) as was_by_publication
    from core.policy_month as policy
    inner join national
        on national.removed_on > policy.plan_start
    group by policy.month, national.factory_id
),

judged as (
    select
        listed.month,
        listed.factory_id,
        listed.award_cycle,
        listed.published_on,
        listed.document_no,
        listed.is_in_by_cycle,
        listed.is_in_by_publication,
        listed.is_in_by_cycle
            and listed.award_cycle >= extract(year from policy.plan_start)
            and listed.award_cycle <= extract(year from policy.plan_end)
            and (before.was_by_cycle is null or before.was_by_cycle = 0) as is_new_by_cycle,
        listed.is_in_by_publication
            and listed.published_on >= policy.plan_start
            and listed.published_on <= policy.plan_end
            and (before.was_by_publication is null or before.was_by_publication = 0) as is_new_by_publication
    from listed
    inner join core.policy_month as policy
        on listed.month = policy.month
    left join before
        on listed.month = before.month
        and listed.factory_id = before.factory_id
),

readings as (
    select judged.month, 'new_by_cycle' as reading, judged.factory_id, judged.award_cycle, judged.published_on, judged.document_no
    from judged
    where judged.is_new_by_cycle
    union all
    select judged.month, 'new_by_publication' as reading, judged.factory_id, judged.award_cycle, judged.published_on, judged.document_no
    from judged
    where judged.is_new_by_publication
    union all
    select judged.month, 'stock_by_cycle' as reading, judged.factory_id, judged.award_cycle, judged.published_on, judged.document_no
    from judged
    where judged.is_in_by_cycle
    union all
    select judged.month, 'stock_by_publication' as reading, judged.factory_id, judged.award_cycle, judged.published_on, judged.document_no
    from judged
    where judged.is_in_by_publication
),

-- One company is one company, however many listings it has.
ordered as (
    select
        readings.month,
        readings.reading,
        readings.factory_id,
        readings.award_cycle,
        readings.published_on,
        readings.document_no,
        row_number() over (
            partition by readings.month, readings.reading, readings.factory_id
            order by readings.award_cycle, readings.published_on, readings.document_no
        ) as place
    from readings
)

select
    ordered.month,
    ordered.reading,
    ordered.factory_id,
    named.name,
    ordered.award_cycle,
    ordered.published_on,
    ordered.document_no
from ordered
left join core.factory_name as named
    on ordered.factory_id = named.factory_id
    and ordered.month = named.month
where ordered.place = 1
order by ordered.month, ordered.reading, ordered.factory_id
