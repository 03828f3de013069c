-- One row a month: the shape of the admitted energy lines. Contract: energy_month.json.
select
    line.period as month,
    count(*) as lines,
    count(distinct line.factory_id) as factories,
    count(distinct line.energy_code) as energy_kinds,
    count(case when line.consumed is null then 1 end) as consumed_missing,
    count(case when line.unit is null then 1 end) as unit_missing,
    count(case when line.factory_id is null then 1 end) as factory_missing,
    count(case when line.consumed < 0 then 1 end) as consumed_negative,
    count(*) - count(distinct line.receipt_id || ':' || cast(line.line_no as varchar)) as repeated_lines
from stg.energy_line as line
group by line.period
order by line.period
