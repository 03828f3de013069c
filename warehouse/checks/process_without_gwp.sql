/*---
title: 气体在该口径的 GWP 版本中没有值 | A gas without a GWP in the edition of the basis
grain: [purpose, gas]
severity: warning
message_zh: 下列气体在该核算口径所用的 GWP 版本中没有可用的值，其二氧化碳当量未计入合计（未知，不是零）。
columns:
  purpose:     {is: accounting basis}
  gwp_edition: {is: the edition it uses}
  gas:         {is: the gas emitted}
  lines:       {type: bigint, unit: "1", is: lines concerned}
---*/
select
    emission.purpose,
    emission.gwp_edition,
    emission.gas,
    count(*) as lines
from core.process_co2e as emission
where emission.gwp is null and (emission.emitted_t is null or emission.emitted_t <> 0)
group by emission.purpose, emission.gwp_edition, emission.gas
order by emission.purpose, emission.gas
