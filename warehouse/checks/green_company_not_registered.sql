/*---
title: 有绿色工厂称号而名录中无此企业 | A green factory that the register does not have
grain: [factory_id]
severity: warning
message_zh: 部分企业有有效的绿色工厂称号，而期末企业名录中没有；它们计入国家级绿色工厂家数，但不计入绿色占比。请核对信用代码或补录名录。
columns:
  factory_id: {is: 统一社会信用代码}
  month:      {type: date, is: last month of the ledger}
  level:      {is: highest level of its titles}
---*/
with last_month as (
    select max(spine.month) as month
    from ref.month as spine
)

select
    status.factory_id,
    status.month,
    status.level
from core.green_status as status
inner join last_month
    on status.month = last_month.month
left join core.factory_name as named
    on status.factory_id = named.factory_id
    and status.month = named.month
where named.factory_id is null or not named.is_registered
order by status.factory_id
