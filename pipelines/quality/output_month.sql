-- One row a month, from the first reported to the last of the ledger: the shape of the admitted output lines.
-- Contract: output_month.json. What a steward has released against a rule is not counted as a flaw again.
with released as (
    select
        verdict.receipt_id,
        verdict.line_no
    from stg.output_verdict as verdict
    where verdict.fate = 'admitted' and verdict.hold_codes <> ''
),

received as (
    select
        line.period,
        count(*) as lines
    from raw.output_line as line
    group by line.period
),

admitted as (
    select
        line.period,
        count(*) as lines,
        count(distinct line.factory_id) as factories,
        count(case when line.factory_id is null then 1 end) as factory_missing,
        count(case when line.output_value_cny < 0 and released.receipt_id is null then 1 end) as output_negative,
        count(case when line.output_value_cny > 0 then 1 end) as output_lines
    from stg.output_line as line
    left join released
        on line.receipt_id = released.receipt_id
        and line.line_no = released.line_no
    group by line.period
)

select
    spine.month,
    coalesce(received.lines, 0) as lines_received,
    coalesce(admitted.lines, 0) as lines,
    coalesce(admitted.factories, 0) as factories,
    coalesce(admitted.factory_missing, 0) as factory_missing,
    coalesce(admitted.output_negative, 0) as output_negative,
    coalesce(admitted.output_lines, 0) as output_lines
from ref.month as spine
left join received
    on spine.month = received.period
left join admitted
    on spine.month = admitted.period
where spine.month >= (select min(line.period) from raw.output_line as line)
order by spine.month
