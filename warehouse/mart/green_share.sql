/*---
title: “6+X”产业绿色占比 | Green share of the 6+X industries
grain: [month, definition, cluster_variant]
columns:
  month:                    {type: date, is: first day of the month reported}
  definition:               {is: output 产值占比 (default) · count 企业数占比}
  cluster_variant:          {is: a9 nine clusters of the plan · b6 six named in 2024}
  numerator:                {type: "decimal(38,2)", unit: as in unit, is: green part}
  denominator:              {type: "decimal(38,2)", unit: as in unit, is: whole; empty or zero means the share is unknown}
  unit:                     {is: CNY or 家}
  green_factories:          {type: bigint, unit: 家, is: factories in the numerator}
  factories:                {type: bigint, unit: 家, is: factories in the denominator}
  factories_without_output: {type: bigint, unit: 家, is: factories without any output reported this year; they are in no sum of output}
  target_percent:           {type: "decimal(28,9)", unit: "%", is: the plan’s target}
  gap:                      {type: "decimal(38,2)", unit: as in unit, is: "what the green part lacks to reach the target; 0 when reached, empty when unknown"}
  is_met:                   {type: boolean, is: green part × 100 ≥ whole × target; empty when there is no whole}
  is_headline:              {type: boolean, is: the reading the commission chose}
---*/
with target as (
    select target.value as target_percent
    from ref.plan_target as target
    where target.computed_by = 'green_share'
),

chosen as (
    select
        max(case when setting.setting = 'green_share_definition' then setting.value end) as definition,
        max(case when setting.setting = 'cluster_variant' then setting.value end) as cluster_variant
    from ref.policy_setting as setting
),

summed as (
    select
        cluster.month,
        cluster.cluster_variant,
        cast(sum(cluster.green_output_ytd_cny) as decimal(38, 2)) as green_output_cny,
        cast(sum(cluster.output_ytd_cny) as decimal(38, 2)) as output_cny,
        cast(sum(cluster.green_factories) as bigint) as green_factories,
        cast(sum(cluster.factories) as bigint) as factories,
        cast(sum(cluster.factories_without_output) as bigint) as factories_without_output
    from mart.green_share_cluster as cluster
    group by cluster.month, cluster.cluster_variant
),

defined as (
    select
        summed.month,
        'output' as definition,
        summed.cluster_variant,
        summed.green_output_cny as numerator,
        summed.output_cny as denominator,
        'CNY' as unit,
        summed.green_factories,
        summed.factories,
        summed.factories_without_output
    from summed
    union all
    select
        summed.month,
        'count' as definition,
        summed.cluster_variant,
        cast(summed.green_factories as decimal(38, 2)) as numerator,
        cast(summed.factories as decimal(38, 2)) as denominator,
        '家' as unit,
        summed.green_factories,
        summed.factories,
        summed.factories_without_output
    from summed
)

select
    defined.month,
    defined.definition,
    defined.cluster_variant,
    defined.numerator,
    defined.denominator,
    defined.unit,
    defined.green_factories,
    defined.factories,
    defined.factories_without_output,
    target.target_percent,
    case
        when defined.denominator is null or defined.denominator <= 0 then null
        when defined.numerator * 100 >= cast(defined.denominator as decimal(36, 2)) * cast(target.target_percent as decimal(4, 2))
            then cast(0 as decimal(38, 2))
        else cast(
            cast(cast(defined.denominator as decimal(30, 2)) * cast(target.target_percent as decimal(4, 2)) * 0.01 as decimal(38, 6))
            - defined.numerator as decimal(38, 2)
        )
    end as gap,
    case
        when defined.denominator is null or defined.denominator <= 0 then null
        else defined.numerator * 100
            >= cast(defined.denominator as decimal(34, 2)) * cast(target.target_percent as decimal(4, 2))
    end as is_met,
    defined.definition = chosen.definition and defined.cluster_variant = chosen.cluster_variant as is_headline
from defined
cross join target
cross join chosen
order by defined.month, defined.definition, defined.cluster_variant
