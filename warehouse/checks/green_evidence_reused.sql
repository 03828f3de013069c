/*---
title: 同一绿证或结算单被使用两次 | The same certificate or settlement used twice
grain: [receipt_id, line_no, evidence_kind, evidence, use_no]
severity: warning
message_zh: 同一绿证或结算单在台账中出现两次，先报送的一行保留，后一行暂挂（Q305）；两份回执都列在下面。
columns:
  evidence_kind:    {is: "certificate 绿证, or the kind of green power a settlement belongs to"}
  evidence:         {is: 绿证编号 or 结算单号}
  receipt_id:       {is: the submission that loses it}
  line_no:          {type: integer, unit: "1", is: its line}
  factory_id:       {is: whose line it is}
  period:           {type: date, is: first day of the month reported}
  use_no:           {type: bigint, unit: "1", is: which use of it this is}
  first_receipt_id: {is: the submission that keeps it}
  first_line_no:    {type: integer, unit: "1", is: its line}
  first_factory_id: {is: whose line that is}
---*/
select
    uses.evidence_kind,
    uses.evidence,
    uses.receipt_id,
    uses.line_no,
    uses.factory_id,
    uses.period,
    uses.use_no,
    uses.first_receipt_id,
    uses.first_line_no,
    uses.first_factory_id
from stg.green_evidence as uses
where uses.use_no > 1
order by uses.evidence_kind, uses.evidence, uses.use_no
