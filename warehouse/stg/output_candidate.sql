/*---
title: 产值产量行与其判定依据 | Output lines with what their rules need
grain: [receipt_id, line_no]
columns:
  receipt_id:       {is: the submission}
  line_no:          {type: integer, unit: "1", is: line in the submission}
  seq:              {type: bigint, unit: "1", is: order of reception}
  is_superseded:    {type: boolean, is: a newer accepted submission speaks for the same key}
  factory_id:       {is: 统一社会信用代码}
  period:           {type: date, is: first day of the month reported}
  output_value_cny: {type: "decimal(38,2)", unit: CNY, is: 工业总产值}
  value_added_cny:  {type: "decimal(38,2)", unit: CNY, is: 工业增加值}
  product_code:     {is: 产品代码}
  product_name:     {is: 产品名称}
  product_quantity: {type: "decimal(28,9)", unit: "[product_unit]", is: 合格品产量}
  product_unit:     {is: 产品计量单位}
  is_known_factory: {type: boolean, is: 企业名录 has the factory in that month}
  is_repeated:      {type: boolean, is: "same factory, month and product as an earlier line of the submission"}
  is_within_size:   {type: boolean, is: amounts are below 10^14 yuan}
---*/
with newest as (
    select
        line.factory_id,
        line.period,
        max(submission.seq) as seq
    from raw.output_line as line
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
        line.product_code,
        line.product_name,
        min(line.line_no) as first_line_no
    from raw.output_line as line
    group by line.receipt_id, line.factory_id, line.period, line.product_code, line.product_name
    having count(*) > 1
)

select
    line.receipt_id,
    line.line_no,
    submission.seq,
    case when submission.seq < newest.seq then true else false end as is_superseded,
    line.factory_id,
    line.period,
    line.output_value_cny,
    line.value_added_cny,
    line.product_code,
    line.product_name,
    line.product_quantity,
    line.product_unit,
    known.factory_id is not null as is_known_factory,
    repeated.first_line_no is not null and repeated.first_line_no < line.line_no as is_repeated,
    case when abs(line.output_value_cny) >= 100000000000000 /* unit: CNY */
            or abs(line.value_added_cny) >= 100000000000000 /* unit: CNY */ then false else true end as is_within_size
from raw.output_line as line
left join raw.submission as submission
    on line.receipt_id = submission.receipt_id
left join newest
    on line.factory_id = newest.factory_id
    and line.period = newest.period
left join known
    on line.factory_id = known.factory_id
    and line.period = known.month
left join repeated
    on line.receipt_id = repeated.receipt_id
    and line.factory_id = repeated.factory_id
    and line.period = repeated.period
    and line.product_code is not distinct from repeated.product_code
    and line.product_name is not distinct from repeated.product_name
