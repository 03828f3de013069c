/*---
title: 过程与逸散排放（按气体） | Process and fugitive emissions by gas
grain: [factory_id, month, activity_code, input_gas, process_type, gas, receipt_id, line_no]
columns:
  factory_id:    {is: 统一社会信用代码}
  month:         {type: date, is: first day of the month reported}
  activity_code: {is: 活动代码; see ref.activity}
  input_gas:     {is: "the gas used or charged; blank text where the method asks for none"}
  process_type:  {is: 工艺类型; blank text when not stated}
  is_abated:     {type: boolean, is: "是否末端处理; empty when not stated, which counts as not abated"}
  gas:           {is: the gas emitted; see ref.gas}
  role:          {is: direct 直接 or by_product 副产物}
  receipt_id:    {is: the submission}
  line_no:       {type: integer, unit: "1", is: line in the submission}
  activity:      {type: "decimal(38,12)", unit: "[activity_code]", is: amount in the activity's canonical unit}
  activity_unit: {names: "[activity_code]", is: canonical unit of the activity}
  coefficient:   {type: "decimal(24,12)", unit: "t{[gas]}/[activity_code]", is: gas emitted per unit of activity; empty while no figure may be used}
  emitted_t:     {type: "decimal(38,12)", unit: "t{[gas]}", is: activity × coefficient; empty (unknown) without a coefficient}
  is_biogenic:   {type: boolean, is: the gas is of biogenic origin}
  factor_id:     {is: the route applied; its figures stand in ref.process_factor}
  level:         {is: "where the widest figure came from: measured, national, international"}
  confidence:    {is: confidence of the weakest figure}
  note:          {is: "which figures, or why there are none"}
---*/
with converted as (
    select
        line.receipt_id,
        line.line_no,
        line.factory_id,
        line.period as month,
        line.activity_code,
        line.input_gas,
        line.process_type,
        line.is_abated,
        -- Abatement is believed only when it is stated to run.
        case when line.is_abated then true else false end as counts_as_abated,
        activity.canonical_unit as activity_unit,
        activity.is_biogenic,
        cast(line.quantity * conversion.multiplier as decimal(38, 12)) as activity
    from stg.activity_line as line
    left join ref.activity as activity
        on line.activity_code = activity.activity_code
    left join ref.activity_unit as conversion
        on line.activity_code = conversion.activity_code
        and line.unit = conversion.unit
)

select
    converted.factory_id,
    converted.month,
    converted.activity_code,
    converted.input_gas,
    converted.process_type,
    converted.is_abated,
    factor.gas,
    factor.role,
    converted.receipt_id,
    converted.line_no,
    converted.activity,
    converted.activity_unit,
    factor.coefficient,
    cast(converted.activity * factor.coefficient as decimal(38, 12)) as emitted_t,
    converted.is_biogenic,
    factor.factor_id,
    factor.level,
    factor.confidence,
    case
        when converted.is_abated is null and factor.can_be_abated
            then concat_ws('；', factor.note, '未说明末端处理是否运行，按未处理计')
        else factor.note
    end as note
from converted
left join ref.process_factor as factor
    on converted.activity_code = factor.activity_code
    and converted.input_gas = factor.input_gas
    and converted.process_type = factor.process_type
    and converted.counts_as_abated = factor.is_abated
    and converted.month >= factor.valid_from
    and converted.month < factor.valid_to
