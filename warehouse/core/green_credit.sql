/*---
title: 各口径下的绿电抵减与不抵减的原因 | Green power under each scheme, credited or not, and why
grain: [scheme, factory_id, month, kind, has_contract, has_settlement, has_certificate, receipt_id]
columns:
  scheme:          {is: "an accounting basis (ref.purpose), or renewable_rate for 可再生能源利用率"}
  factory_id:      {is: 统一社会信用代码}
  month:           {type: date, is: first day of the month the power was used in}
  kind:            {is: inter_provincial 跨省绿电交易 · certificate 绿证 · self_generated 分布式自发自用 · direct_line 绿电直连}
  has_contract:    {type: boolean, is: 合同号 is stated}
  has_settlement:  {type: boolean, is: 结算单号 is stated}
  has_certificate: {type: boolean, is: 绿证编号 is stated}
  receipt_id:      {is: the submission the lines came with}
  first_line_no:   {type: integer, unit: "1", is: first of the lines summed here}
  quantity_mwh:    {type: "decimal(38,12)", unit: "MWh{electricity}", is: 电量 declared}
  is_credited:     {type: boolean, is: "it counts zero under the basis, or as renewable under the rate"}
  factor_id:       {is: the rule or factor row it was judged by; empty where no rule speaks}
  reason:          {is: why it is credited or not}
---*/
with judged as (
    select
        purpose.purpose as scheme,
        green.factory_id,
        green.month,
        green.kind,
        green.has_contract,
        green.has_settlement,
        green.has_certificate,
        green.receipt_id,
        green.first_line_no,
        green.quantity_mwh,
        rule.treatment = 'zero' as is_wanted,
        rule.factor_id,
        rule.note,
        (
            rule.evidence = 'none'
            or (rule.evidence = 'any' and (green.has_contract or green.has_settlement or green.has_certificate))
            or (rule.evidence = 'certificate' and green.has_certificate)
            or (rule.evidence = 'settlement' and green.has_contract and green.has_settlement)
            or (
                rule.evidence = 'certificate_or_settlement'
                and (green.has_certificate or (green.has_contract and green.has_settlement))
            )
        ) as is_proven
    from core.green_power as green
    cross join ref.purpose as purpose
    left join ref.green_power_rule as rule
        on purpose.purpose = rule.purpose
        and green.kind = rule.kind
        and green.month >= rule.valid_from
        and green.month < rule.valid_to
    union all
    select
        'renewable_rate' as scheme,
        green.factory_id,
        green.month,
        green.kind,
        green.has_contract,
        green.has_settlement,
        green.has_certificate,
        green.receipt_id,
        green.first_line_no,
        green.quantity_mwh,
        rule.is_counted as is_wanted,
        rule.rule_id as factor_id,
        rule.note,
        (
            rule.evidence = 'none'
            or (rule.evidence = 'any' and (green.has_contract or green.has_settlement or green.has_certificate))
            or (rule.evidence = 'certificate' and green.has_certificate)
            or (rule.evidence = 'settlement' and green.has_contract and green.has_settlement)
            or (
                rule.evidence = 'certificate_or_settlement'
                and (green.has_certificate or (green.has_contract and green.has_settlement))
            )
        ) as is_proven
    from core.green_power as green
    left join ref.renewable_rule as rule
        on green.kind = rule.kind
        and green.month >= rule.valid_from
        and green.month < rule.valid_to
)

select
    judged.scheme,
    judged.factory_id,
    judged.month,
    judged.kind,
    judged.has_contract,
    judged.has_settlement,
    judged.has_certificate,
    judged.receipt_id,
    judged.first_line_no,
    judged.quantity_mwh,
    judged.is_wanted is not null and judged.is_wanted and judged.is_proven as is_credited,
    judged.factor_id,
    case
        when judged.is_wanted is null then '该口径当期没有这类绿电的规定，不抵减'
        when judged.is_wanted and not judged.is_proven then '凭证不全（合同号、结算单号或绿证编号），不抵减'
        else judged.note
    end as reason
from judged
