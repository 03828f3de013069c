/*---
title: 使用了不得用于正式结果的因子 | A row known from memory, marked do not use, or of no source was used
grain: [used_in, factor_id]
severity: blocking
message_zh: 结果中用到了仅凭记忆（recalled）、标为不得使用（do_not_use）或查不到出处的因子行，不得发布。
columns:
  used_in:    {is: the table and column that names the row}
  factor_id:  {is: the factor row}
  confidence: {is: recalled when known from memory; empty when no source is known}
  purpose:    {is: what the row may be used for}
---*/
with used as (
    select distinct
        'core.emission.factor_id' as used_in,
        emission.factor_id
    from core.emission as emission
    union all
    select distinct
        'core.energy_use.heat_value_id' as used_in,
        used.heat_value_id as factor_id
    from core.energy_use as used
    union all
    select distinct
        'core.energy_use.coal_factor_id' as used_in,
        used.coal_factor_id as factor_id
    from core.energy_use as used
    -- The factory's own coefficient is a reported figure, not a row of ours.
    where used.coal_factor_id <> 'adopted'
    union all
    select distinct
        'core.energy_use.generation_factor_id' as used_in,
        used.generation_factor_id as factor_id
    from core.energy_use as used
    where used.generation_factor_id <> 'adopted'
    union all
    select distinct
        'ref.unit_conversion.factor_id' as used_in,
        conversion.factor_id
    from ref.unit_conversion as conversion
)

select
    used.used_in,
    used.factor_id,
    source.confidence,
    source.purpose
from used
left join ref.factor_source as source
    on used.factor_id = source.factor_id
where used.factor_id is not null
    and (source.factor_id is null or source.confidence = 'recalled' or source.purpose = 'do_not_use')
order by used.used_in, used.factor_id
