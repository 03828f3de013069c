/*---
title: 绿色工厂评价（逐条） | Green-factory criteria, one by one
grain: [factory_id, year, rule_set, criterion]
columns:
  factory_id: {is: 统一社会信用代码}
  year:       {type: integer, unit: year, is: evaluation year}
  rule_set:   {is: "rule set in force on 31 December of the year, see ref.rule_set"}
  criterion:  {is: gate or indicator}
  kind:       {is: gate 门槛 or indicator 指标}
  name_zh:    {is: the criterion in words}
  value:      {type: "decimal(28,9)", unit: as in unit, is: "value reported; a gate is 1 met, 0 not met; empty when not reported"}
  unit:       {is: unit}
  comparator: {is: how it is compared; empty when the standard prints no number}
  threshold:  {type: "decimal(28,9)", unit: as in unit, is: threshold; empty when the standard refers to sector or local values}
  distance:   {type: "decimal(28,9)", unit: as in unit, is: value less threshold; empty when either is}
  verdict:    {is: pass · fail · not_assessable}
  reason:     {is: why it could not be assessed}
---*/
with years as (
    select
        spine.year,
        max(spine.month) as last_month
    from ref.month as spine
    group by spine.year
),

evaluated as (
    select distinct
        line.factory_id,
        line.year
    from stg.profile_line as line
),

asked as (
    select
        evaluated.factory_id,
        evaluated.year,
        criterion.rule_set,
        criterion.criterion,
        criterion.kind,
        criterion.name_zh,
        criterion.unit,
        criterion.comparator,
        criterion.threshold,
        criterion.reference_zh
    from evaluated
    inner join years
        on evaluated.year = years.year
    inner join ref.rule_set as rules
        on years.last_month >= rules.valid_from
        and years.last_month < rules.valid_to
    inner join ref.criterion as criterion
        on rules.rule_set = criterion.rule_set
)

select
    asked.factory_id,
    asked.year,
    asked.rule_set,
    asked.criterion,
    asked.kind,
    asked.name_zh,
    line.value,
    asked.unit,
    asked.comparator,
    asked.threshold,
    cast(line.value - asked.threshold as decimal(28, 9)) as distance,
    case
        when line.value is null then 'not_assessable'
        when asked.kind = 'gate' then case when line.value >= 1 then 'pass' else 'fail' end
        when asked.threshold is null then 'not_assessable'
        when asked.comparator = '>=' then case when line.value >= asked.threshold then 'pass' else 'fail' end
        when asked.comparator = '>' then case when line.value > asked.threshold then 'pass' else 'fail' end
        when asked.comparator = '<=' then case when line.value <= asked.threshold then 'pass' else 'fail' end
        when asked.comparator = '<' then case when line.value < asked.threshold then 'pass' else 'fail' end
        else 'not_assessable'
    end as verdict,
    case
        when line.value is null then '未报送'
        when asked.kind = 'indicator' and asked.threshold is null then '缺参考值：' || asked.reference_zh
    end as reason
from asked
left join stg.profile_line as line
    on asked.factory_id = line.factory_id
    and asked.year = line.year
    and asked.criterion = line.indicator_code
order by asked.factory_id, asked.year, asked.rule_set, asked.criterion
