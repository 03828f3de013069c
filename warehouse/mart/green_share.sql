/*---
title: “6+X”产业绿色占比 | Green share of the 6+X industries
grain: [month, definition, cluster_variant]
columns:
  month:                    {type: date, is: first day of the month reported}
  definition:               {is: output 产值占比 (default) · count 企业数占比}
  cluster_variant:          {is: a9 nine clusters of the plan · b6 six named in 2024}
  numerator:                {type: "decimal(38,2)", unit: "[unit]", is: green part}
  denominator:              {type: "decimal(38,2)", unit: "[unit]", is: whole; empty or zero means the share is unknown}
  unit:                     {is: CNY or 家}
  green_factories:          {type: bigint, unit: 家, is: factories in the numerator}
  factories:                {type: bigint, unit: 家, is: factories in the denominator}
  factories_without_output: {type: bigint, unit: 家, is: factories without any output reported this year; they are in no sum of output}
  target_percent:           {type: "decimal(28,9)", unit: "%", is: the plan’s target}
  gap:                      {type: "decimal(38,2)", unit: "[unit]", is: "what the green part lacks to reach the target with the whole as it is, rounded up to a fen or a company; 0 when reached, empty when unknown"}
  is_met:                   {type: boolean, is: green part × 100 ≥ whole × target; empty when there is no whole}
  is_headline:              {type: boolean, is: the reading the commission chose}
---*/
with variants as (
    select 'a9' as cluster_variant
    union all
    select 'b6' as cluster_variant
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

-- Every month has its rows, also one without a single factory: its share is unknown, not absent.
counted as (
    select
        policy.month,
        variants.cluster_variant,
        policy.green_share_definition,
        policy.cluster_variant as chosen_variant,
        summed.green_output_cny,
        summed.output_cny,
        case when summed.green_factories is null then cast(0 as bigint) else summed.green_factories end as green_factories,
        case when summed.factories is null then cast(0 as bigint) else summed.factories end as factories,
        case when summed.factories_without_output is null then cast(0 as bigint) else summed.factories_without_output end
            as factories_without_output
    from core.policy_month as policy
    cross join variants
    left join summed
        on policy.month = summed.month
        and variants.cluster_variant = summed.cluster_variant
),

defined as (
    select
        counted.month,
        'output' as definition,
        counted.cluster_variant,
        'CNY' as unit,
        case when counted.green_output_cny is null then cast(0 as decimal(38, 2)) else counted.green_output_cny end as numerator,
        counted.output_cny as denominator,
        counted.green_factories,
        counted.factories,
        counted.factories_without_output,
        counted.green_share_definition = 'output' and counted.cluster_variant = counted.chosen_variant as is_headline
    from counted
    union all
    select
        counted.month,
        'count' as definition,
        counted.cluster_variant,
        '家' as unit,
        cast(counted.green_factories as decimal(38, 2)) as numerator,
        cast(counted.factories as decimal(38, 2)) as denominator,
        counted.green_factories,
        counted.factories,
        counted.factories_without_output,
        counted.green_share_definition = 'count' and counted.cluster_variant = counted.chosen_variant as is_headline
    from counted
),

-- Whole × target − green part × 100 is what is missing, in hundredths of the unit: no division, no rounding.
judged as (
    select
        defined.month,
        defined.definition,
        defined.cluster_variant,
        defined.unit,
        cast(
            cast(defined.denominator as decimal(30, 2)) * cast(target.value as decimal(7, 4)) /* unit: % */ - defined.numerator * 100 /* unit: % */
            as decimal(38, 6)
        ) as missing_hundredths
    from defined
    inner join ref.plan_target as target
        on defined.month >= target.valid_from
        and defined.month < target.valid_to
    where target.computed_by = 'green_share' and defined.denominator > 0
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
    target.value /* unit: % */ as target_percent,
    case
        when judged.missing_hundredths <= 0 then cast(0 as decimal(38, 2))
        when defined.unit = 'CNY' then cast(cast(ceil(judged.missing_hundredths) as decimal(34, 0)) * 0.01 /* unit: 1/% */ as decimal(38, 2))
        else cast(ceil(cast(cast(judged.missing_hundredths as decimal(30, 6)) * 0.01 /* unit: 1/% */ as decimal(38, 8))) as decimal(38, 2))
    end as gap,
    judged.missing_hundredths <= 0 as is_met,
    defined.is_headline
from defined
left join ref.plan_target as target
    on target.computed_by = 'green_share'
    and defined.month >= target.valid_from
    and defined.month < target.valid_to
left join judged
    on defined.month = judged.month
    and defined.definition = judged.definition
    and defined.cluster_variant = judged.cluster_variant
    and defined.unit = judged.unit
order by defined.month, defined.definition, defined.cluster_variant
