/*---
title: 规划指标行与其判定依据 | Indicator lines with what their rules need
grain: [receipt_id, line_no]
columns:
  receipt_id:      {is: the submission}
  line_no:         {type: integer, unit: "1", is: line in the submission}
  seq:             {type: bigint, unit: "1", is: order of reception}
  is_superseded:   {type: boolean, is: a newer accepted submission speaks for the same key}
  target_metric:   {is: 指标; metric key of ref.plan_target}
  period:          {type: date, is: first day of the month reported}
  value:           {type: "decimal(28,9)", unit: "[unit]", is: 值}
  unit:            {is: 计量单位}
  source_document: {is: 来源文件}
  is_known_metric: {type: boolean, is: the plan has a target of that metric}
  is_repeated:     {type: boolean, is: same metric and month as an earlier line of the submission}
---*/
with newest as (
    select
        line.target_metric,
        line.period,
        max(submission.seq) as seq
    from raw.indicator_line as line
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    group by line.target_metric, line.period
),

known as (
    select distinct target.metric_key
    from ref.plan_target as target
),

repeated as (
    select
        line.receipt_id,
        line.target_metric,
        line.period,
        min(line.line_no) as first_line_no
    from raw.indicator_line as line
    group by line.receipt_id, line.target_metric, line.period
    having count(*) > 1
)

select
    line.receipt_id,
    line.line_no,
    submission.seq,
    case when submission.seq < newest.seq then true else false end as is_superseded,
    line.target_metric,
    line.period,
    line.value,
    line.unit,
    line.source_document,
    known.metric_key is not null as is_known_metric,
    repeated.first_line_no is not null and repeated.first_line_no < line.line_no as is_repeated
from raw.indicator_line as line
left join raw.submission as submission
    on line.receipt_id = submission.receipt_id
left join newest
    on line.target_metric = newest.target_metric
    and line.period = newest.period
left join known
    on line.target_metric = known.metric_key
left join repeated
    on line.receipt_id = repeated.receipt_id
    and line.target_metric = repeated.target_metric
    and line.period = repeated.period
