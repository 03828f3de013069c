/*---
title: 绿色绩效行与其判定依据 | Profile lines with what their rules need
grain: [receipt_id, line_no]
columns:
  receipt_id:         {is: the submission}
  line_no:            {type: integer, unit: "1", is: line in the submission}
  seq:                {type: bigint, unit: "1", is: order of reception}
  is_superseded:      {type: boolean, is: a newer accepted submission speaks for the same key}
  factory_id:         {is: 统一社会信用代码}
  year:               {type: integer, unit: year, is: 年度}
  indicator_code:     {is: 指标代码}
  value:              {type: "decimal(28,9)", unit: "[unit]", is: 值}
  unit:               {is: 计量单位}
  evidence:           {is: 证明材料}
  is_known_factory:   {type: boolean, is: 企业名录 has the factory at any time}
  is_known_criterion: {type: boolean, is: some rule set asks for that indicator}
  is_repeated:        {type: boolean, is: "same factory, year and indicator as an earlier line of the submission"}
---*/
with newest as (
    select
        line.factory_id,
        line.year,
        max(submission.seq) as seq
    from raw.profile_line as line
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    group by line.factory_id, line.year
),

known as (
    select distinct register.factory_id
    from stg.register_line as register
),

criteria as (
    select distinct criterion.criterion
    from ref.criterion as criterion
),

repeated as (
    select
        line.receipt_id,
        line.factory_id,
        line.year,
        line.indicator_code,
        min(line.line_no) as first_line_no
    from raw.profile_line as line
    group by line.receipt_id, line.factory_id, line.year, line.indicator_code
    having count(*) > 1
)

select
    line.receipt_id,
    line.line_no,
    submission.seq,
    case when submission.seq < newest.seq then true else false end as is_superseded,
    line.factory_id,
    line.year,
    line.indicator_code,
    line.value,
    line.unit,
    line.evidence,
    known.factory_id is not null as is_known_factory,
    criteria.criterion is not null as is_known_criterion,
    repeated.first_line_no is not null and repeated.first_line_no < line.line_no as is_repeated
from raw.profile_line as line
left join raw.submission as submission
    on line.receipt_id = submission.receipt_id
left join newest
    on line.factory_id = newest.factory_id
    and line.year = newest.year
left join known
    on line.factory_id = known.factory_id
left join criteria
    on line.indicator_code = criteria.criterion
left join repeated
    on line.receipt_id = repeated.receipt_id
    and line.factory_id = repeated.factory_id
    and line.year = repeated.year
    and line.indicator_code = repeated.indicator_code
