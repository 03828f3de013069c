/*---
title: 准入的活动行没有算出任何气体 | An admitted activity line from which no gas was computed, or one gas twice
grain: [receipt_id, line_no, gas]
severity: blocking
message_zh: 准入的活动行没有对应的算法，或同一气体算了两次（程序或参考数据问题，与企业数据无关）。
columns:
  receipt_id: {is: the submission}
  line_no:    {type: integer, unit: "1", is: line in the submission}
  gas:        {is: the gas emitted; empty when there is none}
  times:      {type: bigint, unit: "1", is: how often it was computed}
---*/
select
    line.receipt_id,
    line.line_no,
    emission.gas,
    count(*) as times
from stg.activity_line as line
left join core.process_emission as emission
    on line.receipt_id = emission.receipt_id
    and line.line_no = emission.line_no
group by line.receipt_id, line.line_no, emission.gas
having count(*) > 1
    or count(emission.gas) = 0
    or count(emission.activity) < count(line.quantity)
order by line.receipt_id, line.line_no, emission.gas
