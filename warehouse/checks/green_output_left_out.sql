/*---
title: 年内产值因期末已不在范围而未计入 | Output of the year left out because the company was no longer counted at the month end
grain: [factory_id]
severity: warning
message_zh: 部分企业年内曾为 6+X 规上企业，期末已迁出、转为规下或改变行业；按期末状态，其年内产值不在绿色占比的分子、分母内。
columns:
  factory_id:     {is: 统一社会信用代码}
  month:          {type: date, is: last month of the ledger}
  output_ytd_cny: {type: "decimal(38,2)", unit: CNY, is: output of the months in which it was counted}
---*/
with last_month as (
    select
        spine.month,
        spine.year
    from ref.month as spine
    inner join (select max(latest.month) as month from ref.month as latest) as newest
        on spine.month = newest.month
)

select
    output.factory_id,
    last_month.month,
    cast(sum(output.output_value_cny) as decimal(38, 2)) as output_ytd_cny
from last_month
inner join ref.month as spine
    on last_month.year = spine.year
inner join core.share_frame as earlier
    on spine.month = earlier.month
inner join core.output as output
    on earlier.factory_id = output.factory_id
    and earlier.month = output.month
left join core.share_frame as counted
    on earlier.factory_id = counted.factory_id
    and last_month.month = counted.month
where counted.factory_id is null and output.output_value_cny is not null
group by output.factory_id, last_month.month
order by output.factory_id
