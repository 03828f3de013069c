/*---
title: 行业大类没有名称 | An industry division without a name
grain: [division]
severity: warning
message_zh: 企业名录中有的行业代码，其大类不在 schemas/industry_divisions.csv 内（或只凭记忆），排名只能显示代码。请核对行业代码，或补录大类名称。
columns:
  division:  {is: first two digits of the industry code}
  factories: {type: bigint, unit: "1", is: factories of that division in the register}
---*/
with named as (
    select distinct division.division
    from ref.industry_division as division
    where division.certainty <> 'recalled'
)

select
    substring(factory.industry_code, 1, 2) as division,
    count(distinct factory.factory_id) as factories
from core.factory as factory
left join named
    on substring(factory.industry_code, 1, 2) = named.division
where factory.industry_code is not null and named.division is null
group by substring(factory.industry_code, 1, 2)
order by substring(factory.industry_code, 1, 2)
