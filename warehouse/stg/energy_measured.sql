/*---
title: 实测值与热力状态是否可信 | Measured values and states of heat against their bands
grain: [receipt_id, line_no]
columns:
  receipt_id:         {is: the submission}
  line_no:            {type: integer, unit: "1", is: line in the submission}
  has_measured_unit:  {type: boolean, is: every measured value is in a unit that fits the energy kind}
  is_ncv_outside:     {type: boolean, is: 实测低位发热量 lies outside the fuel's band; empty where there is none}
  is_carbon_outside:  {type: boolean, is: 实测含碳量 lies outside the fuel's band; empty where there is none}
  is_state_outside:   {type: boolean, is: 蒸汽焓值 or 热水温度 lies outside its band; empty where there is none}
---*/
-- Only lines that state such a value. Values beyond reason are told by Q109 and not multiplied here.
with line as (
    select
        energy.receipt_id,
        energy.line_no,
        energy.period,
        energy.energy_code,
        energy.measured_ncv,
        energy.measured_ncv_unit,
        energy.measured_carbon,
        energy.measured_carbon_unit,
        energy.steam_enthalpy,
        energy.water_temperature
    from raw.energy_line as energy
    where
        energy.measured_ncv is not null
        or energy.measured_carbon is not null
        or energy.steam_enthalpy is not null
        or energy.water_temperature is not null
),

converted as (
    select
        line.receipt_id,
        line.line_no,
        line.period,
        line.energy_code,
        line.steam_enthalpy,
        line.water_temperature,
        (line.measured_ncv is null or heat.ncv_gj is not null)
        and (
            line.measured_carbon is null
            or carbon.carbon_of_heat is not null
            or carbon.carbon_of_amount is not null
        ) as has_measured_unit,
        case
            when abs(line.measured_ncv) < 1000000 /* unit: [line.measured_ncv_unit] */
                then cast(cast(line.measured_ncv as decimal(38, 9)) * heat.ncv_gj as decimal(38, 12))
        end as ncv_gj,
        case
            when abs(line.measured_carbon) < 1000000 /* unit: [line.measured_carbon_unit] */
                then cast(cast(line.measured_carbon as decimal(38, 9)) * carbon.carbon_of_heat as decimal(38, 12))
        end as carbon_of_heat,
        case
            when abs(line.measured_carbon) < 1000000 /* unit: [line.measured_carbon_unit] */
                then cast(cast(line.measured_carbon as decimal(38, 9)) * carbon.carbon_of_amount as decimal(38, 12))
        end as carbon_of_amount
    from line
    left join ref.measured_unit as heat
        on line.energy_code = heat.energy_code
        and line.measured_ncv_unit = heat.unit
    left join ref.measured_unit as carbon
        on line.energy_code = carbon.energy_code
        and line.measured_carbon_unit = carbon.unit
)

select
    converted.receipt_id,
    converted.line_no,
    converted.has_measured_unit,
    converted.ncv_gj < ncv.low
    or converted.ncv_gj > ncv.high as is_ncv_outside,
    case
        when converted.carbon_of_heat is not null
            then converted.carbon_of_heat < heat_carbon.low
            or converted.carbon_of_heat > heat_carbon.high
        else converted.carbon_of_amount < amount_carbon.low
            or converted.carbon_of_amount > amount_carbon.high
    end as is_carbon_outside,
    case
        when converted.steam_enthalpy is not null
            then converted.steam_enthalpy < steam.low
            or converted.steam_enthalpy > steam.high
        else converted.water_temperature < water.low
            or converted.water_temperature > water.high
    end as is_state_outside
from converted
left join ref.heat_value_range as ncv
    on converted.energy_code = ncv.energy_code
    and converted.period >= ncv.valid_from
    and converted.period < ncv.valid_to
left join ref.carbon_of_heat_range as heat_carbon
    on converted.energy_code = heat_carbon.energy_code
    and converted.period >= heat_carbon.valid_from
    and converted.period < heat_carbon.valid_to
left join ref.carbon_of_amount_range as amount_carbon
    on converted.energy_code = amount_carbon.energy_code
    and converted.period >= amount_carbon.valid_from
    and converted.period < amount_carbon.valid_to
left join ref.steam_enthalpy_range as steam
    on converted.energy_code = steam.energy_code
    and converted.period >= steam.valid_from
    and converted.period < steam.valid_to
left join ref.water_temperature_range as water
    on converted.energy_code = water.energy_code
    and converted.period >= water.valid_from
    and converted.period < water.valid_to
