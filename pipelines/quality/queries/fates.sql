-- Lines by contract and fate, and how many of them carry warnings nobody has acknowledged.
select
    fate.contract,
    fate.fate,
    count(*) as rows,
    count(case when fate.warning_codes <> '' then 1 end) as warned,
    count(case when fate.fate = 'admitted' and fate.warning_codes <> '' and not fate.is_acknowledged then 1 end)
        as unanswered
from stg.line_fate as fate
group by fate.contract, fate.fate
order by fate.contract, fate.fate
