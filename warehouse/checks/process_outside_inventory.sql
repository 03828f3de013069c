/*---
title: 不计入清单的气体 | Gases an inventory does not count
grain: [gas]
severity: warning
message_zh: 下列气体不属于清单核算的七种温室气体（消耗臭氧层物质），只记录排放量，不计入二氧化碳当量。
columns:
  gas:       {is: the gas emitted}
  emitted_t: {type: "decimal(38,12)", unit: "t{[gas]}", is: gas emitted; empty when unknown}
  lines:     {type: bigint, unit: "1", is: lines concerned}
---*/
select
    emission.gas,
    cast(sum(emission.emitted_t) as decimal(38, 12)) as emitted_t,
    count(*) as lines
from core.process_emission as emission
inner join ref.gas as gas
    on emission.gas = gas.gas
where not gas.is_inventory_gas
group by emission.gas
order by emission.gas
