/*---
title: 准入的耗能工质行 | Working-media lines admitted
grain: [receipt_id, line_no]
columns:
  receipt_id:  {is: the submission}
  line_no:     {type: integer, unit: "1", is: line in the submission}
  factory_id:  {is: 统一社会信用代码}
  period:      {type: date, is: first day of the month reported}
  medium:      {is: 耗能工质; see ref.working_medium}
  origin:      {is: purchased 外购 or self_produced 自产}
  consumed:    {type: "decimal(28,9)", unit: "[unit]", is: 工质消费量}
  unit:        {is: unit key the line was stated in}
  document_no: {is: 凭证号}
---*/
with withheld as (
    select
        verdict.receipt_id,
        verdict.line_no
    from stg.medium_verdict as verdict
    where verdict.fate <> 'admitted'
)

select
    candidate.receipt_id,
    candidate.line_no,
    candidate.factory_id,
    candidate.period,
    candidate.medium,
    candidate.origin,
    candidate.consumed,
    candidate.unit,
    candidate.document_no
from stg.medium_candidate as candidate
left join withheld
    on candidate.receipt_id = withheld.receipt_id
    and candidate.line_no = withheld.line_no
where withheld.receipt_id is null
