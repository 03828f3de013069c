-- Decisions on lines of a frozen month that were taken after its clock.
insert into raw.set_aside by name
select
    '{contract}' as contract,
    line.receipt_id,
    line.line_no,
    line.factory_id,
    line.period as month,
    decision.seq as decision_seq
from {table} as line
inner join raw.month_clock as clock
    on line.period = clock.month
inner join raw.decision as decision
    on line.receipt_id = decision.receipt_id
    and line.line_no = decision.line_no
where decision.seq > clock.decision_seq or decision.decided_on > clock.as_of
