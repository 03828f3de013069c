/*---
title: 耗能工质行与其判定依据 | Working-media lines with what their rules need
grain: [receipt_id, line_no]
columns:
  receipt_id:       {is: the submission}
  line_no:          {type: integer, unit: "1", is: line in the submission}
  seq:              {type: bigint, unit: "1", is: order of reception}
  is_superseded:    {type: boolean, is: a newer accepted submission speaks for the same factory and month}
  factory_id:       {is: 统一社会信用代码}
  period:           {type: date, is: first day of the month reported}
  medium:           {is: 耗能工质; see ref.working_medium}
  origin:           {is: purchased 外购 or self_produced 自产}
  consumed:         {type: "decimal(28,9)", unit: "[unit]", is: 工质消费量}
  unit:             {is: unit key the line was stated in}
  document_no:      {is: 凭证号}
  is_known_factory: {type: boolean, is: 企业名录 has the factory in that month}
  has_conversion:   {type: boolean, is: the unit states this medium}
  has_coefficient:  {type: boolean, is: "a coefficient is in force, or none is needed"}
  is_repeated:      {type: boolean, is: "same factory, month, medium, origin and document as an earlier line of the submission"}
---*/
with newest as (
    select
        line.factory_id,
        line.period,
        max(submission.seq) as seq
    from raw.medium_line as line
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    group by line.factory_id, line.period
),

known as (
    select distinct
        spine.month,
        register.factory_id
    from ref.month as spine
    inner join stg.register_line as register
        on spine.month >= register.valid_from
        and (register.valid_to is null or spine.month < register.valid_to)
),

repeated as (
    select
        line.receipt_id,
        line.factory_id,
        line.period,
        line.medium,
        line.origin,
        line.document_no,
        min(line.line_no) as first_line_no
    from raw.medium_line as line
    group by line.receipt_id, line.factory_id, line.period, line.medium, line.origin, line.document_no
    having count(*) > 1
)

select
    line.receipt_id,
    line.line_no,
    submission.seq,
    case when submission.seq < newest.seq then true else false end as is_superseded,
    line.factory_id,
    line.period,
    line.medium,
    line.origin,
    line.consumed,
    line.unit,
    line.document_no,
    known.factory_id is not null as is_known_factory,
    conversion.unit is not null as has_conversion,
    coefficient.medium is not null or line.origin = 'self_produced' as has_coefficient,
    repeated.first_line_no is not null and repeated.first_line_no < line.line_no as is_repeated
from raw.medium_line as line
left join raw.submission as submission
    on line.receipt_id = submission.receipt_id
left join newest
    on line.factory_id = newest.factory_id
    and line.period = newest.period
left join known
    on line.factory_id = known.factory_id
    and line.period = known.month
left join ref.medium_conversion as conversion
    on line.medium = conversion.medium
    and line.unit = conversion.unit
left join ref.medium_coal as coefficient
    on line.medium = coefficient.medium
    and line.period >= coefficient.valid_from
    and line.period < coefficient.valid_to
left join repeated
    on line.receipt_id = repeated.receipt_id
    and line.factory_id = repeated.factory_id
    and line.period = repeated.period
    and line.medium = repeated.medium
    and line.origin = repeated.origin
    and line.document_no is not distinct from repeated.document_no
