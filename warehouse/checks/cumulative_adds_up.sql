/*---
title: 本月数之和等于本年累计 | The months' flows add up to the year to date
grain: [receipt_id, line_no]
severity: blocking
message_zh: 由累计数折出的各月消费量之和与最后一月的累计数不符，数量在折算环节丢失或重复（程序问题，与企业数据无关）。
columns:
  receipt_id:  {is: the submission of the last month}
  line_no:     {type: integer, unit: "1", is: its line}
  energy_code: {is: energy kind}
  unit:        {is: unit stated}
  stated:      {type: "decimal(38,9)", unit: "[unit]", is: year to date as stated}
  flows:       {type: "decimal(38,9)", unit: "[unit]", is: months of the year added up}
---*/
-- Only where every month since January has a flow: where one is unknown, so is the sum.
with stated as (
    select
        flow.receipt_id,
        flow.line_no,
        flow.factory_id,
        flow.energy_code,
        flow.unit,
        line.meter_id,
        line.consumed,
        spine.month,
        spine.year,
        spine.month_no,
        flow.consumed as flow
    from stg.energy_flow as flow
    inner join raw.energy_line as line
        on flow.receipt_id = line.receipt_id
        and flow.line_no = line.line_no
        and flow.unit = line.unit
    inner join ref.month as spine
        on flow.period = spine.month
    where flow.flow_problem is null
)

select
    last_month.receipt_id,
    last_month.line_no,
    last_month.energy_code,
    last_month.unit,
    cast(max(last_month.consumed) as decimal(38, 9)) as stated,
    cast(sum(earlier.flow) as decimal(38, 9)) as flows
from stated as last_month
inner join stated as earlier
    on last_month.factory_id = earlier.factory_id
    and last_month.energy_code = earlier.energy_code
    and last_month.unit = earlier.unit
    and last_month.meter_id is not distinct from earlier.meter_id
    and last_month.year = earlier.year
    and earlier.month <= last_month.month
group by last_month.receipt_id, last_month.line_no, last_month.energy_code, last_month.unit
having count(*) = max(last_month.month_no) and sum(earlier.flow) <> max(last_month.consumed)
order by receipt_id, line_no
