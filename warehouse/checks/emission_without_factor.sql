/*---
title: 有用能而无排放因子 | Energy used for which no emission factor is in force
grain: [purpose, energy_code]
severity: warning
message_zh: 下列能源品种在该核算口径下没有可用的排放因子，其排放未计入合计（未知，不是零）。
columns:
  purpose:     {is: accounting basis}
  energy_code: {is: energy kind}
  uses:        {type: bigint, unit: 项, is: factory-months concerned}
---*/
select
    emission.purpose,
    emission.energy_code,
    count(*) as uses
from core.emission as emission
where emission.co2_t is null and emission.activity <> 0
group by emission.purpose, emission.energy_code
order by emission.purpose, emission.energy_code
