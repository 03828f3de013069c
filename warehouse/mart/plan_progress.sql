/*---
title: 规划指标进展 | Progress of every target of the plan
grain: [month, target_id]
columns:
  month:              {type: date, is: first day of the month reported}
  target_id:          {is: target of the plan}
  text_zh:            {is: the target in the plan’s words}
  section_zh:         {is: where it stands in the plan}
  responsible_units:  {is: 责任单位; empty where the plan names none}
  kind:               {is: quantified 定量 or directional 定性}
  computed_by:        {is: green_share · national_green_factories · indicator (filled in by the commission)}
  repeats_target_id:  {is: the target this one says again; count only one of them}
  comparator:         {is: ">= · ~= (左右, within the tolerance) · range; else a direction without a number"}
  target_value:       {type: "decimal(28,9)", unit: "[unit]", is: target; empty when the plan gives no number}
  target_value_max:   {type: "decimal(28,9)", unit: "[unit]", is: upper end of a range}
  unit:               {is: unit of the target}
  due_year:           {type: integer, unit: year, is: 完成年份}
  actual:             {type: "decimal(38,6)", unit: "[actual_unit]", is: "numerator of a share, else the value; empty when not reported"}
  actual_denominator: {type: "decimal(38,6)", unit: "[actual_unit]", is: denominator of a share; empty otherwise}
  actual_unit:        {is: "unit of actual: money or companies for the parts of a share, else the target’s unit"}
  distance:           {type: "decimal(38,6)", unit: "[distance_unit]", is: "what is missing; 0 when met, empty when unknown"}
  distance_unit:      {is: "unit of distance: money or companies for a share, else the target’s unit"}
  reading:            {is: the definition or reading behind a computed figure}
  reported_month:     {type: date, is: the month the value speaks of}
  source:             {is: where the value came from}
  status:             {is: met 达到 · near 接近 · short 差距较大 · unknown 未报送 · directional 定性}
---*/
with share as (
    select
        share.month,
        share.numerator,
        share.denominator,
        share.gap,
        share.unit,
        share.is_met,
        share.definition || '/' || share.cluster_variant as reading
    from mart.green_share as share
    where share.is_headline
),

national as (
    select
        national.month,
        national.factories,
        national.is_met,
        national.reading
    from mart.national_green_factory as national
    where national.is_headline
),

-- The latest value of the plan’s years up to the month; what speaks of a time before the plan or after its due year is no
-- progress. A value in another unit is not compared (checks/plan_indicator_unit names it).
reported as (
    select
        policy.month,
        target.target_id,
        line.period,
        line.value,
        line.unit,
        line.source_document,
        row_number() over (
            partition by policy.month, target.target_id
            order by line.period desc, line.receipt_id, line.line_no
        ) as place
    from core.policy_month as policy
    inner join ref.plan_target as target
        on target.computed_by = 'indicator'
    inner join stg.indicator_line as line
        on target.metric_key = line.target_metric
        and target.unit = line.unit
        and line.period <= policy.month
        and line.period >= policy.plan_start
        and extract(year from line.period) <= target.due_year
),

-- A light of its own for the metric comes before the one for all.
asked as (
    select
        policy.month,
        target.target_id,
        target.computed_by,
        target.kind,
        target.value,
        target.unit,
        case
            when target.comparator = '~='
                then cast(target.value * cast(1 - policy.approximate_tolerance as decimal(9, 6)) as decimal(38, 12))
            else cast(target.value as decimal(38, 12))
        end as met_from,
        case when own.amber_from_share is null then common.amber_from_share else own.amber_from_share end as amber_from_share
    from core.policy_month as policy
    inner join ref.plan_target as target
        on policy.month >= target.valid_from
        and policy.month < target.valid_to
    left join ref.light as own
        on target.metric_key = own.metric_key
        and policy.month >= own.valid_from
        and policy.month < own.valid_to
    left join ref.light as common
        on common.metric_key = '*'
        and policy.month >= common.valid_from
        and policy.month < common.valid_to
),

judged as (
    select
        asked.month,
        asked.target_id,
        cast(share.numerator as decimal(38, 6)) as actual,
        cast(share.denominator as decimal(38, 6)) as actual_denominator,
        share.unit as actual_unit,
        share.is_met,
        cast(share.numerator as decimal(30, 2)) * 100 /* unit: % */
            >= cast(share.denominator as decimal(25, 2)) * cast(asked.value * asked.amber_from_share as decimal(12, 6)) /* unit: % */
            as is_near,
        cast(share.gap as decimal(38, 6)) as gap,
        share.reading,
        asked.month as reported_month,
        '绿账计算' as source
    from asked
    left join share
        on asked.month = share.month
    where asked.computed_by = 'green_share'
    union all
    select
        asked.month,
        asked.target_id,
        cast(national.factories as decimal(38, 6)) as actual,
        cast(null as decimal(38, 6)) as actual_denominator,
        '家' as actual_unit,
        national.is_met,
        national.factories >= cast(asked.value * asked.amber_from_share as decimal(38, 12)) /* unit: 家 */ as is_near,
        cast(asked.value /* unit: 家 */ - national.factories as decimal(38, 6)) as gap,
        national.reading,
        asked.month as reported_month,
        '绿账计算' as source
    from asked
    left join national
        on asked.month = national.month
    where asked.computed_by = 'national_green_factories'
    union all
    select
        asked.month,
        asked.target_id,
        cast(reported.value as decimal(38, 6)) as actual,
        cast(null as decimal(38, 6)) as actual_denominator,
        case when asked.kind <> 'directional' then asked.unit end as actual_unit,
        reported.value >= asked.met_from as is_met,
        reported.value >= cast(asked.value * asked.amber_from_share as decimal(38, 12)) as is_near,
        cast(asked.value - reported.value as decimal(38, 6)) as gap,
        cast(null as varchar) as reading,
        reported.period as reported_month,
        reported.source_document as source
    from asked
    left join reported
        on asked.month = reported.month
        and asked.target_id = reported.target_id
        and asked.unit = reported.unit
        and reported.place = 1
    where asked.computed_by = 'indicator' or asked.computed_by is null
)

select
    judged.month,
    target.target_id,
    target.text_zh,
    target.section_zh,
    target.responsible_units,
    target.kind,
    target.computed_by,
    target.repeats_target_id,
    target.comparator,
    target.value as target_value,
    target.value_max as target_value_max,
    target.unit,
    target.due_year,
    judged.actual,
    judged.actual_denominator,
    judged.actual_unit,
    cast(
        case
            when target.kind = 'directional' then null
            when judged.is_met then 0
            else judged.gap
        end as decimal(38, 6)
    ) as distance,
    judged.actual_unit as distance_unit,
    judged.reading,
    case when judged.actual is not null then judged.reported_month end as reported_month,
    case when judged.actual is not null then judged.source end as source,
    case
        when target.kind = 'directional' then 'directional'
        when judged.is_met is null then 'unknown'
        when judged.is_met then 'met'
        when judged.is_near then 'near'
        else 'short'
    end as status
from judged
inner join ref.plan_target as target
    on judged.target_id = target.target_id
order by judged.month, target.target_id
