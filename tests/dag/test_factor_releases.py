"""Factor releases: pinned under their hash, compared row by row, rehearsed on the golden district by hand.

In January 2023 the district uses 1,625 MWh: 甲 1,000, 乙 325, 丁 100, 戊 200. A provincial factor of 0.6 instead of
0.5737 t/MWh is 0.0263 more for each: 26.3 + 8.5475 + 2.63 + 5.26 = 42.7375 t.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines import paths
from pipelines.cli import app
from pipelines.dag import factordiff, factors, rehearsal
from pipelines.engine import exclusive
from pipelines.errors import BrokenReference, Busy, NotFound
from pipelines.paths import Home
from pipelines.periods import SHANGHAI
from tests.dag.district import AS_OF, GRID, JANUARY, delivered, with_grid_factor
from tests.golden.test_golden import A, B, C, D, E
from tests.reference import folder as factor_folder

NOON = datetime(2026, 6, 30, 12, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield delivered(tmp_path_factory.mktemp("factors"))


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The factors with 0.6 for 0.5737, a comparison row taken away and a potential for an invented gas added."""
    folder = with_grid_factor(tmp_path)
    factor_folder.rewrite(folder, "derived_co2", lambda rows: rows[1:])
    factor_folder.rewrite(
        folder, "gwp", lambda rows: [*rows, rows[-1] | {"factor_id": "gwp.zz", "edition": "AR6", "gas": "ZZ"}]
    )
    return folder


def diff(home: Home, a: str, b: str) -> dict[str, Any]:
    return factordiff.diff(factors.find(home, a), factors.find(home, b), AS_OF)


def state(home: Home) -> dict[str, str]:
    """Every file of the state folder but the register's own bookkeeping."""
    return {
        path.relative_to(home.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.root.rglob("*")
        if path.is_file() and not path.name.startswith("register.sqlite-")
    }


def test_the_same_files_are_the_same_release_whoever_pins_them(home: Home, tmp_path: Path) -> None:
    first = factors.pin(home, paths.EMISSION_FACTORS, name="现行", actor="甲", as_of=AS_OF, at=NOON)
    copy = factor_folder.copy(tmp_path)
    assert factors.pin(home, copy, name="现行", actor="乙", as_of=AS_OF, at=NOON) == first
    told = [item for item in factors.releases(home) if item["factors"] == first]
    assert (told[0]["names"], told[0]["by"], told[0]["created_at"][:10]) == (["现行"], "甲", "2026-06-30")
    file = paths.EMISSION_FACTORS / "gwp.csv"
    assert told[0]["files"]["gwp.csv"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert len(told[0]["resolved"]) == 64
    assert factors.find(home, "现行").factors_id == factors.find(home, first).factors_id == first


def test_a_name_belongs_to_one_release(home: Home, changed: Path) -> None:
    factors.pin(home, paths.EMISSION_FACTORS, name="唯一", actor="甲", as_of=AS_OF, at=NOON)
    with pytest.raises(NotFound, match="已属于"):
        factors.pin(home, changed, name="唯一", actor="甲", as_of=AS_OF, at=NOON)


def test_a_diff_tells_rows_added_removed_and_changed_and_what_a_run_would_choose(
    home: Home, changed: Path
) -> None:
    found = diff(home, "checkout", str(changed))
    said = found["summary"]
    assert (said["files"], said["added"], said["removed"], said["changed"], said["is_same"]) == (
        3,
        1,
        1,
        1,
        False,
    )
    files = {change["file"]: change for change in found["files"]}
    assert files["purchased_factors.csv"]["changed"] == [
        {
            "key": {"factor_id": GRID},
            "fields": {key: {"old": "0.5737", "new": "0.6"} for key in ("value", "value_published")},
        }
    ]
    assert files["gwp.csv"]["added"][0]["factor_id"] == "gwp.zz"
    assert (
        files["derived_co2.csv"]["removed"][0]["factor_id"]
        == factor_folder.lines("derived_co2")[0]["factor_id"]
    )
    grid = [entry for entry in found["resolved"] if entry["table"] == "ref.emission_factor"]
    assert [(entry["purpose"], entry["energy_code"], entry["valid_from"]) for entry in grid] == [
        ("location_provincial", "33", "2023-01-01"),
        ("location_provincial", "33", "2024-01-01"),  # stands in for later years
    ]
    assert (grid[0]["old"]["value"], grid[0]["new"]["value"]) == ("0.5737", "0.6")
    assert grid[0]["relative_change"] == {"fraction": "263/5737", "decimal": "0.045842775"}
    new = [entry for entry in found["resolved"] if entry["table"] == "ref.gwp"]
    assert [(entry["gas"], entry["old"]) for entry in new] == [("ZZ", None)]


def test_a_factor_that_goes_is_told_with_its_intervals(home: Home, tmp_path: Path) -> None:
    folder = factor_folder.copy(tmp_path)
    factor_folder.spoil(folder, "purchased_factors", "heat.national.cn", "confidence", "recalled")
    found = diff(home, "checkout", str(folder))["resolved"]
    assert {entry["energy_code"] for entry in found} == {"32"}
    assert all(entry["new"] is None and entry["old"]["value"] == "0.11" for entry in found)


def test_a_diff_is_the_same_bytes_every_time_and_empty_of_the_same(home: Home, changed: Path) -> None:
    assert json.dumps(diff(home, "checkout", str(changed))) == json.dumps(
        diff(home, "checkout", str(changed))
    )
    same = diff(home, "checkout", "active")
    assert same["summary"]["is_same"] and same["files"] == same["resolved"] == []


def test_a_rehearsal_computes_old_against_new_and_changes_nothing(home: Home, changed: Path) -> None:
    before = state(home)
    found = rehearsal.rehearse(home, str(changed), through=JANUARY, as_of=AS_OF)
    assert state(home) == before
    moved = [row for row in found["co2_t"] if row["difference"] != "0"]
    assert [(row["purpose"], row["year"], row["difference"]) for row in moved] == [
        ("location_provincial", 2023, "42.7375")
    ]
    assert [(row["factory_id"], row["difference"]) for row in found["movers"]] == [
        (A, "26.3"),
        (B, "8.5475"),
        (E, "5.26"),
        (D, "2.63"),
    ]
    assert {(row["factory_id"], row["month"]) for row in found["factory_months"]} == {
        (factory, "2023-01") for factory in (A, B, D, E)
    }
    assert all(row["difference"] == "0" for row in found["coal_tce"]) and found["coal_tce"]
    assert found["flips"] == found["without_factor"] == []


def test_a_rehearsal_tells_what_a_gwp_moves_and_where_the_whole_inventory_stays(
    home: Home, changed: Path, tmp_path: Path
) -> None:
    """A potential moves no energy CO2: told by the inventory, gas by gas, or by nothing at all."""
    grid = rehearsal.rehearse(home, str(changed), through=JANUARY, as_of=AS_OF)
    moved = [row for row in grid["inventory_co2e_t"] if row["difference"] != "0"]
    assert [(row["purpose"], row["category"], row["gas"], row["difference"]) for row in moved] == [
        ("location_provincial", "electricity", "CO2", "42.7375")
    ]
    folder = factor_folder.copy(tmp_path / "other")
    assert factor_folder.row_of("gwp", "gwp.cf4.ar5")["gwp"] == "6630"
    factor_folder.spoil(folder, "gwp", "gwp.cf4.ar5", "gwp", "6640")
    found = rehearsal.rehearse(home, str(folder), through=JANUARY, as_of=AS_OF)
    assert all(row["difference"] == "0" for row in found["co2_t"]) and not found["movers"]
    moved = [row for row in found["inventory_co2e_t"] if row["difference"] != "0"]
    # 0.018 t of CF4 as a by-product of NF3 (tests/golden/ANSWERS.md), times 10.
    assert {(row["category"], row["gas"], row["difference"]) for row in moved} == {("process", "CF4", "0.18")}
    assert {row["factory_id"] for row in found["inventory_movers"]} == {A}


def test_a_rehearsal_tells_what_loses_its_factor(home: Home, tmp_path: Path) -> None:
    folder = factor_folder.copy(tmp_path)
    factor_folder.spoil(folder, "purchased_factors", "heat.national.cn", "confidence", "recalled")
    lost = rehearsal.rehearse(home, str(folder), through=JANUARY, as_of=AS_OF)["without_factor"]
    assert {(row["factory_id"], row["month"], row["energy_code"]) for row in lost} == {(C, "2023-01", "32")}
    assert "shanghai_ets" not in {row["purpose"] for row in lost}
    assert next(row for row in lost if row["purpose"] == "location_provincial")["co2_t"] == "44"


def test_a_rehearsal_tells_which_lights_would_flip(home: Home, tmp_path: Path) -> None:
    """The share is exactly 30 %: a target of 31 % would not be met."""
    factor_folder.copy(tmp_path)
    shutil.copytree(paths.SCHEMAS, tmp_path / "schemas")
    target = next((tmp_path / "schemas" / "targets").glob("*.yml"))
    text = target.read_text(encoding="utf-8")
    old = 'value: "30", unit: "%"'
    assert old in text
    target.write_text(text.replace(old, 'value: "31", unit: "%"'), encoding="utf-8")
    found = rehearsal.rehearse(home, str(tmp_path), through=JANUARY, as_of=AS_OF)
    flips = {(row["table"], row["key"].get("definition"), row["key"]["month"]): row for row in found["flips"]}
    row = flips[("mart.green_share", "output", "2023-01")]
    assert (row["old"], row["new"]) == ("true", "false")
    assert any(row["table"] == "mart.plan_progress" for row in found["flips"])
    assert all(row["difference"] == "0" for row in found["co2_t"])


def test_a_broken_set_stops_with_the_loaders_message(home: Home, tmp_path: Path) -> None:
    folder = factor_folder.copy(tmp_path)
    line = factor_folder.spoil(folder, "purchased_factors", GRID, "source_id", "nobody")
    for act in (
        lambda: rehearsal.rehearse(home, str(folder), through=JANUARY, as_of=AS_OF),
        lambda: diff(home, "checkout", str(folder)),
        lambda: factors.pin(home, folder, name="", actor="甲", as_of=AS_OF, at=NOON),
    ):
        with pytest.raises(BrokenReference, match=f"purchased_factors.csv 第{line}行「source_id」.*nobody"):
            act()
    assert factors.id_of(folder) not in {item["factors"] for item in factors.releases(home)}


def test_other_units_cannot_be_rehearsed(home: Home, tmp_path: Path) -> None:
    folder = factor_folder.copy(tmp_path)
    with (folder / "units.txt").open("a", encoding="utf-8") as stream:
        stream.write("# 另一版\n")
    with pytest.raises(BrokenReference, match=r"units\.txt"):
        rehearsal.rehearse(home, str(folder), through=JANUARY, as_of=AS_OF)


def test_commands_answer_people_and_programs(
    home: Home, changed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GREENLEDGER_HOME", str(home.root))
    runner = CliRunner()
    pinned = json.loads(
        runner.invoke(
            app, ["factors", "pin", str(changed), "--name", "命令", "--as-of", "2026-06-30", "--json"]
        ).stdout
    )
    listed = json.loads(runner.invoke(app, ["factors", "releases", "--json"]).stdout)
    assert pinned["factors"] in {item["factors"] for item in listed["releases"]}
    assert listed["active_from"] == "checkout"
    told = runner.invoke(app, ["factors", "diff", "checkout", "命令", "--as-of", "2026-06-30"]).stdout
    assert f"改 {GRID}  value 0.5737 → 0.6" in told and "+4.5843%" in told
    out = tmp_path / "out"
    asked = ["factors", "rehearse", "命令", "--month", "2023-01", "--as-of", "2026-06-30", "--out", str(out)]
    told = runner.invoke(app, asked).stdout
    assert "1023.869382702866 → 1066.606882702866" in told and "变动最大的企业：4 项" in told
    assert json.loads((out / "rehearsal.json").read_text(encoding="utf-8"))["new"] == pinned["factors"]
    assert len((out / "factory_months.csv").read_text(encoding="utf-8").splitlines()) == 5
    for wrong in (
        ["diff", "checkout", "F00"],
        ["rehearse", "F00", "--month", "2023-01", "--as-of", "2026-06-30"],
    ):
        assert isinstance(runner.invoke(app, ["factors", *wrong]).exception, NotFound)
    choose = ["factors", "activate", "命令", "--by", "steward01"]
    assert runner.invoke(app, choose).exit_code == 2
    assert runner.invoke(app, [*choose, "--reason", " "]).exit_code == 2
    with exclusive(home.run_lock):
        assert isinstance(runner.invoke(app, [*choose, "--reason", "公告"]).exception, Busy)
    assert runner.invoke(app, [*choose, "--reason", "公告"]).exit_code == 0
    assert factors.active(home).factors_id == pinned["factors"]
    assert (
        runner.invoke(app, ["factors", "activate", "checkout", "--by", "a", "--reason", "改回"]).exit_code
        == 0
    )
    assert factors.active(home).origin == "checkout"
