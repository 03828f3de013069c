"""The inbox: long names, copies still being written, files taken back."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipelines import intake
from pipelines.intake import Landing
from pipelines.paths import Home
from pipelines.periods import SHANGHAI
from tests.sample.codes import credit_code

AT = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)
A = credit_code(1)
GOOD = f"统一社会信用代码,报告期,能源代码,计量单位,消费量\n{A},2023-05,33,万千瓦时,12.5\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.made(made.inbox)
    return made


def taken(home: Home, at: datetime = AT) -> list[str]:
    with Landing.open(home) as landing:
        return [receipt.outcome for receipt in intake.take(landing, home.inbox, at)]


@pytest.mark.parametrize("text", [GOOD, "甲,乙\n"])
@pytest.mark.parametrize("name", ["能" * 83 + ".csv", "能" * 85, "a" * 251 + ".csv"])
def test_a_file_with_the_longest_name_a_folder_holds_is_taken_and_answered(
    home: Home, name: str, text: str
) -> None:
    (home.inbox / name).write_text(text, encoding="utf-8")
    (home.inbox / "后一份.csv").write_text(text + "\n\n", encoding="utf-8")

    assert len(taken(home)) == 2 and [path for path in home.inbox.iterdir() if path.is_file()] == []
    kept = [path for folder in home.inbox.iterdir() for path in folder.iterdir()]
    assert all(path.name.startswith("R") for path in kept)
    assert len([path for path in kept if path.name.endswith(".答复.txt")]) == (0 if text == GOOD else 2)


def test_a_copy_still_being_written_waits_for_the_next_time(home: Home) -> None:
    path = home.inbox / "慢.csv"
    path.write_text(GOOD, encoding="utf-8")
    written = AT.timestamp() - 1
    os.utime(path, (written, written))
    assert taken(home) == [] and path.exists()
    assert taken(home, AT + timedelta(seconds=5)) == ["accepted"] and not path.exists()


def test_a_file_taken_back_after_it_was_read_stops_nothing(home: Home) -> None:
    (home.inbox / "一.csv").write_text(GOOD, encoding="utf-8")
    (home.inbox / "二.csv").write_text(GOOD + "\n", encoding="utf-8")

    def answering(receipts: object) -> list[str]:
        (home.inbox / "一.csv").unlink()
        return ["", ""]

    with Landing.open(home) as landing:
        assert len(intake.take(landing, home.inbox, AT, answering)) == 2
        assert len(landing.submissions()) == 2
