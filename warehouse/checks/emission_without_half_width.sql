/*---
title: 排放没有不确定度档次 | Emissions whose half-width is unknown
grain: [kind, activity_tier, factor_tier]
severity: warning
message_zh: 所列排放在 quality_tiers.csv 中没有对应的档次或半宽，未计入不确定度；全区的“±”只说明其余部分。
columns:
  kind:          {is: kind of emission}
  activity_tier: {is: what the activity states}
  factor_tier:   {is: where the factor came from}
  uses:          {type: bigint, unit: "1", is: emission rows}
  co2_t:         {type: "decimal(38,6)", unit: "t{CO2}", is: emissions not covered}
---*/
select
    quality.kind,
    quality.activity_tier,
    quality.factor_tier,
    count(*) as uses,
    cast(sum(quality.co2_t) as decimal(38, 6)) as co2_t
from core.emission_quality as quality
where quality.co2_t is not null and quality.half_width_squared is null
group by quality.kind, quality.activity_tier, quality.factor_tier
order by quality.kind, quality.activity_tier, quality.factor_tier
