/*---
title: 电力等价折标系数（按月） | The equivalent of electricity in force, by month
grain: [month]
columns:
  month:                   {type: date, is: first day of the month}
  generation_tce:          {type: "decimal(24,12)", unit: "tce{generation}/MWh{electricity}", is: "等价 of 1 MWh; empty when none was adopted for the month"}
  factor_id:               {is: the row of generation_equivalents.csv}
  note:                    {is: "its year and value, and that it is a national figure where it is"}
  uses_without_equivalent: {type: bigint, unit: "1", is: electricity uses of the month that no 等价 could be computed for}
---*/
with uses as (
    select
        used.month,
        count(case when used.coal_generation_tce is null then 1 end) as uses_without_equivalent
    from core.energy_use as used
    where used.is_counted and used.energy_code = '33'
    group by used.month
)

select
    spine.month,
    equivalent.coefficient_tce as generation_tce,
    equivalent.factor_id,
    equivalent.note,
    case when uses.uses_without_equivalent is null then cast(0 as bigint) else uses.uses_without_equivalent end
        as uses_without_equivalent
from ref.month as spine
left join ref.standard_coal as equivalent
    on equivalent.energy_code = '33'
    and equivalent.basis = 'generation'
    and spine.month >= equivalent.valid_from
    and spine.month < equivalent.valid_to
left join uses
    on spine.month = uses.month
order by spine.month
