/*---
title: 绿色工厂名单（期末有效） | Green factories valid at each month end
grain: [month, factory_id]
columns:
  month:             {type: date, is: first day of the month reported}
  factory_id:        {is: 统一社会信用代码}
  name:              {is: 企业名称 at the month end; empty when the register never had it}
  level:             {is: highest level valid at the month end}
  award_cycle:       {type: integer, unit: year, is: 批次年度}
  published_on:      {type: date, is: 公布日期}
  removed_on:        {type: date, is: 移出日期; empty while listed}
  document_no:       {is: 文号}
  cluster:           {is: 6+X cluster code; empty outside the share}
  is_6x_above_scale: {type: boolean, is: counted in 绿色占比}
  output_ytd_cny:    {type: "decimal(38,2)", unit: CNY, is: 工业总产值 year to date; empty when not reported or not counted}
---*/
select
    status.month,
    status.factory_id,
    named.name,
    status.level,
    status.award_cycle,
    status.published_on,
    case when status.removed_on < cast('9999-12-31' as date) then status.removed_on end as removed_on,
    status.document_no,
    frame.cluster,
    frame.factory_id is not null as is_6x_above_scale,
    frame.output_ytd_cny
from core.green_status as status
left join core.factory_name as named
    on status.factory_id = named.factory_id
    and status.month = named.month
left join core.share_frame as frame
    on status.factory_id = frame.factory_id
    and status.month = frame.month
order by status.month, status.factory_id
