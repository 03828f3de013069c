/*---
title: 绿电凭证的每次使用 | Every use of a certificate or settlement
grain: [receipt_id, line_no, evidence_kind, evidence, use_no]
columns:
  receipt_id:       {is: the submission}
  line_no:          {type: integer, unit: "1", is: line in the submission}
  factory_id:       {is: 统一社会信用代码}
  period:           {type: date, is: first day of the month reported}
  evidence_kind:    {is: "certificate 绿证, or the kind of green power a settlement belongs to"}
  evidence:         {is: "绿证编号 or 结算单号, upper case, without blanks around it"}
  use_no:           {type: bigint, unit: "1", is: "1 for the first use in the ledger, which keeps it; 2 and more for those that lose it"}
  first_receipt_id: {is: the submission of the first use}
  first_line_no:    {type: integer, unit: "1", is: the line of the first use}
  first_factory_id: {is: who used it first}
---*/
-- One certificate, one use: the first place (reception, line) keeps it, whoever comes later, in any month.
-- A line the steward rejected uses nothing: what it named is free for the line that may.
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

rejected as (
    select
        decision.receipt_id,
        decision.line_no
    from raw.decision as decision
    group by decision.receipt_id, decision.line_no
    having max(case when decision.decision = 'rejected' then decision.seq end)
        > case
            when max(case when decision.decision = 'released' then decision.seq end) is null then -1
            else max(case when decision.decision = 'released' then decision.seq end)
        end
),

in_force as (
    select
        line.receipt_id,
        line.line_no,
        line.factory_id,
        line.period,
        submission.seq,
        line.kind,
        line.settlement_no,
        line.certificate_ids
    from raw.green_power_line as line
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    inner join newest
        on line.factory_id = newest.factory_id
        and line.period = newest.period
        and submission.seq = newest.seq
    left join rejected
        on line.receipt_id = rejected.receipt_id
        and line.line_no = rejected.line_no
    where rejected.receipt_id is null
),

listed as (
    -- A line may name many certificates, parted by ; ； 、 or a comma, in any order.
    select
        in_force.receipt_id,
        in_force.line_no,
        in_force.factory_id,
        in_force.period,
        in_force.seq,
        unnest(
            string_split(
                replace(replace(replace(replace(in_force.certificate_ids, '；', ';'), '、', ';'), '，', ';'), ',', ';'),
                ';'
            )
        ) as certificate_id
    from in_force
    where in_force.certificate_ids is not null
),

evidence as (
    select
        listed.receipt_id,
        listed.line_no,
        listed.factory_id,
        listed.period,
        listed.seq,
        'certificate' as evidence_kind,
        upper(trim(listed.certificate_id)) as evidence
    from listed
    union all
    select
        in_force.receipt_id,
        in_force.line_no,
        in_force.factory_id,
        in_force.period,
        in_force.seq,
        in_force.kind as evidence_kind,
        upper(trim(in_force.settlement_no)) as evidence
    from in_force
    where in_force.settlement_no is not null
),

uses as (
    select
        evidence.receipt_id,
        evidence.line_no,
        evidence.factory_id,
        evidence.period,
        evidence.evidence_kind,
        evidence.evidence,
        row_number() over (
            partition by evidence.evidence_kind, evidence.evidence
            order by evidence.seq, evidence.receipt_id, evidence.line_no
        ) as use_no
    from evidence
    where evidence.evidence <> ''
)

select
    uses.receipt_id,
    uses.line_no,
    uses.factory_id,
    uses.period,
    uses.evidence_kind,
    uses.evidence,
    uses.use_no,
    earliest.receipt_id as first_receipt_id,
    earliest.line_no as first_line_no,
    earliest.factory_id as first_factory_id
from uses
left join uses as earliest
    on uses.evidence_kind = earliest.evidence_kind
    and uses.evidence = earliest.evidence
    and earliest.use_no = 1
