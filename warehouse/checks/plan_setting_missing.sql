/*---
title: 月份缺少口径设置 | A month without one of the readings
grain: [month]
severity: blocking
message_zh: 有月份缺少口径设置（schemas/targets 的 settings），两项目标无法判断。请核对各行的 valid_from、valid_to。
columns:
  month:                  {type: date, is: first day of the month}
  green_share_definition: {is: as set}
  cluster_variant:        {is: as set}
  national_reading:       {is: as set}
---*/
select
    policy.month,
    policy.green_share_definition,
    policy.cluster_variant,
    policy.national_reading
from core.policy_month as policy
where policy.plan_start is null
    or policy.plan_end is null
    or policy.green_share_definition is null
    or policy.cluster_variant is null
    or policy.national_reading is null
    or policy.approximate_tolerance is null
order by policy.month
