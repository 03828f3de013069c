"""Damaged workbooks, read where they are always read, in the child: an answer each time, nothing in part."""

from __future__ import annotations

import io
from datetime import datetime
from random import Random

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake import cells
from pipelines.intake.worker import Reader
from pipelines.periods import SHANGHAI
from tests.sample.codes import credit_code

AT = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)


def _workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["统一社会信用代码", "报告期", "能源代码", "计量单位", "消费量"])
        for line in range(1, 6):
            sheet.write_row(line, 0, [credit_code(line), "2023-05", "33", "度", line * 1.5])
    return stream.getvalue()


def test_damaged_workbooks_are_each_accepted_or_refused_whole() -> None:
    random, whole = Random(7), _workbook()
    accepted = refused = 0
    with Reader() as reader:
        for _ in range(150):
            data = bytearray(whole)
            for _ in range(random.randint(1, 3)):
                data[random.randrange(4, len(data))] = random.randrange(256)
            outcome = reader.read(
                bytes(data[: random.choice((len(data), random.randrange(len(data)))) or None]),
                "commission",
                AT,
            )
            if outcome.is_accepted:
                assert outcome.rows == 5 and outcome.parquet
                accepted += 1
            else:
                assert not outcome.parquet and outcome.problem_count >= 1
                refused += 1
        assert reader.read(whole, "commission", AT).rows == 5
    assert accepted + refused == 150 and refused > 20


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=30))
def test_any_text_in_any_cell_has_an_answer(text: str) -> None:
    for parser in (cells.number, cells.period, cells.day, cells.year, cells.credit_code, cells.boolean):
        answer = parser(text)
        assert answer.value is not None or answer.code.startswith("E")


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.decimals(min_value=-(10**17), max_value=10**17, places=9, allow_nan=False, allow_infinity=False))
def test_a_number_written_out_is_read_back_to_the_last_digit(value: object) -> None:
    assert cells.number(f"{value:f}").value == value
    assert cells.number(f"{value:,f}").value == value
