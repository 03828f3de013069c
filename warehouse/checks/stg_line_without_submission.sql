/*---
title: 行没有所属的报送 | A line whose submission is not in the register
grain: [contract, receipt_id]
severity: blocking
message_zh: 有行找不到所属的报送记录，来源无法追溯（程序问题，与企业数据无关）。
columns:
  contract:   {is: which table was sent}
  receipt_id: {is: the submission that is missing}
  rows:       {type: bigint, unit: 行, is: lines concerned}
---*/
select
    fate.contract,
    fate.receipt_id,
    count(*) as rows
from stg.line_fate as fate
left join raw.submission as submission
    on fate.receipt_id = submission.receipt_id
where submission.receipt_id is null
group by fate.contract, fate.receipt_id
order by fate.contract, fate.receipt_id
