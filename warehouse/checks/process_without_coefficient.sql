/*---
title: 有活动而排放未知 | Activity whose emission is unknown
grain: [activity_code, process_type, gas]
severity: warning
message_zh: 下列活动没有可用的因子，其排放未计入合计（未知，不是零）。
columns:
  activity_code: {is: 活动代码}
  process_type:  {is: 工艺类型}
  gas:           {is: the gas emitted}
  note:          {is: why there is no factor}
  lines:         {type: bigint, unit: "1", is: lines concerned}
---*/
select
    emission.activity_code,
    emission.process_type,
    emission.gas,
    min(emission.note) as note,
    count(*) as lines
from core.process_emission as emission
where emission.emitted_t is null and emission.activity <> 0
group by emission.activity_code, emission.process_type, emission.gas
order by emission.activity_code, emission.process_type, emission.gas
