"""The steward's page: complete, offline, escaped, and the same bytes every time."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from pipelines import quality
from pipelines.quality.suites import Expected
from tests.quality.station import APRIL, KNOWN, OTHER, STRANGER, Station, power, registered

EVIL = "<script>alert('示例')</script><img src=x onerror=alert(1)>"
BROKEN = Expected("G801", "列名与次序符合约定", "critical", False, (), "KeyError: <b>示例</b>")
SUITES = (quality.SuiteResult("energy_month", "energy：每月准入数据的形状", (BROKEN,)),)


@pytest.fixture(scope="module")
def judged() -> Station:
    made = Station()
    made.receive("register", registered(KNOWN, name=EVIL) + registered(OTHER, name="示例乙厂"))
    lines = [power(consumed=None, consumed_text=EVIL), power(meter_id=EVIL, supplied=-1), power(period=APRIL)]
    made.receive("energy", [*lines, power(factory_id=STRANGER)])
    made.receive("energy", [power(factory_id=OTHER, cost_cny=1), power(factory_id=OTHER, meter_id="2")])
    made.receive("energy", [power(factory_id=OTHER, period=APRIL)])
    made.receive("energy", [power(factory_id=OTHER, period=APRIL, cost_cny=1)])
    made.decide("R0005", 2, "acknowledged")
    return made.run()


@pytest.fixture(scope="module")
def page(judged: Station, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "quality.html"
    quality.report(judged.ledger, path, "2023-05-示例", SUITES)
    return path.read_text(encoding="utf-8")


def _text(page: str) -> str:
    """The page as it is read: tags and styles gone."""
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


def test_text_from_a_file_stays_text(page: str) -> None:
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert page.count("&lt;script&gt;") >= 3


def test_the_page_needs_no_script_and_no_other_place(page: str) -> None:
    assert not re.search(
        r"https?:|//[a-z]|<link|@import|url\(|\son\w+=", page.replace("onerror=alert(1)&gt;", "")
    )


def test_the_same_ledger_gives_the_same_bytes(judged: Station, page: str, tmp_path: Path) -> None:
    again = tmp_path / "again.html"
    quality.report(judged.ledger, again, "2023-05-示例", SUITES)
    assert again.read_bytes() == page.encode()
    assert b"\r" not in again.read_bytes()


def test_the_counts_are_told_and_add_up(page: str) -> None:
    assert "收到 10 ＝ 准入 6 ＋ 暂挂 3 ＋ 退回 0 ＋ 被更正取代 1" in _text(page)
    assert page.count("不符</td>") == 0


def test_rows_that_do_not_add_up_are_not_called_conserved(judged: Station, tmp_path: Path) -> None:
    copy = tmp_path / "page.html"
    judged.ledger.execute("create table stg.kept as select * from stg.line_fate")
    judged.ledger.execute("delete from stg.line_fate where fate = 'held'")
    quality.report(judged.ledger, copy, "示例", SUITES)
    judged.ledger.execute("insert into stg.line_fate select * from stg.kept where fate = 'held'")
    assert "行数不守恒" in copy.read_text(encoding="utf-8")


def test_a_held_row_says_what_was_read_why_and_what_to_type(page: str) -> None:
    text = _text(page)
    assert "Q103 数量为负 读到：购进量“120”，消费量“120”，外供量“-1” 当月实物量不会小于零" in text
    assert "greenledger steward release R0002 3 --reason 理由" in text
    assert "greenledger steward reject R0002 3 --reason 理由" in text
    assert "（不在名录内） 91310000MA1FL0EF3Y" in text


def test_a_row_that_cannot_be_computed_with_is_not_offered_for_release(page: str) -> None:
    assert "steward release R0002 2" not in page
    assert "steward reject R0002 2" in page


def test_warnings_wait_until_they_are_acknowledged(page: str) -> None:
    assert "steward acknowledge R0003 2" in page
    assert "steward acknowledge R0005 2" not in page
    assert "待说明的提示（1 行）" in page


def test_a_rule_that_could_not_be_run_stands_apart_from_bad_data(page: str) -> None:
    apart, _, rest = page.partition("<h2>暂挂的行")
    assert "未能执行的约定（程序问题，与数据无关）" in apart
    assert "KeyError: &lt;b&gt;示例&lt;/b&gt;" in apart
    assert "G801 不符合" not in rest


def test_every_rule_is_listed_with_its_source(page: str) -> None:
    for rule in quality.load_rules():
        assert f">{rule.code}</td>" in page
        assert rule.title.zh in page


def test_factories_are_shaded_by_the_share_of_their_rows_that_wait(page: str) -> None:
    assert re.search(r'class="h3" title="2023-05：2 行，暂挂 2，提示 0"', page)
    assert re.search(r'class="w" title="2023-04：1 行，暂挂 0，提示 1"', page)


def test_only_the_first_rows_are_listed_and_the_page_says_so(
    judged: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The room's door gives the function of the same name, so the module is asked for by its full name.
    monkeypatch.setattr(sys.modules["pipelines.quality.report"], "MOST_HELD", 1)
    path = tmp_path / "page.html"
    quality.report(judged.ledger, path, "示例", SUITES)
    text = path.read_text(encoding="utf-8")
    assert text.count("steward reject") == 1
    assert "只列前 1 行" in text
    assert "暂挂的行（3 行）" in text


def test_without_suites_they_are_evaluated_for_the_page(judged: Station, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    quality.report(judged.ledger, path, "示例")
    text = path.read_text(encoding="utf-8")
    assert "全部符合" in text
    assert "未能执行" not in text


def test_an_empty_ledger_has_a_page_too(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    quality.report(Station().run().ledger, path, "示例", SUITES)
    text = path.read_text(encoding="utf-8")
    assert "没有暂挂的行" in text
    assert "没有待说明的提示" in text
