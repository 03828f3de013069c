delete from {table}
where exists (
    select 1
    from raw.set_aside as aside
    where aside.contract = '{contract}'
        and aside.decision_seq is null
        and aside.receipt_id = {table}.receipt_id
        and aside.line_no = {table}.line_no
)
