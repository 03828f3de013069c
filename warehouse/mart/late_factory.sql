/*---
title: 应报未报企业 | Factories that owe energy data
grain: [month, factory_id]
columns:
  month:      {type: date, is: first day of the month owed}
  factory_id: {is: 统一社会信用代码}
  name:       {is: 企业名称}
  town:       {is: 街镇}
  reason:     {is: "nothing_received, or only_held when lines came and all of them wait"}
  reason_zh:  {is: the same in Chinese}
---*/
with admitted as (
    select distinct used.factory_id, used.month
    from core.energy_use as used
),

waiting as (
    select distinct fate.factory_id, fate.month
    from stg.line_fate as fate
    where fate.contract = 'energy' and fate.fate = 'held'
)

select
    spine.month,
    factory.factory_id,
    factory.name,
    factory.town,
    case when waiting.factory_id is null then 'nothing_received' else 'only_held' end as reason,
    case when waiting.factory_id is null then '未收到有效数据' else '数据全部暂挂' end as reason_zh
from ref.month as spine
inner join core.factory as factory
    on spine.month >= factory.valid_from
    and spine.month < factory.valid_to
left join admitted
    on factory.factory_id = admitted.factory_id
    and spine.month = admitted.month
left join waiting
    on factory.factory_id = waiting.factory_id
    and spine.month = waiting.month
where admitted.factory_id is null
order by spine.month, factory.factory_id
