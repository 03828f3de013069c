/*---
title: 准入的绿色称号行 | Title lines admitted
grain: [receipt_id, line_no]
columns:
  receipt_id:   {is: the submission}
  line_no:      {type: integer, unit: "1", is: line in the submission}
  factory_id:   {is: 统一社会信用代码}
  title:        {is: 称号}
  level:        {is: 级别}
  award_cycle:  {type: integer, unit: year, is: 批次年度}
  published_on: {type: date, is: 公布日期}
  removed_on:   {type: date, is: 移出日期}
  document_no:  {is: 文号}
---*/
with withheld as (
    select
        verdict.receipt_id,
        verdict.line_no
    from stg.title_verdict as verdict
    where verdict.fate <> 'admitted'
)

select
    candidate.receipt_id,
    candidate.line_no,
    candidate.factory_id,
    candidate.title,
    candidate.level,
    candidate.award_cycle,
    candidate.published_on,
    candidate.removed_on,
    candidate.document_no
from stg.title_candidate as candidate
left join withheld
    on candidate.receipt_id = withheld.receipt_id
    and candidate.line_no = withheld.line_no
where withheld.receipt_id is null
