/*---
title: 全区温室气体清单（按口径、类别、气体） | The district inventory by month, basis, category and gas
grain: [purpose, gwp_edition, month, category, scope, gas, is_biogenic, is_optional, is_in_total]
columns:
  purpose:        {is: accounting basis}
  gwp_edition:    {is: the IPCC report whose GWP is used}
  month:          {type: date, is: first day of the month}
  category:       {is: fuel_stationary · fuel_mobile · electricity · electricity_exported · heat · heat_exported · green_power · process}
  scope:          {is: direct 直接 or indirect 间接}
  gas:            {is: the gas emitted}
  is_biogenic:    {type: boolean, is: the gas is of biogenic origin}
  is_optional:    {type: boolean, is: the basis shows it beside its total and does not count it}
  is_in_total:    {type: boolean, is: it counts in the basis's total}
  mass_t:         {type: "decimal(38,6)", unit: "t{[gas]}", is: "gas emitted, as far as known; empty when nothing is known"}
  co2e_t:         {type: "decimal(38,6)", unit: "t{CO2e}", is: "in CO2e, as far as known; empty when nothing is known"}
  unknown_rows:   {type: bigint, unit: "1", is: rows whose emission is unknown; they are in no sum}
  is_provisional: {type: boolean, is: the factor of an earlier year stands in somewhere}
---*/
-- Masses of one gas are added first and weighed once: no rounding but the last.
with massed as (
    select
        inventory.purpose,
        inventory.gwp_edition,
        inventory.month,
        inventory.category,
        inventory.scope,
        inventory.gas,
        inventory.is_biogenic,
        inventory.is_optional,
        inventory.is_in_total,
        inventory.gwp,
        cast(sum(inventory.mass_t) as decimal(38, 12)) as mass_t,
        count(*) as lines,
        count(inventory.mass_t) as known_lines,
        sum(case when inventory.is_provisional then 1 else 0 end) > 0 as is_provisional
    from core.inventory as inventory
    group by
        inventory.purpose,
        inventory.gwp_edition,
        inventory.month,
        inventory.category,
        inventory.scope,
        inventory.gas,
        inventory.is_biogenic,
        inventory.is_optional,
        inventory.is_in_total,
        inventory.gwp
)

select
    massed.purpose,
    massed.gwp_edition,
    massed.month,
    massed.category,
    massed.scope,
    massed.gas,
    massed.is_biogenic,
    massed.is_optional,
    massed.is_in_total,
    cast(massed.mass_t as decimal(38, 6)) as mass_t,
    cast(massed.mass_t * massed.gwp as decimal(38, 6)) as co2e_t,
    cast(case when massed.gwp is null then massed.lines else massed.lines - massed.known_lines end as bigint)
        as unknown_rows,
    massed.is_provisional
from massed
order by
    massed.purpose,
    massed.gwp_edition,
    massed.month,
    massed.category,
    massed.scope,
    massed.gas,
    massed.is_biogenic,
    massed.is_optional,
    massed.is_in_total
