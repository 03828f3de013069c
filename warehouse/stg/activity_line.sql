/*---
title: 准入的过程与逸散行 | Activity lines admitted
grain: [receipt_id, line_no]
columns:
  receipt_id:    {is: the submission}
  line_no:       {type: integer, unit: "1", is: line in the submission}
  factory_id:    {is: 统一社会信用代码}
  period:        {type: date, is: first day of the month reported}
  activity_code: {is: 活动代码}
  quantity:      {type: "decimal(28,9)", unit: "[unit]", is: 数量}
  unit:          {is: unit key}
  input_gas:     {is: "the gas the method asks for; blank text where it asks for none"}
  process_type:  {is: 工艺类型; blank text when not stated}
  is_abated:     {type: boolean, is: "是否末端处理; empty when not stated"}
  equipment:     {is: 设备或工段}
  document_no:   {is: 凭证号}
---*/
with withheld as (
    select
        verdict.receipt_id,
        verdict.line_no
    from stg.activity_verdict as verdict
    where verdict.fate <> 'admitted'
)

select
    candidate.receipt_id,
    candidate.line_no,
    candidate.factory_id,
    candidate.period,
    candidate.activity_code,
    candidate.quantity,
    candidate.unit,
    candidate.input_gas,
    candidate.process_type,
    candidate.is_abated,
    candidate.equipment,
    candidate.document_no
from stg.activity_candidate as candidate
left join withheld
    on candidate.receipt_id = withheld.receipt_id
    and candidate.line_no = withheld.line_no
where withheld.receipt_id is null
