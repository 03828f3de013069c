/*---
title: 准入行未能换算为规范单位 | An admitted line that no conversion was found for
grain: [receipt_id, first_line_no]
severity: blocking
message_zh: 准入的用能行没有单位换算系数，数量会丢失。
columns:
  receipt_id:    {is: the submission}
  first_line_no: {type: integer, unit: "1", is: first line}
  energy_code:   {is: energy kind}
  unit:          {is: unit stated}
---*/
select
    used.receipt_id,
    used.first_line_no,
    used.energy_code,
    used.unit
from core.energy_use as used
where used.used is null
