/*---
title: 绿电电量超过当月用电量 | More green power declared than electricity used
grain: [factory_id, month]
severity: warning
message_zh: 申报的绿电绿证电量大于当月用电量，超出部分不抵减排放，请核对凭证月份。
columns:
  factory_id:      {is: 统一社会信用代码}
  month:           {type: date, is: first day of the month}
  green_power_mwh: {type: "decimal(38,12)", unit: "MWh{electricity}", is: declared}
  electricity_mwh: {type: "decimal(38,12)", unit: "MWh{electricity}", is: used; empty when no electricity was reported}
---*/
with green as (
    select
        power.factory_id,
        power.month,
        cast(sum(power.quantity_mwh) as decimal(38, 12)) as green_power_mwh
    from core.green_power as power
    group by power.factory_id, power.month
),

electricity as (
    select
        used.factory_id,
        used.month,
        cast(sum(used.used) as decimal(38, 12)) as electricity_mwh
    from core.energy_use as used
    where used.is_counted and used.energy_code = '33'
    group by used.factory_id, used.month
)

select
    green.factory_id,
    green.month,
    green.green_power_mwh,
    electricity.electricity_mwh
from green
left join electricity
    on green.factory_id = electricity.factory_id
    and green.month = electricity.month
where electricity.electricity_mwh is null or green.green_power_mwh > electricity.electricity_mwh
