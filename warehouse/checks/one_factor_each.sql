/*---
title: 同一用能行命中多个因子或换算系数 | A use met more than one factor, conversion, heat value or coefficient
grain: [purpose, factory_id, month, energy_code, kind, receipt_id, first_line_no]
severity: blocking
message_zh: 因子、换算系数或折标系数的有效区间重叠，结果会被重复计算。
columns:
  purpose:       {is: accounting basis}
  factory_id:    {is: 统一社会信用代码}
  month:         {type: date, is: first day of the month}
  energy_code:   {is: energy kind}
  kind:          {is: fuel · heat · electricity · green_power}
  receipt_id:    {is: the submission}
  first_line_no: {type: integer, unit: "1", is: first line}
  rows:          {type: bigint, unit: "1", is: rows where there should be one}
---*/
select
    emission.purpose,
    emission.factory_id,
    emission.month,
    emission.energy_code,
    emission.kind,
    emission.receipt_id,
    emission.first_line_no,
    count(*) as rows
from core.emission as emission
group by
    emission.purpose,
    emission.factory_id,
    emission.month,
    emission.energy_code,
    emission.kind,
    emission.receipt_id,
    emission.first_line_no
having count(*) > 1
