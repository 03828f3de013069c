/*---
title: 绿色占比的企业底表 | Every 6+X above-scale factory at each month end
grain: [month, factory_id]
columns:
  month:           {type: date, is: first day of the month reported}
  factory_id:      {is: 统一社会信用代码}
  name:            {is: 企业名称 at the month end}
  cluster:         {is: 6+X cluster code}
  cluster_zh:      {is: 6+X cluster}
  is_in_b6:        {type: boolean, is: also in the six clusters of 2024}
  is_green:        {type: boolean, is: "holds a green-factory title that counts, at the month end"}
  level:           {is: highest level of its titles; empty without one}
  output_ytd_cny:  {type: "decimal(38,2)", unit: CNY, is: 工业总产值 from January to the month; empty when none was reported}
  months_reported: {type: bigint, unit: "1", is: months of the year with output reported}
  receipts:        {type: bigint, unit: "1", is: submissions the output was read from}
---*/
with year_to_date as (
    select
        spine.month,
        output.factory_id,
        cast(sum(output.output_value_cny) as decimal(38, 2)) as output_ytd_cny,
        count(output.output_value_cny) as months_reported,
        count(distinct output.receipt_id) as receipts
    from ref.month as spine
    inner join ref.month as earlier
        on spine.year = earlier.year
        and earlier.month <= spine.month
    inner join core.output as output
        on earlier.month = output.month
    group by spine.month, output.factory_id
)

-- Industry, scale and title are those of the month end and apply to the whole year to date.
select
    spine.month,
    factory.factory_id,
    factory.name,
    cluster.cluster,
    cluster.cluster_zh,
    cluster.is_in_b6,
    case when status.counts_for_share is null then false else status.counts_for_share end as is_green,
    status.level,
    year_to_date.output_ytd_cny,
    case when year_to_date.months_reported is null then cast(0 as bigint) else year_to_date.months_reported end
        as months_reported,
    case when year_to_date.receipts is null then cast(0 as bigint) else year_to_date.receipts end as receipts
from ref.month as spine
inner join core.factory as factory
    on factory.valid_from < spine.next_month
    and factory.valid_to >= spine.next_month
inner join core.factory_cluster as cluster
    on factory.factory_id = cluster.factory_id
    and factory.valid_from = cluster.valid_from
left join core.green_status as status
    on factory.factory_id = status.factory_id
    and spine.month = status.month
left join year_to_date
    on factory.factory_id = year_to_date.factory_id
    and spine.month = year_to_date.month
where cluster.is_in_a9 and factory.is_above_scale
