-- How the lines of one energy use became its canonical unit: by unit, by density, or by enthalpy or temperature.
select distinct
    conversion.unit,
    conversion.steam_enthalpy,
    conversion.water_temperature,
    conversion.multiplier,
    conversion.factor_id,
    kind.canonical_unit,
    exact.multiplier_exact
from stg.energy_line as line
inner join stg.energy_conversion as conversion
    on line.energy_code = conversion.energy_code
    and line.unit = conversion.unit
    and (
        not conversion.is_by_state
        or (
            line.steam_enthalpy is not distinct from conversion.steam_enthalpy
            and line.water_temperature is not distinct from conversion.water_temperature
        )
    )
inner join ref.energy_kind as kind
    on line.energy_code = kind.energy_code
left join ref.unit_conversion as exact
    on line.energy_code = exact.energy_code
    and line.unit = exact.unit
where line.energy_code = ? and line.factory_id = ? and line.period = ?
order by conversion.unit, conversion.steam_enthalpy, conversion.water_temperature
