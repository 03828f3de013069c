/*---
title: 企业月度产值 | Output value by factory and month
grain: [factory_id, month]
columns:
  factory_id:       {is: 统一社会信用代码}
  month:            {type: date, is: first day of the month reported}
  receipt_id:       {is: the submission}
  first_line_no:    {type: integer, unit: "1", is: first of the lines summed}
  lines:            {type: bigint, unit: "1", is: how many lines were summed}
  output_value_cny: {type: "decimal(38,2)", unit: CNY, is: 工业总产值; empty when no line reported it}
  value_added_cny:  {type: "decimal(38,2)", unit: CNY, is: 工业增加值; empty when no line reported it}
---*/
select
    line.factory_id,
    line.period as month,
    line.receipt_id,
    min(line.line_no) as first_line_no,
    count(*) as lines,
    cast(sum(line.output_value_cny) as decimal(38, 2)) as output_value_cny,
    cast(sum(line.value_added_cny) as decimal(38, 2)) as value_added_cny
from stg.output_line as line
group by line.factory_id, line.period, line.receipt_id
