-- Monthly tables (energy, output, green power, activities) by month: lines in force, held, warned, factories.
select
    fate.month,
    count(*) as rows,
    count(distinct fate.factory_id) as factories,
    count(case when fate.fate = 'held' then 1 end) as held,
    count(case when fate.fate = 'rejected' then 1 end) as rejected,
    count(case when fate.warning_codes <> '' then 1 end) as warned
from stg.line_fate as fate
where fate.contract in ('energy', 'output', 'green_power', 'activity') and fate.fate <> 'superseded' and fate.month is not null
group by fate.month
order by fate.month
