"""Published months stay: a late correction, new factors and a title taken back wait, until somebody restates.

The district is the golden one. By hand, January 2023 on the provincial basis: 丙 corrects 400 GJ to 450, which is
50 × 0.11 = 5.5 t; a factor of 0.6 instead of 0.5737 t/MWh on 1,625 MWh is 42.7375 t; together 1,023.869383 becomes
1,072.106883 t. 甲's title, the only one, is taken back from 2022-12-31: the share falls from exactly 30 % to nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines import intake, paths, reports
from pipelines.cli import app, main
from pipelines.dag import factors, rebuild, release, splicing
from pipelines.dag.asked import Order
from pipelines.dag.clocks import Clock, Frozen
from pipelines.dag.site import Rulebook, Site
from pipelines.engine import Ledger, exclusive
from pipelines.errors import Busy, FrozenMonth, TamperedRegister
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month
from tests.dag.district import AS_OF, JANUARY, delivered, publish, receive, with_grid_factor
from tests.golden.test_golden import FILES, A, C, D

PURPOSE = "location_provincial"
TITLES = "统一社会信用代码,称号,级别,批次年度,公布日期,移出日期,文号\n{},绿色工厂,市级,2022,2022-06-01,2022-12-31,示例〔2022〕1号\n"


class Story(NamedTuple):
    """First published; published again after everything had changed; restated; published after that."""

    home: Home
    first: Path
    later: Path
    explained: list[bool]
    restated: Path
    after: Path


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    root = tmp_path_factory.mktemp("story")
    home = delivered(root / "home")
    first = publish(home)
    correction = sorted(FILES.iterdir())[6].read_bytes().replace(b",400", b",450")
    receive(home, "丙-迟报.csv", correction, datetime(2023, 6, 1, tzinfo=SHANGHAI))
    with intake.Landing.open(home) as landing:
        held = landing.submissions().filter(pl.col("filename").str.contains("丁"))["receipt_id"].item()
        landing.decide(held, 3, "rejected", "负数", "steward01", datetime(2026, 6, 29, tzinfo=SHANGHAI))
    receive(home, "称号.csv", TITLES.format(A).encode(), datetime(2023, 6, 2, tzinfo=SHANGHAI))
    new = with_grid_factor(root)
    noon = datetime(2026, 6, 30, 12, tzinfo=SHANGHAI)
    factors.pin(home, new, name="新因子", actor="steward01", as_of=AS_OF, at=noon)
    factors.activate(home, "新因子", reason="示例", actor="steward01", at=noon)
    later = publish(home)
    explained = list(_explained(home))
    order = Order((JANUARY,), "丙企业更正用热量", "张主任", date(2026, 7, 1))
    restated = publish(home, order=order)
    yield Story(home, first, later, explained, restated, publish(home))


def _explained(home: Home) -> Iterator[bool]:
    with Ledger.open(home.ledger, read_only=True) as ledger, intake.Landing.open(home) as landing:
        for figure in ("co2/2023-01", f"co2/2023-01/{A}/33"):
            yield reports.explain(ledger, landing, figure).agrees


def mart(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / "marts" / f"{name}.parquet")


def frozen(folder: Path, name: str) -> pl.DataFrame:
    """The rows of the months somebody reported for."""
    return mart(folder, name).filter(pl.col("month") >= date(2022, 12, 1))


def district(folder: Path) -> dict[str, str]:
    rows = mart(folder, "district_month").filter(pl.col("purpose") == PURPOSE).to_dicts()
    return {f"{row['month']:%Y-%m}": str(row["co2_t"]) for row in rows if row["co2_t"] is not None}


def share(folder: Path) -> tuple[str, bool]:
    row = (
        mart(folder, "green_share")
        .filter((pl.col("month") == JANUARY.first) & pl.col("is_headline"))
        .to_dicts()[0]
    )
    return str(row["numerator"]), row["is_met"]


def read(folder: Path, name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return told


def test_what_was_published_of_a_month_stays_whatever_is_known_later(story: Story) -> None:
    assert district(story.first) == {"2022-12": "584.900000", "2023-01": "1023.869383"}
    for name in ("district_month", "factory_month", "green_share", "plan_progress", "green_factory"):
        assert frozen(story.later, name).equals(frozen(story.first, name)), name
    assert mart(story.later, "ranking").equals(mart(story.first, "ranking"))
    assert story.later != story.first
    assert story.explained == [True, True]


def test_what_would_change_is_listed_figure_by_figure_and_nothing_is_lost(story: Story) -> None:
    pending = read(story.later, "pending.json")
    figures = {(row["table"], row["key"], row["month"], row["column"]): row for row in pending["figures"]}
    row = figures[("mart.district_month", f"purpose={PURPOSE}", "2023-01", "co2_t")]
    assert (row["old"], row["new"], row["difference"]) == ("1023.869383", "1072.106883", "48.2375")
    row = figures[("mart.green_share", "definition=output;cluster_variant=a9", "2023-01", "is_met")]
    assert (row["old"], row["new"]) == ("true", "false")
    assert {row["month"] for row in pending["figures"]} == {"2022-12", "2023-01"}
    aside = [(row["factory_id"], row["line_no"], row["decision_seq"] is None) for row in pending["set_aside"]]
    assert aside == [(C, 2, True), (D, 3, False)]
    for page in ("dashboard.html", "brief.md", "quality.html"):
        text = (story.later / page).read_text(encoding="utf-8")
        assert "待重述" in text and "1,072.106883" in text, page
    assert not (story.first / "pending.json").exists()


def test_a_restatement_is_a_new_release_with_old_new_reason_and_approver(story: Story) -> None:
    assert district(story.restated)["2023-01"] == "1072.106883"
    assert share(story.restated) == ("0.00", False)
    record = read(story.restated, "restatement.json")
    assert (record["reason"], record["approver"], record["on"]) == (
        "丙企业更正用热量",
        "张主任",
        "2026-07-01",
    )
    assert record["replaces"][0]["release"] == story.first.name
    old, new = record["replaces"][0]["clock"], record["clock"]
    assert old["factors"] != new["factors"] and old["submission_seq"] < new["submission_seq"]
    mine = {
        row["column"]: row
        for row in record["figures"]
        if row["factory_id"] == A and "factory_month" in row["table"]
    }
    assert (mine["co2_t"]["old"], mine["co2_t"]["new"], mine["co2_t"]["difference"]) == (
        "573.7",
        "600",
        "26.3",
    )
    for folder in (story.restated, story.after):
        text = (folder / "dashboard.html").read_text(encoding="utf-8")
        assert "丙企业更正用热量" in text and "张主任" in text and story.restated.name in text


def test_explain_and_progress_say_what_was_restated_and_what_waits(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLEDGER_HOME", str(story.home.root))
    told = CliRunner().invoke(app, ["explain", "co2/2023-01"])
    assert told.exit_code == 0
    text = "".join(told.stdout.split())
    assert "2023-01于" in text and "批准人张主任" in text and "丙企业更正用热量" in text
    assert "重述" not in CliRunner().invoke(app, ["explain", "co2/2022-11"]).stdout
    assert release.pending_in(story.restated) == ["2022-12"]
    progress = json.loads(CliRunner().invoke(app, ["progress", "--json"]).stdout)
    assert any("张主任" in line for line in progress["standing"])
    assert "张主任" in CliRunner().invoke(app, ["progress"]).stdout


def test_a_decision_taken_after_the_closing_takes_effect_with_the_restatement(story: Story) -> None:
    waiting = (pl.col("factory_id") == D) & (pl.col("month") == JANUARY.first)
    held = [
        mart(folder, "factory_month").filter(waiting)["held_lines"].item()
        for folder in (story.first, story.later, story.restated)
    ]
    assert held == [1, 1, 0]


def test_a_restatement_leaves_the_other_months_alone(story: Story) -> None:
    december = pl.col("month") == date(2022, 12, 1)
    for name in ("green_share", "green_factory", "plan_progress"):
        assert mart(story.restated, name).filter(december).equals(mart(story.first, name).filter(december)), (
            name
        )
    waits = read(story.restated, "pending.json")["figures"]
    assert {row["month"] for row in waits} == {"2022-12"}


def test_later_runs_stand_on_the_restated_month(story: Story) -> None:
    assert district(story.after) == district(story.restated)
    assert release.current(story.home) == story.after


def test_every_release_is_rebuilt_to_the_byte_old_and_new(story: Story) -> None:
    for folder in (story.first, story.later, story.restated, story.after):
        result = rebuild.verify(story.home, folder)
        assert result.holds, result.differences
    assert rebuild.verify(story.home, story.later).rests_on == (story.first.name,)


def test_the_same_run_again_gives_the_same_bytes(story: Story) -> None:
    before = {path.name: path.read_bytes() for path in story.after.rglob("*") if path.is_file()}
    assert publish(story.home) == story.after
    assert {path.name: path.read_bytes() for path in story.after.rglob("*") if path.is_file()} == before


def test_the_register_remembers_freezing_and_restating_in_its_chain(story: Story) -> None:
    with intake.Landing.open(story.home) as landing:
        landing.verify_chain()
        events = landing.events("frozen", "restated")
    assert [(event["kind"], event["receipt_id"]) for event in events] == [
        ("frozen", story.first.name),
        ("restated", story.restated.name),
    ]
    said = json.loads(events[1]["payload"])
    assert (events[1]["actor"], said["reason"], said["months"]) == ("张主任", "丙企业更正用热量", ["2023-01"])


def test_nothing_to_restate_is_refused_and_publishes_nothing(story: Story) -> None:
    before = sorted(story.home.published.iterdir())
    with pytest.raises(FrozenMonth, match="没有一个数字会变"):
        publish(story.home, order=Order((JANUARY,), "再来一次", "张主任", AS_OF))
    with pytest.raises(FrozenMonth, match="2023-02 没有冻结"):
        publish(story.home, order=Order((Month(2023, 2),), "早了", "张主任", AS_OF))
    assert [
        path for path in sorted(story.home.published.iterdir()) if not path.name.startswith(".")
    ] == before


def test_a_run_may_not_know_less_than_what_is_frozen(story: Story) -> None:
    with pytest.raises(FrozenMonth, match=r"2022-12 至 2023-01 共 2 个月.*2026-06-30"):
        publish(story.home, as_of=date(2024, 1, 1))


def test_a_changed_published_file_or_pinned_factor_is_found(story: Story) -> None:
    path = story.first / "marts" / "district_month.parquet"
    kept = path.read_bytes()
    path.write_bytes(kept + b"x")
    try:
        with pytest.raises(TamperedRegister, match="district_month"):
            publish(story.home)
    finally:
        path.write_bytes(kept)
    pinned = story.home.factors / factors.active(story.home).factors_id / "gwp.csv"
    kept = pinned.read_bytes()
    pinned.chmod(0o644)
    pinned.write_bytes(kept + b"\n")
    try:
        with pytest.raises(TamperedRegister, match="已被改动"):
            factors.active(story.home)
    finally:
        pinned.write_bytes(kept)


def test_an_open_month_takes_the_new_factor_beside_a_frozen_one(story: Story) -> None:
    clock = Clock(AS_OF, 0, 0, factors.id_of(paths.EMISSION_FACTORS))
    active = Rulebook(emission_factors=factors.active(story.home).folder)
    site = Site(story.home, Month(2023, 2), AS_OF, active, frozen={JANUARY: Frozen("R", clock)})
    with Ledger.memory() as ledger:
        table = splicing.factor_tables(ledger, site)["ref.emission_factor"]
        assert ledger.rows(splicing.SPLICED)["month"].to_list() == [JANUARY.first]
    mine = table.filter((pl.col("purpose") == PURPOSE) & (pl.col("energy_code") == "33")).sort("valid_from")
    of_2023 = mine.filter(pl.col("valid_from").dt.year() == 2023)
    assert [
        (f"{row['valid_from']}", f"{row['valid_to']}", str(row["factor_t"])) for row in of_2023.to_dicts()
    ] == [
        ("2023-01-01", "2023-02-01", "0.573700000000"),
        ("2023-02-01", "2024-01-01", "0.600000000000"),
    ]
    assert mine["valid_from"].to_list()[1:] == mine["valid_to"].to_list()[:-1]


def test_before_the_closing_day_a_month_is_preliminary_and_may_change(tmp_path: Path) -> None:
    """January closes on 25 February, December on 25 January: on 20 February one is open, the other frozen."""
    home, day = delivered(tmp_path), date(2023, 2, 20)
    first = publish(home, as_of=day)
    text = (first / "dashboard.html").read_text(encoding="utf-8")
    assert "初步：2023-01" in text and "已冻结 1 个月" in text
    correction = sorted(FILES.iterdir())[6].read_bytes().replace(b",400", b",450")
    receive(home, "丙-更正.csv", correction, datetime(2023, 2, 20, 9, tzinfo=SHANGHAI))
    second = publish(home, as_of=day)
    ours = (pl.col("purpose") == "shanghai_ets") & (pl.col("month") == JANUARY.first)
    before, after = (
        mart(folder, "district_month").filter(ours)["co2_t"].item() for folder in (first, second)
    )
    assert after - before == 3  # 50 GJ × 0.06
    assert not (second / "pending.json").exists()
    for folder in (first, second):
        assert rebuild.verify(home, folder).holds


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--month", "2023-01", "--approver", "张主任"], 2),
        (["--month", "2023-01", "--reason", "更正"], 2),
        (["--month", "2023-01", "--reason", " ", "--approver", "张主任"], 2),
        (["--month", "一月", "--reason", "更正", "--approver", "张主任"], 2),
        (["--reason", "更正", "--approver", "张主任"], 2),
    ],
)
def test_a_restatement_needs_a_month_a_reason_and_an_approver(options: list[str], code: int) -> None:
    assert CliRunner().invoke(app, ["restate", *options]).exit_code == code


def test_the_command_is_told_when_another_run_is_busy(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLEDGER_HOME", str(story.home.root))
    options = ["restate", "--month", "2022-12", "--reason", "称号移出", "--approver", "张主任", "--json"]
    with exclusive(story.home.run_lock):
        busy = CliRunner().invoke(app, options)
        assert isinstance(busy.exception, Busy)
        monkeypatch.setattr("sys.argv", ["greenledger", *options])
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == 75


def test_the_command_restates_through_the_orchestrator(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Last of the story: December's share follows the title taken back."""
    monkeypatch.setenv("GREENLEDGER_HOME", str(story.home.root))
    told = CliRunner().invoke(
        app,
        [
            "restate",
            "--month",
            "2022-12",
            "--reason",
            "称号移出",
            "--approver",
            "张主任",
            "--as-of",
            "2026-06-30",
            "--json",
        ],
    )
    assert told.exit_code == 0, told.output
    record = json.loads(told.stdout)
    assert record["months"] == ["2022-12"] and record["figures"]
    folder = story.home.published / record["release"]
    assert not (folder / "pending.json").exists()
    assert rebuild.verify(story.home, folder).holds
