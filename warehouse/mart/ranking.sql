/*---
title: 街镇、园区、行业、产业集群排名 | Ranking by town, park, industry and cluster, by year
grain: [dimension, year, key]
columns:
  dimension:           {is: town 街镇 · park 园区 · industry 行业大类 · cluster 产业集群}
  year:                {type: integer, unit: year, is: "calendar year, up to the month of the release"}
  key:                 {is: "the town, park, two-digit industry division or cluster code"}
  key_zh:              {is: its Chinese name where it has one}
  purpose:             {is: the headline accounting basis of co2_t}
  co2_t:               {type: "decimal(38,6)", unit: "t{CO2}", is: 直接 + 间接排放}
  coal_tce:            {type: "decimal(38,6)", unit: "tce{calorific}", is: 综合能耗（当量值）}
  output_value_cny:    {type: "decimal(38,2)", unit: CNY, is: 工业总产值}
  compared_coal_tce:   {type: "decimal(38,6)", unit: "tce{calorific}", is: "综合能耗 of the months of a factory that have 综合能耗, 排放 and 产值: the numerator of 单位产值综合能耗"}
  compared_co2_t:      {type: "decimal(38,6)", unit: "t{CO2}", is: "排放 of the same months: the numerator of 单位产值二氧化碳排放"}
  compared_output_cny: {type: "decimal(38,2)", unit: CNY, is: "工业总产值 of the same months, the denominator of both"}
  factories:           {type: bigint, unit: 家, is: factories counted}
  rank_by_co2:         {type: bigint, unit: "1", is: 1 has the largest emissions}
---*/
with keyed as (
    select
        'town' as dimension,
        frame.town as key,
        frame.town as key_zh,
        frame.factory_id,
        frame.month,
        frame.purpose,
        frame.co2_t,
        frame.coal_tce,
        frame.output_value_cny
    from mart.factory_month as frame
    where frame.town is not null
    union all
    select
        'park' as dimension,
        frame.park as key,
        frame.park as key_zh,
        frame.factory_id,
        frame.month,
        frame.purpose,
        frame.co2_t,
        frame.coal_tce,
        frame.output_value_cny
    from mart.factory_month as frame
    where frame.park is not null
    union all
    select
        'industry' as dimension,
        substring(frame.industry_code, 1, 2) as key,
        frame.industry_zh as key_zh,
        frame.factory_id,
        frame.month,
        frame.purpose,
        frame.co2_t,
        frame.coal_tce,
        frame.output_value_cny
    from mart.factory_month as frame
    where frame.industry_code is not null
    union all
    select
        'cluster' as dimension,
        frame.cluster as key,
        frame.cluster_zh as key_zh,
        frame.factory_id,
        frame.month,
        frame.purpose,
        frame.co2_t,
        frame.coal_tce,
        frame.output_value_cny
    from mart.factory_month as frame
    where frame.cluster is not null
),

summed as (
    select
        keyed.dimension,
        spine.year,
        keyed.key,
        min(keyed.key_zh) as key_zh,
        min(keyed.purpose) as purpose,
        cast(sum(keyed.co2_t) as decimal(38, 6)) as co2_t,
        cast(sum(keyed.coal_tce) as decimal(38, 6)) as coal_tce,
        cast(sum(keyed.output_value_cny) as decimal(38, 2)) as output_value_cny,
        -- A month with energy and no output would make the rate too high, one with output alone too low.
        cast(sum(
            case when keyed.co2_t is not null and keyed.output_value_cny is not null then keyed.coal_tce end
        ) as decimal(38, 6)) as compared_coal_tce,
        cast(sum(
            case when keyed.coal_tce is not null and keyed.output_value_cny is not null then keyed.co2_t end
        ) as decimal(38, 6)) as compared_co2_t,
        cast(sum(
            case when keyed.co2_t is not null and keyed.coal_tce is not null then keyed.output_value_cny end
        ) as decimal(38, 2)) as compared_output_cny,
        count(distinct keyed.factory_id) as factories
    from keyed
    inner join ref.month as spine
        on keyed.month = spine.month
    group by keyed.dimension, spine.year, keyed.key
)

select
    summed.dimension,
    summed.year,
    summed.key,
    summed.key_zh,
    summed.purpose,
    summed.co2_t,
    summed.coal_tce,
    summed.output_value_cny,
    summed.compared_coal_tce,
    summed.compared_co2_t,
    summed.compared_output_cny,
    summed.factories,
    row_number() over (
        partition by summed.dimension, summed.year
        order by case when summed.co2_t is null then 1 else 0 end, summed.co2_t desc, summed.key
    ) as rank_by_co2
from summed
order by summed.dimension, summed.year, summed.key
