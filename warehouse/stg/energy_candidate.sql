/*---
title: 能源行与其判定依据 | Energy lines with what their rules need
grain: [receipt_id, line_no]
columns:
  receipt_id:          {is: the submission}
  line_no:             {type: integer, unit: "1", is: line in the submission}
  factory_id:          {is: 统一社会信用代码}
  period:              {type: date, is: first day of the month reported}
  seq:                 {type: bigint, unit: "1", is: order of reception}
  is_superseded:       {type: boolean, is: a newer accepted submission speaks for the same factory and month}
  energy_code:         {is: energy kind of form 205-1}
  unit:                {is: unit key the line was stated in}
  opening_stock:       {type: "decimal(28,9)", unit: "[unit]", is: 期初库存}
  purchased:           {type: "decimal(28,9)", unit: "[unit]", is: 购进量}
  consumed:            {type: "decimal(28,9)", unit: "[unit]", is: 消费量}
  feedstock:           {type: "decimal(28,9)", unit: "[unit]", is: 其中用于原材料}
  transport:           {type: "decimal(28,9)", unit: "[unit]", is: 其中运输工具消费}
  supplied:            {type: "decimal(28,9)", unit: "[unit]", is: 外供量}
  closing_stock:       {type: "decimal(28,9)", unit: "[unit]", is: 期末库存}
  cost_cny:            {type: "decimal(38,2)", unit: CNY, is: 购进金额}
  adopted_coefficient: {type: "decimal(28,9)", unit: "tce{calorific}/[energy_code:form]", is: 采用折标系数}
  measured_ncv:        {type: "decimal(28,9)", unit: "[measured_ncv_unit]", is: 实测低位发热量}
  measured_ncv_unit:   {is: its unit}
  measured_carbon:     {type: "decimal(28,9)", unit: "[measured_carbon_unit]", is: 实测含碳量}
  measured_carbon_unit: {is: its unit}
  steam_enthalpy:      {type: "decimal(28,9)", unit: "kJ/kg", is: 蒸汽焓值}
  water_temperature:   {type: "decimal(28,9)", unit: "degC", is: 热水温度}
  meter_id:            {is: 计量点}
  document_no:         {is: 凭证号}
  basis:               {is: "数据口径: monthly 本月 (also where none is stated) or cumulative 本年累计"}
  stated_consumed:     {type: "decimal(28,9)", unit: "[unit]", is: "消费量 as the line states it, of the month or of the year to date"}
  flow_problem:        {is: "why no month's figure follows from the year to date; see stg.energy_flow"}
  flow_note:           {is: the two lines that do not fit}
  is_mixed_basis:      {type: boolean, is: "the factory states both bases for this energy kind and meter within the year"}
  is_within_size:      {type: boolean, is: "every quantity, and the use they add up to, is small enough that nothing overflows"}
  has_conversion:      {type: boolean, is: the unit converts to the canonical unit}
  has_factor:          {type: boolean, is: "an emission factor is in force under the headline basis, or none is needed"}
  is_known_factory:    {type: boolean, is: 企业名录 has the factory in that month}
  is_repeated:         {type: boolean, is: "same factory, month, energy kind, meter and document as an earlier line of the submission"}
  is_of_which:         {type: boolean, is: an of-which row}
  has_parent:          {type: boolean, is: the row it is part of was reported too}
  of_which_excess:     {type: "decimal(38,12)", unit: "[energy_code]", is: of-which rows beyond their parent row; empty when there are none}
  stock_gap:           {type: "decimal(38,12)", unit: "[unit]", is: opening + purchased − consumed − supplied − closing; empty unless all are reported}
  stock_review_gap:    {type: "decimal(38,12)", unit: "[unit]", is: a gap up to this is stocktaking; see stg.energy_balance}
  stock_hold_gap:      {type: "decimal(38,12)", unit: "[unit]", is: a gap beyond this holds the line; empty where no tolerance is in force}
  is_stock_unchecked:  {type: boolean, is: "a stock is stated, but not all five columns of the balance"}
  stock_arithmetic:    {is: "the balance as a sum, 未报 for what is not reported; empty when it closes"}
  month_total:         {type: "decimal(38,12)", unit: "[energy_code]", is: "consumption of the factory, month and energy kind"}
  previous_total:      {type: "decimal(38,12)", unit: "[energy_code]", is: the same in the month before; empty without one}
  previous_low:        {type: "decimal(38,12)", unit: "[energy_code]", is: lowest plausible after the month before}
  previous_high:       {type: "decimal(38,12)", unit: "[energy_code]", is: highest plausible after the month before}
  purchased_canonical: {type: "decimal(38,12)", unit: "[energy_code]", is: 购进量 converted}
  price_low:           {type: "decimal(28,9)", unit: "CNY/[energy_code]", is: lowest plausible price}
  price_high:          {type: "decimal(28,9)", unit: "CNY/[energy_code]", is: highest plausible price}
  coefficient_low:     {type: "decimal(28,9)", unit: "tce{calorific}/[energy_code:form]", is: lowest plausible coefficient}
  coefficient_high:    {type: "decimal(28,9)", unit: "tce{calorific}/[energy_code:form]", is: highest plausible coefficient}
  has_measured_unit:   {type: boolean, is: every measured value is in a unit that fits the energy kind}
  is_ncv_outside:      {type: boolean, is: 实测低位发热量 lies outside the fuel's band}
  is_carbon_outside:   {type: boolean, is: 实测含碳量 lies outside the fuel's band}
  is_state_outside:    {type: boolean, is: 蒸汽焓值 or 热水温度 lies outside its band}
  is_coefficient_sourced: {type: boolean, is: "the range comes from a document, not from a proposal of ours"}
---*/
with newest as (
    select
        line.factory_id,
        line.period,
        max(submission.seq) as seq
    from raw.energy_line as line
    inner join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    group by line.factory_id, line.period
),

-- A figure so large that arithmetic on it would overflow must not stop the whole district: it is told here, without
-- multiplying, and held (Q109). Ceilings: 10^12 as stated, 10^11 in the canonical unit, lines of one use together.
-- Lines that state the year to date bring the month's flow (stg.energy_flow); quantities below are all of the month.
sized as (
    select
        line.receipt_id,
        line.line_no,
        line.factory_id,
        line.period,
        line.energy_code,
        line.unit,
        case when line.basis = 'cumulative' then flow.opening_stock else line.opening_stock end as opening_stock,
        case when line.basis = 'cumulative' then flow.purchased else line.purchased end as purchased,
        case when line.basis = 'cumulative' then flow.consumed else line.consumed end as consumed,
        case when line.basis = 'cumulative' then flow.feedstock else line.feedstock end as feedstock,
        case when line.basis = 'cumulative' then flow.transport else line.transport end as transport,
        case when line.basis = 'cumulative' then flow.supplied else line.supplied end as supplied,
        case when line.basis = 'cumulative' then flow.closing_stock else line.closing_stock end as closing_stock,
        case when line.basis = 'cumulative' then flow.cost_cny else line.cost_cny end as cost_cny,
        line.adopted_coefficient,
        line.measured_ncv,
        line.measured_ncv_unit,
        line.measured_carbon,
        line.measured_carbon_unit,
        line.steam_enthalpy,
        line.water_temperature,
        line.meter_id,
        line.document_no,
        case when line.basis = 'cumulative' then 'cumulative' else 'monthly' end as basis,
        line.consumed as stated_consumed,
        flow.flow_problem,
        flow.flow_note,
        submission.seq,
        case when submission.seq < newest.seq then true else false end as is_superseded,
        greatest(
            abs(line.consumed), abs(line.purchased), abs(line.feedstock), abs(line.transport), abs(line.supplied),
            abs(line.opening_stock), abs(line.closing_stock)
        ) as largest,
        case when abs(line.adopted_coefficient) >= 10000 /* unit: tce{calorific}/[line.energy_code:form] */
            or abs(line.cost_cny) >= 1000000000000 /* unit: CNY */
            or abs(line.measured_ncv) >= 1000000 /* unit: [line.measured_ncv_unit] */
            or abs(line.measured_carbon) >= 1000000 /* unit: [line.measured_carbon_unit] */
            or abs(line.steam_enthalpy) >= 100000 /* unit: kJ/kg */
            or abs(line.water_temperature) >= 100000 /* unit: degC */ then true else false end
            as is_beyond_reason
    from raw.energy_line as line
    left join raw.submission as submission
        on line.receipt_id = submission.receipt_id
    left join newest
        on line.factory_id = newest.factory_id
        and line.period = newest.period
    left join stg.energy_flow as flow
        on line.receipt_id = flow.receipt_id
        and line.line_no = flow.line_no
        and line.unit = flow.unit
),

-- The months of a factory, energy kind and meter that state both bases within a year.
mixed as (
    select
        spine.year,
        sized.factory_id,
        sized.energy_code,
        sized.meter_id
    from sized
    inner join ref.month as spine
        on sized.period = spine.month
    where not sized.is_superseded
        and sized.factory_id in (select flow.factory_id from stg.energy_flow as flow)
    group by spine.year, sized.factory_id, sized.energy_code, sized.meter_id
    having count(distinct sized.basis) > 1
),

repeated as (
    select
        line.receipt_id,
        line.factory_id,
        line.period,
        line.energy_code,
        line.meter_id,
        line.document_no,
        min(line.line_no) as first_line_no
    from raw.energy_line as line
    group by line.receipt_id, line.factory_id, line.period, line.energy_code, line.meter_id, line.document_no
    having count(*) > 1
),

stated as (
    -- Aggregate first, convert after: millions of rows cost one exact sum.
    select
        sized.factory_id,
        sized.period,
        sized.energy_code,
        sized.unit,
        sized.steam_enthalpy,
        sized.water_temperature,
        cast(sum(sized.consumed) as decimal(38, 9)) as consumed,
        max(sized.largest) as largest,
        count(*) as lines
    from sized
    where not sized.is_superseded and (sized.largest is null or sized.largest < 1000000000000 /* unit: [unit] */)
    group by
        sized.factory_id,
        sized.period,
        sized.energy_code,
        sized.unit,
        sized.steam_enthalpy,
        sized.water_temperature
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
        sized.factory_id,
        sized.period,
        sized.energy_code
    from sized
),

context as (
    -- All that is known of a use (factory, month, energy kind) is joined once a use, not once a line.
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
        cast(cast(previous.month_total as decimal(38, 6)) * change.low /* unit: 1 */ as decimal(38, 12)) as previous_low,
        cast(cast(previous.month_total as decimal(38, 6)) * change.high /* unit: 1 */ as decimal(38, 12)) as previous_high,
        price.low /* unit: CNY/[uses.energy_code] */ as price_low,
        price.high /* unit: CNY/[uses.energy_code] */ as price_high,
        coefficient.low /* unit: tce{calorific}/[uses.energy_code:form] */ as coefficient_low,
        coefficient.high /* unit: tce{calorific}/[uses.energy_code:form] */ as coefficient_high,
        coefficient.certainty <> 'proposal' as is_coefficient_sourced,
        spine.year
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
    left join ref.plausible_range as change
        on change.subject = 'ratio_to_previous_month'
        and uses.period >= change.valid_from
        and uses.period < change.valid_to
    left join ref.plausible_range as price
        on price.subject = 'unit_price'
        and uses.energy_code = price.energy_code
        and uses.period >= price.valid_from
        and uses.period < price.valid_to
    left join ref.plausible_range as coefficient
        on coefficient.subject = 'adopted_coefficient'
        and uses.energy_code = coefficient.energy_code
        and uses.period >= coefficient.valid_from
        and uses.period < coefficient.valid_to
)

select
    sized.receipt_id,
    sized.line_no,
    sized.factory_id,
    sized.period,
    sized.seq,
    sized.is_superseded,
    sized.energy_code,
    sized.unit,
    sized.opening_stock,
    sized.purchased,
    sized.consumed,
    sized.feedstock,
    sized.transport,
    sized.supplied,
    sized.closing_stock,
    sized.cost_cny,
    sized.adopted_coefficient,
    sized.measured_ncv,
    sized.measured_ncv_unit,
    sized.measured_carbon,
    sized.measured_carbon_unit,
    sized.steam_enthalpy,
    sized.water_temperature,
    sized.meter_id,
    sized.document_no,
    sized.basis,
    sized.stated_consumed,
    sized.flow_problem,
    sized.flow_note,
    mixed.factory_id is not null as is_mixed_basis,
    case
        when sized.is_beyond_reason or sized.largest >= 1000000000000 /* unit: [unit] */ or not context.is_within_size then false
        else true
    end as is_within_size,
    conversion.multiplier is not null as has_conversion,
    context.has_factor,
    context.is_known_factory is not null and context.is_known_factory as is_known_factory,
    repeated.first_line_no is not null and repeated.first_line_no < sized.line_no as is_repeated,
    context.is_of_which,
    context.has_parent,
    context.of_which_excess,
    balance.stock_gap,
    balance.stock_review_gap,
    balance.stock_hold_gap,
    balance.is_stock_unchecked is not null and balance.is_stock_unchecked as is_stock_unchecked,
    balance.stock_arithmetic,
    context.month_total,
    context.previous_total,
    context.previous_low,
    context.previous_high,
    case
        when sized.largest < 1000000000000 /* unit: [unit] */
            then cast(cast(sized.purchased as decimal(38, 9)) * conversion.multiplier as decimal(38, 12))
    end as purchased_canonical,
    context.price_low,
    context.price_high,
    context.coefficient_low,
    context.coefficient_high,
    measured.has_measured_unit,
    measured.is_ncv_outside,
    measured.is_carbon_outside,
    measured.is_state_outside,
    context.is_coefficient_sourced
from sized
left join context
    on sized.factory_id = context.factory_id
    and sized.period = context.period
    and sized.energy_code = context.energy_code
left join stg.energy_conversion as conversion
    on sized.energy_code = conversion.energy_code
    and sized.unit = conversion.unit
    and (
        not conversion.is_by_state
        or (
            sized.steam_enthalpy is not distinct from conversion.steam_enthalpy
            and sized.water_temperature is not distinct from conversion.water_temperature
        )
    )
left join stg.energy_measured as measured
    on sized.receipt_id = measured.receipt_id
    and sized.line_no = measured.line_no
left join repeated
    on sized.receipt_id = repeated.receipt_id
    and sized.factory_id = repeated.factory_id
    and sized.period = repeated.period
    and sized.energy_code = repeated.energy_code
    and sized.meter_id is not distinct from repeated.meter_id
    and sized.document_no is not distinct from repeated.document_no
left join stg.energy_balance as balance
    on sized.receipt_id = balance.receipt_id
    and sized.line_no = balance.line_no
    and sized.unit = balance.unit
left join mixed
    on context.year = mixed.year
    and sized.factory_id = mixed.factory_id
    and sized.energy_code = mixed.energy_code
    and sized.meter_id is not distinct from mixed.meter_id
