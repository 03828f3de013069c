/*---
title: 准入的绿色绩效行 | Profile lines admitted
grain: [receipt_id, line_no]
columns:
  receipt_id:     {is: the submission}
  line_no:        {type: integer, unit: "1", is: line in the submission}
  factory_id:     {is: 统一社会信用代码}
  year:           {type: integer, unit: year, is: 年度}
  indicator_code: {is: 指标代码}
  value:          {type: "decimal(28,9)", unit: "[unit]", is: 值}
  unit:           {is: 计量单位}
  evidence:       {is: 证明材料}
---*/
with withheld as (
    select
        verdict.receipt_id,
        verdict.line_no
    from stg.profile_verdict as verdict
    where verdict.fate <> 'admitted'
)

select
    candidate.receipt_id,
    candidate.line_no,
    candidate.factory_id,
    candidate.year,
    candidate.indicator_code,
    candidate.value,
    candidate.unit,
    candidate.evidence
from stg.profile_candidate as candidate
left join withheld
    on candidate.receipt_id = withheld.receipt_id
    and candidate.line_no = withheld.line_no
where withheld.receipt_id is null
