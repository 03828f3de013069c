/*---
title: 6+X 归属待定的规上企业 | Above-scale companies whose 6+X membership is pending
grain: [factory_id]
severity: warning
message_zh: 部分企业暂不计入 6+X：行业须由主管部门标注而未标注，或未填是否规上。其产值不在绿色占比的分子、分母内，标注后占比会变化。
columns:
  factory_id:     {is: 统一社会信用代码}
  name:           {is: 企业名称}
  industry_code:  {is: GB/T 4754-2017}
  matched_prefix: {is: the prefix that asks for a tag}
  reason:         {is: "tag_needed, or scale_unknown"}
---*/
with last_month as (
    select max(spine.next_month) as next_month
    from ref.month as spine
)

select
    factory.factory_id,
    factory.name,
    factory.industry_code,
    cluster.matched_prefix,
    case when cluster.reason = 'tag_needed' then 'tag_needed' else 'scale_unknown' end as reason
from core.factory as factory
inner join last_month
    on factory.valid_from < last_month.next_month
    and factory.valid_to >= last_month.next_month
inner join core.factory_cluster as cluster
    on factory.factory_id = cluster.factory_id
    and factory.valid_from = cluster.valid_from
where (cluster.reason = 'tag_needed' and (factory.is_above_scale or factory.is_above_scale is null))
    or (cluster.is_in_a9 and factory.is_above_scale is null)
order by factory.factory_id
