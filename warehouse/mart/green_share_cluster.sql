/*---
title: 各产业集群绿色占比 | Green share by cluster
grain: [month, cluster_variant, cluster]
columns:
  month:                    {type: date, is: first day of the month reported}
  cluster_variant:          {is: a9 nine clusters of the plan · b6 six named in 2024}
  cluster:                  {is: cluster code}
  cluster_zh:               {is: cluster}
  green_output_ytd_cny:     {type: "decimal(38,2)", unit: CNY, is: numerator}
  output_ytd_cny:           {type: "decimal(38,2)", unit: CNY, is: denominator; empty when nobody reported}
  green_factories:          {type: bigint, unit: 家, is: factories in the numerator}
  factories:                {type: bigint, unit: 家, is: factories in the denominator}
  factories_without_output: {type: bigint, unit: 家, is: "of these, without any output reported this year"}
---*/
with variants as (
    select
        'a9' as cluster_variant,
        frame.month,
        frame.cluster,
        frame.cluster_zh,
        frame.is_green,
        frame.output_ytd_cny
    from core.share_frame as frame
    union all
    select
        'b6' as cluster_variant,
        frame.month,
        frame.cluster,
        frame.cluster_zh,
        frame.is_green,
        frame.output_ytd_cny
    from core.share_frame as frame
    where frame.is_in_b6
)

select
    variants.month,
    variants.cluster_variant,
    variants.cluster,
    min(variants.cluster_zh) as cluster_zh,
    cast(sum(case when variants.is_green and variants.output_ytd_cny is not null then variants.output_ytd_cny else cast(0 as decimal(38, 2)) end) as decimal(38, 2))
        as green_output_ytd_cny,
    cast(sum(variants.output_ytd_cny) as decimal(38, 2)) as output_ytd_cny,
    count(case when variants.is_green then 1 end) as green_factories,
    count(*) as factories,
    count(case when variants.output_ytd_cny is null then 1 end) as factories_without_output
from variants
group by variants.month, variants.cluster_variant, variants.cluster
order by variants.month, variants.cluster_variant, variants.cluster
