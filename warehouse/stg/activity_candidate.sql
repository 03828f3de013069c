/*---
title: 过程与逸散行与其判定依据 | Activity lines with what their rules need
grain: [receipt_id, line_no]
columns:
  receipt_id:             {is: the submission}
  line_no:                {type: integer, unit: "1", is: line in the submission}
  seq:                    {type: bigint, unit: "1", is: order of reception}
  is_superseded:          {type: boolean, is: a newer accepted submission speaks for the same factory and month}
  factory_id:             {is: 统一社会信用代码}
  period:                 {type: date, is: first day of the month reported}
  activity_code:          {is: 活动代码; see ref.activity}
  quantity:               {type: "decimal(28,9)", unit: "[unit]", is: 数量}
  unit:                   {is: unit key the line was stated in}
  gas:                    {is: 气体; empty when not stated}
  input_gas:              {is: "the gas the method asks for; blank text where it asks for none"}
  process_type:           {is: 工艺类型; blank text when not stated}
  is_abated:              {type: boolean, is: "是否末端处理; empty when not stated"}
  equipment:              {is: 设备或工段}
  document_no:            {is: 凭证号}
  is_known_factory:       {type: boolean, is: 企业名录 has the factory in that month}
  is_known_activity:      {type: boolean, is: the catalogue has the activity}
  has_conversion:         {type: boolean, is: the unit converts to the activity's canonical unit}
  is_within_size:         {type: boolean, is: the amount is small enough that nothing overflows}
  is_gas_missing:         {type: boolean, is: the method asks for a gas and none is stated}
  is_gas_allowed:         {type: boolean, is: "the gas stated belongs to the activity, or none is stated"}
  is_process_type_asked:  {type: boolean, is: "that activity and gas cannot be computed without a process type"}
  is_process_type_known:  {type: boolean, is: that activity and gas know the process type in that month}
  has_coefficient:        {type: boolean, is: every gas emitted has a coefficient that may be used}
  can_be_abated:          {type: boolean, is: a destruction efficiency is published for what is emitted}
  is_repeated:            {type: boolean, is: "same factory, month, activity, gas, process type, abatement, equipment and document as an earlier line of the submission"}
---*/
with newest as (
    select
        line.factory_id,
        line.period,
        max(submission.seq) as seq
    from raw.activity_line as line
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    group by line.factory_id, line.period
),

known as (
    select distinct
        spine.month,
        register.factory_id
    from ref.month as spine
    inner join stg.register_line as register
        on spine.month >= register.valid_from
        and (register.valid_to is null or spine.month < register.valid_to)
),

keyed as (
    -- A gas stated where the method implies it (CO2 in welding) is no input of its own.
    select
        line.receipt_id,
        line.line_no,
        line.factory_id,
        line.period,
        line.activity_code,
        line.quantity,
        line.unit,
        line.gas,
        case when activity.is_gas_required and line.gas is not null then line.gas else '' end as input_gas,
        case when line.process_type is null then '' else line.process_type end as process_type,
        line.is_abated,
        line.equipment,
        line.document_no,
        activity.activity_code is not null as is_known_activity,
        case when activity.is_gas_required then true else false end as is_gas_required,
        activity.gas as implied_gas
    from raw.activity_line as line
    left join ref.activity as activity
        on line.activity_code = activity.activity_code
),

offered_gas as (
    select distinct
        factor.activity_code,
        factor.input_gas
    from ref.process_factor as factor
),

plain_type as (
    select distinct
        factor.activity_code,
        factor.input_gas
    from ref.process_factor as factor
    where factor.process_type = ''
),

answered as (
    select
        keyed.receipt_id,
        keyed.line_no,
        count(*) as routes,
        count(factor.coefficient) as coefficients,
        count(case when factor.can_be_abated then 1 end) as abatable
    from keyed
    inner join ref.process_factor as factor
        on keyed.activity_code = factor.activity_code
        and keyed.input_gas = factor.input_gas
        and keyed.process_type = factor.process_type
        and not factor.is_abated
        and keyed.period >= factor.valid_from
        and keyed.period < factor.valid_to
    group by keyed.receipt_id, keyed.line_no
),

numbered as (
    select
        keyed.receipt_id,
        keyed.line_no,
        row_number() over (
            partition by
                keyed.receipt_id,
                keyed.factory_id,
                keyed.period,
                keyed.activity_code,
                keyed.gas,
                keyed.process_type,
                keyed.is_abated,
                keyed.equipment,
                keyed.document_no
            order by keyed.line_no
        ) as place
    from keyed
)

select
    keyed.receipt_id,
    keyed.line_no,
    submission.seq,
    case when submission.seq < newest.seq then true else false end as is_superseded,
    keyed.factory_id,
    keyed.period,
    keyed.activity_code,
    keyed.quantity,
    keyed.unit,
    keyed.gas,
    keyed.input_gas,
    keyed.process_type,
    keyed.is_abated,
    keyed.equipment,
    keyed.document_no,
    known.factory_id is not null as is_known_factory,
    keyed.is_known_activity,
    conversion.multiplier is not null as has_conversion,
    -- Ceilings: 10^12 as stated, 10^9 in the canonical unit; beyond them products with GWPs would overflow.
    case
        when keyed.quantity is null or keyed.quantity < 0 then true
        when keyed.quantity >= 1000000000000 /* unit: [unit] */ then false
        when conversion.multiplier is null then true
        else cast(keyed.quantity * conversion.multiplier as decimal(38, 12)) < 1000000000 /* unit: [activity_code] */
    end as is_within_size,
    keyed.is_gas_required and keyed.gas is null as is_gas_missing,
    case
        when keyed.gas is null then true
        when keyed.is_gas_required then offered_gas.input_gas is not null
        else keyed.gas = keyed.implied_gas
    end as is_gas_allowed,
    plain_type.input_gas is null as is_process_type_asked,
    answered.routes is not null as is_process_type_known,
    case when answered.coefficients = answered.routes then true else false end as has_coefficient,
    case when answered.abatable > 0 then true else false end as can_be_abated,
    numbered.place > 1 as is_repeated
from keyed
left join raw.submission as submission
    on keyed.receipt_id = submission.receipt_id
left join newest
    on keyed.factory_id = newest.factory_id
    and keyed.period = newest.period
left join known
    on keyed.factory_id = known.factory_id
    and keyed.period = known.month
left join ref.activity_unit as conversion
    on keyed.activity_code = conversion.activity_code
    and keyed.unit = conversion.unit
left join offered_gas
    on keyed.activity_code = offered_gas.activity_code
    and keyed.input_gas = offered_gas.input_gas
left join plain_type
    on keyed.activity_code = plain_type.activity_code
    and keyed.input_gas = plain_type.input_gas
left join answered
    on keyed.receipt_id = answered.receipt_id
    and keyed.line_no = answered.line_no
left join numbered
    on keyed.receipt_id = numbered.receipt_id
    and keyed.line_no = numbered.line_no
