/*---
title: 累计数折为本月数 | The month's flow of lines that state the year to date
grain: [receipt_id, line_no]
columns:
  receipt_id:          {is: the submission}
  line_no:             {type: integer, unit: "1", is: line in the submission}
  factory_id:          {is: 统一社会信用代码}
  period:              {type: date, is: first day of the month reported}
  energy_code:         {is: energy kind of form 205-1}
  unit:                {is: unit key the line was stated in}
  opening_stock:       {type: "decimal(28,9)", unit: "[unit]", is: "stock at the month's start: in January the year's, else the closing stock of the month before"}
  purchased:           {type: "decimal(28,9)", unit: "[unit]", is: 购进量 of the month}
  consumed:            {type: "decimal(28,9)", unit: "[unit]", is: "消费量 of the month; empty where flow_problem says why"}
  feedstock:           {type: "decimal(28,9)", unit: "[unit]", is: 其中用于原材料 of the month}
  transport:           {type: "decimal(28,9)", unit: "[unit]", is: 其中运输工具消费 of the month}
  supplied:            {type: "decimal(28,9)", unit: "[unit]", is: 外供量 of the month}
  closing_stock:       {type: "decimal(28,9)", unit: "[unit]", is: 期末库存}
  cost_cny:            {type: "decimal(38,2)", unit: "CNY", is: 购进金额 of the month}
  previous_receipt_id: {is: "the submission of the line of the month before, the first where there are several"}
  previous_line_no:    {type: integer, unit: "1", is: that line}
  flow_problem:        {is: "no_figure · several_lines · no_previous · unit_changed · drop · part_unclear; empty when the flow is known"}
  flow_note:           {is: "both lines and what they state, for the clerk; empty when the flow is known"}
---*/
-- Only factories that state the year to date are looked at; all others cost nothing here.
with cumulative_factory as (
    select distinct line.factory_id
    from raw.energy_line as line
    where line.basis = 'cumulative'
),

newest as (
    select
        line.factory_id,
        line.period,
        max(submission.seq) as seq
    from raw.energy_line as line
    inner join cumulative_factory
        on line.factory_id = cumulative_factory.factory_id
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    group by line.factory_id, line.period
),

rejected as (
    select
        decision.receipt_id,
        decision.line_no
    from raw.decision as decision
    group by decision.receipt_id, decision.line_no
    having max(case when decision.decision = 'rejected' then decision.seq end)
        > case
            when max(case when decision.decision = 'released' then decision.seq end) is null then -1
            else max(case when decision.decision = 'released' then decision.seq end)
        end
),

spoken as (
    -- What stands: not taken back by a newer submission, not rejected by a steward.
    select
        line.receipt_id,
        line.line_no,
        line.factory_id,
        line.period,
        line.energy_code,
        line.meter_id,
        line.unit,
        line.opening_stock,
        line.purchased,
        line.consumed,
        line.feedstock,
        line.transport,
        line.supplied,
        line.closing_stock,
        line.cost_cny,
        case when line.consumed_text is null then cast(line.consumed as varchar) else line.consumed_text end as shown
    from raw.energy_line as line
    inner join cumulative_factory
        on line.factory_id = cumulative_factory.factory_id
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    inner join newest
        on line.factory_id = newest.factory_id
        and line.period = newest.period
        and submission.seq = newest.seq
    left join rejected
        on line.receipt_id = rejected.receipt_id
        and line.line_no = rejected.line_no
    where line.basis = 'cumulative' and rejected.receipt_id is null
),

counted as (
    select
        spoken.factory_id,
        spoken.period,
        spoken.energy_code,
        spoken.meter_id,
        count(*) as lines,
        min(spoken.unit) as unit,
        min(spoken.receipt_id) as receipt_id,
        min(spoken.line_no) as line_no
    from spoken
    group by spoken.factory_id, spoken.period, spoken.energy_code, spoken.meter_id
),

earlier as (
    select
        now.receipt_id,
        now.line_no,
        spine.month_no,
        own.lines as own_lines,
        own.line_no as own_first_line_no,
        counted.lines as earlier_lines,
        counted.unit as earlier_unit,
        counted.receipt_id as earlier_receipt_id,
        counted.line_no as earlier_line_no
    from spoken as now
    inner join counted as own
        on now.factory_id = own.factory_id
        and now.period = own.period
        and now.energy_code = own.energy_code
        and now.meter_id is not distinct from own.meter_id
    left join ref.month as spine
        on now.period = spine.month
    left join counted
        on now.factory_id = counted.factory_id
        and spine.previous_month = counted.period
        and now.energy_code = counted.energy_code
        and now.meter_id is not distinct from counted.meter_id
        and spine.month_no > 1
),

paired as (
    select
        now.receipt_id,
        now.line_no,
        now.factory_id,
        now.period,
        now.energy_code,
        now.unit,
        earlier.month_no = 1 as is_january,
        now.opening_stock,
        now.purchased,
        now.consumed,
        now.feedstock,
        now.transport,
        now.supplied,
        now.closing_stock,
        now.cost_cny,
        earlier.earlier_receipt_id as previous_receipt_id,
        earlier.earlier_line_no as previous_line_no,
        before.purchased as previous_purchased,
        before.consumed as previous_consumed,
        before.feedstock as previous_feedstock,
        before.transport as previous_transport,
        before.supplied as previous_supplied,
        before.closing_stock as previous_closing_stock,
        before.cost_cny as previous_cost_cny,
        '本月累计 ' || now.shown || '（回执 ' || now.receipt_id || ' 第' || cast(now.line_no as varchar) || '行）' as now_text,
        '上月累计 ' || before.shown || '（回执 ' || before.receipt_id || ' 第' || cast(before.line_no as varchar) || '行）'
            as previous_text,
        '上月（回执 ' || earlier.earlier_receipt_id || ' 第' || cast(earlier.earlier_line_no as varchar) || '行）以'
            || earlier.earlier_unit || '计，本月以' || now.unit || '计' as unit_text,
        case
            when now.consumed is null then 'no_figure'
            when earlier.own_lines > 1 or earlier.earlier_lines > 1 then 'several_lines'
            when earlier.month_no = 1 then null
            when earlier.earlier_unit <> now.unit then 'unit_changed'
            when before.consumed is null then 'no_previous'
            when now.consumed < before.consumed
                or now.purchased < before.purchased
                or now.feedstock < before.feedstock
                or now.transport < before.transport
                or now.supplied < before.supplied
                or now.cost_cny < before.cost_cny then 'drop'
            -- A part stated in one of the two months only has no flow, and none is guessed: it decides what is burnt or netted.
            when (now.feedstock is null) <> (before.feedstock is null)
                or (now.transport is null) <> (before.transport is null)
                or (now.supplied is null) <> (before.supplied is null) then 'part_unclear'
        end as flow_problem
    from spoken as now
    inner join earlier
        on now.receipt_id = earlier.receipt_id
        and now.line_no = earlier.line_no
    left join spoken as before
        on earlier.earlier_receipt_id = before.receipt_id
        and earlier.earlier_line_no = before.line_no
        and earlier.earlier_lines = 1
        and now.unit = before.unit
)

select
    paired.receipt_id,
    paired.line_no,
    paired.factory_id,
    paired.period,
    paired.energy_code,
    paired.unit,
    case
        when paired.flow_problem is not null then null
        when paired.is_january then paired.opening_stock
        else paired.previous_closing_stock
    end as opening_stock,
    cast(case
        when paired.flow_problem is not null then null
        when paired.is_january then paired.purchased
        else paired.purchased - paired.previous_purchased
    end as decimal(28, 9)) as purchased,
    cast(case
        when paired.flow_problem is not null then null
        when paired.is_january then paired.consumed
        else paired.consumed - paired.previous_consumed
    end as decimal(28, 9)) as consumed,
    cast(case
        when paired.flow_problem is not null then null
        when paired.is_january then paired.feedstock
        else paired.feedstock - paired.previous_feedstock
    end as decimal(28, 9)) as feedstock,
    cast(case
        when paired.flow_problem is not null then null
        when paired.is_january then paired.transport
        else paired.transport - paired.previous_transport
    end as decimal(28, 9)) as transport,
    cast(case
        when paired.flow_problem is not null then null
        when paired.is_january then paired.supplied
        else paired.supplied - paired.previous_supplied
    end as decimal(28, 9)) as supplied,
    case when paired.flow_problem is null then paired.closing_stock end as closing_stock,
    cast(case
        when paired.flow_problem is not null then null
        when paired.is_january then paired.cost_cny
        else paired.cost_cny - paired.previous_cost_cny
    end as decimal(38, 2)) as cost_cny,
    paired.previous_receipt_id,
    paired.previous_line_no,
    paired.flow_problem,
    case paired.flow_problem
        when 'drop' then paired.now_text || '，' || paired.previous_text || '，累计数不应减少'
        when 'no_previous' then paired.now_text || '，同年上月没有可用的累计数，本月数不能得出（不按零或平均推算）'
        when 'unit_changed' then paired.now_text || '，' || paired.unit_text || '，不能相减'
        when 'several_lines' then paired.now_text || '，同一能源和计量点本月或上月有多行累计数'
        when 'part_unclear' then paired.now_text || '，' || paired.previous_text || '，“用于原材料”“运输工具消费”或“外供量”只有一个月填报'
    end as flow_note
from paired
