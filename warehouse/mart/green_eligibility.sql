/*---
title: 绿色工厂评价（汇总） | Green-factory evaluation, summed
grain: [factory_id, year, rule_set]
columns:
  factory_id:         {is: 统一社会信用代码}
  year:               {type: integer, unit: year, is: evaluation year}
  rule_set:           {is: rule set}
  gates_met:          {type: bigint, unit: 条, is: gates met}
  gates_failed:       {type: bigint, unit: 条, is: gates not met}
  gates_unknown:      {type: bigint, unit: 条, is: gates nobody reported on}
  indicators_passed:  {type: bigint, unit: 条, is: indicators at or beyond their threshold}
  indicators_failed:  {type: bigint, unit: 条, is: indicators short of it}
  indicators_unknown: {type: bigint, unit: 条, is: indicators not assessable}
  pass_mark:          {type: "decimal(28,9)", unit: points, is: dated pass mark of the authority; empty when none was set}
  verdict:            {is: gates_failed · gates_unknown · no_pass_mark · to_be_scored; never eligible without a pass mark}
---*/
with counted as (
    select
        assessment.factory_id,
        assessment.year,
        assessment.rule_set,
        count(case when assessment.kind = 'gate' and assessment.verdict = 'pass' then 1 end) as gates_met,
        count(case when assessment.kind = 'gate' and assessment.verdict = 'fail' then 1 end) as gates_failed,
        count(case when assessment.kind = 'gate' and assessment.verdict = 'not_assessable' then 1 end) as gates_unknown,
        count(case when assessment.kind = 'indicator' and assessment.verdict = 'pass' then 1 end) as indicators_passed,
        count(case when assessment.kind = 'indicator' and assessment.verdict = 'fail' then 1 end) as indicators_failed,
        count(case when assessment.kind = 'indicator' and assessment.verdict = 'not_assessable' then 1 end)
            as indicators_unknown
    from mart.green_assessment as assessment
    group by assessment.factory_id, assessment.year, assessment.rule_set
)

select
    counted.factory_id,
    counted.year,
    counted.rule_set,
    counted.gates_met,
    counted.gates_failed,
    counted.gates_unknown,
    counted.indicators_passed,
    counted.indicators_failed,
    counted.indicators_unknown,
    rules.pass_mark,
    case
        when counted.gates_failed > 0 then 'gates_failed'
        when counted.gates_unknown > 0 then 'gates_unknown'
        when rules.pass_mark is null then 'no_pass_mark'
        else 'to_be_scored'
    end as verdict
from counted
inner join ref.rule_set as rules
    on counted.rule_set = rules.rule_set
order by counted.factory_id, counted.year, counted.rule_set
