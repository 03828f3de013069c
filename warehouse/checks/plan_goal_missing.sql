/*---
title: 两项目标每月各有一个采用值 | Each month has one headline of each goal
grain: [month, goal]
severity: blocking
message_zh: 有月份的绿色占比或国家级绿色工厂没有恰好一个采用口径的结果。请核对 schemas/targets 的目标与口径设置。
columns:
  month:     {type: date, is: first day of the month}
  goal:      {is: green_share or national_green_factories}
  headlines: {type: bigint, unit: "1", is: how many headline rows with a target there are}
---*/
with found as (
    select
        spine.month,
        'green_share' as goal,
        count(case when share.is_headline and share.target_percent is not null then 1 end) as headlines
    from ref.month as spine
    left join mart.green_share as share
        on spine.month = share.month
    group by spine.month
    union all
    select
        spine.month,
        'national_green_factories' as goal,
        count(case when national.is_headline and national.target is not null then 1 end) as headlines
    from ref.month as spine
    left join mart.national_green_factory as national
        on spine.month = national.month
    group by spine.month
)

select
    found.month,
    found.goal,
    found.headlines
from found
where found.headlines <> 1
order by found.month, found.goal
