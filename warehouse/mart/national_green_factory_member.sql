/*---
title: 国家级绿色工厂名单（四种读法） | National green factories by name, four readings
grain: [month, reading, factory_id]
columns:
  month:        {type: date, is: first day of the month reported}
  reading:      {is: new_by_cycle · new_by_publication · stock_by_cycle · stock_by_publication}
  factory_id:   {is: 统一社会信用代码}
  name:         {is: 企业名称}
  award_cycle:  {type: integer, unit: year, is: 批次年度 of the first listing that counts}
  published_on: {type: date, is: 公布日期}
  document_no:  {is: 文号}
---*/
with plan as (
    select
        cast(max(case when setting.setting = 'plan_start' then setting.value end) as date) as plan_start,
        cast(max(case when setting.setting = 'plan_end' then setting.value end) as date) as plan_end
    from ref.policy_setting as setting
),

listed as (
    -- By cycle, a listing counts for its cycle’s year whenever it was announced; by publication, from that day.
    -- Either way it counts only while it has not been removed by the month’s end.
    select
        spine.month,
        title.factory_id,
        title.award_cycle,
        title.published_on,
        title.document_no,
        title.award_cycle >= extract(year from plan.plan_start) and title.award_cycle <= extract(year from plan.plan_end)
            as is_new_by_cycle,
        title.published_on >= plan.plan_start and title.published_on <= plan.plan_end as is_new_by_publication,
        title.award_cycle <= spine.year as is_counted_by_cycle,
        title.published_on < spine.next_month as is_published
    from ref.month as spine
    cross join plan
    inner join core.title as title
        on title.removed_on >= spine.next_month
    where title.title = 'green_factory' and title.level = 'national'
),

readings as (
    select listed.month, 'new_by_cycle' as reading, listed.factory_id, listed.award_cycle, listed.published_on, listed.document_no
    from listed
    where listed.is_new_by_cycle and listed.is_counted_by_cycle
    union all
    select listed.month, 'new_by_publication' as reading, listed.factory_id, listed.award_cycle, listed.published_on, listed.document_no
    from listed
    where listed.is_new_by_publication and listed.is_published
    union all
    select listed.month, 'stock_by_cycle' as reading, listed.factory_id, listed.award_cycle, listed.published_on, listed.document_no
    from listed
    where listed.is_counted_by_cycle
    union all
    select listed.month, 'stock_by_publication' as reading, listed.factory_id, listed.award_cycle, listed.published_on, listed.document_no
    from listed
    where listed.is_published
),

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
    factory.name,
    ordered.award_cycle,
    ordered.published_on,
    ordered.document_no
from ordered
left join core.factory as factory
    on ordered.factory_id = factory.factory_id
    and ordered.month >= factory.valid_from
    and ordered.month < factory.valid_to
where ordered.place = 1
order by ordered.month, ordered.reading, ordered.factory_id
