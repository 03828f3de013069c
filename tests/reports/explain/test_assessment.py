"""绿色工厂评价: every criterion judged again from profile lines and the criteria files as printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import NotFound
from pipelines.reports import Explanation
from tests.reports.explain.conftest import A, B, C, D, Golden, rewritten

Alter = Callable[[str], Callable[[str], Explanation]]
CRITERIA = "schemas/criteria/gbt36132_2018.yml"


def _rows(screen: Explanation) -> dict[str, tuple[str, ...]]:
    return {row[1]: row for section in screen.sections for row in section.rows}


def test_a_year_is_judged_gate_by_gate_and_indicator_by_indicator(golden: Golden) -> None:
    screen = golden.explain(f"assessment/2022/{A}")
    assert screen.agrees, screen.verdict()
    assert screen.value.startswith("门槛不满足；门槛 满足 1、不满足 1、")
    rows = _rows(screen)
    assert rows["绿色物料使用率"][2:] == ("31 %", "≥ 30 %", "满足", "")
    assert rows["建筑密度"][4:] == ("不可评", "阈值仅凭记忆，未核对标准原文")
    assert rows["容积率"][4:] == ("不可评", "缺参考值：工业项目建设用地控制指标（容积率）")
    assert rows["最高管理者履行绿色工厂领导职责，落实岗位与权限"][5] == "门槛应填 1（满足）或 0（不满足）"


@pytest.mark.parametrize(
    ("factory", "key", "value"),
    [
        (A, "stakeholder_commitments", "不满足"),
        (B, "green_material_rate", "不满足"),
        (C, "green_material_rate", "不可评：计量单位不符：报送“1”，应为“%”"),
        (B, "training", "不可评：未报送"),
    ],
)
def test_one_criterion(golden: Golden, factory: str, key: str, value: str) -> None:
    screen = golden.explain(f"assessment/2022/{factory}/{key}")
    assert screen.agrees, screen.verdict()
    assert screen.value == value


PLANTED = [
    ("update raw.profile_line set value_text = '30.5' where indicator_code = 'green_material_rate'", "value"),
    ("update raw.profile_line set unit = '1' where indicator_code = 'green_material_rate'", "reported_unit"),
    (
        "update stg.line_fate set fate = 'held' where contract = 'profile'",
        "value",
    ),
    ("update mart.green_assessment set verdict = 'fail' where criterion = 'green_material_rate'", "verdict"),
    ("update mart.green_assessment set certainty = 'recalled'", "certainty"),
    ("delete from mart.green_assessment where criterion = 'green_material_rate'", "value"),
]


@pytest.mark.parametrize(("statement", "column"), PLANTED)
def test_an_altered_row_is_told(altered: Alter, statement: str, column: str) -> None:
    ask = altered(statement)
    screen = ask(f"assessment/2022/{A}/green_material_rate")
    assert not screen.agrees
    assert f"mart.green_assessment.{column}" in {step.place for step in screen.steps if not step.agrees}
    assert not ask(f"assessment/2022/{A}").agrees


THRESHOLD = 'threshold: {comparator: ">=", value: "30"}\n  certainty: secondary'
RULES = [
    (THRESHOLD, THRESHOLD.replace("30", "32"), "threshold"),
    (THRESHOLD, THRESHOLD.replace(">=", ">"), "comparator"),
    (THRESHOLD, THRESHOLD.replace("secondary", "recalled"), "verdict"),
    ("valid_to: 2025-12-31", "valid_to: 2022-12-31", "rule_set"),
]


@pytest.mark.parametrize(("old", "new", "column"), RULES)
def test_a_rule_printed_otherwise_is_told(
    golden: Golden, tmp_path: Path, old: str, new: str, column: str
) -> None:
    with rewritten(golden, tmp_path, CRITERIA, old, new) as published:
        screen = golden.ask(f"assessment/2022/{A}", published)
    assert not screen.agrees
    assert column in {step.place.rsplit(".", 1)[-1] for step in screen.steps if not step.agrees}


def test_who_never_reported_and_what_is_not_asked_are_told(golden: Golden) -> None:
    with pytest.raises(NotFound, match="没有 2022 年度准入的绿色绩效数据"):
        golden.explain(f"assessment/2022/{D}")
    with pytest.raises(NotFound, match="规则集没有指标 none"):
        golden.explain(f"assessment/2022/{A}/none")
    with pytest.raises(NotFound, match="应为 YYYY"):
        golden.explain(f"assessment/22/{A}")
