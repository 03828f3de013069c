/*---
title: 企业月度指标（长表） | Factory metrics by month, long
grain: [factory_id, month, metric, purpose]
columns:
  factory_id: {is: 统一社会信用代码}
  month:      {type: date, is: first day of the month}
  metric:     {is: what was measured; the name ends in its unit}
  purpose:    {is: accounting basis for emissions; blank for metrics that have none}
  value:      {type: "decimal(38,12)", unit: "[unit]", is: "the value; empty when no part of it could be computed, and for 等价 when some part could not"}
  unit:       {is: unit of value}
---*/
with counted as (
    select
        used.factory_id,
        used.month,
        used.energy_code,
        used.used,
        used.energy_gj,
        used.coal_tce,
        used.coal_generation_tce
    from core.energy_use as used
    where used.is_counted
)

select
    counted.factory_id,
    counted.month,
    'energy_gj' as metric,
    '' as purpose,
    cast(sum(counted.energy_gj) as decimal(38, 12)) as value,
    'GJ' as unit
from counted
group by counted.factory_id, counted.month
union all
select
    counted.factory_id,
    counted.month,
    'coal_tce' as metric,
    '' as purpose,
    cast(sum(counted.coal_tce) as decimal(38, 12)) as value,
    'tce 当量' as unit
from counted
group by counted.factory_id, counted.month
union all
select
    counted.factory_id,
    counted.month,
    'coal_generation_tce' as metric,
    '' as purpose,
    case
        when count(counted.coal_generation_tce) = count(*)
            then cast(sum(counted.coal_generation_tce) as decimal(38, 12))
    end as value,
    'tce 等价' as unit
from counted
group by counted.factory_id, counted.month
union all
select
    counted.factory_id,
    counted.month,
    'electricity_mwh' as metric,
    '' as purpose,
    cast(sum(counted.used) as decimal(38, 12)) as value,
    'MWh' as unit
from counted
where counted.energy_code = '33'
group by counted.factory_id, counted.month
union all
select
    green.factory_id,
    green.month,
    'green_power_mwh' as metric,
    '' as purpose,
    cast(sum(green.quantity_mwh) as decimal(38, 12)) as value,
    'MWh' as unit
from core.green_power as green
group by green.factory_id, green.month
union all
select
    emission.factory_id,
    emission.month,
    case when emission.scope = 'direct' then 'co2_direct_t' else 'co2_indirect_t' end as metric,
    emission.purpose,
    cast(sum(emission.co2_t) as decimal(38, 12)) as value,
    't CO2' as unit
from core.emission as emission
group by emission.factory_id, emission.month, emission.scope, emission.purpose
union all
select
    emission.factory_id,
    emission.month,
    'co2_t' as metric,
    emission.purpose,
    cast(sum(emission.co2_t) as decimal(38, 12)) as value,
    't CO2' as unit
from core.emission as emission
group by emission.factory_id, emission.month, emission.purpose
union all
select
    output.factory_id,
    output.month,
    'output_value_cny' as metric,
    '' as purpose,
    cast(output.output_value_cny as decimal(38, 12)) as value,
    'CNY' as unit
from core.output as output
