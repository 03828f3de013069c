"""The register over time: refusals that are mended, strangers, disks that fail, what was changed behind its back."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines import intake
from pipelines.errors import BrokenReference, NotFound, TamperedRegister
from pipelines.intake import Landing
from pipelines.intake.storedlines import StoredLines
from pipelines.paths import Home
from pipelines.periods import SHANGHAI
from tests.sample.codes import credit_code

AT = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)
A, B = credit_code(1), credit_code(2)
GOOD = f"统一社会信用代码,报告期,能源名称,计量单位,消费量\n{A},2023-05,电力,万千瓦时,12.5\n".encode()
EARLY = GOOD.replace(b"2023-05", b"2023-07")


def send(landing: Landing, data: bytes, sender: str = A, at: datetime = AT) -> intake.Receipt:
    return intake.receive(data, sender=sender, filename="能源.csv", at=at, landing=landing)


def test_a_file_refused_for_its_future_month_is_accepted_when_the_month_has_come(tmp_path: Path) -> None:
    july = AT + timedelta(days=50)
    with Landing.open(Home(tmp_path)) as landing:
        assert [send(landing, EARLY).outcome, send(landing, EARLY).is_repeat] == ["refused", True]
        later = send(landing, EARLY, at=july)
        assert later.is_accepted and not later.is_repeat
        standing = landing.submissions()
        assert standing["outcome"].to_list() == ["accepted"] and standing["receipt_id"].is_unique().all()
        assert landing.submissions(until=AT)["outcome"].to_list() == ["refused"]
        assert landing.verify_chain() == 2


def test_a_stranger_sending_a_factorys_file_first_does_not_shut_its_owner_out(tmp_path: Path) -> None:
    with Landing.open(Home(tmp_path)) as landing:
        assert [item.code for item in send(landing, GOOD, sender=B).problems] == ["E303"]
        assert send(landing, GOOD, sender=A).is_accepted
        assert [item.code for item in send(landing, GOOD, sender=B).problems] == ["E108"]
        assert landing.submissions()["outcome"].to_list() == ["accepted"]


def test_a_factory_repeating_what_the_commission_sent_for_it_is_told_it_is_there(tmp_path: Path) -> None:
    with Landing.open(Home(tmp_path)) as landing:
        first = send(landing, GOOD, sender="commission")
        again = send(landing, GOOD, sender=A)
        assert again.is_accepted and again.is_repeat and again.receipt_id == first.receipt_id
        assert len(landing.submissions()) == 1


def test_a_refused_file_is_kept_with_its_problems_and_rows(tmp_path: Path) -> None:
    with Landing.open(Home(tmp_path)) as landing:
        refused = send(landing, EARLY)
        told = landing.receipt(refused.receipt_id)
        assert (told["outcome"], told["rows"]) == ("refused", 1)
        assert [item["code"] for item in told["problems"]] == ["E305"]
        assert landing.originals.read(refused.sha256) == EARLY
        with pytest.raises(NotFound):
            landing.receipt("R0000000000000000")


def test_the_same_bytes_twice_in_one_delivery_are_one_submission(tmp_path: Path) -> None:
    deliveries = [intake.Delivery(data, A, "x.csv", AT) for data in (GOOD, EARLY, GOOD, EARLY)]
    with Landing.open(Home(tmp_path)) as landing:
        receipts = intake.receive_many(deliveries, landing=landing)
        assert [receipt.is_repeat for receipt in receipts] == [False, False, True, True]
        assert landing.verify_chain() == len(landing.submissions()) == 2


def test_a_disk_that_fails_while_the_original_is_written_leaves_nothing_registered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "no space left on device")

    with Landing.open(Home(tmp_path)) as landing:
        monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="no space"):
            send(landing, GOOD)
        monkeypatch.undo()
        assert landing.submissions().is_empty() and list(Home(tmp_path).originals.iterdir()) == []
        assert send(landing, GOOD).is_accepted


def test_a_crash_between_register_and_lines_is_mended_by_reading_the_original(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with Landing.open(Home(tmp_path)) as landing:
        monkeypatch.setattr(StoredLines, "write", crash)
        with pytest.raises(KeyboardInterrupt):
            send(landing, GOOD)
        monkeypatch.undo()
        receipt_id = landing.submissions()["receipt_id"][0]
        assert len(pl.read_parquet(landing.lines("energy", [receipt_id])[0])) == 1


@pytest.mark.parametrize("left", [b"", b"PAR1 and then the power went"])
def test_half_written_lines_are_made_again(tmp_path: Path, left: bytes) -> None:
    with Landing.open(Home(tmp_path)) as landing:
        receipt = send(landing, GOOD)
        landing.stored.path("energy", receipt.receipt_id).write_bytes(left)
        assert len(pl.read_parquet(landing.lines("energy", [receipt.receipt_id])[0])) == 1


def test_an_accepted_file_that_can_no_longer_be_read_stops_the_run_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.intake.codes import problem  # noqa: PLC0415
    from pipelines.intake.parsing import Outcome  # noqa: PLC0415

    with Landing.open(Home(tmp_path)) as landing:
        receipt = send(landing, GOOD)
        landing.stored.path("energy", receipt.receipt_id).unlink()
        unread = Outcome(problems=[problem("E308", line=2)], problem_count=1)
        monkeypatch.setattr(landing.reader, "read", lambda *_: unread)
        with pytest.raises(BrokenReference, match="E308"):
            landing.lines("energy", [receipt.receipt_id])
        assert not landing.stored.path("energy", receipt.receipt_id).exists()


def test_a_decision_needs_a_line_that_was_accepted(tmp_path: Path) -> None:
    with Landing.open(Home(tmp_path)) as landing:
        receipt, refused = send(landing, GOOD), send(landing, EARLY)
        for receipt_id, line in ((receipt.receipt_id, 99), (refused.receipt_id, 2), ("R0", 2)):
            with pytest.raises(NotFound):
                landing.decide(receipt_id, line, "released", "核实", "steward", AT)
        landing.decide(receipt.receipt_id, 2, "released", "核实", "steward", AT)
        assert landing.decisions()["line_no"].to_list() == [2]
        assert landing.decisions(until=AT - timedelta(days=1)).is_empty()


@pytest.mark.parametrize(
    "change",
    [
        "update submission set rows = 5",
        "update submission set outcome = 'refused'",
        "update submission set sender = 'commission'",
        "delete from submission",
        "delete from event where seq = 1",
        "update event set actor = 'nobody' where seq = 1",
    ],
)
def test_whatever_is_changed_in_the_register_is_seen(tmp_path: Path, change: str) -> None:
    with Landing.open(Home(tmp_path)) as landing:
        send(landing, GOOD)
        send(landing, EARLY)
    connection = sqlite3.connect(Home(tmp_path).register)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(change)
    for table in ("event", "submission"):
        for act in ("update", "delete"):
            connection.execute(f"drop trigger {table}_no_{act}")
    connection.execute(change)
    connection.commit()
    connection.close()
    with Landing.open(Home(tmp_path)) as landing, pytest.raises(TamperedRegister):
        landing.verify_chain()


def test_a_changed_original_is_seen(tmp_path: Path) -> None:
    with Landing.open(Home(tmp_path)) as landing:
        receipt = send(landing, GOOD)
        path = Home(tmp_path).originals / receipt.sha256
        path.chmod(0o644)
        path.write_bytes(GOOD.replace(b"12.5", b"99.5"))
        with pytest.raises(TamperedRegister):
            landing.originals.read(receipt.sha256)


def test_a_link_in_the_inbox_is_left_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    own = home.made(home.inbox / A)
    (tmp_path / "elsewhere.csv").write_bytes(GOOD)
    (own / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    (home.inbox / "folder").symlink_to(tmp_path, target_is_directory=True)
    assert intake.sweep(home.inbox, AT) == []


def test_a_check_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLEDGER_HOME", str(tmp_path))
    answer = intake.examine(GOOD, sender=A, filename="能源.csv", at=AT)
    assert answer.is_accepted and len(answer.lines) == 1 and list(tmp_path.iterdir()) == []
