/*---
title: 耗能工质消费量与折标准煤 | Working media used, in canonical unit and standard coal
grain: [factory_id, month, medium, origin, unit, receipt_id]
columns:
  factory_id:     {is: 统一社会信用代码}
  month:          {type: date, is: first day of the month reported}
  medium:         {is: 耗能工质; see ref.working_medium}
  origin:         {is: purchased 外购 or self_produced 自产}
  unit:           {is: the unit the lines were stated in}
  receipt_id:     {is: the submission the lines came with}
  first_line_no:  {type: integer, unit: "1", is: first of the lines summed here}
  lines:          {type: bigint, unit: "1", is: how many lines were summed}
  used:           {type: "decimal(38,12)", unit: "[medium]", is: amount in the medium's canonical unit}
  is_counted:     {type: boolean, is: "bought in; what is made on site is in form 205-1 already"}
  coal_tce:       {type: "decimal(38,12)", unit: "tce{calorific}", is: "standard coal of it; empty without a coefficient"}
  factor_id:      {is: the coefficient row applied}
  is_provisional: {type: boolean, is: an older edition of the standard stands in}
  note:           {is: why this edition}
---*/
-- Never in core.energy_use and never in core.emission: a medium is not burnt, and its electricity is somebody's already.
with grouped as (
    select
        line.factory_id,
        line.period as month,
        line.medium,
        line.origin,
        line.unit,
        line.receipt_id,
        min(line.line_no) as first_line_no,
        count(*) as lines,
        cast(sum(line.consumed) as decimal(38, 9)) as consumed
    from stg.medium_line as line
    group by line.factory_id, line.period, line.medium, line.origin, line.unit, line.receipt_id
),

converted as (
    select
        grouped.factory_id,
        grouped.month,
        grouped.medium,
        grouped.origin,
        grouped.unit,
        grouped.receipt_id,
        grouped.first_line_no,
        grouped.lines,
        cast(grouped.consumed * conversion.multiplier as decimal(38, 12)) as used
    from grouped
    left join ref.medium_conversion as conversion
        on grouped.medium = conversion.medium
        and grouped.unit = conversion.unit
)

select
    converted.factory_id,
    converted.month,
    converted.medium,
    converted.origin,
    converted.unit,
    converted.receipt_id,
    converted.first_line_no,
    converted.lines,
    converted.used,
    converted.origin = 'purchased' as is_counted,
    cast(converted.used * coefficient.coefficient_tce as decimal(38, 12)) as coal_tce,
    coefficient.factor_id,
    coefficient.is_provisional,
    coefficient.note
from converted
left join ref.medium_coal as coefficient
    on converted.medium = coefficient.medium
    and converted.month >= coefficient.valid_from
    and converted.month < coefficient.valid_to
