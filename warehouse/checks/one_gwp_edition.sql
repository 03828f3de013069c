/*---
title: 一份清单只用一版 GWP | One inventory, one edition of GWPs
grain: [purpose]
severity: blocking
message_zh: 同一核算口径用了不止一版 GWP，或 GWP 取自别的版本，不同版本的二氧化碳当量不可相加。
columns:
  purpose:  {is: accounting basis}
  editions: {type: bigint, unit: "1", is: how many editions its rows name}
  strays:   {type: bigint, unit: "1", is: rows whose GWP comes from another edition than the basis names}
---*/
select
    emission.purpose,
    count(distinct emission.gwp_edition) as editions,
    count(
        case
            when emission.gwp_edition <> purpose.gwp_edition then 1
            when source.edition is not null and source.edition <> emission.gwp_edition then 1
        end
    ) as strays
from core.process_co2e as emission
left join ref.purpose as purpose
    on emission.purpose = purpose.purpose
left join ref.gwp as source
    on emission.gwp_id = source.factor_id
group by emission.purpose
having count(distinct emission.gwp_edition) > 1
    or count(
        case
            when emission.gwp_edition <> purpose.gwp_edition then 1
            when source.edition is not null and source.edition <> emission.gwp_edition then 1
        end
    ) > 0
order by emission.purpose
