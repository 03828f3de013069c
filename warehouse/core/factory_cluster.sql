/*---
title: 企业所属 6+X 产业集群 | The 6+X cluster of each factory, dated
grain: [factory_id, valid_from]
columns:
  factory_id:     {is: 统一社会信用代码}
  valid_from:     {type: date, is: first day}
  valid_to:       {type: date, is: first day no longer}
  cluster:        {is: cluster code; empty outside 6+X or while pending}
  cluster_zh:     {is: cluster name}
  matched_prefix: {is: the longest industry-code prefix that matched}
  reason:         {is: "by_code · by_tag · tag_needed (pending) · no_output (services, power) · outside"}
  is_in_a9:       {type: boolean, is: counted in the nine clusters of the plan}
  is_in_b6:       {type: boolean, is: counted in the six clusters named in 2024}
---*/
with matched as (
    -- A tag that the code admits decides; otherwise the longest prefix of the primary mapping does.
    select
        factory.factory_id,
        factory.valid_from,
        factory.valid_to,
        factory.tag_6x,
        industry.prefix,
        industry.cluster,
        industry.cluster_zh,
        industry.is_named_2024,
        industry.role,
        industry.coverage,
        industry.in_manufacturing_output,
        row_number() over (
            partition by factory.factory_id, factory.valid_from
            order by
                case when factory.tag_6x = industry.cluster then 0 else 1 end,
                length(industry.prefix) desc,
                case when industry.role = 'primary' then 0 else 1 end,
                industry.cluster
        ) as place
    from core.factory as factory
    inner join ref.industry_6x as industry
        on substring(factory.industry_code, 1, length(industry.prefix)) = industry.prefix
    where industry.role = 'primary' or factory.tag_6x = industry.cluster
),

judged as (
    select
        factory.factory_id,
        factory.valid_from,
        factory.valid_to,
        matched.cluster,
        matched.cluster_zh,
        matched.prefix,
        matched.is_named_2024,
        case
            when matched.prefix is null then 'outside'
            when matched.in_manufacturing_output <> 'yes' then 'no_output'
            when matched.tag_6x = matched.cluster then 'by_tag'
            when matched.coverage = 'full' then 'by_code'
            else 'tag_needed'
        end as reason
    from core.factory as factory
    left join matched
        on factory.factory_id = matched.factory_id
        and factory.valid_from = matched.valid_from
        and matched.place = 1
)

select
    judged.factory_id,
    judged.valid_from,
    judged.valid_to,
    case when judged.reason in ('by_tag', 'by_code') then judged.cluster end as cluster,
    case when judged.reason in ('by_tag', 'by_code') then judged.cluster_zh end as cluster_zh,
    judged.prefix as matched_prefix,
    judged.reason,
    judged.reason in ('by_tag', 'by_code') as is_in_a9,
    case when judged.reason in ('by_tag', 'by_code') then judged.is_named_2024 else false end as is_in_b6
from judged
