/*---
title: 绿电绿证行与其判定依据 | Green power lines with what their rules need
grain: [receipt_id, line_no]
columns:
  receipt_id:         {is: the submission}
  line_no:            {type: integer, unit: "1", is: line in the submission}
  seq:                {type: bigint, unit: "1", is: order of reception}
  is_superseded:      {type: boolean, is: a newer accepted submission speaks for the same key}
  factory_id:         {is: 统一社会信用代码}
  period:             {type: date, is: first day of the month reported}
  kind:               {is: 跨省绿电交易 · 绿证 · 分布式自发自用 · 绿电直连}
  quantity:           {type: "decimal(28,9)", unit: "[unit]", is: 电量}
  unit:               {is: unit key}
  contract_no:        {is: 合同号}
  settlement_no:      {is: 结算单号}
  certificate_ids:    {is: 绿证编号}
  is_known_factory:   {type: boolean, is: 企业名录 has the factory in that month}
  is_evidence_reused: {type: boolean, is: "a certificate or the settlement also stands in an earlier line of a submission in force, anybody's"}
  has_certificate_range: {type: boolean, is: "绿证编号 states a range, so that nobody can tell whether two of them overlap"}
  has_conversion:     {type: boolean, is: the unit converts to MWh}
  certificates:       {type: bigint, unit: "1", is: "绿证张数: different certificate numbers stated; empty when none is"}
  quantity_mwh:       {type: "decimal(38,12)", unit: "MWh{electricity}", is: "电量 in MWh; empty without a conversion or beyond 10^12 as stated"}
---*/
with newest as (
    select
        line.factory_id,
        line.period,
        max(submission.seq) as seq
    from raw.green_power_line as line
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    group by line.factory_id, line.period
),

known as (
    select distinct
        spine.month,
        register.factory_id
    from ref.month as spine
    inner join stg.register_line as register
        on spine.month >= register.valid_from
        and (register.valid_to is null or spine.month < register.valid_to)
),

reused as (
    select
        uses.receipt_id,
        uses.line_no
    from stg.green_evidence as uses
    group by uses.receipt_id, uses.line_no
    having max(uses.use_no) > 1
),

counted as (
    select
        uses.receipt_id,
        uses.line_no,
        count(distinct uses.evidence) as certificates
    from stg.green_evidence as uses
    where uses.evidence_kind = 'certificate'
    group by uses.receipt_id, uses.line_no
)

select
    line.receipt_id,
    line.line_no,
    submission.seq,
    case when submission.seq < newest.seq then true else false end as is_superseded,
    line.factory_id,
    line.period,
    line.kind,
    line.quantity,
    line.unit,
    line.contract_no,
    line.settlement_no,
    line.certificate_ids,
    known.factory_id is not null as is_known_factory,
    reused.receipt_id is not null as is_evidence_reused,
    line.certificate_ids like '%~%' or line.certificate_ids like '%～%' or line.certificate_ids like '%至%'
        as has_certificate_range,
    conversion.multiplier is not null as has_conversion,
    counted.certificates,
    case
        when line.quantity < 1000000000000 /* unit: [unit] */
            then cast(line.quantity * conversion.multiplier as decimal(38, 12))
    end as quantity_mwh
from raw.green_power_line as line
left join raw.submission as submission
    on line.receipt_id = submission.receipt_id
left join newest
    on line.factory_id = newest.factory_id
    and line.period = newest.period
left join known
    on line.factory_id = known.factory_id
    and line.period = known.month
left join ref.unit_conversion as conversion
    on conversion.energy_code = '33'
    and line.unit = conversion.unit
left join reused
    on line.receipt_id = reused.receipt_id
    and line.line_no = reused.line_no
left join counted
    on line.receipt_id = counted.receipt_id
    and line.line_no = counted.line_no
