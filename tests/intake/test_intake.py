"""The desk: habits of clerks are understood, everything else is refused with its reason, nothing is lost."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from pipelines import intake
from pipelines.errors import TamperedRegister
from pipelines.intake import Landing, desk
from pipelines.intake.codes import REASONS
from pipelines.intake.parsing import parse
from pipelines.intake.worker import Reader
from pipelines.paths import Home
from pipelines.periods import SHANGHAI
from tests.sample.codes import credit_code

AT = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)
A, B = credit_code(1), credit_code(2)
HEADER = "统一社会信用代码,报告期,能源名称,计量单位,消费量\n"
GOOD = HEADER + f"{A},2023-05,电力,万千瓦时,12.5\n"


def examined(text: str | bytes, sender: str = "commission", at: datetime = AT) -> intake.Examination:
    """The desk's answer, read in this process: the child has tests of its own below."""
    delivery = intake.Delivery(text.encode() if isinstance(text, str) else text, sender, "能源.csv", at)
    return desk.answer(delivery, parse(delivery.data, sender, at))


def codes(text: str | bytes, sender: str = "commission") -> set[str]:
    return errors_of(examined(text, sender))


def errors_of(answer: intake.Examination) -> set[str]:
    return {item.code for item in answer.receipt.problems if item.severity == "error"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_excel_and_wps_save_is_read(encoding: str) -> None:
    assert examined(GOOD.encode(encoding)).lines["consumed"].to_list() == [Decimal("12.5")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12.5", "12.5"),
        ("１２．５", "12.5"),
        ('"1,234.5"', "1234.5"),
        ("1.2万", "12000"),
        (" 7 ", "7"),
        ("0", "0"),
        ("-3", "-3"),
        ("1e3", "1000"),
        ("0.123456789", "0.123456789"),
    ],
)
def test_amounts_are_read_as_people_write_them(written: str, meant: str) -> None:
    assert examined(HEADER + f"{A},2023-05,电力,万千瓦时,{written}\n").lines["consumed"][0] == Decimal(meant)


@pytest.mark.parametrize("written", ["2023-05", "2023年5月", "2023/5", "2023.05", "202305", "2023-05-01"])
def test_months_are_read_as_people_write_them(written: str) -> None:
    lines = examined(HEADER + f"{A},{written},电力,万千瓦时,1\n").lines
    assert str(lines["period"][0]) == "2023-05-01" and lines["period_text"][0] == written


def test_headers_come_in_any_order_in_english_with_units_and_extras() -> None:
    text = f"remark2,consumed (kWh),unit,energy_code,period,factory_id\nx,5,kWh,33,2023-05,{A}\n"
    answer = examined(text)
    assert answer.is_accepted and answer.lines["energy_code"][0] == "33"
    assert {item.code for item in answer.receipt.problems} == {"W201"}


def test_text_stays_beside_its_value_and_a_blank_is_no_zero() -> None:
    text = HEADER.replace("消费量", "消费量,购进量,期初库存") + f'{A},2023-05,电力,度,"1,000",,0\n'
    line = examined(text).lines.to_dicts()[0]
    assert (line["consumed"], line["consumed_text"]) == (Decimal(1000), "1,000")
    assert line["purchased"] is None and line["opening_stock"] == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "E101"),
        (b"\n\n", "E101"),
        (b"\xff\xd8\xff\xe0" + bytes(500), "E103"),
        (b"%PDF-1.7 abc", "E103"),
        (b"\xd0\xcf\x11\xe0old excel", "E103"),
        (b"\x80\x81\xff\xfe\xfd", "E104"),
        ("a,b\n1,2\n", "E201"),
        ("统一社会信用代码,统一社会信用代码,报告期,计量单位,消费量\n", "E202"),
        (HEADER.replace(",消费量", "") + f"{A},2023-05,电力,度\n", "E203"),
        (HEADER, "E107"),
        (GOOD.replace(A, A[:-1] + ("0" if A[-1] != "0" else "1")), "E301"),
        (GOOD.replace("2023-05", "2023-13"), "E304"),
        (GOOD.replace("2023-05", "2023-07"), "E305"),
        (GOOD.replace("12.5", '"1,2O4"'), "E306"),
        (GOOD.replace("12.5", "1,234"), "E320"),
        (GOOD.replace("12.5", "1234567890123456789012"), "E318"),
        (GOOD.replace("万千瓦时", "吨"), "E307"),
        (GOOD.replace("万千瓦时", "斤"), "E308"),
        (GOOD.replace("能源名称", "能源代码").replace("电力", "77"), "E309"),
        (GOOD.replace("电力", "月光"), "E310"),
        (GOOD.replace("12.5", ""), "E312"),
        (GOOD.replace("能源名称", "能源代码,能源名称").replace("电力", "15,电力"), "E311"),
        (GOOD.replace("能源名称", "能源代码,能源名称").replace("电力", ","), "E319"),
    ],
)
def test_each_mistake_is_refused_with_its_own_code(text: str | bytes, code: str) -> None:
    assert code in codes(text)


def test_all_problems_of_a_file_are_told_at_once_with_line_column_reading_and_remedy() -> None:
    text = HEADER + f"{A},2023-05,电力,吨,1\n{A},2023-05,天然气,立方米,甲\n{A},20239,柴油,吨,2\n"
    told = examined(text).as_text("zh")
    for part in (
        "第2行「计量单位」：读到 “吨”",
        "第3行「消费量」：读到 “甲”",
        "第4行「报告期」",
        "请只填数字",
    ):
        assert part in told
    assert "line 3, 消费量" in examined(text).as_text("en")


def test_a_factory_may_send_its_own_data_alone() -> None:
    assert codes(GOOD, sender=B) == {"E303"}
    assert not codes(GOOD, sender=A)
    register = "统一社会信用代码,企业名称,行业代码,是否规上,生效日期\n" + f"{A},示例,3990,是,2021-01-01\n"
    assert "E109" in codes(register, sender=A)


def workbook(rows: list[list[object]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return stream.getvalue()


def test_a_workbook_is_read_and_what_excel_shows_is_what_counts() -> None:
    header = HEADER.strip().split(",")
    answer = examined(workbook([["五月能源"], header, [A, "2023年5月", "电力", "度", 0.1 + 0.2]]))
    assert answer.lines["consumed"].to_list() == [Decimal("0.3")]
    assert answer.lines["line_no"].to_list() == [3]


def test_a_code_in_number_cells_has_lost_its_digits_and_is_refused() -> None:
    header = HEADER.strip().split(",")
    assert "E302" in codes(workbook([header, [913101170000000000, "2023-05", "电力", "度", 1]]))


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(300 * 2**20))
    assert codes(stream.getvalue()) == {"E105"}


def test_a_sparse_workbook_that_kills_its_reader_ends_the_child_alone() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "统一社会信用代码")
        sheet.write_string(1_048_575, 16_383, "x")
    with Reader() as reader:
        refused = reader.read(stream.getvalue(), "commission", AT)
        assert not refused.is_accepted
        assert reader.read(GOOD.encode(), "commission", AT).is_accepted


def test_a_file_over_the_limit_is_refused_unread() -> None:
    data = GOOD.encode() + bytes(200 * 2**20)
    assert errors_of(intake.examine(data, sender="commission", filename="x", at=AT)) == {"E102"}


def test_the_same_bytes_are_one_submission_and_two_versions_are_two(tmp_path: Path) -> None:
    with Landing.open(Home(tmp_path)) as landing:
        first = intake.receive(GOOD.encode(), sender=A, filename="a.csv", at=AT, landing=landing)
        again = intake.receive(GOOD.encode(), sender=A, filename="b.csv", at=AT, landing=landing)
        assert again.receipt_id == first.receipt_id and again.is_repeat
        stranger = intake.receive(GOOD.encode(), sender=B, filename="c.csv", at=AT, landing=landing)
        assert [item.code for item in stranger.problems] == ["E108"] and stranger.filename == "c.csv"
        intake.receive(
            GOOD.replace("12.5", "13").encode(), sender=A, filename="a.csv", at=AT, landing=landing
        )
        assert len(landing.submissions()) == 2
        assert landing.verify_chain() == 2


def test_two_files_at_once_are_both_received(tmp_path: Path) -> None:
    program = f"""
from datetime import datetime
import sys
from pipelines import intake, units
from pipelines.paths import Home
from pathlib import Path
at = datetime.fromisoformat({AT.isoformat()!r})
with intake.Landing.open(Home(Path({str(tmp_path)!r}))) as landing:
    for n in range(8):
        text = {GOOD!r}.replace("12.5", f"{{n}}." + sys.argv[1])
        receipt = intake.receive(text.encode(), sender="commission", filename="x", at=at, landing=landing)
        assert receipt.is_accepted, receipt
"""
    Landing.open(Home(tmp_path)).__exit__()
    running = [subprocess.Popen([sys.executable, "-c", program, str(n)]) for n in (1, 2)]
    assert [process.wait() for process in running] == [0, 0]
    with Landing.open(Home(tmp_path)) as landing:
        assert len(landing.submissions()) == 16 and landing.verify_chain() == 16


def test_killed_while_receiving_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    program = f"""
from datetime import datetime
from pipelines import intake, units
from pipelines.paths import Home
from pathlib import Path
at = datetime.fromisoformat({AT.isoformat()!r})
with intake.Landing.open(Home(Path({str(tmp_path)!r}))) as landing:
    for n in range(10_000):
        text = {GOOD!r}.replace("12.5", str(n))
        print(intake.receive(text.encode(), sender="commission", filename="x", at=at, landing=landing).receipt_id, flush=True)
"""
    acknowledged: set[str] = set()
    for heard in (1, 7, 23):
        running = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert running.stdout is not None
        acknowledged |= {running.stdout.readline().strip() for _ in range(heard)}
        os.killpg(running.pid, signal.SIGKILL)
        acknowledged |= {line for line in running.communicate()[0].splitlines() if len(line) == 17}
    with Landing.open(Home(tmp_path)) as landing:
        kept = landing.submissions()
        assert acknowledged <= set(kept["receipt_id"])
        assert landing.verify_chain() == len(kept)
        for sha256 in kept["sha256"]:
            landing.originals.read(sha256)
        assert len(landing.lines("energy", kept["receipt_id"].to_list())) == len(kept)
    assert len(acknowledged) >= 23


def test_events_cannot_be_changed_without_being_seen(tmp_path: Path) -> None:
    with Landing.open(Home(tmp_path)) as landing:
        intake.receive(GOOD.encode(), sender=A, filename="a.csv", at=AT, landing=landing)
        landing.decide(landing.submissions()["receipt_id"][0], 2, "released", "核实", "steward", AT)
    connection = sqlite3.connect(Home(tmp_path).register)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("update event set actor = 'nobody'")
    connection.execute("drop trigger event_no_update")
    connection.execute("update event set payload = replace(payload, '核实', '随意') where seq = 2")
    connection.commit()
    connection.close()
    with Landing.open(Home(tmp_path)) as landing, pytest.raises(TamperedRegister, match="2"):
        landing.verify_chain()


def test_lines_are_made_again_from_originals(tmp_path: Path) -> None:
    with Landing.open(Home(tmp_path)) as landing:
        receipt = intake.receive(GOOD.encode(), sender=A, filename="a.csv", at=AT, landing=landing)
        path = landing.stored.path("energy", receipt.receipt_id)
        before = pl.read_parquet(path)
        path.unlink()
        assert pl.read_parquet(landing.lines("energy", [receipt.receipt_id])[0]).equals(before)
        assert landing.line_text(receipt.receipt_id, 2) == f"{A} | 2023-05 | 电力 | 万千瓦时 | 12.5"


@pytest.mark.parametrize("contract", sorted(intake.load_contracts()))
def test_a_template_filled_with_its_own_examples_is_accepted(tmp_path: Path, contract: str) -> None:
    path = tmp_path / "form.csv"
    intake.template(contract, "", None, path)
    header = path.read_text(encoding="utf-8-sig").strip()
    wanted = intake.load_contracts()[contract]
    examples = [column.example.replace("91310000MA1FL0AB1U", A) for column in wanted.columns]
    row = ",".join(f'"{example}"' for example in examples)
    answer = examined(f"{header}\n{row}\n", at=datetime(2024, 6, 5, tzinfo=SHANGHAI))
    assert answer.is_accepted, answer.as_text()
    assert answer.contract == contract


def test_the_inbox_keeps_unfinished_files_and_answers_refused_ones(tmp_path: Path) -> None:
    home = Home(tmp_path)
    own = home.made(home.inbox / A)
    (own / "能源.csv").write_text(GOOD, encoding="utf-8")
    (own / "坏.csv").write_text(GOOD.replace("12.5", "甲"), encoding="utf-8")
    (own / "半.csv.part").write_text("x", encoding="utf-8")
    (own / "~$能源.xlsx").write_text("x", encoding="utf-8")
    with Landing.open(home) as landing:
        assert sorted(r.outcome for r in intake.take(landing, home.inbox, AT)) == ["accepted", "refused"]
        assert intake.take(landing, home.inbox, AT) == []
    assert {path.name for path in own.iterdir()} == {".done", ".refused", "半.csv.part", "~$能源.xlsx"}
    answer = next((own / ".refused").glob("*.答复.txt")).read_text(encoding="utf-8")
    assert "第2行「消费量」" in answer


def test_every_code_speaks_both_languages() -> None:
    for code, reason in REASONS.items():
        assert all(reason) and code[0] in "EW"
