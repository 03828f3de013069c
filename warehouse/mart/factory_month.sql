/*---
title: "企业月度能耗与排放 | Factories by month: energy, emissions, output"
grain: [factory_id, month]
columns:
  factory_id:          {is: 统一社会信用代码}
  month:               {type: date, is: first day of the month}
  name:                {is: 企业名称 as registered in that month}
  cluster:             {is: 6+X cluster code; empty outside 6+X}
  cluster_zh:          {is: 6+X cluster}
  town:                {is: 街镇}
  park:                {is: 园区}
  industry_code:       {is: GB/T 4754-2017}
  industry_zh:         {is: "name of its two-digit division (行业大类); empty where the list names none"}
  is_above_scale:      {type: boolean, is: 是否规上}
  purpose:             {is: the headline accounting basis of the emission columns}
  energy_gj:           {type: "decimal(38,6)", unit: GJ, is: heat content of all energy used}
  coal_tce:            {type: "decimal(38,6)", unit: "tce{calorific}", is: 综合能耗（当量值）}
  coal_generation_tce: {type: "decimal(38,6)", unit: "tce{generation}", is: "综合能耗（等价值）; empty when some use has no equivalent in force"}
  co2_direct_t:        {type: "decimal(38,6)", unit: "t{CO2}", is: 直接排放}
  co2_indirect_t:      {type: "decimal(38,6)", unit: "t{CO2}", is: 间接排放}
  co2_t:               {type: "decimal(38,6)", unit: "t{CO2}", is: 直接 + 间接}
  electricity_mwh:     {type: "decimal(38,6)", unit: "MWh{electricity}", is: electricity used}
  green_power_mwh:     {type: "decimal(38,6)", unit: "MWh{electricity}", is: 绿电绿证 declared with evidence}
  output_value_cny:    {type: "decimal(38,2)", unit: CNY, is: 工业总产值; empty when not reported}
  value_added_cny:     {type: "decimal(38,2)", unit: CNY, is: 工业增加值; empty when not reported}
  held_lines:          {type: bigint, unit: "1", is: energy lines of the month still held}
---*/
with reported as (
    select used.factory_id, used.month
    from core.energy_use as used
    union
    select output.factory_id, output.month
    from core.output as output
    union
    select fate.factory_id, fate.month
    from stg.line_fate as fate
    where fate.contract = 'energy' and fate.fate = 'held' and fate.factory_id is not null and fate.month is not null
),

energy as (
    select
        used.factory_id,
        used.month,
        cast(sum(used.energy_gj) as decimal(38, 12)) as energy_gj,
        cast(sum(used.coal_tce) as decimal(38, 12)) as coal_tce,
        case
            when count(used.coal_generation_tce) = count(*)
                then cast(sum(used.coal_generation_tce) as decimal(38, 12))
        end as coal_generation_tce,
        cast(sum(case when used.energy_code = '33' then used.used end) as decimal(38, 12)) as electricity_mwh
    from core.energy_use as used
    where used.is_counted
    group by used.factory_id, used.month
),

emission as (
    select
        emission.factory_id,
        emission.month,
        cast(sum(case when emission.scope = 'direct' then emission.co2_t end) as decimal(38, 12)) as co2_direct_t,
        cast(sum(case when emission.scope = 'indirect' then emission.co2_t end) as decimal(38, 12)) as co2_indirect_t,
        cast(sum(emission.co2_t) as decimal(38, 12)) as co2_t
    from core.emission as emission
    inner join ref.purpose as purpose
        on emission.purpose = purpose.purpose
    where purpose.is_headline
    group by emission.factory_id, emission.month
),

green as (
    select
        green.factory_id,
        green.month,
        cast(sum(green.quantity_mwh) as decimal(38, 12)) as green_power_mwh
    from core.green_power as green
    group by green.factory_id, green.month
),

held as (
    select
        fate.factory_id,
        fate.month,
        count(*) as held_lines
    from stg.line_fate as fate
    where fate.contract = 'energy' and fate.fate = 'held'
    group by fate.factory_id, fate.month
)

select
    reported.factory_id,
    reported.month,
    factory.name,
    cluster.cluster,
    cluster.cluster_zh,
    factory.town,
    factory.park,
    factory.industry_code,
    division.name_zh as industry_zh,
    factory.is_above_scale,
    purpose.purpose,
    cast(energy.energy_gj as decimal(38, 6)) as energy_gj,
    cast(energy.coal_tce as decimal(38, 6)) as coal_tce,
    cast(energy.coal_generation_tce as decimal(38, 6)) as coal_generation_tce,
    cast(emission.co2_direct_t as decimal(38, 6)) as co2_direct_t,
    cast(emission.co2_indirect_t as decimal(38, 6)) as co2_indirect_t,
    cast(emission.co2_t as decimal(38, 6)) as co2_t,
    cast(energy.electricity_mwh as decimal(38, 6)) as electricity_mwh,
    cast(green.green_power_mwh as decimal(38, 6)) as green_power_mwh,
    cast(output.output_value_cny as decimal(38, 2)) as output_value_cny,
    cast(output.value_added_cny as decimal(38, 2)) as value_added_cny,
    case when held.held_lines is null then cast(0 as bigint) else held.held_lines end as held_lines
from reported
inner join ref.purpose as purpose
    on purpose.is_headline
left join core.factory as factory
    on reported.factory_id = factory.factory_id
    and reported.month >= factory.valid_from
    and reported.month < factory.valid_to
-- A name recalled from memory is not shown: the code stands alone until somebody has looked it up.
left join ref.industry_division as division
    on substring(factory.industry_code, 1, 2) = division.division
    and reported.month >= division.valid_from
    and reported.month < division.valid_to
    and division.certainty <> 'recalled'
left join core.factory_cluster as cluster
    on reported.factory_id = cluster.factory_id
    and reported.month >= cluster.valid_from
    and reported.month < cluster.valid_to
left join energy
    on reported.factory_id = energy.factory_id
    and reported.month = energy.month
left join emission
    on reported.factory_id = emission.factory_id
    and reported.month = emission.month
left join green
    on reported.factory_id = green.factory_id
    and reported.month = green.month
left join core.output as output
    on reported.factory_id = output.factory_id
    and reported.month = output.month
left join held
    on reported.factory_id = held.factory_id
    and reported.month = held.month
order by reported.factory_id, reported.month
