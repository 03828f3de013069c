"""Process and fugitive activities at the door: names people write are understood, the rest is refused with its reason."""

from __future__ import annotations

import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines import intake, units
from pipelines.intake import desk
from pipelines.intake.guide import filling_guide
from pipelines.intake.parsing import parse
from pipelines.periods import SHANGHAI, Month
from tests.sample.codes import credit_code

AT = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)
A = credit_code(1)
HEADER = "统一社会信用代码,报告期,活动代码,数量,计量单位,气体,工艺类型,是否末端处理,设备或工段\n"


def examined(text: str, sender: str = A) -> intake.Examination:
    return desk.answer(
        intake.Delivery(text.encode(), sender, "过程.csv", AT), parse(text.encode(), sender, AT)
    )


def line(activity: str = "welding_co2", rest: str = "2,吨,,,,") -> str:
    return f"{HEADER}{A},2023-05,{activity},{rest}\n"


def test_a_clerks_line_is_read_by_name_alias_and_width() -> None:
    answer = examined(line("半导体制造含氟气体使用", '"1,000",千克,三氟化氮,远程,是,一号机'))
    assert answer.is_accepted, answer.as_text()
    assert answer.contract == "activity"
    row = answer.lines.to_dicts()[0]
    assert row["activity_code"] == "electronics.semiconductor"
    assert (row["gas"], row["process_type"], row["is_abated"]) == ("NF3", "remote", True)
    assert (row["quantity"], row["unit"]) == (Decimal(1000), "kg")
    assert (row["gas_text"], row["process_type_text"]) == ("三氟化氮", "远程")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("R410A", "R410A"),
        ("r-410a", "R410A"),
        ("ＳＦ６", "SF6"),
        ("SF₆", "SF6"),
        ("HFC-134a", "HFC134a"),
        ("CHF3", "HFC23"),
        ("c-C4F8", "cC4F8"),
        ("七氟丙烷", "HFC227ea"),
    ],
)
def test_gases_are_read_as_people_write_them(written: str, meant: str) -> None:
    assert examined(line("制冷剂泄漏（补充量）", f"1,kg,{written},,,")).lines["gas"].to_list() == [meant]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (line("挖矿"), "E325"),
        (line(rest="2,万千瓦时,,,,"), "E326"),
        (line(rest="2,箱,,,,"), "E308"),
        (line(rest="2,吨,空气,,,"), "E327"),
        (line(rest="2,吨,,魔法,,"), "E328"),
        (line(rest="2,吨,,,也许,"), "E315"),
        (line(rest=",吨,,,,"), "E312"),
        (line(rest="两吨,吨,,,,"), "E306"),
        (line().replace("2023-05", "2023-07"), "E305"),
        (line().replace(A, credit_code(2)), "E303"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_reason(text: str, code: str) -> None:
    answer = examined(text)
    assert not answer.is_accepted
    assert [item.code for item in answer.receipt.problems if item.severity == "error"] == [code]


def test_a_wrong_unit_is_told_what_the_activity_may_be_stated_in() -> None:
    assert (
        "千克、吨、立方米之一（二氧化碳保护焊不能以“万千瓦时”计量，那是能量单位）"
        in examined(line(rest="2,万千瓦时,,,,")).as_text()
    )


def test_every_activity_is_known_by_its_name_and_stands_in_the_guide() -> None:
    guide = filling_guide()
    for code, activity in units.activities().items():
        assert units.resolve_term("activity", activity.name_zh) == code
        assert f"| `{code}` |" in guide


def test_the_workbook_offers_activities_gases_and_process_types(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    intake.template("activity", A, Month(2023, 5), path)
    with zipfile.ZipFile(path) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    assert all(name in texts for name in ("二氧化碳保护焊", "六氟化硫", "远程等离子体清洗"))
