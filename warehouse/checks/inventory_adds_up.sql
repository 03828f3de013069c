/*---
title: 清单与能源排放不符 | The inventory's CO2 of energy is not that of core.emission
grain: [purpose, factory_id, month]
severity: blocking
message_zh: 清单中能源的二氧化碳与排放表不符，拆分移动源时丢失或重复（程序问题，与企业数据无关）。
columns:
  purpose:     {is: accounting basis}
  factory_id:  {is: 统一社会信用代码}
  month:       {type: date, is: first day of the month}
  emitted_t:   {type: "decimal(38,12)", unit: "t{CO2}", is: CO2 of energy in core.emission; empty when nothing is known}
  inventory_t: {type: "decimal(38,12)", unit: "t{CO2}", is: the same in core.inventory; empty when nothing is known}
---*/
with emitted as (
    select
        emission.purpose,
        emission.factory_id,
        emission.month,
        cast(sum(emission.co2_t) as decimal(38, 12)) as emitted_t
    from core.emission as emission
    group by emission.purpose, emission.factory_id, emission.month
),

listed as (
    select
        inventory.purpose,
        inventory.factory_id,
        inventory.month,
        cast(sum(inventory.mass_t /* unit: t{CO2} */) as decimal(38, 12)) as inventory_t
    from core.inventory as inventory
    where inventory.gas = 'CO2' and not inventory.is_biogenic and inventory.category <> 'process'
    group by inventory.purpose, inventory.factory_id, inventory.month
)

select
    emitted.purpose,
    emitted.factory_id,
    emitted.month,
    emitted.emitted_t,
    listed.inventory_t
from emitted
left join listed
    on emitted.purpose = listed.purpose
    and emitted.factory_id = listed.factory_id
    and emitted.month = listed.month
where emitted.emitted_t is distinct from listed.inventory_t
