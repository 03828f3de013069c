/*---
title: 称号级别不在清单内 | A title of a level that is not on the list
grain: [receipt_id, line_no]
severity: blocking
message_zh: 有绿色称号的级别不在 schemas/title_levels.csv 内，无法判断高低，也无法判断是否计入绿色占比。
columns:
  receipt_id: {is: the submission}
  line_no:    {type: integer, unit: "1", is: line in the submission}
  factory_id: {is: 统一社会信用代码}
  level:      {is: the level as received}
---*/
select
    title.receipt_id,
    title.line_no,
    title.factory_id,
    title.level
from core.title as title
where title.rank is null
order by title.receipt_id, title.line_no
