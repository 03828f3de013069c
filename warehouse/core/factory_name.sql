/*---
title: 企业名称（按月末） | What each factory was called at each month end
grain: [factory_id, month]
columns:
  factory_id:    {is: 统一社会信用代码}
  month:         {type: date, is: first day of the month reported}
  name:          {is: "name of the newest register entry begun by the month end, also after the entry has ended"}
  is_registered: {type: boolean, is: that entry is in force at the month end}
---*/
with entries as (
    select
        spine.month,
        factory.factory_id,
        factory.name,
        factory.valid_to >= spine.next_month as is_registered,
        row_number() over (
            partition by spine.month, factory.factory_id
            order by factory.valid_from desc, factory.receipt_id, factory.line_no
        ) as place
    from ref.month as spine
    inner join core.factory as factory
        on factory.valid_from < spine.next_month
)

select
    entries.factory_id,
    entries.month,
    entries.name,
    entries.is_registered
from entries
where entries.place = 1
