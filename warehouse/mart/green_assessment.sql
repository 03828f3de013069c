/*---
title: 绿色工厂评价（逐条） | Green-factory criteria, one by one
grain: [factory_id, year, rule_set, criterion]
columns:
  factory_id:       {is: 统一社会信用代码}
  year:             {type: integer, unit: year, is: evaluation year}
  evaluated_on:     {type: date, is: "day the evaluation stands for: the last of the year; it picks the rule sets"}
  rule_set:         {is: rule set in force on that day; see ref.rule_set}
  rule_set_kind:    {is: standard 标准 or veto 申报否决}
  criterion:        {is: gate or indicator}
  kind:             {is: gate 门槛 or indicator 指标}
  name_zh:          {is: the criterion in words}
  value:            {type: "decimal(28,9)", unit: "[reported_unit]", is: "value reported; a gate is 1 met, 0 not met; empty when not reported"}
  reported_unit:    {is: unit of value as reported; empty when none was}
  unit:             {is: unit of threshold and distance}
  comparator:       {is: how it is compared; empty for gates}
  threshold:        {type: "decimal(28,9)", unit: "[unit]", is: threshold; empty when none is known}
  threshold_source: {is: "标准条文, or the reference row that gave the threshold"}
  certainty:        {is: how sure the criterion is; recalled ones must be checked against the printed standard}
  distance:         {type: "decimal(28,9)", unit: "[unit]", is: "how far on the good side of the threshold; negative is what is missing; empty when it cannot be judged"}
  verdict:          {is: pass 满足 · fail 不满足 · not_assessable 不可评}
  reason:           {is: why it could not be assessed; empty otherwise}
---*/
with evaluated as (
    select distinct
        line.factory_id,
        line.year,
        cast(cast(line.year as varchar) || '-12-31' as date) as evaluated_on
    from stg.profile_line as line
),

asked as (
    select
        evaluated.factory_id,
        evaluated.year,
        evaluated.evaluated_on,
        rules.rule_set,
        rules.kind as rule_set_kind,
        criterion.criterion,
        criterion.kind,
        criterion.name_zh,
        criterion.direction,
        criterion.unit,
        criterion.comparator,
        criterion.threshold,
        criterion.is_qualitative,
        criterion.reference_zh,
        criterion.certainty
    from evaluated
    inner join ref.rule_set as rules
        on evaluated.evaluated_on >= rules.valid_from
        and evaluated.evaluated_on < rules.valid_to
    inner join ref.criterion as criterion
        on rules.rule_set = criterion.rule_set
    where rules.kind in ('standard', 'veto')
),

-- Where the standard prints no number: the value of the company’s own industry, the longest prefix first.
referenced as (
    select
        asked.factory_id,
        asked.year,
        asked.rule_set,
        asked.criterion,
        reference.reference_id,
        reference.value,
        reference.unit,
        reference.certainty,
        row_number() over (
            partition by asked.factory_id, asked.year, asked.rule_set, asked.criterion
            order by length(reference.industry_prefix) desc, reference.reference_id
        ) as place
    from asked
    inner join ref.criterion_reference as reference
        on asked.rule_set = reference.rule_set
        and asked.criterion = reference.criterion
        and asked.evaluated_on >= reference.valid_from
        and asked.evaluated_on < reference.valid_to
    left join core.factory as factory
        on asked.factory_id = factory.factory_id
        and asked.evaluated_on >= factory.valid_from
        and asked.evaluated_on < factory.valid_to
    where asked.threshold is null
        and reference.role in ('required', 'base')
        and (
            reference.industry_prefix = ''
            or substring(factory.industry_code, 1, length(reference.industry_prefix)) = reference.industry_prefix
        )
),

-- Each threshold with the unit it is printed in, and how sure the number is.
thresholds as (
    select
        asked.factory_id,
        asked.year,
        asked.rule_set,
        asked.criterion,
        asked.threshold,
        asked.unit,
        asked.certainty as threshold_certainty,
        case when asked.threshold is not null then '标准条文' end as threshold_source
    from asked
    left join referenced
        on asked.factory_id = referenced.factory_id
        and asked.year = referenced.year
        and asked.rule_set = referenced.rule_set
        and asked.criterion = referenced.criterion
        and referenced.place = 1
    where referenced.reference_id is null
    union all
    select
        referenced.factory_id,
        referenced.year,
        referenced.rule_set,
        referenced.criterion,
        referenced.value as threshold,
        referenced.unit,
        referenced.certainty as threshold_certainty,
        referenced.reference_id as threshold_source
    from referenced
    where referenced.place = 1
),

-- One value an indicator and year; a steward may have let a repeated line through, and then neither is taken.
answered as (
    select
        line.factory_id,
        line.year,
        line.indicator_code,
        line.value,
        line.unit,
        count(*) over (partition by line.factory_id, line.year, line.indicator_code) as lines,
        row_number() over (
            partition by line.factory_id, line.year, line.indicator_code
            order by line.receipt_id, line.line_no
        ) as place
    from stg.profile_line as line
),

compared as (
    select
        asked.factory_id,
        asked.year,
        asked.evaluated_on,
        asked.rule_set,
        asked.rule_set_kind,
        asked.criterion,
        asked.kind,
        asked.name_zh,
        asked.direction,
        asked.is_qualitative,
        asked.reference_zh,
        asked.certainty,
        answered.lines,
        case when answered.lines = 1 then answered.value end as value,
        answered.unit as reported_unit,
        thresholds.unit,
        case when asked.kind = 'indicator' then asked.comparator end as comparator,
        thresholds.threshold,
        thresholds.threshold_certainty,
        thresholds.threshold_source
    from asked
    left join answered
        on asked.factory_id = answered.factory_id
        and asked.year = answered.year
        and asked.criterion = answered.indicator_code
        and answered.place = 1
    inner join thresholds
        on asked.factory_id = thresholds.factory_id
        and asked.year = thresholds.year
        and asked.rule_set = thresholds.rule_set
        and asked.criterion = thresholds.criterion
),

-- A value that is missing, in another unit or without a threshold says nothing: neither zero nor average stands in for it.
-- A threshold known from memory alone passes nobody and fails nobody.
explained as (
    select
        compared.factory_id,
        compared.year,
        compared.evaluated_on,
        compared.rule_set,
        compared.rule_set_kind,
        compared.criterion,
        compared.kind,
        compared.name_zh,
        compared.direction,
        compared.certainty,
        compared.value,
        compared.reported_unit,
        case when compared.reported_unit = compared.unit then compared.value end as comparable,
        compared.unit,
        compared.comparator,
        compared.threshold,
        compared.threshold_source,
        case
            when compared.lines > 1 then '同一指标报送了多个值'
            when compared.value is null then '未报送'
            when compared.kind = 'gate' and compared.value <> 0 and compared.value <> 1 /* unit: [reported_unit] */ then '门槛应填 1（满足）或 0（不满足）'
            when compared.kind = 'gate' then null
            when compared.is_qualitative then '定性指标，由评价人员判定'
            when compared.threshold is null and compared.reference_zh is null then '缺参考值'
            when compared.threshold is null then '缺参考值：' || compared.reference_zh
            when compared.threshold_certainty = 'recalled' then '阈值仅凭记忆，未核对标准原文'
            when compared.reported_unit is null then '未填计量单位，应为' || compared.unit
            when compared.reported_unit <> compared.unit
                then '计量单位不符：报送“' || compared.reported_unit || '”，应为“' || compared.unit || '”'
        end as reason
    from compared
)

select
    explained.factory_id,
    explained.year,
    explained.evaluated_on,
    explained.rule_set,
    explained.rule_set_kind,
    explained.criterion,
    explained.kind,
    explained.name_zh,
    explained.value,
    explained.reported_unit,
    explained.unit,
    explained.comparator,
    explained.threshold,
    explained.threshold_source,
    explained.certainty,
    cast(
        case
            when explained.reason is not null or explained.kind = 'gate' then null
            when explained.direction = 'down' then explained.threshold - explained.comparable
            else explained.comparable - explained.threshold
        end as decimal(28, 9)
    ) as distance,
    case
        when explained.reason is not null then 'not_assessable'
        when explained.kind = 'gate' and explained.value = 1 /* unit: [reported_unit] */ then 'pass'
        when explained.comparator = '>=' and explained.comparable >= explained.threshold then 'pass'
        when explained.comparator = '>' and explained.comparable > explained.threshold then 'pass'
        when explained.comparator = '<=' and explained.comparable <= explained.threshold then 'pass'
        when explained.comparator = '<' and explained.comparable < explained.threshold then 'pass'
        else 'fail'
    end as verdict,
    explained.reason
from explained
order by explained.factory_id, explained.year, explained.rule_set, explained.criterion
