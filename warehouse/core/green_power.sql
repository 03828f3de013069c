/*---
title: 绿电绿证 | Green power by factory, month, kind and evidence
grain: [factory_id, month, kind, has_contract, has_settlement, has_certificate, receipt_id]
columns:
  factory_id:      {is: 统一社会信用代码}
  month:           {type: date, is: first day of the month the power was used in}
  kind:            {is: inter_provincial 跨省绿电交易 · certificate 绿证 · self_generated 分布式自发自用 · direct_line 绿电直连}
  has_contract:    {type: boolean, is: every line states its 合同号}
  has_settlement:  {type: boolean, is: every line states its 结算单号}
  has_certificate: {type: boolean, is: every line states its 绿证编号}
  receipt_id:      {is: the submission the lines came with}
  first_line_no:   {type: integer, unit: "1", is: first of the lines summed here}
  lines:           {type: bigint, unit: "1", is: how many lines were summed}
  quantity_mwh:    {type: "decimal(38,12)", unit: "MWh{electricity}", is: 电量}
---*/
select
    line.factory_id,
    line.period as month,
    line.kind,
    line.contract_no is not null as has_contract,
    line.settlement_no is not null as has_settlement,
    line.certificate_ids is not null as has_certificate,
    line.receipt_id,
    min(line.line_no) as first_line_no,
    count(*) as lines,
    cast(sum(cast(line.quantity as decimal(38, 9)) * conversion.multiplier) as decimal(38, 12)) as quantity_mwh
from stg.green_power_line as line
left join ref.unit_conversion as conversion
    on conversion.energy_code = '33'
    and line.unit = conversion.unit
group by
    line.factory_id,
    line.period,
    line.kind,
    line.contract_no is not null,
    line.settlement_no is not null,
    line.certificate_ids is not null,
    line.receipt_id
