/*---
title: 同一序列混用两种因子依据 | One curve carries figures made on two different bases
grain: [purpose, sector, energy_code, kind, series, other_series]
severity: blocking
message_zh: 同一核算口径、同一能源品种的各月用了两种依据的因子，且未在 series_changes.csv 登记何时、为何改变；这样的曲线会把口径变化显示成排放变化。
columns:
  purpose:      {is: accounting basis}
  sector:       {is: sector group}
  energy_code:  {is: energy kind}
  kind:         {is: fuel · heat · electricity}
  series:       {is: the basis used first}
  other_series: {is: the basis used as well}
  last_month:   {type: date, is: last month on the first basis}
  other_month:  {type: date, is: first month on the other}
---*/
with used as (
    select
        emission.purpose,
        emission.sector,
        emission.energy_code,
        emission.kind,
        emission.series,
        min(emission.month) as first_month,
        max(emission.month) as last_month
    from core.emission as emission
    where emission.series is not null and emission.kind <> 'green_power'
    group by emission.purpose, emission.sector, emission.energy_code, emission.kind, emission.series
)

select
    earlier.purpose,
    earlier.sector,
    earlier.energy_code,
    earlier.kind,
    earlier.series,
    later.series as other_series,
    earlier.last_month,
    later.first_month as other_month
from used as earlier
inner join used as later
    on earlier.purpose = later.purpose
    and earlier.sector = later.sector
    and earlier.energy_code = later.energy_code
    and earlier.kind = later.kind
    and earlier.series <> later.series
    and (
        earlier.first_month < later.first_month
        or (earlier.first_month = later.first_month and earlier.series < later.series)
    )
left join ref.series_change as change
    on earlier.series = change.from_series
    and later.series = change.to_series
    and earlier.last_month < change.changed_on
    and later.first_month >= change.changed_on
where change.from_series is null
order by earlier.purpose, earlier.sector, earlier.energy_code, earlier.kind, earlier.series, later.series
