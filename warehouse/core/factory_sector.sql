/*---
title: 企业核算行业组（按名录有效期） | Which sector's guide an enterprise reports by
grain: [factory_id, valid_from]
columns:
  factory_id:          {is: 统一社会信用代码}
  valid_from:          {type: date, is: first day}
  valid_to:            {type: date, is: first day no longer}
  sector:              {is: "sector group that decides the edition of fuel factors; see ref.industry_sector"}
  is_industry_unknown: {type: boolean, is: no industry code on the register; the default sector stands in}
---*/
with matched as (
    select
        factory.factory_id,
        factory.valid_from,
        factory.valid_to,
        factory.industry_code is null as is_industry_unknown,
        sector.sector,
        -- The longest prefix decides; the blank one is every industry none of the others names.
        row_number() over (
            partition by factory.factory_id, factory.valid_from
            order by length(sector.prefix) desc, sector.prefix, factory.line_no
        ) as place
    from core.factory as factory
    inner join ref.industry_sector as sector
        on substring(
            case when factory.industry_code is null then '' else factory.industry_code end, 1, length(sector.prefix)
        ) = sector.prefix
)

select
    matched.factory_id,
    matched.valid_from,
    matched.valid_to,
    matched.sector,
    matched.is_industry_unknown
from matched
where matched.place = 1
