/*---
title: 换算系数（含按焓值、温度折算的热力） | Conversions, with heat in tonnes by enthalpy or temperature
grain: [energy_code, unit, steam_enthalpy, water_temperature]
columns:
  energy_code:       {is: energy kind of form 205-1}
  unit:              {is: unit key a line may be stated in}
  is_by_state:       {type: boolean, is: the multiplier depends on the state of the steam or water}
  steam_enthalpy:    {type: "decimal(28,9)", unit: "kJ/kg", is: 蒸汽焓值 the multiplier holds for; empty otherwise}
  water_temperature: {type: "decimal(28,9)", unit: "degC", is: 热水温度 the multiplier holds for; empty otherwise}
  multiplier:        {type: "decimal(24,12)", unit: "[energy_code]/[unit]", is: canonical units in one unit}
  factor_id:         {is: the density row or the formula behind it; empty where the units alone say so}
---*/
-- Steam: t × (h − 83.74) / 1000. Hot water: t × (T − 20) × 4.1868 / 1000. Both references are data (ref.heat_formula).
-- A state beyond reason gets no multiplier, so its line is held instead of overflowing.
with steam as (
    select distinct
        line.energy_code,
        line.unit,
        line.steam_enthalpy
    from raw.energy_line as line
    where line.steam_enthalpy is not null and line.water_temperature is null and abs(line.steam_enthalpy) < 100000 /* unit: kJ/kg */
),

water as (
    select distinct
        line.energy_code,
        line.unit,
        line.water_temperature
    from raw.energy_line as line
    where line.water_temperature is not null and line.steam_enthalpy is null and abs(line.water_temperature) < 100000 /* unit: degC */
)

select
    conversion.energy_code,
    conversion.unit,
    false as is_by_state,
    cast(null as decimal(28, 9)) as steam_enthalpy,
    cast(null as decimal(28, 9)) as water_temperature,
    conversion.multiplier,
    conversion.factor_id
from ref.unit_conversion as conversion
union all
select
    steam.energy_code,
    steam.unit,
    true as is_by_state,
    steam.steam_enthalpy,
    cast(null as decimal(28, 9)) as water_temperature,
    cast(cast(steam.steam_enthalpy - formula.steam_zero as decimal(38, 12)) * formula.steam_step as decimal(24, 12))
        as multiplier,
    formula.steam_id as factor_id
from steam
inner join ref.heat_formula as formula
    on steam.energy_code = formula.energy_code
    and steam.unit = formula.unit
union all
select
    water.energy_code,
    water.unit,
    true as is_by_state,
    cast(null as decimal(28, 9)) as steam_enthalpy,
    water.water_temperature,
    cast(cast(water.water_temperature - formula.water_zero as decimal(38, 12)) * formula.water_step as decimal(24, 12))
        as multiplier,
    formula.water_id as factor_id
from water
inner join ref.heat_formula as formula
    on water.energy_code = formula.energy_code
    and water.unit = formula.unit
