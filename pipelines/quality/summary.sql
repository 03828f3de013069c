-- One row a submission of one contract: what became of its lines. The Great Expectations suite
-- <contract>_summary.json is the contract on this frame.
select
    verdict.receipt_id,
    count(*) as rows_judged,
    max(submission.rows) as rows_received,
    count(case when verdict.fate = 'admitted' then 1 end) as admitted,
    count(case when verdict.fate = 'held' then 1 end) as held,
    count(case when verdict.fate = 'rejected' then 1 end) as rejected,
    count(case when verdict.fate = 'superseded' then 1 end) as superseded,
    count(case when verdict.fate not in ('admitted', 'held', 'rejected', 'superseded') then 1 end) as without_fate,
    count(case when verdict.fate = 'held' and verdict.hold_codes = '' then 1 end) as held_without_reason,
    count(
        case
            when verdict.fate = 'admitted' and verdict.hold_codes <> '' and released.receipt_id is null then 1
        end
    ) as admitted_against_rule,
    count(case when verdict.warning_codes <> '' then 1 end) as warned
from stg.{name}_verdict as verdict
left join raw.submission as submission
    on verdict.receipt_id = submission.receipt_id
left join (
    select distinct decision.receipt_id, decision.line_no
    from raw.decision as decision
    where decision.decision = 'released'
) as released
    on verdict.receipt_id = released.receipt_id
    and verdict.line_no = released.line_no
group by verdict.receipt_id
order by verdict.receipt_id
