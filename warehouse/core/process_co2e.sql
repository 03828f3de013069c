/*---
title: 过程与逸散的二氧化碳当量（按核算口径） | Process and fugitive emissions in CO2e, by accounting basis
grain: [purpose, factory_id, month, activity_code, input_gas, process_type, gas, receipt_id, line_no]
columns:
  purpose:       {is: accounting basis; see ref.purpose}
  factory_id:    {is: 统一社会信用代码}
  month:         {type: date, is: first day of the month reported}
  activity_code: {is: 活动代码}
  input_gas:     {is: the gas used or charged}
  process_type:  {is: 工艺类型}
  gas:           {is: the gas emitted}
  role:          {is: direct 直接 or by_product 副产物}
  receipt_id:    {is: the submission}
  line_no:       {type: integer, unit: "1", is: line in the submission}
  emitted_t:     {type: "decimal(38,12)", unit: "t{[gas]}", is: gas emitted; empty when unknown}
  is_biogenic:   {type: boolean, is: the gas is of biogenic origin}
  gwp_edition:   {is: "the IPCC report the basis uses: SAR, AR4, AR5, AR6"}
  gwp:           {type: "decimal(24,12)", unit: "t{CO2e}/t{[gas]}", is: 百年温室效应潜势; empty when the edition has none that may be used}
  gwp_id:        {is: the GWP row applied}
  co2e_t:        {type: "decimal(38,12)", unit: "t{CO2e}", is: emitted × GWP; empty (unknown) when either is}
  factor_id:     {is: the route applied}
  level:         {is: where the widest figure came from}
  note:          {is: "which figures, or why there are none"}
---*/
-- Gases an inventory does not count (ozone-depleting substances) stay in core.process_emission in tonnes.
select
    purpose.purpose,
    emission.factory_id,
    emission.month,
    emission.activity_code,
    emission.input_gas,
    emission.process_type,
    emission.gas,
    emission.role,
    emission.receipt_id,
    emission.line_no,
    emission.emitted_t,
    emission.is_biogenic,
    purpose.gwp_edition,
    potential.gwp,
    potential.factor_id as gwp_id,
    cast(emission.emitted_t * potential.gwp as decimal(38, 12)) as co2e_t,
    emission.factor_id,
    emission.level,
    case
        when potential.gwp is null
            then concat_ws('；', emission.note, concat('该版（', purpose.gwp_edition, '）没有可用的 GWP'))
        else emission.note
    end as note
from core.process_emission as emission
cross join ref.purpose as purpose
left join ref.gas as gas
    on emission.gas = gas.gas
left join ref.gas_gwp as potential
    on purpose.gwp_edition = potential.gwp_edition
    and emission.gas = potential.gas
    and emission.is_biogenic = potential.is_biogenic
where gas.is_inventory_gas is null or gas.is_inventory_gas
