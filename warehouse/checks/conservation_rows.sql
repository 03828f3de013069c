/*---
title: 行数守恒 | Every row received has exactly one fate
grain: [contract, receipt_id]
severity: blocking
message_zh: 收到的行数与准入、暂挂、退回、被更正取代的行数之和不符，有行丢失或重复判定（程序或参考数据问题，与企业数据无关）。
columns:
  contract:       {is: which table was sent}
  receipt_id:     {is: the submission}
  rows_received:  {type: bigint, unit: 行, is: lines that landed; empty when none did}
  rows_with_fate: {type: bigint, unit: 行, is: lines with a fate; empty when none has}
---*/
-- The sums over line numbers tell a lost line from a repeated one even where the counts agree, without the cost of
-- listing every line.
with received as (
    select
        'energy' as contract,
        line.receipt_id,
        count(*) as rows,
        sum(cast(line.line_no as bigint)) as line_sum,
        sum(cast(line.line_no as bigint) * line.line_no) as line_squares
    from raw.energy_line as line
    group by line.receipt_id
    union all
    select
        'output' as contract,
        line.receipt_id,
        count(*) as rows,
        sum(cast(line.line_no as bigint)) as line_sum,
        sum(cast(line.line_no as bigint) * line.line_no) as line_squares
    from raw.output_line as line
    group by line.receipt_id
    union all
    select
        'green_power' as contract,
        line.receipt_id,
        count(*) as rows,
        sum(cast(line.line_no as bigint)) as line_sum,
        sum(cast(line.line_no as bigint) * line.line_no) as line_squares
    from raw.green_power_line as line
    group by line.receipt_id
    union all
    select
        'register' as contract,
        line.receipt_id,
        count(*) as rows,
        sum(cast(line.line_no as bigint)) as line_sum,
        sum(cast(line.line_no as bigint) * line.line_no) as line_squares
    from raw.register_line as line
    group by line.receipt_id
    union all
    select
        'titles' as contract,
        line.receipt_id,
        count(*) as rows,
        sum(cast(line.line_no as bigint)) as line_sum,
        sum(cast(line.line_no as bigint) * line.line_no) as line_squares
    from raw.title_line as line
    group by line.receipt_id
    union all
    select
        'indicators' as contract,
        line.receipt_id,
        count(*) as rows,
        sum(cast(line.line_no as bigint)) as line_sum,
        sum(cast(line.line_no as bigint) * line.line_no) as line_squares
    from raw.indicator_line as line
    group by line.receipt_id
    union all
    select
        'profile' as contract,
        line.receipt_id,
        count(*) as rows,
        sum(cast(line.line_no as bigint)) as line_sum,
        sum(cast(line.line_no as bigint) * line.line_no) as line_squares
    from raw.profile_line as line
    group by line.receipt_id
    union all
    select
        'activity' as contract,
        line.receipt_id,
        count(*) as rows,
        sum(cast(line.line_no as bigint)) as line_sum,
        sum(cast(line.line_no as bigint) * line.line_no) as line_squares
    from raw.activity_line as line
    group by line.receipt_id
    union all
    select
        'media' as contract,
        line.receipt_id,
        count(*) as rows,
        sum(cast(line.line_no as bigint)) as line_sum,
        sum(cast(line.line_no as bigint) * line.line_no) as line_squares
    from raw.medium_line as line
    group by line.receipt_id
),

judged as (
    select
        fate.contract,
        fate.receipt_id,
        count(case when fate.fate in ('admitted', 'held', 'rejected', 'superseded') then 1 end) as rows,
        sum(cast(fate.line_no as bigint)) as line_sum,
        sum(cast(fate.line_no as bigint) * fate.line_no) as line_squares
    from stg.line_fate as fate
    group by fate.contract, fate.receipt_id
)

select
    case when received.contract is null then judged.contract else received.contract end as contract,
    case when received.receipt_id is null then judged.receipt_id else received.receipt_id end as receipt_id,
    received.rows as rows_received,
    judged.rows as rows_with_fate
from received
full outer join judged
    on received.contract = judged.contract
    and received.receipt_id = judged.receipt_id
where received.rows is null
    or judged.rows is null
    or received.rows <> judged.rows
    or received.line_sum <> judged.line_sum
    or received.line_squares <> judged.line_squares
order by contract, receipt_id
