-- One row a submission and rule it breaks; a submission that breaks none has one row without a rule, so that its
-- rows are counted too. Filled in by admission.py.
create table if not exists stg.rule_summary (
    contract varchar,
    receipt_id varchar,
    rows bigint,
    held bigint,
    warned bigint,
    rule_code varchar,
    severity varchar,
    hits bigint
);
delete from stg.rule_summary where contract = '{contract}';
insert into stg.rule_summary
with submission as (
    select
        verdict.receipt_id,
        count(*) as rows,
        count(case when verdict.fate = 'held' then 1 end) as held,
        count(case when verdict.warning_codes <> '' then 1 end) as warned
    from {verdict} as verdict
    group by verdict.receipt_id
),

hits as (
    select
        hit.receipt_id,
        hit.rule_code,
        hit.severity,
        count(*) as hits
    from stg.rule_hit as hit
    where hit.contract = '{contract}'
    group by hit.receipt_id, hit.rule_code, hit.severity
)

select
    '{contract}' as contract,
    submission.receipt_id,
    submission.rows,
    submission.held,
    submission.warned,
    case when hits.rule_code is null then '' else hits.rule_code end as rule_code,
    case when hits.severity is null then '' else hits.severity end as severity,
    case when hits.hits is null then 0 else hits.hits end as hits
from submission
left join hits
    on submission.receipt_id = hits.receipt_id
order by submission.receipt_id, rule_code
