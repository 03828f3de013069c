/*---
title: 规划指标进展 | Progress of every target of the plan
grain: [month, target_id]
columns:
  month:              {type: date, is: first day of the month reported}
  target_id:          {is: target of the plan}
  text_zh:            {is: the target in the plan’s words}
  section_zh:         {is: where it stands in the plan}
  kind:               {is: quantified or directional}
  computed_by:        {is: green_share · national_green_factories · indicator (filled in by the commission)}
  comparator:         {is: how it is compared}
  target_value:       {type: "decimal(28,9)", unit: as in unit, is: target; empty when the plan gives no number}
  target_value_max:   {type: "decimal(28,9)", unit: as in unit, is: upper end of a range}
  unit:               {is: unit}
  actual:             {type: "decimal(38,6)", unit: as in unit, is: "numerator of a share, else the value; empty when not reported"}
  actual_denominator: {type: "decimal(38,6)", unit: as in unit, is: denominator of a share; empty otherwise}
  reported_month:     {type: date, is: the month the value speaks of}
  source:             {is: where the value came from}
  status:             {is: met 达到 · near 接近 · short 差距较大 · unknown 未报送 · directional 定性}
---*/
with share as (
    select
        share.month,
        share.numerator,
        share.denominator,
        share.is_met
    from mart.green_share as share
    where share.is_headline
),

national as (
    select
        national.month,
        national.factories,
        national.is_met
    from mart.national_green_factory as national
    where national.is_headline
),

reported as (
    -- The latest value reported up to the month; older values stay behind it.
    select
        spine.month,
        line.target_metric,
        line.period,
        line.value,
        line.source_document,
        row_number() over (
            partition by spine.month, line.target_metric
            order by line.period desc, line.receipt_id, line.line_no
        ) as place
    from ref.month as spine
    inner join stg.indicator_line as line
        on line.period <= spine.month
),

measured as (
    select
        spine.month,
        target.target_id,
        target.text_zh,
        target.section_zh,
        target.kind,
        target.computed_by,
        target.comparator,
        target.value as target_value,
        target.value_max as target_value_max,
        target.met_from,
        target.near_from,
        target.unit,
        case
            when target.computed_by = 'green_share' then cast(share.numerator as decimal(38, 6))
            when target.computed_by = 'national_green_factories' then cast(national.factories as decimal(38, 6))
            else cast(reported.value as decimal(38, 6))
        end as actual,
        case when target.computed_by = 'green_share' then cast(share.denominator as decimal(38, 6)) end as actual_denominator,
        case when target.computed_by = 'indicator' then reported.period else spine.month end as reported_month,
        case when target.computed_by = 'indicator' then reported.source_document else '绿账计算' end as source,
        case
            when target.computed_by = 'green_share' then share.is_met
            when target.computed_by = 'national_green_factories' then national.is_met
            else reported.value >= target.met_from
        end as is_met,
        case
            when target.computed_by = 'green_share'
                then cast(share.numerator as decimal(30, 2)) * 100
                    >= cast(share.denominator as decimal(30, 2)) * cast(target.near_from as decimal(6, 2))
            when target.computed_by = 'national_green_factories' then national.factories >= target.near_from
            else reported.value >= target.near_from
        end as is_near
    from ref.month as spine
    cross join ref.plan_target as target
    left join share
        on spine.month = share.month
    left join national
        on spine.month = national.month
    left join reported
        on spine.month = reported.month
        and target.metric_key = reported.target_metric
        and reported.place = 1
)

select
    measured.month,
    measured.target_id,
    measured.text_zh,
    measured.section_zh,
    measured.kind,
    measured.computed_by,
    measured.comparator,
    measured.target_value,
    measured.target_value_max,
    measured.unit,
    measured.actual,
    measured.actual_denominator,
    case when measured.actual is not null then measured.reported_month end as reported_month,
    case when measured.actual is not null then measured.source end as source,
    case
        when measured.kind = 'directional' then 'directional'
        when measured.is_met is null then 'unknown'
        when measured.is_met then 'met'
        when measured.is_near then 'near'
        else 'short'
    end as status
from measured
order by measured.month, measured.target_id
