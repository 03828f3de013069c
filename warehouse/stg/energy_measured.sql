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
    converted.ncv_gj < ncv.low /* unit: GJ/[converted.energy_code] */
    or converted.ncv_gj > ncv.high /* unit: GJ/[converted.energy_code] */ as is_ncv_outside,
    case
        when converted.carbon_of_heat is not null
            then converted.carbon_of_heat < heat_carbon.low /* unit: t{C}/GJ */
            or converted.carbon_of_heat > heat_carbon.high /* unit: t{C}/GJ */
        else converted.carbon_of_amount < amount_carbon.low /* unit: t{C}/[converted.energy_code] */
            or converted.carbon_of_amount > amount_carbon.high /* unit: t{C}/[converted.energy_code] */
    end as is_carbon_outside,
    case
        when converted.steam_enthalpy is not null
            then converted.steam_enthalpy < steam.low /* unit: kJ/kg */
            or converted.steam_enthalpy > steam.high /* unit: kJ/kg */
        else converted.water_temperature < water.low /* unit: degC */
            or converted.water_temperature > water.high /* unit: degC */
    end as is_state_outside
from converted
left join ref.plausible_range as ncv
    on ncv.subject = 'measured_ncv'
    and converted.energy_code = ncv.energy_code
    and converted.period >= ncv.valid_from
    and converted.period < ncv.valid_to
left join ref.plausible_range as heat_carbon
    on heat_carbon.subject = 'measured_carbon_of_heat'
    and converted.energy_code = heat_carbon.energy_code
    and converted.period >= heat_carbon.valid_from
    and converted.period < heat_carbon.valid_to
left join ref.plausible_range as amount_carbon
    on amount_carbon.subject = 'measured_carbon_of_amount'
    and converted.energy_code = amount_carbon.energy_code
    and converted.period >= amount_carbon.valid_from
    and converted.period < amount_carbon.valid_to
left join ref.plausible_range as steam
    on steam.subject = 'steam_enthalpy'
    and converted.energy_code = steam.energy_code
    and converted.period >= steam.valid_from
    and converted.period < steam.valid_to
left join ref.plausible_range as water
    on water.subject = 'water_temperature'
    and converted.energy_code = water.energy_code
    and converted.period >= water.valid_from
    and converted.period < water.valid_to
