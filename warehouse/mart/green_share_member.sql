/*---
title: 绿色占比企业名单 | The named list behind numerator and denominator
grain: [month, factory_id]
columns:
  month:           {type: date, is: first day of the month reported}
  factory_id:      {is: 统一社会信用代码}
  name:            {is: 企业名称 at the month end}
  cluster:         {is: 6+X cluster code}
  cluster_zh:      {is: 6+X cluster}
  is_in_b6:        {type: boolean, is: also in the six clusters of 2024}
  is_green:        {type: boolean, is: in the numerator}
  level:           {is: highest level of its titles; empty without one}
  output_ytd_cny:  {type: "decimal(38,2)", unit: CNY, is: 工业总产值 year to date; empty when none was reported}
  months_reported: {type: bigint, unit: "1", is: months of the year with output reported}
  receipts:        {type: bigint, unit: "1", is: submissions the output was read from}
---*/
select
    frame.month,
    frame.factory_id,
    frame.name,
    frame.cluster,
    frame.cluster_zh,
    frame.is_in_b6,
    frame.is_green,
    frame.level,
    frame.output_ytd_cny,
    frame.months_reported,
    frame.receipts
from core.share_frame as frame
order by frame.month, frame.factory_id
