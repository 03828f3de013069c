-- One row a month, from the first reported to the last of the ledger: the shape of the admitted energy lines.
-- Contract: energy_month.json. What a steward has released against a rule is not counted as a flaw again.
with released as (
    select
        verdict.receipt_id,
        verdict.line_no
    from stg.energy_verdict as verdict
    where verdict.fate = 'admitted' and verdict.hold_codes <> ''
),

received as (
    select
        line.period,
        count(*) as lines
    from raw.energy_line as line
    group by line.period
),

admitted as (
    select
        line.period,
        count(*) as lines,
        count(distinct line.factory_id) as factories,
        count(distinct line.energy_code) as energy_kinds,
        count(case when line.energy_code = '33' and line.consumed > 0 then 1 end) as electricity_lines,
        count(case when line.unit is null then 1 end) as unit_missing,
        count(case when line.factory_id is null then 1 end) as factory_missing,
        count(case when line.consumed is null and released.receipt_id is null then 1 end) as consumed_missing,
        count(case when line.consumed < 0 and released.receipt_id is null then 1 end) as consumed_negative
    from stg.energy_line as line
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
    coalesce(admitted.energy_kinds, 0) as energy_kinds,
    coalesce(admitted.electricity_lines, 0) as electricity_lines,
    coalesce(admitted.unit_missing, 0) as unit_missing,
    coalesce(admitted.factory_missing, 0) as factory_missing,
    coalesce(admitted.consumed_missing, 0) as consumed_missing,
    coalesce(admitted.consumed_negative, 0) as consumed_negative
from ref.month as spine
left join received
    on spine.month = received.period
left join admitted
    on spine.month = admitted.period
where spine.month >= (select min(line.period) from raw.energy_line as line)
order by spine.month
