"""Files that look fine and are not: each would have put a wrong number, or none, into the ledger in silence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from pipelines.intake.parsing import Outcome, parse
from pipelines.periods import SHANGHAI
from tests.sample.codes import credit_code

AT = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)
A = credit_code(1)
NAMES = ["统一社会信用代码", "报告期", "能源代码", "计量单位", "消费量"]
ROW = [A, "2023-05", "33", "万千瓦时"]
CSV = "统一社会信用代码,报告期,能源代码,计量单位,消费量,购进金额（千元）\n"


def read(data: str | bytes, sender: str = "commission") -> Outcome:
    return parse(data.encode() if isinstance(data, str) else data, sender, AT)


def errors(outcome: Outcome) -> set[str]:
    return {item.code for item in outcome.problems if item.severity == "error"}


def warnings(outcome: Outcome) -> set[str]:
    return {item.code for item in outcome.problems if item.severity == "warning"}


def workbook(fill: Callable[[Any, Any], None]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("数据"))
    return stream.getvalue()


def rewritten(data: bytes, old: str, new: str) -> bytes:
    """The workbook with one text of its first sheet replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            target.writestr(entry, content)
    return stream.getvalue()


def table(sheet: Any, *rows: list[object], first: int = 0) -> None:
    sheet.write_row(first, 0, NAMES)
    for line, row in enumerate(rows, start=first + 1):
        sheet.write_row(line, 0, row)


def test_an_unquoted_thousands_comma_does_not_push_a_number_into_the_next_column() -> None:
    told = read(CSV + f"{A},2023-05,33,万千瓦时,1,234.5,10\n")
    assert errors(told) == {"E320"} and told.problems[0].line == 2


def test_a_quote_that_never_closes_does_not_swallow_the_lines_behind_it() -> None:
    assert errors(read(CSV + f'{A},2023-05,33,度,"1,2\n{A},2023-05,15,立方米,3,4\n')) == {"E110"}


def test_an_error_cell_is_not_a_blank() -> None:
    def fill(_: Any, sheet: Any) -> None:
        table(sheet, [*ROW, 5])
        sheet.write_string(0, 5, "外供量")
        sheet.write_formula(1, 5, "=NA()", None, "#N/A")

    told = read(workbook(fill))
    assert errors(told) == {"E321"} and (told.problems[0].line, told.problems[0].column) == (2, "外供量")


def test_a_formula_that_was_never_calculated_is_not_a_blank_but_an_empty_result_is() -> None:
    def uncalculated(_: Any, sheet: Any) -> None:
        table(sheet, [*ROW, 5])
        sheet.write_string(0, 5, "外供量")
        sheet.write_formula(1, 5, "=1+1", None, "")

    told = read(workbook(uncalculated))
    assert errors(told) == {"E322"} and told.problems[0].read == "F2"
    told = read(rewritten(workbook(uncalculated), 'r="F2">', 'r="F2" t="str">'))
    assert told.is_accepted and told.lines["supplied"].to_list() == [None]


def test_a_second_sheet_is_not_lost() -> None:
    def fill(book: Any, sheet: Any) -> None:
        table(sheet, [*ROW, 1])
        table(book.add_worksheet("四月"), [A, "2023-04", "33", "万千瓦时", 1])

    told = read(workbook(fill))
    assert errors(told) == {"E111"} and "数据、四月" in told.problems[0].read


def test_a_cover_sheet_and_hidden_lists_do_not_hide_the_table() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_string(0, 0, "封面")
        lists = book.add_worksheet("选项")
        lists.hide()
        table(lists, [*ROW, 9])
        table(book.add_worksheet("五月"), [*ROW, 1])

    assert read(workbook(fill)).lines["consumed"].to_list() == [Decimal(1)]


def test_lines_are_counted_as_the_spreadsheet_shows_them_even_under_blank_rows() -> None:
    told = read(workbook(lambda _, sheet: table(sheet, [*ROW, "甲"], first=3)))
    assert [item.line for item in told.problems if item.severity == "error"] == [5]


def test_one_code_in_a_number_cell_among_texts_is_found() -> None:
    def fill(_: Any, sheet: Any) -> None:
        table(sheet, [*ROW, 1], [913101170000000000, "2023-05", "15", "万立方米", 1])

    told = read(workbook(fill))
    assert errors(told) == {"E302"} and told.problems[0].line == 3


def test_a_date_cell_is_its_month_and_a_binary_number_is_what_the_spreadsheet_shows() -> None:
    def fill(book: Any, sheet: Any) -> None:
        table(sheet, [A, "", 33, "万千瓦时", 0.1 + 0.2])
        sheet.write_datetime(1, 1, datetime(2023, 5, 1), book.add_format({"num_format": "yyyy-mm"}))  # noqa: DTZ001
        sheet.write_string(0, 5, "采用折标系数")
        sheet.write_number(1, 5, 1.5e-7)

    line = read(workbook(fill)).lines.to_dicts()[0]
    assert str(line["period"]) == "2023-05-01" and line["energy_code"] == "33"
    assert (line["consumed"], line["adopted_coefficient"]) == (Decimal("0.3"), Decimal("0.00000015"))


@pytest.mark.parametrize(
    ("written", "code"),
    [("2023.1", "E323"), ("5月", "E304"), ("May-23", "E304"), ("1023-05", "E304"), ("2023-07", "E305")],
)
def test_a_month_nobody_can_be_sure_of_is_asked_for_again(written: str, code: str) -> None:
    assert errors(read(CSV + f"{A},{written},33,度,1,\n")) == {code}


def test_a_day_number_is_a_date_and_the_sender_is_told() -> None:
    told = read(CSV + f"{A},45047,33,度,1,\n")
    assert told.is_accepted and str(told.lines["period"][0]) == "2023-05-01" and "W303" in warnings(told)


@pytest.mark.parametrize("header", ["购进金额（美元）", "购进金额(USD)", "购进金额（万日元）"])
def test_another_currency_is_not_read_as_the_default_unit(header: str) -> None:
    assert errors(read(CSV.replace("购进金额（千元）", header) + f"{A},2023-05,33,度,1,10\n")) == {"E204"}


@pytest.mark.parametrize(
    ("header", "amount", "yuan"),
    [
        ("购进金额（元）", "10.5", "10.50"),
        ("购进金额（千元）", "10.5", "10500.00"),
        ("购进金额（单位：万元）", "10.5", "105000.00"),
        ("购进金额（现价）（亿元）", "0.5", "50000000.00"),
        ("购进金额（元）", "1.005", "1.01"),
        ("购进金额（元）", "-1.005", "-1.01"),
    ],
)
def test_money_is_yuan_whatever_the_header_counts_in_and_half_a_cent_goes_away_from_zero(
    header: str, amount: str, yuan: str
) -> None:
    told = read(CSV.replace("购进金额（千元）", header) + f"{A},2023-05,33,度,1,{amount}\n")
    assert told.lines["cost_cny"].to_list() == [Decimal(yuan)]
    assert ("W304" in warnings(told)) == (amount.endswith("1.005"))


def test_an_unstated_unit_of_money_is_the_forms_and_the_sender_is_told() -> None:
    told = read(CSV.replace("（千元）", "") + f"{A},2023-05,33,度,1,10\n")
    assert told.lines["cost_cny"].to_list() == [Decimal(10_000)] and "W204" in warnings(told)


def test_a_heat_value_without_its_unit_or_with_a_bare_unit_is_asked_for_again() -> None:
    header = CSV.strip() + ",实测低位发热量,低位发热量单位\n"
    for unit in ("", "吨"):
        assert errors(read(header + f"{A},2023-05,01,吨,1,,20.9,{unit}\n")) == {"E324"}
    assert read(header + f"{A},2023-05,01,吨,1,,20.9,GJ/t\n").lines["measured_ncv_unit"][0] == "GJ_per_t"
    bracketed = header.replace("实测低位发热量,", "实测低位发热量（kJ/kg）,")
    assert read(bracketed + f"{A},2023-05,01,吨,1,,20900,\n").lines["measured_ncv_unit"][0] == "kJ_per_kg"


def test_a_header_unit_that_the_unit_column_contradicts_is_told() -> None:
    told = read(CSV.replace("消费量", "消费量（千瓦时）") + f"{A},2023-05,33,万千瓦时,1,\n")
    assert told.is_accepted and "W205" in warnings(told) and told.lines["unit"][0] == "wan_kWh"


def test_a_missing_quantity_is_a_missing_column_not_another_table() -> None:
    told = read(CSV.replace("消费量,", "") + f"{A},2023-05,33,度,1\n")
    assert told.contract == "energy" and errors(told) == {"E203"}


@pytest.mark.parametrize("written", ["12 34", "120吨", "1,23", "12%", "(5)", "1,2O4"])
def test_what_may_be_two_numbers_or_a_slip_is_no_number(written: str) -> None:
    assert errors(read(CSV + f'{A},2023-05,33,度,"{written}",\n')) == {"E306"}


def test_rows_of_units_column_numbers_totals_and_signatures_are_left_out_and_told() -> None:
    for row in (",,,,万千瓦时,千元", "甲,乙,丙,丁,1,2"):
        told = read(CSV + f"{row}\n{A},2023-05,33,度,1,\n合计,,,,1,\n填表人：示例,,,,,\n,,,,,\n")
        assert told.is_accepted and told.rows == 1 and warnings(told) >= {"W206", "W302"}


def test_a_row_without_a_factory_is_a_problem_not_a_note() -> None:
    told = read(CSV + f"{A},2023-05,33,度,1,\n,2023-05,15,立方米,1,\n")
    assert errors(told) == {"E312"} and told.rows == 2


def test_invisible_characters_change_nothing() -> None:
    told = read(CSV + f"{A}\u200b,\ufeff2023-05,33,\u00a0度\u3000,\u200b12\u200b,\u200b\n")
    assert told.lines["consumed"].to_list() == [Decimal(12)] and told.lines["cost_cny"].to_list() == [None]


def test_an_unknown_name_beside_a_code_is_told_and_the_code_stands() -> None:
    text = CSV.replace("能源代码", "能源代码,能源名称") + f"{A},2023-05,33,车间用电,度,1,\n"
    told = read(text)
    assert told.lines["energy_code"].to_list() == ["33"] and "W305" in warnings(told)


def test_a_year_that_has_not_come_is_refused() -> None:
    text = f"统一社会信用代码,年度,指标代码,值,计量单位\n{A},2031,x1,1,%\n"
    assert errors(read(text)) == {"E305"}


def test_what_a_terminal_would_obey_is_never_shown() -> None:
    told = read(CSV + f"{A},2023-05,33,度,\x1b[2J\x07,\n")
    assert errors(told) == {"E306"} and "\x1b" not in told.problems[0].zh()


def test_a_renamed_web_page_is_refused_as_such() -> None:
    assert errors(read("<html><table><tr><td>统一社会信用代码</td></tr></table></html>")) == {"E103"}


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_ending_gives_the_same_lines(mark: str, ending: str) -> None:
    text = (CSV + f"{A},2023-05,33,度,12.5,3\n").replace(",", mark).replace("\n", ending)
    assert read(text).lines.equals(read(CSV + f"{A},2023-05,33,度,12.5,3\n").lines)


def test_a_large_file_is_read_as_a_small_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.intake import agreements, body, columns, reading  # noqa: PLC0415 - to set their limits

    habits = ["12.5", "１２", "1.2万", "7.", "", "0", "-3", "1e3", "0.1234567891", "123456789012345678"]
    rows = "".join(
        f"{A if n % 3 else credit_code(2)},2023-0{1 + n % 5},{('33', '15', '')[n % 3]},{('度', 'm3', '吨')[n % 3]},"
        f"{habits[n % 10] or '1'},{habits[(n * 7) % 10]},{('', '', '柴油')[n % 3]}\n"
        for n in range(60)
    )
    text = CSV.replace("\n", ",能源名称\n") + rows + "合计,,,,,,\n"
    small = read(text)
    for module in (agreements, body, columns):
        monkeypatch.setattr(module, "SMALL", 0)
    monkeypatch.setattr(reading, "_LARGE", 0)
    large = read(text)
    assert small.is_accepted and small.lines.equals(large.lines)
    assert [item for item in small.problems if item.code != "W203"] == large.problems
    broken = text.replace("12.5", "甲").replace("15,m3", "15,斤")
    assert [item.as_dict() for item in read(broken).problems] != []
    monkeypatch.undo()
    told = {(item.code, item.line) for item in read(broken).problems if item.severity == "error"}
    for module in (agreements, body, columns):
        monkeypatch.setattr(module, "SMALL", 0)
    monkeypatch.setattr(reading, "_LARGE", 0)
    assert {(item.code, item.line) for item in read(broken).problems if item.severity == "error"} == told


def test_lines_have_the_types_of_the_raw_table() -> None:
    from pipelines.intake import raw_schema  # noqa: PLC0415

    lines = read(CSV + f"{A},2023-05,33,度,1,\n").lines
    assert set(raw_schema("energy")) == {"receipt_id", *lines.columns}
    assert lines.schema["consumed"] == pl.Decimal(28, 9) and lines.schema["cost_cny"] == pl.Decimal(38, 2)
    assert lines.schema["period"] == pl.Date and lines.schema["line_no"] == pl.Int32
