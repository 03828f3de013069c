-- Lines that wait for a steward, newest month first: {which}. Each rule it breaks is one row, with what was read.
with named as (
    select
        register.factory_id,
        register.name,
        row_number() over (
            partition by register.factory_id order by register.valid_from desc, register.receipt_id, register.line_no
        ) as place
    from stg.register_line as register
),

waiting as (
    select
        fate.contract,
        fate.receipt_id,
        fate.line_no,
        fate.factory_id,
        fate.month
    from stg.line_fate as fate
    where {which}
    order by fate.month desc, fate.contract, fate.receipt_id, fate.line_no
    limit {most}
)

select
    waiting.contract,
    waiting.receipt_id,
    waiting.line_no,
    waiting.factory_id,
    named.name,
    waiting.month,
    hit.rule_code,
    hit.detail
from waiting
left join named
    on waiting.factory_id = named.factory_id
    and named.place = 1
left join stg.rule_hit as hit
    on waiting.contract = hit.contract
    and waiting.receipt_id = hit.receipt_id
    and waiting.line_no = hit.line_no
    and hit.severity = '{severity}'
order by waiting.month desc, waiting.contract, waiting.receipt_id, waiting.line_no, hit.rule_code
