/*---
title: 准入的产值产量行 | Output lines admitted
grain: [receipt_id, line_no]
columns:
  receipt_id:       {is: the submission}
  line_no:          {type: integer, unit: "1", is: line in the submission}
  factory_id:       {is: 统一社会信用代码}
  period:           {type: date, is: first day of the month reported}
  output_value_cny: {type: "decimal(38,2)", unit: CNY, is: 工业总产值}
  value_added_cny:  {type: "decimal(38,2)", unit: CNY, is: 工业增加值}
  product_code:     {is: 产品代码}
  product_name:     {is: 产品名称}
  product_quantity: {type: "decimal(28,9)", unit: "[product_unit]", is: 合格品产量}
  product_unit:     {is: 产品计量单位}
---*/
with withheld as (
    select
        verdict.receipt_id,
        verdict.line_no
    from stg.output_verdict as verdict
    where verdict.fate <> 'admitted'
)

select
    candidate.receipt_id,
    candidate.line_no,
    candidate.factory_id,
    candidate.period,
    candidate.output_value_cny,
    candidate.value_added_cny,
    candidate.product_code,
    candidate.product_name,
    candidate.product_quantity,
    candidate.product_unit
from stg.output_candidate as candidate
left join withheld
    on candidate.receipt_id = withheld.receipt_id
    and candidate.line_no = withheld.line_no
where withheld.receipt_id is null
