-- Lines, submissions and factories by the rule they break.
select
    hit.rule_code,
    count(*) as rows,
    count(distinct hit.receipt_id) as submissions,
    count(distinct hit.factory_id) as factories
from stg.rule_hit as hit
group by hit.rule_code
order by hit.rule_code
