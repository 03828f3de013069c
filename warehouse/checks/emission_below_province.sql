/*---
title: 因子级别低于省级 | Emissions computed with a factor from above the province
grain: [energy_code, factor_id, level]
severity: warning
message_zh: 所列能源的排放用了全国、区域或国际的因子，数据质量已降档；如有本市、本企业或供应商的因子，请补充后重算。
columns:
  energy_code:  {is: energy kind}
  level:        {is: where the factor came from}
  factor_id:    {is: the factor row}
  uses:         {type: bigint, unit: "1", is: emission rows it was applied to}
  co2_t:        {type: "decimal(38,6)", unit: "t{CO2}", is: emissions computed with it}
  quality_tier: {type: integer, unit: "1", is: the worst data quality among them}
---*/
select
    quality.energy_code,
    quality.factor_tier as level,
    quality.factor_id,
    count(*) as uses,
    cast(sum(quality.co2_t) as decimal(38, 6)) as co2_t,
    max(quality.quality_tier) as quality_tier
from core.emission_quality as quality
inner join ref.purpose as purpose
    on quality.purpose = purpose.purpose
where purpose.is_headline and quality.factor_tier in ('grid_region', 'national', 'international')
group by quality.energy_code, quality.factor_tier, quality.factor_id
order by quality.energy_code, level, quality.factor_id
