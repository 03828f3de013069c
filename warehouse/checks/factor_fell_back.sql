/*---
title: 因子退用更宽一级 | Emissions whose factor fell back to a wider level than the written order begins with
grain: [energy_code, factor_id, level]
severity: warning
message_zh: 所列能源的取用次序有更窄一级的因子，而当期没有，退用了更宽的一级，数据质量已降档；请补充本地因子后重算。
columns:
  energy_code:  {is: energy kind}
  level:        {is: where the factor came from}
  factor_id:    {is: the factor row}
  uses:         {type: bigint, unit: "1", is: emission rows it was applied to}
  co2_t:        {type: "decimal(38,6)", unit: "t{CO2}", is: emissions computed with it}
  quality_tier: {type: integer, unit: "1", is: the worst data quality among them}
---*/
-- Where the order itself begins with the nation (fuels, heat), a national factor is no fallback and nothing is said.
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
inner join ref.factor_order as ordered
    on quality.purpose = ordered.purpose
    and quality.energy_code = ordered.energy_code
    and quality.factor_tier = ordered.level
where purpose.is_headline and ordered.is_fallback
group by quality.energy_code, quality.factor_tier, quality.factor_id
order by quality.energy_code, level, quality.factor_id
