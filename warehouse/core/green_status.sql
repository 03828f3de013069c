/*---
title: 期末绿色工厂状态 | Green-factory status at each month end
grain: [factory_id, month]
columns:
  factory_id:       {is: 统一社会信用代码}
  month:            {type: date, is: first day of the month reported}
  level:            {is: highest level valid at the month end}
  counts_for_share: {type: boolean, is: the level counts as green}
  award_cycle:      {type: integer, unit: year, is: 批次年度 of that title}
  published_on:     {type: date, is: 公布日期}
  removed_on:       {type: date, is: 移出日期; 9999-12-31 while listed}
  document_no:      {is: 文号}
  receipt_id:       {is: the submission}
  line_no:          {type: integer, unit: "1", is: line in the submission}
---*/
with valid as (
    select
        title.factory_id,
        spine.month,
        title.level,
        title.counts_for_share,
        title.award_cycle,
        title.published_on,
        title.removed_on,
        title.document_no,
        title.receipt_id,
        title.line_no,
        row_number() over (
            partition by title.factory_id, spine.month
            order by title.rank, title.published_on, title.award_cycle, title.line_no
        ) as place
    from ref.month as spine
    inner join core.title as title
        on title.published_on < spine.next_month
        and title.removed_on >= spine.next_month
    where title.title = 'green_factory'
)

select
    valid.factory_id,
    valid.month,
    valid.level,
    valid.counts_for_share,
    valid.award_cycle,
    valid.published_on,
    valid.removed_on,
    valid.document_no,
    valid.receipt_id,
    valid.line_no
from valid
where valid.place = 1
