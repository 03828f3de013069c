-- What stands in the columns a rule looks at, for every line of some receipts that breaks it. Filled in by admission.py.
with broken as (
    select
        candidate.receipt_id,
        candidate.line_no
    from {candidate} as candidate
    where list_contains(?, candidate.receipt_id) and {predicate}
)

select
    line.receipt_id,
    line.line_no,
    {zh} as zh,
    {en} as en
from {raw} as line
inner join broken
    on line.receipt_id = broken.receipt_id
    and line.line_no = broken.line_no
inner join {candidate} as candidate
    on line.receipt_id = candidate.receipt_id
    and line.line_no = candidate.line_no
