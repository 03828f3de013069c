/*---
title: 绿色称号（按有效期） | Green titles, dated
grain: [factory_id, title, level, award_cycle, receipt_id, line_no]
columns:
  factory_id:   {is: 统一社会信用代码}
  title:        {is: green_factory · green_product · green_park · green_supply_chain}
  level:        {is: national · municipal · district}
  rank:         {type: integer, unit: "1", is: "1 is the highest level; empty for a level that is not on the list"}
  award_cycle:  {type: integer, unit: year, is: 批次年度}
  published_on: {type: date, is: 公布日期}
  removed_on:   {type: date, is: 移出日期; 9999-12-31 while listed}
  document_no:  {is: 文号}
  receipt_id:   {is: the submission}
  line_no:      {type: integer, unit: "1", is: line in the submission}
---*/
select
    line.factory_id,
    line.title,
    line.level,
    title_level.rank,
    line.award_cycle,
    line.published_on,
    case when line.removed_on is null then cast('9999-12-31' as date) else line.removed_on end as removed_on,
    line.document_no,
    line.receipt_id,
    line.line_no
from stg.title_line as line
left join ref.title_level as title_level
    on line.level = title_level.level
