/*---
title: 准入的企业名录行 | Register lines admitted
grain: [receipt_id, line_no]
columns:
  receipt_id:     {is: the submission}
  line_no:        {type: integer, unit: "1", is: line in the submission}
  factory_id:     {is: 统一社会信用代码}
  name:           {is: 企业名称}
  industry_code:  {is: 行业代码}
  tag_6x:         {is: 6+X 标签}
  town:           {is: 街镇}
  park:           {is: 园区}
  is_above_scale: {type: boolean, is: 是否规上}
  land_area_m2:   {type: "decimal(28,9)", unit: m2, is: 土地面积}
  valid_from:     {type: date, is: 生效日期}
  valid_to:       {type: date, is: 失效日期; empty is open}
---*/
with withheld as (
    select
        verdict.receipt_id,
        verdict.line_no
    from stg.register_verdict as verdict
    where verdict.fate <> 'admitted'
)

select
    candidate.receipt_id,
    candidate.line_no,
    candidate.factory_id,
    candidate.name,
    candidate.industry_code,
    candidate.tag_6x,
    candidate.town,
    candidate.park,
    candidate.is_above_scale,
    candidate.land_area_m2,
    candidate.valid_from,
    candidate.valid_to
from stg.register_candidate as candidate
left join withheld
    on candidate.receipt_id = withheld.receipt_id
    and candidate.line_no = withheld.line_no
where withheld.receipt_id is null
