/*---
title: 可再生能源利用率（分子、分母） | Renewable rate of factories by month, as numerator and denominator
grain: [factory_id, month]
columns:
  factory_id:       {is: 统一社会信用代码}
  month:            {type: date, is: first day of the month}
  renewable_mwh:    {type: "decimal(38,6)", unit: "MWh{electricity}", is: green power that counts}
  renewable_tce:    {type: "decimal(38,6)", unit: "tce{calorific}", is: numerator}
  energy_tce:       {type: "decimal(38,6)", unit: "tce{calorific}", is: denominator; empty when nothing is known}
  uncounted_mwh:    {type: "decimal(38,6)", unit: "MWh{electricity}", is: green power declared that does not count}
  uses_without_tce: {type: bigint, unit: "1", is: energy uses in neither}
---*/
select
    rate.factory_id,
    rate.month,
    cast(rate.renewable_mwh as decimal(38, 6)) as renewable_mwh,
    cast(rate.renewable_tce as decimal(38, 6)) as renewable_tce,
    cast(rate.energy_tce as decimal(38, 6)) as energy_tce,
    cast(rate.uncounted_mwh as decimal(38, 6)) as uncounted_mwh,
    rate.uses_without_tce
from core.renewable_rate as rate
order by rate.factory_id, rate.month
