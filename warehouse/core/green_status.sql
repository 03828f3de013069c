/*---
title: 期末绿色工厂状态 | Green-factory status at each month end
grain: [factory_id, month]
columns:
  factory_id:       {is: 统一社会信用代码}
  month:            {type: date, is: first day of the month reported}
  level:            {is: highest level valid at the month end}
  counts_for_share: {type: boolean, is: "some valid title is of a level that counts as green, by the setting of the month"}
  titles:           {type: bigint, unit: "1", is: green-factory titles valid at the month end}
  award_cycle:      {type: integer, unit: year, is: 批次年度 of the highest title}
  published_on:     {type: date, is: 公布日期 of it}
  removed_on:       {type: date, is: 移出日期 of it; 9999-12-31 while listed}
  document_no:      {is: 文号 of it}
  receipt_id:       {is: the submission}
  line_no:          {type: integer, unit: "1", is: line in the submission}
---*/
with valid as (
    -- Valid at the month end: published by then, not removed by then.
    select
        title.factory_id,
        spine.month,
        title.level,
        title.award_cycle,
        title.published_on,
        title.removed_on,
        title.document_no,
        title.receipt_id,
        title.line_no,
        case when counted.value is null then 0 else 1 end as is_counted,
        row_number() over (
            partition by title.factory_id, spine.month
            order by
                case when title.rank is null then 1 else 0 end,
                title.rank,
                title.published_on,
                title.award_cycle,
                title.receipt_id,
                title.line_no
        ) as place
    from ref.month as spine
    inner join core.title as title
        on title.published_on < spine.next_month
        and title.removed_on >= spine.next_month
    left join ref.policy_setting as counted
        on counted.setting = 'share_title_level'
        and title.level = counted.value
        and spine.month >= counted.valid_from
        and spine.month < counted.valid_to
    where title.title = 'green_factory'
),

gathered as (
    select
        valid.factory_id,
        valid.month,
        max(valid.is_counted) as is_counted,
        count(*) as titles
    from valid
    group by valid.factory_id, valid.month
)

select
    valid.factory_id,
    valid.month,
    valid.level,
    gathered.is_counted = 1 as counts_for_share,
    gathered.titles,
    valid.award_cycle,
    valid.published_on,
    valid.removed_on,
    valid.document_no,
    valid.receipt_id,
    valid.line_no
from valid
inner join gathered
    on valid.factory_id = gathered.factory_id
    and valid.month = gathered.month
where valid.place = 1
