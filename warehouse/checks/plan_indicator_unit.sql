/*---
title: 规划指标的计量单位不符 | Plan indicators in another unit than the target's
grain: [receipt_id, line_no]
severity: warning
message_zh: 部分规划指标的计量单位与规划目标不同，未参与比较，该项目标显示为未报送或沿用上一期。请按目标的单位重报。
columns:
  receipt_id:    {is: the submission}
  line_no:       {type: integer, unit: "1", is: line in the submission}
  target_metric: {is: metric key}
  unit:          {is: unit reported}
  expected_unit: {is: unit of the target}
---*/
with expected as (
    select
        target.metric_key,
        min(target.unit) as unit
    from ref.plan_target as target
    where target.kind = 'quantified' and target.computed_by = 'indicator'
    group by target.metric_key
)

select
    line.receipt_id,
    line.line_no,
    line.target_metric,
    line.unit,
    expected.unit as expected_unit
from stg.indicator_line as line
inner join expected
    on line.target_metric = expected.metric_key
where line.unit is distinct from expected.unit
order by line.receipt_id, line.line_no
