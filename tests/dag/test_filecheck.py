"""What a sender is told at once: the receipt, which rows will be held, which are flagged, and how to mend them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import intake, quality
from pipelines.cli import app
from pipelines.dag import bench, filecheck
from pipelines.engine import Model
from pipelines.errors import BrokenReference
from pipelines.intake import Delivery, Landing
from pipelines.paths import Home
from pipelines.periods import SHANGHAI
from tests.sample.codes import credit_code

AT = datetime(2026, 6, 5, 10, tzinfo=SHANGHAI)
A, B = credit_code(1), credit_code(2)
HEADER = "统一社会信用代码,报告期,能源代码,计量单位,消费量,购进金额,购进量\n"
MIXED = (
    HEADER + f"{A},2023-05,33,kWh,1000,,\n{A},2023-05,15,万立方米,-1,,\n{A},2023-05,21,t,5,0.001,5\n"
).encode()
GOOD = (HEADER + f"{A},2023-05,33,kWh,1000,,\n").encode()
REGISTER = (f"统一社会信用代码,企业名称,行业代码,是否规上,生效日期\n{A},示例甲,3973,是,2020-01-01\n").encode()


def sent(data: bytes, sender: str = "commission", name: str = "能源.csv", days: int = 0) -> Delivery:
    return Delivery(data, sender, name, AT + timedelta(days=days))


def received(landing: Landing, *deliveries: Delivery) -> list[filecheck.Answer]:
    return filecheck.judge_received(intake.receive_many(deliveries, landing=landing), landing, AT)


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A machine on which nothing was ever received."""
    monkeypatch.setenv("GREENLEDGER_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


@pytest.fixture
def home(nowhere: Home) -> Home:
    """An installation whose register knows factory A."""
    with Landing.open(nowhere) as landing:
        assert intake.receive_many([sent(REGISTER)], landing=landing)[0].is_accepted
    return nowhere


def test_receive_tells_receipt_held_rows_and_flagged_rows_in_both_languages(
    home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "能源.csv"
    file.write_bytes(MIXED)
    told = CliRunner().invoke(app, ["receive", str(file)])
    assert told.exit_code == 1
    assert "受理  能源.csv  回执 R" in told.stdout and "其中 1 行将暂挂，1 行有提示" in told.stdout
    assert (
        "Q103  第3行［暂挂］数量为负：读到 消费量“-1”，应为不小于零的各项数量。冲减以前月份请重新报送该月的正确数，不要用负数。"
        in told.stdout
    )
    assert (
        "line 3 [held] a quantity is negative: read consumed “-1”; expected quantities of zero or more"
        in told.stdout
    )
    assert "Q153  第4行［提示］" in told.stdout


def test_receive_json_says_the_same_and_the_same_bytes_give_the_same_receipt(
    home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "能源.csv"
    file.write_bytes(MIXED)
    answers = [
        json.loads(CliRunner().invoke(app, ["receive", str(file), "--json"]).stdout)["receipts"][0]
        for _ in (1, 2)
    ]
    for answer in answers:
        assert (answer["outcome"], answer["held_lines"], answer["flagged_lines"]) == ("accepted", [3], [4])
        assert answer["is_judged"] and answer["broken_rules"] == [] and answer["unjudged"] is None
        finding = answer["findings"][0]
        assert (finding["code"], finding["line"], finding["fate"]) == ("Q103", 3, "held")
        assert finding["read"]["zh"] == "消费量“-1”" and "zero or more" in finding["expected"]["en"]
    assert answers[0]["receipt_id"] == answers[1]["receipt_id"]
    assert [answer["is_repeat"] for answer in answers] == [False, True]


def test_a_good_file_is_received_and_a_refused_one_has_no_findings(home: Home, tmp_path: Path) -> None:
    (tmp_path / "好.csv").write_bytes(GOOD)
    good = CliRunner().invoke(app, ["receive", str(tmp_path / "好.csv")])
    assert good.exit_code == 0 and "暂挂" not in good.stdout
    (tmp_path / "坏.csv").write_bytes(b"")
    bad = CliRunner().invoke(app, ["receive", str(tmp_path / "坏.csv"), "--json"])
    answer = json.loads(bad.stdout)["receipts"][0]
    assert bad.exit_code == 1 and answer["findings"] == [] and answer["is_judged"]


def test_check_says_what_receive_would_and_registers_nothing(nowhere: Home, tmp_path: Path) -> None:
    file = tmp_path / "能源.csv"
    file.write_bytes(MIXED)
    told = CliRunner().invoke(app, ["check", str(file), "--json"])
    answer = json.loads(told.stdout)
    assert told.exit_code == 1 and answer["held_lines"] == [3] and not nowhere.root.exists()


def test_the_register_and_earlier_months_are_looked_at_as_the_run_would(home: Home) -> None:
    april = (HEADER + f"{A},2023-04,33,kWh,10,,\n").encode()
    stranger = (HEADER + f"{B},2023-05,33,kWh,10,,\n").encode()
    with Landing.open(home) as landing:
        first = received(landing, sent(april), sent(stranger))
        assert [[item.code for item in answer.findings] for answer in first] == [[], ["Q101"]]
        later = received(landing, sent(GOOD, days=1))[0]
        assert [(item.code, item.fate) for item in later.findings] == [("Q152", "flagged")]
    assert [item.code for item in filecheck.check(sent(GOOD + b"\n"), home).findings] == ["Q152"]


def test_without_a_register_the_desk_says_that_the_run_will_hold_the_rows(nowhere: Home) -> None:
    with Landing.open(nowhere) as landing:
        assert [item.code for item in received(landing, sent(GOOD))[0].findings] == ["Q101"]


def test_a_line_replaced_by_a_newer_file_is_not_judged_again(home: Home) -> None:
    with Landing.open(home) as landing:
        assert received(landing, sent(MIXED))[0].held_lines == [3]
        both = received(landing, sent(MIXED), sent(GOOD, days=1))
        assert [answer.held_lines for answer in both] == [[], []]


def test_a_reused_certificate_is_found_among_other_senders_files(home: Home) -> None:
    header = "统一社会信用代码,报告期,类型,电量,计量单位,绿证编号\n"
    with Landing.open(home) as landing:
        first = received(landing, sent((header + f"{A},2023-05,绿证,1,MWh,示例号1\n").encode(), A))[0]
        again = received(landing, sent((header + f"{B},2023-09,绿证,1,MWh,示例号1\n").encode(), B))[0]
    assert first.is_good and [item.code for item in again.findings] == ["Q301", "Q305"]


def test_a_released_line_is_not_announced_as_held_when_its_file_comes_again(home: Home) -> None:
    with Landing.open(home) as landing:
        receipt = received(landing, sent(MIXED))[0].receipt.receipt_id
        landing.decide(receipt, 3, "released", "电话核实", "steward01", AT)
        again = received(landing, sent(MIXED))[0]
    assert again.held_lines == [] and again.is_good
    assert "管理员已放行" in "\n".join(again.findings_text())


def test_a_rule_that_cannot_run_is_told_as_ours_and_the_rest_still_speaks(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = quality.judge_file

    def crippled(ledger: object, contract: str, receipts: list[str]) -> list[quality.Finding]:
        ledger.execute(  # type: ignore[attr-defined]
            "create table stg.crippled as select * exclude (stock_gap) from stg.energy_candidate; "
            "drop view stg.energy_candidate; alter table stg.crippled rename to energy_candidate"
        )
        return real(ledger, contract, receipts)  # type: ignore[arg-type]

    monkeypatch.setattr(quality, "judge_file", crippled)
    file = tmp_path / "能源.csv"
    file.write_bytes(GOOD)
    told = CliRunner().invoke(app, ["receive", str(file)])
    assert told.exit_code == 70
    assert "受理  能源.csv" in told.stdout and "Q151  本规则未能执行（程序问题，与数据无关）" in told.stdout
    assert "暂挂" not in told.stdout
    file.write_bytes(MIXED)
    answer = json.loads(CliRunner().invoke(app, ["receive", str(file), "--json"]).stdout)["receipts"][0]
    assert (answer["held_lines"], answer["broken_rules"], answer["is_judged"]) == (
        [3],
        ["Q111", "Q151"],
        False,
    )


def test_a_broken_data_folder_never_costs_a_receipt(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise BrokenReference("示例问题", "an example")

    monkeypatch.setattr(bench.walk, "refer", broken)
    with Landing.open(home) as landing:
        answer = received(landing, sent(MIXED))[0]
        assert answer.receipt.is_accepted and not answer.is_judged and answer.held_lines == []
        assert "示例问题" in answer.as_text() and len(landing.submissions()) == 2


def test_a_model_that_cannot_run_never_costs_a_receipt_either(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = bench.load_models

    def spoiled(*given: object, **named: object) -> list[Model]:
        return [replace(model, sql="select no_such_column") for model in models(*given, **named)]  # type: ignore[arg-type]

    monkeypatch.setattr(bench, "load_models", spoiled)
    with Landing.open(home) as landing:
        answer = received(landing, sent(MIXED))[0]
    assert answer.receipt.is_accepted and answer.unjudged is not None and answer.held_lines == []
    assert "模型 stg.register_candidate" in answer.unjudged[0]


def test_the_inbox_leaves_the_answer_beside_the_file(home: Home) -> None:
    inbox = home.made(home.inbox)
    (inbox / "一.csv").write_bytes(GOOD)
    (inbox / "二.csv").write_bytes(MIXED.replace(b"2023-05", b"2023-04"))
    (inbox / "三.csv").write_bytes(b"")
    with Landing.open(home) as landing:
        answers = filecheck.take(landing, inbox, AT)
    assert len(answers) == 3
    done = {path.name.split("-", 1)[1]: path for path in (inbox / ".done").iterdir()}
    assert set(done) == {"一.csv", "二.csv", "二.csv.答复.txt"}
    assert "第3行［暂挂］数量为负" in done["二.csv.答复.txt"].read_text(encoding="utf-8")
    assert len(list((inbox / ".refused").glob("*.答复.txt"))) == 1
