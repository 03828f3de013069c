/*---
title: 准入的绿电绿证行 | Green power lines admitted
grain: [receipt_id, line_no]
columns:
  receipt_id:      {is: the submission}
  line_no:         {type: integer, unit: "1", is: line in the submission}
  factory_id:      {is: 统一社会信用代码}
  period:          {type: date, is: first day of the month reported}
  kind:            {is: 类型}
  quantity:        {type: "decimal(28,9)", unit: "[unit]", is: 电量}
  unit:            {is: unit key}
  contract_no:     {is: 合同号}
  settlement_no:   {is: 结算单号}
  certificate_ids: {is: 绿证编号}
---*/
with withheld as (
    select
        verdict.receipt_id,
        verdict.line_no
    from stg.green_power_verdict as verdict
    where verdict.fate <> 'admitted'
)

select
    candidate.receipt_id,
    candidate.line_no,
    candidate.factory_id,
    candidate.period,
    candidate.kind,
    candidate.quantity,
    candidate.unit,
    candidate.contract_no,
    candidate.settlement_no,
    candidate.certificate_ids
from stg.green_power_candidate as candidate
left join withheld
    on candidate.receipt_id = withheld.receipt_id
    and candidate.line_no = withheld.line_no
where withheld.receipt_id is null
