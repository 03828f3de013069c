-- One row a line and rule it breaks, with what was read in the columns the rule looks at. Filled in by admission.py.
-- Every contract adds its rows; admitting a contract again replaces them.
create table if not exists stg.rule_hit (
    contract varchar,
    receipt_id varchar,
    line_no integer,
    factory_id varchar,
    month date,
    rule_code varchar,
    severity varchar,
    detail varchar
);
delete from stg.rule_hit where contract = '{contract}';
insert into stg.rule_hit
with hit as (
    select
        verdict.receipt_id,
        verdict.line_no,
        verdict.factory_id,
        verdict.month,
        unnest(string_split(verdict.hold_codes || ';' || verdict.warning_codes, ';')) as rule_code
    from {verdict} as verdict
    where verdict.hold_codes <> '' or verdict.warning_codes <> ''
)

select
    '{contract}' as contract,
    hit.receipt_id,
    hit.line_no,
    hit.factory_id,
    hit.month,
    hit.rule_code,
    case when hit.rule_code in ({critical}) then 'critical' else 'warning' end as severity,
    case hit.rule_code {details} end as detail
from hit
left join {raw} as line
    on hit.receipt_id = line.receipt_id
    and hit.line_no = line.line_no
left join {candidate} as candidate
    on hit.receipt_id = candidate.receipt_id
    and hit.line_no = candidate.line_no
where hit.rule_code <> ''
order by hit.receipt_id, hit.line_no, hit.rule_code
