-- The factories with most lines held, then warned, each with its months; monthly tables only.
with in_force as (
    select
        fate.factory_id,
        fate.month,
        fate.fate,
        fate.warning_codes
    from stg.line_fate as fate
    where fate.contract in ('energy', 'output', 'green_power', 'activity') and fate.fate <> 'superseded' and fate.month is not null
),

worst as (
    select
        in_force.factory_id,
        count(*) as total,
        count(case when in_force.fate = 'held' then 1 end) as total_held,
        count(case when in_force.warning_codes <> '' then 1 end) as total_warned
    from in_force
    group by in_force.factory_id
    having total_held > 0 or total_warned > 0
    order by total_held desc, total_warned desc, in_force.factory_id
    limit {most}
),

named as (
    select
        register.factory_id,
        register.name,
        row_number() over (
            partition by register.factory_id order by register.valid_from desc, register.receipt_id, register.line_no
        ) as place
    from stg.register_line as register
)

select
    worst.factory_id,
    named.name,
    worst.total,
    worst.total_held,
    worst.total_warned,
    in_force.month,
    count(*) as rows,
    count(case when in_force.fate = 'held' then 1 end) as held,
    count(case when in_force.warning_codes <> '' then 1 end) as warned
from worst
inner join in_force
    on worst.factory_id = in_force.factory_id
left join named
    on worst.factory_id = named.factory_id
    and named.place = 1
group by worst.factory_id, named.name, worst.total, worst.total_held, worst.total_warned, in_force.month
order by worst.total_held desc, worst.total_warned desc, worst.factory_id, in_force.month
