/*---
title: 库存平衡 | The stock balance of lines that state a stock
grain: [receipt_id, line_no]
columns:
  receipt_id:         {is: the submission}
  line_no:            {type: integer, unit: "1", is: line in the submission}
  stock_gap:          {type: "decimal(38,12)", unit: "[unit]", is: opening + purchased − consumed − supplied − closing; empty unless all are reported}
  stock_review_gap:   {type: "decimal(38,12)", unit: "[unit]", is: a gap up to this is stocktaking; zero where no tolerance is in force}
  stock_hold_gap:     {type: "decimal(38,12)", unit: "[unit]", is: a gap beyond this holds the line; empty where no tolerance is in force}
  is_stock_unchecked: {type: boolean, is: "a stock is stated, but not all five columns of the balance"}
  stock_arithmetic:   {is: "the balance as a sum, 未报 for what is not reported; empty when it closes"}
  unit:               {is: unit key the line was stated in}
---*/
-- On the year-to-date basis the opening stock is the year's, so the balance holds for the figures as stated.
with stated as (
    select
        line.receipt_id,
        line.line_no,
        line.unit,
        line.opening_stock,
        line.purchased,
        line.consumed,
        line.supplied,
        line.closing_stock,
        case
            when line.opening_stock is null then '未报'
            when line.opening_stock_text is null then cast(line.opening_stock as varchar)
            else line.opening_stock_text
        end as opening_text,
        case
            when line.purchased is null then '未报'
            when line.purchased_text is null then cast(line.purchased as varchar)
            else line.purchased_text
        end as purchased_text,
        case
            when line.consumed is null then '未报'
            when line.consumed_text is null then cast(line.consumed as varchar)
            else line.consumed_text
        end as consumed_text,
        case
            when line.supplied is null then '未报'
            when line.supplied_text is null then cast(line.supplied as varchar)
            else line.supplied_text
        end as supplied_text,
        case
            when line.closing_stock is null then '未报'
            when line.closing_stock_text is null then cast(line.closing_stock as varchar)
            else line.closing_stock_text
        end as closing_text,
        tolerance.low as low,
        tolerance.high as high
    from raw.energy_line as line
    left join ref.stock_gap_range as tolerance
        on line.period >= tolerance.valid_from
        and line.period < tolerance.valid_to
    where line.opening_stock is not null or line.closing_stock is not null
),

balanced as (
    -- What is too large to add or multiply is held by its size (Q109) and not balanced.
    select
        stated.receipt_id,
        stated.line_no,
        stated.unit,
        case
            when greatest(
                abs(stated.opening_stock), abs(stated.purchased), abs(stated.consumed), abs(stated.supplied),
                abs(stated.closing_stock)
            ) < 1000000000000 /* unit: [unit] */
                then cast(
                    stated.opening_stock + stated.purchased - stated.consumed - stated.supplied - stated.closing_stock
                    as decimal(38, 12)
                )
        end as stock_gap,
        case
            when greatest(abs(stated.opening_stock), abs(stated.purchased)) < 1000000000000 /* unit: [unit] */
                then cast(stated.opening_stock + stated.purchased as decimal(28, 9))
        end as available,
        stated.low,
        stated.high,
        stated.opening_stock is null
        or stated.purchased is null
        or stated.consumed is null
        or stated.supplied is null
        or stated.closing_stock is null as is_stock_unchecked,
        '期初 ' || stated.opening_text || ' ＋ 购进 ' || stated.purchased_text || ' － 消费 ' || stated.consumed_text
        || ' － 外供 ' || stated.supplied_text || ' － 期末 ' || stated.closing_text as arithmetic
    from stated
)

select
    balanced.receipt_id,
    balanced.line_no,
    balanced.stock_gap,
    case
        when balanced.low is null then cast(0 as decimal(38, 12))
        else cast(balanced.available * balanced.low as decimal(38, 12))
    end as stock_review_gap,
    cast(balanced.available * balanced.high as decimal(38, 12)) as stock_hold_gap,
    balanced.is_stock_unchecked,
    case
        when balanced.is_stock_unchecked then balanced.arithmetic || ' ＝ 不能核对'
        when balanced.stock_gap <> 0
            then balanced.arithmetic || ' ＝ ' || cast(cast(balanced.stock_gap as decimal(38, 3)) as varchar)
    end as stock_arithmetic,
    balanced.unit
from balanced
