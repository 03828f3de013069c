-- One row a submission of one contract: what became of its lines. The Great Expectations suite
-- <contract>_summary.json is the contract on this frame.
with submission_total as (
    select
        verdict.receipt_id,
        count(*) as rows_judged,
        count(case when verdict.fate = 'admitted' then 1 end) as admitted,
        count(case when verdict.fate = 'held' then 1 end) as held,
        count(case when verdict.fate = 'rejected' then 1 end) as rejected,
        count(case when verdict.fate = 'superseded' then 1 end) as superseded,
        count(case when verdict.fate = 'held' and verdict.hold_codes = '' then 1 end) as held_without_reason,
        count(
            case
                when verdict.fate = 'admitted' and verdict.hold_codes <> '' and released.receipt_id is null then 1
            end
        ) as admitted_against_rule
    from stg.{name}_verdict as verdict
    left join (
        select distinct decision.receipt_id, decision.line_no
        from raw.decision as decision
        where decision.decision = 'released'
    ) as released
        on verdict.receipt_id = released.receipt_id
        and verdict.line_no = released.line_no
    group by verdict.receipt_id
),

rule_total as (
    -- The rule summary again, to hold it and the verdicts together.
    select
        summary.receipt_id,
        max(summary.rows) as rows_summarised,
        max(summary.warned) as warned,
        cast(sum(case when summary.severity = 'critical' then summary.hits else 0 end) as bigint) as critical_hits,
        cast(sum(case when summary.severity = 'warning' then summary.hits else 0 end) as bigint) as warning_hits
    from stg.rule_summary as summary
    where summary.contract = '{contract}'
    group by summary.receipt_id
)

select
    total.receipt_id,
    max(submission.rows) as rows_received,
    total.rows_judged,
    rule_total.rows_summarised,
    total.admitted,
    total.held,
    total.rejected,
    total.superseded,
    total.admitted + total.held + total.rejected + total.superseded as rows_with_fate,
    total.held_without_reason,
    total.admitted_against_rule,
    rule_total.critical_hits,
    rule_total.warning_hits,
    rule_total.warned
from submission_total as total
left join rule_total
    on total.receipt_id = rule_total.receipt_id
left join raw.submission as submission
    on total.receipt_id = submission.receipt_id
group by all
order by total.receipt_id
