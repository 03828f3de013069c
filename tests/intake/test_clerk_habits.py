"""What clerks really send: dashes for nothing, two-line headers, merged cells, a forgotten hidden sheet."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.errors import Problem
from tests.intake.test_silent_errors import ROW, A, errors, read, table, warnings, workbook

HEADER = "统一社会信用代码,报告期,能源代码,计量单位,购进量,消费量\n"


def told(problems: list[Problem], code: str) -> Problem:
    return next(item for item in problems if item.code == code)


@pytest.mark.parametrize("mark", ["－", "-", "—", "——", "/", "无", "N/A"])
def test_a_mark_for_nothing_asks_whether_zero_or_unknown_is_meant(mark: str) -> None:
    outcome = read(HEADER + f"{A},2023-05,33,万千瓦时,{mark},12.5\n")
    assert errors(outcome) == {"E334"}
    assert "请填 0" in told(outcome.problems, "E334").zh() and "留空" in told(outcome.problems, "E334").zh()


def test_a_negative_number_is_a_number_and_no_mark_for_nothing() -> None:
    assert read(HEADER + f"{A},2023-05,33,万千瓦时,-1.5,12.5\n").lines["purchased"].to_list() == [
        pytest.approx(-1.5)
    ]


def test_a_header_of_two_lines_is_one_problem_and_not_one_for_every_cell() -> None:
    text = "统一社会信用代码,报告期,能源代码,计量单位,购进量,消费量,\n,,,,实物量,合计,其中：工业生产\n"
    outcome = read(text + f"{A},2023-05,33,万千瓦时,12.5,12.5,12.5\n")
    assert [(item.code, item.line) for item in outcome.problems if item.severity == "error"] == [("E205", 2)]


def test_a_data_line_that_forgot_its_factory_is_no_second_header() -> None:
    assert errors(read(HEADER + ",2023-05,33,万千瓦时,12.5,12.5\n")) == {"E312"}


def test_a_factory_merged_over_two_lines_is_told_to_be_unmerged() -> None:
    def fill(_: Any, sheet: Any) -> None:
        table(sheet, ["", *ROW[1:], 5], ["", *ROW[1:2], "15", "立方米", 3])
        sheet.merge_range(1, 0, 2, 0, A)

    outcome = read(workbook(fill))
    assert errors(outcome) == {"E312"} and "取消合并" in told(outcome.problems, "E312").zh()


def test_a_hidden_sheet_with_a_table_is_told_and_not_read() -> None:
    def fill(book: Any, sheet: Any) -> None:
        table(sheet, [*ROW, 5])
        other = book.add_worksheet("旧数据")
        table(other, [*ROW, 7])
        other.hide()

    outcome = read(workbook(fill))
    assert outcome.rows == 1 and "W208" in warnings(outcome)
    assert told(outcome.problems, "W208").read == "旧数据"


def test_the_hidden_lists_of_a_template_are_no_table() -> None:
    def fill(book: Any, sheet: Any) -> None:
        table(sheet, [*ROW, 5])
        lists = book.add_worksheet("选项")
        lists.write_column(0, 0, ["电力", "天然气"])
        lists.hide()

    assert "W208" not in warnings(read(workbook(fill)))
