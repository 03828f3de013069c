/*---
title: 活动数量守恒 | The activity received is what was admitted and what was withheld
grain: [factory_id, month, activity_code, unit]
severity: blocking
message_zh: 收到的活动数量与准入、未准入的数量之和不符，数量在判定环节丢失或重复（程序问题，与企业数据无关）。
columns:
  factory_id:    {is: 统一社会信用代码}
  month:         {type: date, is: first day of the month}
  activity_code: {is: 活动代码}
  unit:          {is: unit stated}
  received:      {type: "decimal(38,9)", unit: "[unit]", is: amount on all lines that landed}
  admitted:      {type: "decimal(38,9)", unit: "[unit]", is: amount on admitted lines; empty when there are none}
  withheld:      {type: "decimal(38,9)", unit: "[unit]", is: "amount on held, rejected and superseded lines"}
---*/
with received as (
    select
        line.factory_id,
        line.period as month,
        line.activity_code,
        line.unit,
        cast(sum(line.quantity) as decimal(38, 9)) as quantity
    from raw.activity_line as line
    group by line.factory_id, line.period, line.activity_code, line.unit
),

admitted as (
    select
        line.factory_id,
        line.period as month,
        line.activity_code,
        line.unit,
        cast(sum(line.quantity) as decimal(38, 9)) as quantity
    from stg.activity_line as line
    group by line.factory_id, line.period, line.activity_code, line.unit
),

withheld as (
    select
        line.factory_id,
        line.period as month,
        line.activity_code,
        line.unit,
        cast(sum(line.quantity) as decimal(38, 9)) as quantity
    from stg.line_fate as fate
    inner join raw.activity_line as line
        on fate.receipt_id = line.receipt_id
        and fate.line_no = line.line_no
    where fate.contract = 'activity' and fate.fate <> 'admitted'
    group by line.factory_id, line.period, line.activity_code, line.unit
)

select
    received.factory_id,
    received.month,
    received.activity_code,
    received.unit,
    received.quantity as received,
    admitted.quantity as admitted,
    withheld.quantity as withheld
from received
left join admitted
    on received.factory_id = admitted.factory_id
    and received.month = admitted.month
    and received.activity_code = admitted.activity_code
    and received.unit = admitted.unit
left join withheld
    on received.factory_id = withheld.factory_id
    and received.month = withheld.month
    and received.activity_code = withheld.activity_code
    and received.unit = withheld.unit
where received.quantity is not null
    and received.quantity <> case when admitted.quantity is null then 0 else admitted.quantity end
    + case when withheld.quantity is null then 0 else withheld.quantity end
order by received.factory_id, received.month, received.activity_code, received.unit
