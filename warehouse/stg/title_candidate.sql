/*---
title: 绿色称号行与其判定依据 | Title lines with what their rules need
grain: [receipt_id, line_no]
columns:
  receipt_id:       {is: the submission}
  line_no:          {type: integer, unit: "1", is: line in the submission}
  seq:              {type: bigint, unit: "1", is: order of reception}
  is_superseded:    {type: boolean, is: a newer accepted submission speaks for the same key}
  factory_id:       {is: 统一社会信用代码}
  title:            {is: 称号}
  level:            {is: 级别}
  award_cycle:      {type: integer, unit: year, is: 批次年度}
  published_on:     {type: date, is: 公布日期}
  removed_on:       {type: date, is: 移出日期; empty while listed}
  document_no:      {is: 文号}
  is_known_factory: {type: boolean, is: 企业名录 has the factory at any time}
  is_known_level:   {type: boolean, is: the level is in schemas/title_levels.csv}
  is_repeated:      {type: boolean, is: "same factory, title, level and publication as an earlier line of the submission"}
  published_year:   {type: bigint, unit: year, is: year of publication}
---*/
with newest as (
    select
        line.factory_id,
        max(submission.seq) as seq
    from raw.title_line as line
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    group by line.factory_id
),

known as (
    select distinct register.factory_id
    from stg.register_line as register
),

repeated as (
    select
        line.receipt_id,
        line.factory_id,
        line.title,
        line.level,
        line.published_on,
        min(line.line_no) as first_line_no
    from raw.title_line as line
    group by line.receipt_id, line.factory_id, line.title, line.level, line.published_on
    having count(*) > 1
)

select
    line.receipt_id,
    line.line_no,
    submission.seq,
    case when submission.seq < newest.seq then true else false end as is_superseded,
    line.factory_id,
    line.title,
    line.level,
    line.award_cycle,
    line.published_on,
    line.removed_on,
    line.document_no,
    known.factory_id is not null as is_known_factory,
    title_level.level is not null as is_known_level,
    repeated.first_line_no is not null and repeated.first_line_no < line.line_no as is_repeated,
    extract(year from line.published_on) as published_year
from raw.title_line as line
left join raw.submission as submission
    on line.receipt_id = submission.receipt_id
left join newest
    on line.factory_id = newest.factory_id
left join known
    on line.factory_id = known.factory_id
left join ref.title_level as title_level
    on line.level = title_level.level
left join repeated
    on line.receipt_id = repeated.receipt_id
    and line.factory_id = repeated.factory_id
    and line.title = repeated.title
    and line.level = repeated.level
    and line.published_on is not distinct from repeated.published_on
