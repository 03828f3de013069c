/*---
title: 企业所属 6+X 产业集群 | The 6+X cluster of each factory, dated
grain: [factory_id, valid_from]
columns:
  factory_id:     {is: 统一社会信用代码}
  valid_from:     {type: date, is: first day}
  valid_to:       {type: date, is: first day no longer}
  cluster:        {is: "cluster code; empty outside 6+X and while a tag is awaited"}
  cluster_zh:     {is: cluster name}
  matched_prefix: {is: the longest industry-code prefix that matched}
  coverage:       {is: "full: the code suffices; partial_needs_tag: the commission tags the company"}
  reason:         {is: "by_code · by_tag · tag_needed (pending) · no_output (services, power: a label only) · outside"}
  is_tag_unused:  {type: boolean, is: the register has a tag that the industry code does not admit}
  is_in_a9:       {type: boolean, is: its output counts in the nine clusters of the plan}
  is_in_b6:       {type: boolean, is: its output counts in the six clusters named in 2024}
---*/
with matched as (
    select
        factory.factory_id,
        factory.valid_from,
        factory.tag_6x,
        industry.prefix,
        industry.cluster,
        industry.secondary_cluster,
        industry.role,
        industry.coverage,
        industry.in_manufacturing_output
    from core.factory as factory
    inner join ref.industry_6x as industry
        on substring(factory.industry_code, 1, length(industry.prefix)) = industry.prefix
),

-- The longest prefix decides; shorter ones say nothing any more.
primary_row as (
    select
        matched.factory_id,
        matched.valid_from,
        matched.prefix,
        matched.cluster,
        matched.secondary_cluster,
        matched.coverage,
        matched.in_manufacturing_output,
        row_number() over (
            partition by matched.factory_id, matched.valid_from
            order by length(matched.prefix) desc, matched.cluster
        ) as place
    from matched
    where matched.role = 'primary'
),

-- Some codes have a second cluster that only a tag opens.
alternative as (
    select
        matched.factory_id,
        matched.valid_from,
        matched.cluster,
        max(matched.prefix) as prefix
    from matched
    where matched.role = 'alternative_by_tag' and matched.tag_6x = matched.cluster
    group by matched.factory_id, matched.valid_from, matched.cluster
),

judged as (
    select
        factory.factory_id,
        factory.valid_from,
        factory.valid_to,
        factory.tag_6x,
        case when alternative.prefix is null then primary_row.prefix else alternative.prefix end as prefix,
        primary_row.coverage,
        case
            when primary_row.prefix is null and alternative.prefix is null then 'outside'
            when primary_row.in_manufacturing_output <> 'yes' then 'no_output'
            when alternative.prefix is not null then 'by_tag'
            when factory.tag_6x = primary_row.cluster or factory.tag_6x = primary_row.secondary_cluster then 'by_tag'
            when primary_row.coverage = 'full' then 'by_code'
            else 'tag_needed'
        end as reason,
        case
            when alternative.prefix is not null then alternative.cluster
            when factory.tag_6x = primary_row.secondary_cluster then factory.tag_6x
            when primary_row.coverage = 'full' or factory.tag_6x = primary_row.cluster then primary_row.cluster
        end as cluster
    from core.factory as factory
    left join primary_row
        on factory.factory_id = primary_row.factory_id
        and factory.valid_from = primary_row.valid_from
        and primary_row.place = 1
    left join alternative
        on factory.factory_id = alternative.factory_id
        and factory.valid_from = alternative.valid_from
),

named as (
    select distinct
        industry.cluster,
        industry.cluster_zh,
        industry.is_named_2024
    from ref.industry_6x as industry
)

select
    judged.factory_id,
    judged.valid_from,
    judged.valid_to,
    judged.cluster,
    named.cluster_zh,
    judged.prefix as matched_prefix,
    judged.coverage,
    judged.reason,
    judged.tag_6x is not null and (judged.cluster is null or judged.cluster <> judged.tag_6x) as is_tag_unused,
    judged.reason in ('by_tag', 'by_code') as is_in_a9,
    case when judged.reason in ('by_tag', 'by_code') then named.is_named_2024 else false end as is_in_b6
from judged
left join named
    on judged.cluster = named.cluster
