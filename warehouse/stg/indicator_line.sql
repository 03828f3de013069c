/*---
title: 准入的规划指标行 | Indicator lines admitted
grain: [receipt_id, line_no]
columns:
  receipt_id:      {is: the submission}
  line_no:         {type: integer, unit: "1", is: line in the submission}
  target_metric:   {is: 指标}
  period:          {type: date, is: first day of the month reported}
  value:           {type: "decimal(28,9)", unit: "[unit]", is: 值}
  unit:            {is: 计量单位}
  source_document: {is: 来源文件}
---*/
with withheld as (
    select
        verdict.receipt_id,
        verdict.line_no
    from stg.indicator_verdict as verdict
    where verdict.fate <> 'admitted'
)

select
    candidate.receipt_id,
    candidate.line_no,
    candidate.target_metric,
    candidate.period,
    candidate.value,
    candidate.unit,
    candidate.source_document
from stg.indicator_candidate as candidate
left join withheld
    on candidate.receipt_id = withheld.receipt_id
    and candidate.line_no = withheld.line_no
where withheld.receipt_id is null
