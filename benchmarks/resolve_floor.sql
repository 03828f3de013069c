create table used as
select
    line.factory_id, line.period as month, line.energy_code,
    cast(sum(line.consumed) * conversion.multiplier as decimal(38, 12)) as used,
    cast(cast(sum(line.consumed) * conversion.multiplier as decimal(38, 12)) * heat.ncv_gj as decimal(38, 12)) as energy_gj,
    cast(cast(sum(line.consumed) * conversion.multiplier as decimal(38, 12)) * calorific.coefficient_tce as decimal(38, 12)) as coal_tce,
    cast(cast(sum(line.consumed) * conversion.multiplier as decimal(38, 12)) * generation.coefficient_tce as decimal(38, 12)) as generation_tce
from read_parquet('LINES') as line
left join ref.unit_conversion as conversion on line.energy_code = conversion.energy_code and line.unit = conversion.unit
left join ref.heat_value as heat on line.energy_code = heat.energy_code and line.period >= heat.valid_from and line.period < heat.valid_to
left join ref.standard_coal as calorific
    on line.energy_code = calorific.energy_code and calorific.basis = 'calorific'
    and line.period >= calorific.valid_from and line.period < calorific.valid_to
left join ref.standard_coal as generation
    on line.energy_code = generation.energy_code and generation.basis = 'generation'
    and line.period >= generation.valid_from and line.period < generation.valid_to
group by line.factory_id, line.period, line.energy_code, conversion.multiplier, heat.ncv_gj, calorific.coefficient_tce, generation.coefficient_tce;
create table emission as
select
    factor.purpose, used.factory_id, used.month, used.energy_code, factor.factor_id,
    cast(used.used * factor.factor_t as decimal(38, 12)) as co2_t
from used
left join ref.emission_factor as factor
    on used.energy_code = factor.energy_code and used.month >= factor.valid_from and used.month < factor.valid_to
    and factor.purpose in (select purpose from ref.purpose)
    and factor.sector in ('any', 'general')
