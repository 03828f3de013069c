/*---
title: 绿色工厂评价（汇总） | Green-factory evaluation, summed
grain: [factory_id, year, rule_set]
columns:
  factory_id:         {is: 统一社会信用代码}
  year:               {type: integer, unit: year, is: evaluation year}
  rule_set:           {is: the standard in force on the last day of the year}
  veto_set:           {is: the vetoes in force on that day; empty when none were}
  gates_met:          {type: bigint, unit: 条, is: gates and vetoes met}
  gates_failed:       {type: bigint, unit: 条, is: gates and vetoes not met}
  gates_unknown:      {type: bigint, unit: 条, is: gates and vetoes not reported}
  indicators_passed:  {type: bigint, unit: 条, is: indicators at or beyond their threshold}
  indicators_failed:  {type: bigint, unit: 条, is: indicators short of it}
  indicators_unknown: {type: bigint, unit: 条, is: indicators not assessable}
  pass_mark:          {type: "decimal(28,9)", unit: 分, is: pass mark in force on that day; empty when the authority has set none}
  verdict:            {is: "gates_failed 门槛不满足 · gates_unknown 门槛未报全 · no_pass_mark 未定合格分 · to_be_scored 待评分; never eligible: only the ministry’s list makes a national green factory"}
---*/
with counted as (
    select
        assessment.factory_id,
        assessment.year,
        assessment.evaluated_on,
        min(case when assessment.rule_set_kind = 'standard' then assessment.rule_set end) as rule_set,
        min(case when assessment.rule_set_kind = 'veto' then assessment.rule_set end) as veto_set,
        count(case when assessment.kind = 'gate' and assessment.verdict = 'pass' then 1 end) as gates_met,
        count(case when assessment.kind = 'gate' and assessment.verdict = 'fail' then 1 end) as gates_failed,
        count(case when assessment.kind = 'gate' and assessment.verdict = 'not_assessable' then 1 end) as gates_unknown,
        count(case when assessment.kind = 'indicator' and assessment.verdict = 'pass' then 1 end) as indicators_passed,
        count(case when assessment.kind = 'indicator' and assessment.verdict = 'fail' then 1 end) as indicators_failed,
        count(case when assessment.kind = 'indicator' and assessment.verdict = 'not_assessable' then 1 end)
            as indicators_unknown
    from mart.green_assessment as assessment
    group by assessment.factory_id, assessment.year, assessment.evaluated_on
)

select
    counted.factory_id,
    counted.year,
    counted.rule_set,
    counted.veto_set,
    counted.gates_met,
    counted.gates_failed,
    counted.gates_unknown,
    counted.indicators_passed,
    counted.indicators_failed,
    counted.indicators_unknown,
    mark.pass_mark,
    case
        when counted.gates_failed > 0 then 'gates_failed'
        when counted.gates_unknown > 0 then 'gates_unknown'
        when mark.pass_mark is null then 'no_pass_mark'
        else 'to_be_scored'
    end as verdict
from counted
left join ref.pass_mark as mark
    on counted.rule_set = mark.rule_set
    and counted.evaluated_on >= mark.valid_from
    and counted.evaluated_on < mark.valid_to
where counted.rule_set is not null
order by counted.factory_id, counted.year, counted.rule_set
