/*---
title: 一家企业一个月只计一次 | A company counts once a month
grain: [month, factory_id]
severity: blocking
message_zh: 同一企业在同一月的绿色占比名单中出现多次，多半是企业名录的有效期重叠。
columns:
  month:      {type: date, is: first day of the month}
  factory_id: {is: 统一社会信用代码}
  times:      {type: bigint, unit: "1", is: how often it is listed}
---*/
select
    frame.month,
    frame.factory_id,
    count(*) as times
from core.share_frame as frame
group by frame.month, frame.factory_id
having count(*) > 1
order by frame.month, frame.factory_id
