-- The fate of every line of one contract. Filled in by admission.py with names and rule text from
-- schemas/expectations/rules/. Filter first, then list: most lines break nothing (docs/method/03-admission.md).
create or replace table {verdict} as
with broken as (
    select
        candidate.receipt_id,
        candidate.line_no,
        {critical} as hold_codes,
        {final} as final_codes,
        {warning} as warning_codes
    from {candidate} as candidate
    where not candidate.is_superseded and ({anything})
),

decided as (
    -- The steward's last word on a line, and whether its warnings were ever acknowledged.
    select
        decision.receipt_id,
        decision.line_no,
        max(case when decision.decision = 'released' then decision.seq end) as released_seq,
        max(case when decision.decision = 'rejected' then decision.seq end) as rejected_seq,
        max(case when decision.decision = 'acknowledged' then decision.seq end) as acknowledged_seq
    from raw.decision as decision
    group by decision.receipt_id, decision.line_no
),

judged as (
    select
        candidate.receipt_id,
        candidate.line_no,
        {factory} as factory_id,
        {month} as month,
        case
            when candidate.is_superseded then 'superseded'
            when decided.rejected_seq is not null
                and (decided.released_seq is null or decided.rejected_seq > decided.released_seq) then 'rejected'
            when broken.final_codes <> '' then 'held'
            when broken.hold_codes <> '' and decided.released_seq is null then 'held'
            else 'admitted'
        end as fate,
        case when broken.hold_codes is null then '' else broken.hold_codes end as hold_codes,
        case when broken.warning_codes is null then '' else broken.warning_codes end as warning_codes,
        decided.acknowledged_seq is not null as has_acknowledgement
    from {candidate} as candidate
    left join broken
        on candidate.receipt_id = broken.receipt_id
        and candidate.line_no = broken.line_no
    left join decided
        on candidate.receipt_id = decided.receipt_id
        and candidate.line_no = decided.line_no
)

select
    judged.receipt_id,
    judged.line_no,
    judged.factory_id,
    judged.month,
    judged.fate,
    judged.hold_codes,
    judged.warning_codes,
    judged.has_acknowledgement and judged.fate = 'admitted' and judged.warning_codes <> '' as is_acknowledged
from judged
