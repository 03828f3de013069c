/*---
title: 外购与外供的电力、热力（按核算口径的净购入） | Electricity and heat bought and passed on, by accounting basis
materialized: view
grain: [purpose, factory_id, month, energy_code, kind, receipt_id, first_line_no]
columns:
  purpose:         {is: accounting basis; see ref.purpose}
  factory_id:      {is: 统一社会信用代码}
  month:           {type: date, is: first day of the month}
  energy_code:     {is: energy kind of form 205-1}
  kind:            {is: heat · electricity · green_power · electricity_exported · heat_exported}
  receipt_id:      {is: the submission the activity came with}
  first_line_no:   {type: integer, unit: "1", is: first line of that activity in the submission}
  activity:        {type: "decimal(38,12)", unit: "[energy_code]", is: "amount the factor is applied to, exports negative; electricity without what counts as green"}
  activity_unit:   {names: "[energy_code]", is: canonical unit of the energy kind}
  green_factor_id: {is: "the rule that counts green power as zero; empty for other kinds"}
---*/
with electricity as (
    -- One row a month: green power is set against the month's whole consumption, whatever units it was stated in.
    select
        used.factory_id,
        used.month,
        used.energy_code,
        used.canonical_unit as activity_unit,
        min(used.receipt_id) as receipt_id,
        min(used.first_line_no) as first_line_no,
        cast(sum(used.used) as decimal(38, 12)) as used,
        case when count(used.purchased) = count(*) then cast(sum(used.purchased) as decimal(38, 12)) end as purchased,
        cast(sum(used.supplied) as decimal(38, 12)) as supplied
    from core.energy_use as used
    where used.is_counted and used.energy_code = '33'
    group by used.factory_id, used.month, used.energy_code, used.canonical_unit
),

-- Net purchase = bought − exported. Consumption has no exports in it, so where nothing was exported, or the
-- basis does not net, it is the amount bought for own use; what was resold without 购进量 was bought as well.
net_heat as (
    select
        purpose.purpose,
        heat.factory_id,
        heat.month,
        heat.energy_code,
        heat.canonical_unit as activity_unit,
        heat.receipt_id,
        heat.first_line_no,
        case
            when rule.purpose is null or heat.supplied is null or heat.supplied = 0 then heat.used
            when heat.purchased is not null then heat.purchased
            else heat.used + heat.supplied
        end as gross,
        case when rule.purpose is not null and heat.supplied > 0 then heat.supplied end as exported
    from core.energy_use as heat
    inner join ref.energy_kind as energy
        on heat.energy_code = energy.energy_code
    cross join ref.purpose as purpose
    left join ref.purpose_rule as rule
        on purpose.purpose = rule.purpose
        and rule.item = 'exported_energy'
        and rule.handling = 'net'
        and heat.month >= rule.valid_from
        and heat.month < rule.valid_to
    where heat.is_counted and energy.carrier = 'heat' and not energy.is_recovered
),

net_electricity as (
    select
        purpose.purpose,
        electricity.factory_id,
        electricity.month,
        electricity.energy_code,
        electricity.activity_unit,
        electricity.receipt_id,
        electricity.first_line_no,
        electricity.used,
        case
            when rule.purpose is null or electricity.supplied is null or electricity.supplied = 0 then electricity.used
            when electricity.purchased is not null then electricity.purchased
            else electricity.used + electricity.supplied
        end as gross,
        case when rule.purpose is not null and electricity.supplied > 0 then electricity.supplied end as exported
    from electricity
    cross join ref.purpose as purpose
    left join ref.purpose_rule as rule
        on purpose.purpose = rule.purpose
        and rule.item = 'exported_energy'
        and rule.handling = 'net'
        and electricity.month >= rule.valid_from
        and electricity.month < rule.valid_to
),

zero_rated as (
    select
        credit.scheme as purpose,
        credit.factory_id,
        credit.month,
        min(credit.factor_id) as factor_id,
        min(credit.receipt_id) as receipt_id,
        min(credit.first_line_no) as first_line_no,
        cast(sum(credit.quantity_mwh) as decimal(38, 12)) as quantity_mwh
    from core.green_credit as credit
    where credit.is_credited
    group by credit.scheme, credit.factory_id, credit.month
),

electricity_split as (
    -- What is declared green beyond the month's consumption earns nothing; checks/green_power_within_use tells it.
    select
        netted.purpose,
        netted.factory_id,
        netted.month,
        netted.energy_code,
        netted.activity_unit,
        netted.receipt_id,
        netted.first_line_no,
        zero_rated.receipt_id as green_receipt_id,
        zero_rated.first_line_no as green_first_line_no,
        zero_rated.factor_id as green_factor_id,
        case
            when zero_rated.quantity_mwh is null then cast(0 as decimal(38, 12))
            else least(zero_rated.quantity_mwh, netted.gross, netted.used)
        end as green_mwh,
        netted.gross
    from net_electricity as netted
    left join zero_rated
        on netted.purpose = zero_rated.purpose
        and netted.factory_id = zero_rated.factory_id
        and netted.month = zero_rated.month
)

select
    netted.purpose,
    netted.factory_id,
    netted.month,
    netted.energy_code,
    'heat' as kind,
    netted.receipt_id,
    netted.first_line_no,
    cast(netted.gross as decimal(38, 12)) as activity,
    netted.activity_unit,
    cast(null as varchar) as green_factor_id
from net_heat as netted
union all
select
    netted.purpose,
    netted.factory_id,
    netted.month,
    netted.energy_code,
    'heat_exported' as kind,
    netted.receipt_id,
    netted.first_line_no,
    cast(-netted.exported as decimal(38, 12)) as activity,
    netted.activity_unit,
    cast(null as varchar) as green_factor_id
from net_heat as netted
where netted.exported is not null
union all
select
    netted.purpose,
    netted.factory_id,
    netted.month,
    netted.energy_code,
    'electricity_exported' as kind,
    netted.receipt_id,
    netted.first_line_no,
    cast(-netted.exported as decimal(38, 12)) as activity,
    netted.activity_unit,
    cast(null as varchar) as green_factor_id
from net_electricity as netted
where netted.exported is not null
union all
select
    netted.purpose,
    netted.factory_id,
    netted.month,
    netted.energy_code,
    'electricity' as kind,
    netted.receipt_id,
    netted.first_line_no,
    cast(netted.gross - netted.green_mwh as decimal(38, 12)) as activity,
    netted.activity_unit,
    cast(null as varchar) as green_factor_id
from electricity_split as netted
union all
select
    split.purpose,
    split.factory_id,
    split.month,
    split.energy_code,
    'green_power' as kind,
    split.green_receipt_id as receipt_id,
    split.green_first_line_no as first_line_no,
    cast(split.green_mwh as decimal(38, 12)) as activity,
    split.activity_unit,
    split.green_factor_id
from electricity_split as split
where split.green_mwh > 0
