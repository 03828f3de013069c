/*---
title: 企业名录行与其判定依据 | Register lines with what their rules need
grain: [receipt_id, line_no]
columns:
  receipt_id:     {is: the submission}
  line_no:        {type: integer, unit: "1", is: line in the submission}
  seq:            {type: bigint, unit: "1", is: order of reception}
  is_superseded:  {type: boolean, is: a newer accepted submission speaks for the same key}
  factory_id:     {is: 统一社会信用代码}
  name:           {is: 企业名称}
  industry_code:  {is: 行业代码 GB/T 4754-2017}
  tag_6x:         {is: 6+X 标签}
  town:           {is: 街镇}
  park:           {is: 园区}
  is_above_scale: {type: boolean, is: 是否规上}
  land_area_m2:   {type: "decimal(28,9)", unit: m2, is: 土地面积}
  valid_from:     {type: date, is: 生效日期}
  valid_to:       {type: date, is: 失效日期; empty is open}
  is_overlapping: {type: boolean, is: another line of the same submission is in force on the same day}
  is_class_code:  {type: boolean, is: the industry code has four digits}
  is_known_tag:   {type: boolean, is: the tag is a 6+X cluster code}
---*/
with newest as (
    select
        line.factory_id,
        max(submission.seq) as seq
    from raw.register_line as line
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    group by line.factory_id
),

clashes as (
    select distinct
        line.receipt_id,
        line.line_no
    from raw.register_line as line
    inner join raw.register_line as earlier
        on line.receipt_id = earlier.receipt_id
        and line.factory_id = earlier.factory_id
        and earlier.line_no < line.line_no
        and (earlier.valid_to is null or line.valid_from < earlier.valid_to)
        and (line.valid_to is null or earlier.valid_from < line.valid_to)
),

clusters as (
    select distinct industry.cluster
    from ref.industry_6x as industry
)

select
    line.receipt_id,
    line.line_no,
    submission.seq,
    case when submission.seq < newest.seq then true else false end as is_superseded,
    line.factory_id,
    line.name,
    line.industry_code,
    line.tag_6x,
    line.town,
    line.park,
    line.is_above_scale,
    line.land_area_m2,
    line.valid_from,
    line.valid_to,
    other.receipt_id is not null as is_overlapping,
    case
        when length(line.industry_code) = 4 and length(translate(line.industry_code, '0123456789', '')) = 0 then true
        else false
    end as is_class_code,
    line.tag_6x is null or clusters.cluster is not null as is_known_tag
from raw.register_line as line
left join raw.submission as submission
    on line.receipt_id = submission.receipt_id
left join newest
    on line.factory_id = newest.factory_id
left join clashes as other
    on line.receipt_id = other.receipt_id
    and line.line_no = other.line_no
left join clusters
    on line.tag_6x = clusters.cluster
