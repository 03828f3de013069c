/*---
title: 能源消费量（规范单位、折热量、折标准煤） | Energy used, in canonical unit, heat and standard coal
grain: [factory_id, month, energy_code, receipt_id, first_line_no]
columns:
  factory_id:           {is: 统一社会信用代码}
  month:                {type: date, is: first day of the month reported}
  energy_code:          {is: energy kind of form 205-1; see ref.energy_kind}
  unit:                 {is: the unit the lines were stated in}
  receipt_id:           {is: the submission the lines came with}
  first_line_no:        {type: integer, unit: "1", is: first of the lines summed here}
  lines:                {type: bigint, unit: "1", is: how many lines were summed}
  canonical_unit:       {names: "[energy_code]", is: "the unit of used, feedstock, transport, purchased and supplied"}
  used:                 {type: "decimal(38,12)", unit: "[energy_code]", is: 消费量 consumption}
  feedstock:            {type: "decimal(38,12)", unit: "[energy_code]", is: 其中用于原材料 of which raw material; empty when not reported}
  transport:            {type: "decimal(38,12)", unit: "[energy_code]", is: 其中运输工具消费 of which vehicles; empty when not reported}
  purchased:            {type: "decimal(38,12)", unit: "[energy_code]", is: 购进量; empty unless every line reports it}
  supplied:             {type: "decimal(38,12)", unit: "[energy_code]", is: 外供量 passed on to others; empty when not reported}
  is_counted:           {type: boolean, is: "false for of-which rows and the total row, which no sum may include"}
  ncv_gj:               {type: "decimal(24,12)", unit: "GJ/[energy_code]", is: 低位发热量 applied; empty without one}
  energy_gj:            {type: "decimal(38,12)", unit: "GJ", is: heat content (低位发热量); empty without a heat value}
  coal_tce:             {type: "decimal(38,12)", unit: "tce{calorific}", is: 综合能耗 by calorific value; empty without a coefficient}
  feedstock_tce:        {type: "decimal(38,12)", unit: "tce{calorific}", is: the part of coal_tce used as raw material; empty when not reported}
  coal_generation_tce:  {type: "decimal(38,12)", unit: "tce{generation}", is: 综合能耗 by generation equivalent; empty without a coefficient}
  adopted_coefficient:  {type: "decimal(28,9)", unit: "tce{calorific}/[energy_code:form]", is: 采用折标系数 the factory reported; it replaces the reference coefficient in 当量 and (electricity apart) 等价}
  measured_ncv_gj:      {type: "decimal(24,12)", unit: "GJ/[energy_code]", is: 实测低位发热量 with evidence; empty when the default holds}
  carbon_of_heat:       {type: "decimal(24,12)", unit: "t{C}/GJ", is: 实测单位热值含碳量 with evidence; empty when the default holds}
  carbon_of_amount:     {type: "decimal(24,12)", unit: "t{C}/[energy_code]", is: 实测元素碳含量 with evidence; empty when the default holds}
  unproven_lines:       {type: bigint, unit: "1", is: lines with a measured value but no document; the default was used for them}
  heat_value_id:        {is: the heat value row applied; measured when the factory's own was}
  coal_factor_id:       {is: the 当量 coefficient row applied; adopted when the factory's own was}
  generation_factor_id: {is: "the 等价 coefficient row applied; adopted when the factory's own was"}
---*/
with line as (
    -- A measured value counts with its document (凭证号); without one the default holds, and Q158 tells it.
    select
        line.factory_id,
        line.period as month,
        line.energy_code,
        line.unit,
        line.receipt_id,
        line.line_no,
        line.adopted_coefficient,
        line.steam_enthalpy,
        line.water_temperature,
        line.consumed,
        line.feedstock,
        line.transport,
        line.purchased,
        line.supplied,
        case when line.document_no is not null then line.measured_ncv end as measured_ncv,
        case when line.document_no is not null and line.measured_ncv is not null then line.measured_ncv_unit end
            as measured_ncv_unit,
        case when line.document_no is not null then line.measured_carbon end as measured_carbon,
        case when line.document_no is not null and line.measured_carbon is not null then line.measured_carbon_unit end
            as measured_carbon_unit,
        case
            when line.document_no is null and (line.measured_ncv is not null or line.measured_carbon is not null) then 1
            else 0
        end as is_unproven
    from stg.energy_line as line
),

grouped as (
    -- Aggregate first, convert after: inside a group the multiplier is one number, so the sum stays exact.
    select
        line.factory_id,
        line.month,
        line.energy_code,
        line.unit,
        line.receipt_id,
        line.adopted_coefficient,
        line.measured_ncv,
        line.measured_ncv_unit,
        line.measured_carbon,
        line.measured_carbon_unit,
        line.steam_enthalpy,
        line.water_temperature,
        min(line.line_no) as first_line_no,
        count(*) as lines,
        cast(sum(line.is_unproven) as bigint) as unproven_lines,
        cast(sum(line.consumed) as decimal(38, 9)) as consumed,
        cast(sum(line.feedstock) as decimal(38, 9)) as feedstock,
        cast(sum(line.transport) as decimal(38, 9)) as transport,
        case when count(line.purchased) = count(*) then cast(sum(line.purchased) as decimal(38, 9)) end as purchased,
        cast(sum(line.supplied) as decimal(38, 9)) as supplied
    from line
    group by
        line.factory_id,
        line.month,
        line.energy_code,
        line.unit,
        line.receipt_id,
        line.adopted_coefficient,
        line.measured_ncv,
        line.measured_ncv_unit,
        line.measured_carbon,
        line.measured_carbon_unit,
        line.steam_enthalpy,
        line.water_temperature
),

converted as (
    select
        grouped.factory_id,
        grouped.month,
        grouped.energy_code,
        grouped.unit,
        grouped.receipt_id,
        grouped.adopted_coefficient,
        grouped.first_line_no,
        grouped.lines,
        grouped.unproven_lines,
        kind.canonical_unit,
        not kind.is_of_which and not kind.is_total as is_counted,
        kind.carrier = 'electricity' as is_power,
        cast(grouped.consumed * conversion.multiplier as decimal(38, 12)) as used,
        cast(grouped.feedstock * conversion.multiplier as decimal(38, 12)) as feedstock,
        cast(grouped.transport * conversion.multiplier as decimal(38, 12)) as transport,
        cast(grouped.purchased * conversion.multiplier as decimal(38, 12)) as purchased,
        cast(grouped.supplied * conversion.multiplier as decimal(38, 12)) as supplied,
        cast(cast(grouped.measured_ncv as decimal(38, 9)) * heat_unit.ncv_gj as decimal(24, 12)) as measured_ncv_gj,
        cast(cast(grouped.measured_carbon as decimal(38, 9)) * carbon_unit.carbon_of_heat as decimal(24, 12))
            as carbon_of_heat,
        cast(cast(grouped.measured_carbon as decimal(38, 9)) * carbon_unit.carbon_of_amount as decimal(24, 12))
            as carbon_of_amount
    from grouped
    left join ref.energy_kind as kind
        on grouped.energy_code = kind.energy_code
    left join stg.energy_conversion as conversion
        on grouped.energy_code = conversion.energy_code
        and grouped.unit = conversion.unit
        and (
            not conversion.is_by_state
            or (
                grouped.steam_enthalpy is not distinct from conversion.steam_enthalpy
                and grouped.water_temperature is not distinct from conversion.water_temperature
            )
        )
    left join ref.measured_unit as heat_unit
        on grouped.energy_code = heat_unit.energy_code
        and grouped.measured_ncv_unit = heat_unit.unit
    left join ref.measured_unit as carbon_unit
        on grouped.energy_code = carbon_unit.energy_code
        and grouped.measured_carbon_unit = carbon_unit.unit
),

heated as (
    select
        converted.factory_id,
        converted.month,
        converted.energy_code,
        converted.unit,
        converted.receipt_id,
        converted.adopted_coefficient,
        converted.first_line_no,
        converted.lines,
        converted.unproven_lines,
        converted.canonical_unit,
        converted.is_counted,
        converted.is_power,
        converted.used,
        converted.feedstock,
        converted.transport,
        converted.purchased,
        converted.supplied,
        converted.measured_ncv_gj,
        converted.carbon_of_heat,
        converted.carbon_of_amount,
        case when converted.measured_ncv_gj is not null then converted.measured_ncv_gj else heat.ncv_gj end as ncv_gj,
        case when converted.measured_ncv_gj is not null then 'measured' else heat.factor_id end as heat_value_id
    from converted
    left join ref.heat_value as heat
        on converted.energy_code = heat.energy_code
        and converted.month >= heat.valid_from
        and converted.month < heat.valid_to
)

select
    heated.factory_id,
    heated.month,
    heated.energy_code,
    heated.unit,
    heated.receipt_id,
    heated.first_line_no,
    heated.lines,
    heated.canonical_unit,
    heated.used,
    heated.feedstock,
    heated.transport,
    heated.purchased,
    heated.supplied,
    heated.is_counted,
    heated.ncv_gj,
    cast(heated.used * heated.ncv_gj as decimal(38, 12)) as energy_gj,
    case
        when heated.adopted_coefficient is not null
            then cast(
                cast(heated.used * calorific.form_units as decimal(38, 12))
                * cast(heated.adopted_coefficient as decimal(24, 9)) as decimal(38, 12)
            )
        else cast(heated.used * calorific.coefficient_tce as decimal(38, 12))
    end as coal_tce,
    case
        when heated.adopted_coefficient is not null
            then cast(
                cast(heated.feedstock * calorific.form_units as decimal(38, 12))
                * cast(heated.adopted_coefficient as decimal(24, 9)) as decimal(38, 12)
            )
        else cast(heated.feedstock * calorific.coefficient_tce as decimal(38, 12))
    end as feedstock_tce,
    -- Power alone counts for more than its calorific value in 等价; the factory's coefficient is one of 当量.
    case
        when heated.adopted_coefficient is not null and not heated.is_power
            then cast(
                cast(heated.used * calorific.form_units as decimal(38, 12))
                * cast(heated.adopted_coefficient as decimal(24, 9))
                * 1 /* unit: tce{generation}/tce{calorific} */ as decimal(38, 12)
            )
        else cast(heated.used * generation.coefficient_tce as decimal(38, 12))
    end as coal_generation_tce,
    heated.adopted_coefficient,
    heated.measured_ncv_gj,
    heated.carbon_of_heat,
    heated.carbon_of_amount,
    heated.unproven_lines,
    heated.heat_value_id,
    case when heated.adopted_coefficient is not null then 'adopted' else calorific.factor_id end as coal_factor_id,
    case when heated.adopted_coefficient is not null and not heated.is_power then 'adopted' else generation.factor_id end
        as generation_factor_id
from heated
left join ref.standard_coal as calorific
    on heated.energy_code = calorific.energy_code
    and calorific.basis = 'calorific'
    and heated.month >= calorific.valid_from
    and heated.month < calorific.valid_to
left join ref.standard_coal as generation
    on heated.energy_code = generation.energy_code
    and generation.basis = 'generation'
    and heated.month >= generation.valid_from
    and heated.month < generation.valid_to
