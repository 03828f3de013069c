/*---
title: 每一行的去向 | The fate of every line received
grain: [contract, receipt_id, line_no]
columns:
  contract:        {is: which table was sent}
  receipt_id:      {is: the submission}
  line_no:         {type: integer, unit: "1", is: line in the submission}
  factory_id:      {is: 统一社会信用代码; empty for the plan indicators}
  month:           {type: date, is: month the line reports on}
  fate:            {is: admitted 准入 · held 暂挂 · rejected 退回 · superseded 被更正取代}
  hold_codes:      {is: "critical rules broken, joined by ;"}
  warning_codes:   {is: "warnings, joined by ;"}
  is_acknowledged: {type: boolean, is: "a steward has acknowledged the warnings of an admitted line, with a comment"}
---*/
select
    'energy' as contract,
    verdict.receipt_id,
    verdict.line_no,
    verdict.factory_id,
    verdict.month,
    verdict.fate,
    verdict.hold_codes,
    verdict.warning_codes,
    verdict.is_acknowledged
from stg.energy_verdict as verdict
union all
select
    'output' as contract,
    verdict.receipt_id,
    verdict.line_no,
    verdict.factory_id,
    verdict.month,
    verdict.fate,
    verdict.hold_codes,
    verdict.warning_codes,
    verdict.is_acknowledged
from stg.output_verdict as verdict
union all
select
    'green_power' as contract,
    verdict.receipt_id,
    verdict.line_no,
    verdict.factory_id,
    verdict.month,
    verdict.fate,
    verdict.hold_codes,
    verdict.warning_codes,
    verdict.is_acknowledged
from stg.green_power_verdict as verdict
union all
select
    'register' as contract,
    verdict.receipt_id,
    verdict.line_no,
    verdict.factory_id,
    verdict.month,
    verdict.fate,
    verdict.hold_codes,
    verdict.warning_codes,
    verdict.is_acknowledged
from stg.register_verdict as verdict
union all
select
    'titles' as contract,
    verdict.receipt_id,
    verdict.line_no,
    verdict.factory_id,
    verdict.month,
    verdict.fate,
    verdict.hold_codes,
    verdict.warning_codes,
    verdict.is_acknowledged
from stg.title_verdict as verdict
union all
select
    'indicators' as contract,
    verdict.receipt_id,
    verdict.line_no,
    verdict.factory_id,
    verdict.month,
    verdict.fate,
    verdict.hold_codes,
    verdict.warning_codes,
    verdict.is_acknowledged
from stg.indicator_verdict as verdict
union all
select
    'profile' as contract,
    verdict.receipt_id,
    verdict.line_no,
    verdict.factory_id,
    verdict.month,
    verdict.fate,
    verdict.hold_codes,
    verdict.warning_codes,
    verdict.is_acknowledged
from stg.profile_verdict as verdict
union all
select
    'activity' as contract,
    verdict.receipt_id,
    verdict.line_no,
    verdict.factory_id,
    verdict.month,
    verdict.fate,
    verdict.hold_codes,
    verdict.warning_codes,
    verdict.is_acknowledged
from stg.activity_verdict as verdict
union all
select
    'media' as contract,
    verdict.receipt_id,
    verdict.line_no,
    verdict.factory_id,
    verdict.month,
    verdict.fate,
    verdict.hold_codes,
    verdict.warning_codes,
    verdict.is_acknowledged
from stg.medium_verdict as verdict
