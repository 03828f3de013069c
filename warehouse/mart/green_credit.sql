/*---
title: 绿电在各口径下的抵减与原因 | Green power under each scheme, and why it is credited or not
grain: [scheme, factory_id, month, kind, has_contract, has_settlement, has_certificate, receipt_id]
columns:
  scheme:          {is: "an accounting basis, or renewable_rate for 可再生能源利用率"}
  factory_id:      {is: 统一社会信用代码}
  month:           {type: date, is: first day of the month}
  kind:            {is: 绿电类型}
  has_contract:    {type: boolean, is: 合同号 is stated}
  has_settlement:  {type: boolean, is: 结算单号 is stated}
  has_certificate: {type: boolean, is: 绿证编号 is stated}
  receipt_id:      {is: the submission the lines came with}
  first_line_no:   {type: integer, unit: "1", is: first of the lines summed here}
  quantity_mwh:    {type: "decimal(38,6)", unit: "MWh{electricity}", is: 电量 declared}
  is_credited:     {type: boolean, is: it counts under the scheme (up to the month's consumption)}
  factor_id:       {is: the rule or factor row it was judged by}
  reason:          {is: why it is credited or not}
---*/
select
    credit.scheme,
    credit.factory_id,
    credit.month,
    credit.kind,
    credit.has_contract,
    credit.has_settlement,
    credit.has_certificate,
    credit.receipt_id,
    credit.first_line_no,
    cast(credit.quantity_mwh as decimal(38, 6)) as quantity_mwh,
    credit.is_credited,
    credit.factor_id,
    credit.reason
from core.green_credit as credit
order by credit.scheme, credit.factory_id, credit.month, credit.kind, credit.receipt_id, credit.first_line_no
