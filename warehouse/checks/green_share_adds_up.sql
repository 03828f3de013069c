/*---
title: 绿色占比与企业名单相符 | The green share is the sum of its named companies
grain: [month, cluster_variant]
severity: blocking
message_zh: 绿色占比的分子、分母与企业名单合计不符（程序问题，与企业数据无关）。
columns:
  month:           {type: date, is: first day of the month}
  cluster_variant: {is: a9 or b6}
  numerator:       {type: "decimal(38,2)", unit: CNY, is: as published}
  listed_green:    {type: "decimal(38,2)", unit: CNY, is: sum over the green companies named}
  denominator:     {type: "decimal(38,2)", unit: CNY, is: as published}
  listed:          {type: "decimal(38,2)", unit: CNY, is: sum over all companies named}
---*/
with listed as (
    select
        share.month,
        share.cluster_variant,
        share.numerator,
        share.denominator,
        share.green_factories,
        share.factories,
        cast(sum(case when member.is_green then member.output_ytd_cny end) as decimal(38, 2)) as listed_green,
        cast(sum(member.output_ytd_cny) as decimal(38, 2)) as listed,
        count(case when member.is_green then 1 end) as green_named,
        count(member.factory_id) as named
    from mart.green_share as share
    left join mart.green_share_member as member
        on share.month = member.month
        and (share.cluster_variant = 'a9' or member.is_in_b6)
    where share.definition = 'output' and share.unit = 'CNY'
    group by
        share.month,
        share.cluster_variant,
        share.numerator,
        share.denominator,
        share.green_factories,
        share.factories
)

select
    listed.month,
    listed.cluster_variant,
    listed.numerator,
    listed.listed_green,
    listed.denominator,
    listed.listed
from listed
where listed.numerator <> case when listed.listed_green is null then 0 else listed.listed_green end
    or listed.denominator is distinct from listed.listed
    or listed.green_factories <> listed.green_named
    or listed.factories <> listed.named
order by listed.month, listed.cluster_variant
