/*---
title: 能源用途的判定依据（企业、月、品种） | What the rules of energy lines need, once a use
grain: [factory_id, period, energy_code]
columns:
  factory_id:          {is: 统一社会信用代码}
  period:              {type: date, is: first day of the month reported}
  energy_code:         {is: energy kind of form 205-1}
  has_factor:          {type: boolean, is: "an emission factor is in force under the headline basis, or none is needed"}
  is_known_factory:    {type: boolean, is: 企业名录 has the factory in that month}
  is_of_which:         {type: boolean, is: an of-which row}
  has_parent:          {type: boolean, is: the row it is part of was reported too}
  of_which_excess:     {type: "decimal(38,12)", unit: "[energy_code]", is: of-which rows beyond their parent row; empty when there are none}
  is_within_size:      {type: boolean, is: "every quantity, and the use they add up to, is small enough that nothing overflows"}
  month_total:         {type: "decimal(38,12)", unit: "[energy_code]", is: "consumption of the factory, month and energy kind"}
  previous_total:      {type: "decimal(38,12)", unit: "[energy_code]", is: the same in the month before; empty without one}
  previous_low:        {type: "decimal(38,12)", unit: "[energy_code]", is: lowest plausible after the month before}
  previous_high:       {type: "decimal(38,12)", unit: "[energy_code]", is: highest plausible after the month before}
  price_low:           {type: "decimal(28,9)", unit: "CNY/[energy_code]", is: lowest plausible price}
  price_high:          {type: "decimal(28,9)", unit: "CNY/[energy_code]", is: highest plausible price}
  coefficient_low:     {type: "decimal(28,9)", unit: "tce{calorific}/[energy_code:form]", is: lowest plausible coefficient}
  coefficient_high:    {type: "decimal(28,9)", unit: "tce{calorific}/[energy_code:form]", is: highest plausible coefficient}
  is_coefficient_sourced: {type: boolean, is: "the range comes from a document, not from a proposal of ours"}
---*/
-- A figure so large that arithmetic on it would overflow must not stop the whole district: it is told here, without
-- multiplying, and held (Q109). Ceilings: 10^12 as stated, 10^11 in the canonical unit, lines of one use together.
with stated as (
    -- Aggregate first, convert after: millions of rows cost one exact sum.
    select
        line.factory_id,
        line.period,
        line.energy_code,
        line.unit,
        line.steam_enthalpy,
        line.water_temperature,
        cast(sum(line.consumed) as decimal(38, 9)) as consumed,
        max(line.largest) as largest,
        count(*) as lines
    from stg.energy_monthly as line
    where not line.is_superseded and (line.largest is null or line.largest < 1000000000000 /* unit: [unit] */)
    group by
        line.factory_id,
        line.period,
        line.energy_code,
        line.unit,
        line.steam_enthalpy,
        line.water_temperature
),

converted as (
    select
        stated.factory_id,
        stated.period,
        stated.energy_code,
        -- No line is larger than the largest, so lines times the largest is a ceiling for every sum of theirs.
        case
            when abs(stated.consumed) < 1000000000000 /* unit: [unit] */ then cast(stated.consumed * conversion.multiplier as decimal(38, 12))
        end as consumed,
        cast(stated.largest * conversion.multiplier as decimal(38, 12)) as largest,
        stated.lines
    from stated
    left join stg.energy_conversion as conversion
        on stated.energy_code = conversion.energy_code
        and stated.unit = conversion.unit
        and (
            not conversion.is_by_state
            or (
                stated.steam_enthalpy is not distinct from conversion.steam_enthalpy
                and stated.water_temperature is not distinct from conversion.water_temperature
            )
        )
),

totals as (
    -- Empty where nothing is known: a use without any figure, or in no unit that converts.
    select
        converted.factory_id,
        converted.period,
        converted.energy_code,
        cast(sum(converted.consumed) as decimal(38, 12)) as month_total,
        cast(max(converted.largest) as decimal(38, 3)) * cast(sum(converted.lines) as decimal(18, 0)) < 100000000000 /* unit: [energy_code] */
            as is_within_size
    from converted
    group by converted.factory_id, converted.period, converted.energy_code
),

parts as (
    select
        totals.factory_id,
        totals.period,
        kind.parent_code,
        cast(sum(totals.month_total /* unit: [kind.parent_code] */) as decimal(38, 12)) as parts_total
    from totals
    inner join ref.energy_kind as kind
        on totals.energy_code = kind.energy_code
    where kind.is_of_which
    group by totals.factory_id, totals.period, kind.parent_code
),

known as (
    select distinct
        spine.month,
        register.factory_id
    from ref.month as spine
    inner join stg.register_line as register
        on spine.month >= register.valid_from
        and (register.valid_to is null or spine.month < register.valid_to)
),

factored as (
    select distinct
        spine.month,
        factor.energy_code
    from ref.month as spine
    inner join ref.emission_factor as factor
        on spine.month >= factor.valid_from
        and spine.month < factor.valid_to
    inner join ref.purpose as purpose
        on factor.purpose = purpose.purpose
    where purpose.is_headline
),

uses as (
    select distinct
        line.factory_id,
        line.period,
        line.energy_code
    from stg.energy_monthly as line
)

-- All that is known of a use is joined once a use, not once a line.
select
    uses.factory_id,
    uses.period,
    uses.energy_code,
    factored.energy_code is not null
    or kind.is_of_which
    or kind.is_total
    or kind.is_recovered
    -- Carbon of biomass is told apart (core.combustion_gas); fossil carbon it has none.
    or (kind.is_fuel and kind.is_renewable) as has_factor,
    known.factory_id is not null as is_known_factory,
    kind.is_of_which,
    parent.energy_code is not null as has_parent,
    cast(parts.parts_total - own.month_total as decimal(38, 12)) as of_which_excess,
    own.is_within_size,
    own.month_total,
    previous.month_total as previous_total,
    cast(cast(previous.month_total as decimal(38, 6)) * change.low as decimal(38, 12)) as previous_low,
    cast(cast(previous.month_total as decimal(38, 6)) * change.high as decimal(38, 12)) as previous_high,
    price.low as price_low,
    price.high as price_high,
    coefficient.low as coefficient_low,
    coefficient.high as coefficient_high,
    coefficient.certainty <> 'proposal' as is_coefficient_sourced
from uses
left join ref.energy_kind as kind
    on uses.energy_code = kind.energy_code
left join known
    on uses.factory_id = known.factory_id
    and uses.period = known.month
left join factored
    on uses.energy_code = factored.energy_code
    and uses.period = factored.month
left join totals as own
    on uses.factory_id = own.factory_id
    and uses.period = own.period
    and uses.energy_code = own.energy_code
left join totals as parent
    on uses.factory_id = parent.factory_id
    and uses.period = parent.period
    and kind.parent_code = parent.energy_code
left join parts
    on uses.factory_id = parts.factory_id
    and uses.period = parts.period
    and uses.energy_code = parts.parent_code
left join ref.month as spine
    on uses.period = spine.month
left join totals as previous
    on uses.factory_id = previous.factory_id
    and spine.previous_month = previous.period
    and uses.energy_code = previous.energy_code
left join ref.change_range as change
    on uses.period >= change.valid_from
    and uses.period < change.valid_to
left join ref.price_range as price
    on uses.energy_code = price.energy_code
    and uses.period >= price.valid_from
    and uses.period < price.valid_to
left join ref.coefficient_range as coefficient
    on uses.energy_code = coefficient.energy_code
    and uses.period >= coefficient.valid_from
    and uses.period < coefficient.valid_to
