/*---
title: 数量守恒 | What was received is what was admitted and what was withheld
grain: [factory_id, month, energy_code, unit]
severity: blocking
message_zh: 收到的消费量与准入、未准入的消费量之和不符，数量在判定环节丢失或重复（程序问题，与企业数据无关）。
columns:
  factory_id:  {is: 统一社会信用代码}
  month:       {type: date, is: first day of the month}
  energy_code: {is: energy kind}
  unit:        {is: unit stated}
  received:    {type: "decimal(38,9)", unit: "[unit]", is: consumption on all lines that landed}
  admitted:    {type: "decimal(38,9)", unit: "[unit]", is: consumption on admitted lines; empty when there are none}
  withheld:    {type: "decimal(38,9)", unit: "[unit]", is: "consumption on held, rejected and superseded lines"}
---*/
-- A line that states the year to date counts with its month's flow; checks/cumulative_adds_up holds the two together.
with stated as (
    select
        line.receipt_id,
        line.line_no,
        line.factory_id,
        line.period,
        line.energy_code,
        line.unit,
        case when line.basis = 'cumulative' then flow.consumed else line.consumed end as consumed
    from raw.energy_line as line
    left join stg.energy_flow as flow
        on line.receipt_id = flow.receipt_id
        and line.line_no = flow.line_no
        and line.unit = flow.unit
),

received as (
    select
        line.factory_id,
        line.period as month,
        line.energy_code,
        line.unit,
        cast(sum(line.consumed) as decimal(38, 9)) as consumed
    from stated as line
    group by line.factory_id, line.period, line.energy_code, line.unit
),

admitted as (
    select
        line.factory_id,
        line.period as month,
        line.energy_code,
        line.unit,
        cast(sum(line.consumed) as decimal(38, 9)) as consumed
    from stg.energy_line as line
    group by line.factory_id, line.period, line.energy_code, line.unit
),

withheld as (
    select
        line.factory_id,
        line.period as month,
        line.energy_code,
        line.unit,
        cast(sum(line.consumed) as decimal(38, 9)) as consumed
    from stg.line_fate as fate
    inner join stated as line
        on fate.receipt_id = line.receipt_id
        and fate.line_no = line.line_no
    where fate.contract = 'energy' and fate.fate <> 'admitted'
    group by line.factory_id, line.period, line.energy_code, line.unit
)

select
    received.factory_id,
    received.month,
    received.energy_code,
    received.unit,
    received.consumed as received,
    admitted.consumed as admitted,
    withheld.consumed as withheld
from received
left join admitted
    on received.factory_id = admitted.factory_id
    and received.month = admitted.month
    and received.energy_code = admitted.energy_code
    and received.unit = admitted.unit
left join withheld
    on received.factory_id = withheld.factory_id
    and received.month = withheld.month
    and received.energy_code = withheld.energy_code
    and received.unit = withheld.unit
where received.consumed is not null
    and received.consumed <> case when admitted.consumed is null then 0 else admitted.consumed end
    + case when withheld.consumed is null then 0 else withheld.consumed end
order by received.factory_id, received.month, received.energy_code, received.unit
