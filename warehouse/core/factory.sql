/*---
title: 企业名录（按有效期） | Factories on the register, dated
grain: [factory_id, valid_from]
columns:
  factory_id:     {is: 统一社会信用代码}
  name:           {is: 企业名称}
  industry_code:  {is: 行业代码 GB/T 4754-2017}
  tag_6x:         {is: 6+X 标签; empty when none}
  town:           {is: 街镇}
  park:           {is: 园区}
  is_above_scale: {type: boolean, is: 是否规上; empty is unknown}
  land_area_m2:   {type: "decimal(28,9)", unit: m2, is: 土地面积; empty when not reported}
  valid_from:     {type: date, is: first day}
  valid_to:       {type: date, is: first day no longer; 9999-12-31 is open}
  receipt_id:     {is: the submission}
  line_no:        {type: integer, unit: "1", is: line in the submission}
---*/
select
    line.factory_id,
    line.name,
    line.industry_code,
    line.tag_6x,
    line.town,
    line.park,
    line.is_above_scale,
    line.land_area_m2,
    line.valid_from,
    case when line.valid_to is null then cast('9999-12-31' as date) else line.valid_to end as valid_to,
    line.receipt_id,
    line.line_no
from stg.register_line as line
