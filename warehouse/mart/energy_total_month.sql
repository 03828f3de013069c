/*---
title: 综合能耗（含外购耗能工质） | Energy totals with bought-in working media, of the district and of factories
grain: [month, scale, factory_id]
columns:
  month:                  {type: date, is: first day of the month}
  scale:                  {is: district or factory}
  factory_id:             {is: 统一社会信用代码; blank for the district}
  form_tce:               {type: "decimal(38,6)", unit: "tce{calorific}", is: energy kinds of form 205-1 at 当量值; empty when none was used}
  form_uses_unknown:      {type: bigint, unit: "1", is: "uses without a coefficient, in no sum"}
  media_tce:              {type: "decimal(38,6)", unit: "tce{calorific}", is: bought-in working media; empty when none was reported}
  media_uses_unknown:     {type: bigint, unit: "1", is: "bought-in media without a coefficient, in no sum"}
  media_uses_provisional: {type: bigint, unit: "1", is: media computed with an older edition of the standard}
  media_not_counted_tce:  {type: "decimal(38,6)", unit: "tce{calorific}", is: media made on site; counted where their energy was used}
  total_tce:              {type: "decimal(38,6)", unit: "tce{calorific}", is: form_tce with media_tce where media were reported}
---*/
with form as (
    select
        used.factory_id,
        used.month,
        used.coal_tce as form_tce,
        case when used.coal_tce is null then 1 else 0 end as form_unknown,
        cast(null as decimal(38, 12)) as media_tce,
        0 as media_unknown,
        0 as media_provisional,
        cast(null as decimal(38, 12)) as media_not_counted_tce
    from core.energy_use as used
    where used.is_counted
),

media as (
    select
        used.factory_id,
        used.month,
        cast(null as decimal(38, 12)) as form_tce,
        0 as form_unknown,
        case when used.is_counted then used.coal_tce end as media_tce,
        case when used.is_counted and used.coal_tce is null then 1 else 0 end as media_unknown,
        case when used.is_counted and used.is_provisional then 1 else 0 end as media_provisional,
        case when not used.is_counted then used.coal_tce end as media_not_counted_tce
    from core.medium_use as used
),

parts as (
    select
        form.factory_id,
        form.month,
        form.form_tce,
        form.form_unknown,
        form.media_tce,
        form.media_unknown,
        form.media_provisional,
        form.media_not_counted_tce
    from form
    union all
    select
        media.factory_id,
        media.month,
        media.form_tce,
        media.form_unknown,
        media.media_tce,
        media.media_unknown,
        media.media_provisional,
        media.media_not_counted_tce
    from media
),

factories as (
    select
        parts.month,
        'factory' as scale,
        parts.factory_id,
        cast(sum(parts.form_tce) as decimal(38, 12)) as form_tce,
        cast(sum(parts.form_unknown) as bigint) as form_uses_unknown,
        cast(sum(parts.media_tce) as decimal(38, 12)) as media_tce,
        cast(sum(parts.media_unknown) as bigint) as media_uses_unknown,
        cast(sum(parts.media_provisional) as bigint) as media_uses_provisional,
        cast(sum(parts.media_not_counted_tce) as decimal(38, 12)) as media_not_counted_tce
    from parts
    group by parts.month, parts.factory_id
),

totals as (
    select
        factories.month,
        factories.scale,
        factories.factory_id,
        factories.form_tce,
        factories.form_uses_unknown,
        factories.media_tce,
        factories.media_uses_unknown,
        factories.media_uses_provisional,
        factories.media_not_counted_tce
    from factories
    union all
    select
        factories.month,
        'district' as scale,
        '' as factory_id,
        cast(sum(factories.form_tce) as decimal(38, 12)) as form_tce,
        cast(sum(factories.form_uses_unknown) as bigint) as form_uses_unknown,
        cast(sum(factories.media_tce) as decimal(38, 12)) as media_tce,
        cast(sum(factories.media_uses_unknown) as bigint) as media_uses_unknown,
        cast(sum(factories.media_uses_provisional) as bigint) as media_uses_provisional,
        cast(sum(factories.media_not_counted_tce) as decimal(38, 12)) as media_not_counted_tce
    from factories
    group by factories.month
)

select
    totals.month,
    totals.scale,
    totals.factory_id,
    cast(totals.form_tce as decimal(38, 6)) as form_tce,
    totals.form_uses_unknown,
    cast(totals.media_tce as decimal(38, 6)) as media_tce,
    totals.media_uses_unknown,
    totals.media_uses_provisional,
    cast(totals.media_not_counted_tce as decimal(38, 6)) as media_not_counted_tce,
    -- No media reported means none were declared, so the form's total stands; the same the other way round.
    cast(case
        when totals.media_tce is null then totals.form_tce
        when totals.form_tce is null then totals.media_tce
        else totals.form_tce + totals.media_tce
    end as decimal(38, 6)) as total_tce
from totals
order by totals.month, totals.scale, totals.factory_id
