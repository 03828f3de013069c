/*---
title: 数据质量（按月、按报表） | Rows by fate, month and contract
grain: [month, contract]
columns:
  month:       {type: date, is: "month the rows report on; for dated lists, the month they took effect"}
  contract:    {is: which table was sent}
  submissions: {type: bigint, unit: 件, is: submissions with rows of that month}
  rows_in:     {type: bigint, unit: 行, is: rows received}
  admitted:    {type: bigint, unit: 行, is: 准入}
  held:        {type: bigint, unit: 行, is: "暂挂, waiting for a steward or a correction"}
  rejected:    {type: bigint, unit: 行, is: 退回}
  superseded:  {type: bigint, unit: 行, is: 被更正版本取代}
---*/
select
    fate.month,
    fate.contract,
    count(distinct fate.receipt_id) as submissions,
    count(*) as rows_in,
    count(case when fate.fate = 'admitted' then 1 end) as admitted,
    count(case when fate.fate = 'held' then 1 end) as held,
    count(case when fate.fate = 'rejected' then 1 end) as rejected,
    count(case when fate.fate = 'superseded' then 1 end) as superseded
from stg.line_fate as fate
group by fate.month, fate.contract
order by fate.month, fate.contract
