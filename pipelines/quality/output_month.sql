-- One row a month: the shape of the admitted output lines. Contract: output_month.json.
select
    line.period as month,
    count(*) as lines,
    count(distinct line.factory_id) as factories,
    count(case when line.factory_id is null then 1 end) as factory_missing,
    count(case when line.output_value_cny < 0 then 1 end) as output_negative,
    count(*) - count(distinct line.receipt_id || ':' || cast(line.line_no as varchar)) as repeated_lines
from stg.output_line as line
group by line.period
order by line.period
