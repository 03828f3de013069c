"""The monthly brief and the progress a terminal or a program reads."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
from rich.console import Console

from pipelines.errors import NotFound
from pipelines.reports import Explanation, brief_text, progress, progress_text, show
from pipelines.reports.explain import Gate, Section
from tests.reports import marts as sample


def test_the_brief_says_both_goals_and_what_is_missing() -> None:
    text = brief_text(sample.marts(), sample.facts())
    assert "“6+X”产业绿色占比 45.00%**。达到 30% 的目标。绿色部分 4.5亿元，全部 10亿元（年初累计）。" in text
    assert (
        "国家级绿色工厂 2 家**，未达到 8 家的目标，还差 6 家（规划期内新创建（按批次年度））。名单：示例甲公司。"
        in text
    )
    assert "其他读法：期末存量（按批次年度） 9 家。" in text


def test_the_brief_gives_changes_or_the_reason_there_is_none() -> None:
    text = brief_text(sample.marts(), sample.facts())
    assert "当月二氧化碳排放 5,001 吨，同比 -3.8%，环比 +4.2%" in text
    first = [sample.district(co2_previous_month_t=None, co2_same_month_last_year_t=None)]
    assert "同比（无上年同期），环比（无上月）" in brief_text(
        sample.marts(district_month=first), sample.facts()
    )


def test_the_brief_without_output_does_not_judge() -> None:
    unknown = [sample.share(numerator=None, denominator=None, is_met=None, gap=None)]
    text = brief_text(sample.marts(green_share=unknown, green_share_cluster=[]), sample.facts())
    assert "绿色占比无法判断**。没有可用的产值数据" in text
    assert "没有 6+X 规上企业。" in text


def test_the_brief_marks_what_must_not_be_published() -> None:
    assert "| 人工智能 | ※4.50 | ※7.00 | ※64.29% | 1／2 |" in brief_text(sample.marts(), sample.facts())


def test_markdown_in_a_name_means_nothing() -> None:
    name = "[示例](x)\n# 标题 <b>*丙*</b> | `丁`"
    text = brief_text(
        sample.marts(national_green_factory_member=[sample.national_member(name)]), sample.facts()
    )
    assert r"\[示例\](x) \# 标题 \<b\>\*丙\*\</b\> \| \`丁\`" in text


def test_progress_is_plain_json_without_a_lost_digit() -> None:
    said = json.loads(json.dumps(progress(sample.marts())))
    assert said["month"] == "2023-12"
    assert said["green_share"]["numerator_cny"] == "450000000.00"
    assert said["green_share"]["share"] == "0.450000"
    assert said["green_share"]["status"] == "met"
    assert said["national_green_factories"]["gap"] == "6.000000000"
    assert said["national_green_factories"]["names"][0]["published_on"] == "2023-03-24"
    assert said["targets"][3]["actual"] is None
    assert said["quality"] == {"rows_in": 9, "admitted": 7, "held": 1, "rejected": 0, "superseded": 1}
    assert "release" not in said


def test_progress_with_its_release_names_files_and_rows() -> None:
    said = json.loads(json.dumps(progress(sample.marts(), sample.facts())))
    assert said["release"] == "2023-12-0123456789ab"
    assert said["files"] == {"accepted": 40, "refused": 2}


def test_progress_without_output_has_no_share() -> None:
    unknown = [sample.share(numerator=None, denominator=None, is_met=None, gap=None)]
    said = progress(sample.marts(green_share=unknown))
    assert said["green_share"]["share"] is None
    assert "没有可用的分母" in progress_text(sample.marts(green_share=unknown))


def test_the_terminal_shows_goals_targets_files_and_rows() -> None:
    lines = progress_text(sample.marts(), sample.facts()).splitlines()
    assert lines[0] == "截至 2023-12"
    assert lines[2] == "● 达到      “6+X”产业绿色占比     45.00%    目标 ≥ 30%"
    assert lines[3].startswith("■ 差距较大  国家级绿色工厂        2 家      目标 ≥ 8 家    还差 6 家")
    assert "47 家，还差 13 家" in lines[8]
    assert "explain progress/2023-12" in lines[-1]
    assert lines[-4:-2] == [
        "收到文件 42 件：受理 40，退回 2",
        "收到数据 9 行：准入 7，暂挂 1，退回 0，被更正取代 1",
    ]


def test_a_target_the_plan_states_twice_is_shown_once_and_files_stand_with_the_rows() -> None:
    rows = [
        sample.target(text_zh="示例目标"),
        sample.target(text_zh="示例目标", repeats_target_id="SJ2021-03"),
    ]
    text = progress_text(sample.marts(plan_progress=rows), sample.facts())
    assert text.count("示例目标") == 1
    assert "收到文件 42 件：受理 40，退回 2\n收到数据" in text


def test_a_share_short_of_its_target_says_how_much_in_the_terminal() -> None:
    short = sample.share(numerator=Decimal("250000000.00"), gap=Decimal("50000000.00"), is_met=False)
    assert "25.00%    目标 ≥ 30%     还差 绿色产值 5,000万元" in progress_text(
        sample.marts(green_share=[short])
    )


def test_a_release_without_months_is_told_plainly() -> None:
    with pytest.raises(NotFound, match="没有任何月份"):
        progress(sample.marts(district_month=[]))


def test_an_escape_sequence_in_a_name_never_reaches_the_terminal() -> None:
    out = io.StringIO()
    attack = "示例\x1b[2J[bold]甲\u202e"
    section = Section("名单", ("企业",), [(attack,)])
    show(
        Explanation("x", attack, attack, attack, [section], [attack], gates=[Gate(attack, False, attack)]),
        Console(file=out, width=100),
    )
    assert "\x1b" not in out.getvalue()
    assert "\u202e" not in out.getvalue()
    assert "[bold]甲" in out.getvalue()
    text = progress_text(sample.marts(plan_progress=[sample.target(text_zh=attack)]))
    assert "\x1b" not in text
