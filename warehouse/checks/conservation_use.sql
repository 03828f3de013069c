/*---
title: 换算前后数量守恒 | The use computed is the use admitted, converted
grain: [factory_id, month, energy_code]
severity: blocking
message_zh: 准入的消费量换算后与用能表的数量不符，数量在换算环节丢失或重复（程序问题，与企业数据无关）。
columns:
  factory_id:  {is: 统一社会信用代码}
  month:       {type: date, is: first day of the month}
  energy_code: {is: energy kind}
  admitted:    {type: "decimal(38,12)", unit: "[energy_code]", is: admitted consumption converted; empty when there is none}
  used:        {type: "decimal(38,12)", unit: "[energy_code]", is: "use in core.energy_use; empty when there is none"}
---*/
-- Both sides round each product to twelve places, over different groups of lines: they agree to a millionth.
with stated as (
    select
        line.factory_id,
        line.period as month,
        line.energy_code,
        line.unit,
        line.steam_enthalpy,
        line.water_temperature,
        cast(sum(line.consumed) as decimal(38, 9)) as consumed
    from stg.energy_line as line
    group by
        line.factory_id,
        line.period,
        line.energy_code,
        line.unit,
        line.steam_enthalpy,
        line.water_temperature
),

admitted as (
    select
        stated.factory_id,
        stated.month,
        stated.energy_code,
        cast(sum(cast(stated.consumed * conversion.multiplier as decimal(38, 12))) as decimal(38, 12)) as consumed
    from stated
    left join stg.energy_conversion as conversion
        on stated.energy_code = conversion.energy_code
        and stated.unit = conversion.unit
        and (
            not conversion.is_by_state
            or (
                stated.steam_enthalpy is not distinct from conversion.steam_enthalpy
                and stated.water_temperature is not distinct from conversion.water_temperature
            )
        )
    group by stated.factory_id, stated.month, stated.energy_code
),

used as (
    select
        energy.factory_id,
        energy.month,
        energy.energy_code,
        cast(sum(energy.used) as decimal(38, 12)) as used
    from core.energy_use as energy
    group by energy.factory_id, energy.month, energy.energy_code
)

select
    case when admitted.factory_id is null then used.factory_id else admitted.factory_id end as factory_id,
    case when admitted.month is null then used.month else admitted.month end as month,
    case when admitted.energy_code is null then used.energy_code else admitted.energy_code end as energy_code,
    admitted.consumed as admitted,
    used.used
from admitted
full outer join used
    on admitted.factory_id = used.factory_id
    and admitted.month = used.month
    and admitted.energy_code = used.energy_code
where (admitted.consumed is null) <> (used.used is null)
    or abs(admitted.consumed - used.used) > 0.000001 /* unit: [admitted.energy_code] */
order by factory_id, month, energy_code
