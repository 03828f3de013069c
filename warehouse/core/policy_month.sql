/*---
title: 月度采用口径 | The readings in force in each month
grain: [month]
columns:
  month:                  {type: date, is: first day of the month reported}
  plan_start:             {type: date, is: first day of the plan}
  plan_end:               {type: date, is: last day of the plan}
  green_share_definition: {is: output 产值占比 or count 企业数占比}
  cluster_variant:        {is: a9 or b6}
  national_reading:       {is: the chosen reading of "8 national green factories"}
  approximate_tolerance:  {type: "decimal(9,6)", unit: "1", is: part of a target that 左右 forgives}
---*/
-- Settings are dated rows (schemas/targets); a change starts with a month, so a month has one value of each.
with in_force as (
    select
        spine.month,
        setting.setting,
        setting.value
    from ref.month as spine
    left join ref.policy_setting as setting
        on spine.month >= setting.valid_from
        and spine.month < setting.valid_to
)

select
    in_force.month,
    cast(max(case when in_force.setting = 'plan_start' then in_force.value end) as date) as plan_start,
    cast(max(case when in_force.setting = 'plan_end' then in_force.value end) as date) as plan_end,
    max(case when in_force.setting = 'green_share_definition' then in_force.value end) as green_share_definition,
    max(case when in_force.setting = 'cluster_variant' then in_force.value end) as cluster_variant,
    max(case when in_force.setting = 'national_reading' then in_force.value end) as national_reading,
    cast(max(case when in_force.setting = 'approximate_tolerance' then in_force.value end) as decimal(9, 6)) /* unit: 1 */
        as approximate_tolerance
from in_force
group by in_force.month
