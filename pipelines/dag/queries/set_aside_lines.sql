-- Lines of a frozen month that came after its clock: kept here, out of the ledger, until the month is restated.
insert into raw.set_aside by name
select
    '{contract}' as contract,
    line.receipt_id,
    line.line_no,
    line.factory_id,
    line.period as month,
    cast(null as bigint) as decision_seq
from {table} as line
inner join raw.month_clock as clock
    on line.period = clock.month
inner join raw.submission as submission
    on line.receipt_id = submission.receipt_id
where submission.seq > clock.submission_seq or submission.received_on > clock.as_of
