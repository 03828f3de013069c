"""Templates: the workbook a clerk fills, its lists and its guidance."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from pathlib import Path

import fastexcel
import pytest

from pipelines import intake, units
from pipelines.intake import templates
from pipelines.intake.parsing import parse
from pipelines.periods import SHANGHAI, Month
from tests.sample.codes import credit_code

AT = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)
A = credit_code(1)


def test_the_workbook_template_sent_back_filled_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    intake.template("energy", A, Month(2023, 5), path)
    assert {
        item.code for item in parse(path.read_bytes(), "commission", AT).problems if item.severity == "error"
    } == {"E312", "E319"}


def sheet_of(path: Path, name: str) -> list[list[str]]:
    """The cells of one sheet, blank where there is nothing."""
    book = fastexcel.read_excel(str(path))
    frame = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
    return [[cell or "" for cell in row] for row in frame.rows()]


def test_the_template_lists_the_units_of_every_energy_kind(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    intake.template("energy", "", None, path)
    rows = {row[1]: row for row in sheet_of(path, "填写说明") if row[1].isdigit()}
    assert list(rows) == list(units.energy_kinds())
    assert rows["33"][:3] == ["电力", "33", "千瓦时、兆瓦时、万千瓦时"]
    assert "吨" in rows["21"][2] and "千瓦时" not in rows["21"][2]
    assert rows["02"][3] == "01 的其中项，不单独计入"
    for code, row in rows.items():
        keys = [units.resolve_unit(text) for text in row[2].split("、")]
        assert all(key is not None and units.unit_problem(code, key) is None for key in keys)


def test_each_unit_column_offers_its_own_units() -> None:
    offered = {
        (contract, column.name): set(templates._options(column))
        for contract in ("energy", "green_power")
        for column in intake.load_contracts()[contract].columns
        if column.type == "unit"
    }
    assert offered["green_power", "unit"] == {"万千瓦时", "千瓦时", "兆瓦时"}
    assert "吉焦/吨" in offered["energy", "measured_ncv_unit"]
    assert {"万千瓦时", "吨", "升", "吨标准煤"} <= offered["energy", "unit"]
    assert not offered["energy", "unit"] & offered["energy", "measured_ncv_unit"]


def validations(path: Path) -> dict[str, str]:
    """Column letter → the formula its drop-down lists come from."""
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    found = re.findall(r'sqref="([A-Z]+)2:[^"]*"><formula1>(.*?)</formula1>', sheet)
    return {letter: formula.replace("&quot;", '"') for letter, formula in found}


def ranges(path: Path) -> dict[str, str]:
    """Defined name → the cells it stands for."""
    with zipfile.ZipFile(path) as book:
        text = book.read("xl/workbook.xml").decode()
    return dict(re.findall(r'<definedName name="([^"]*)">选项!([^<]*)</definedName>', text))


def test_the_unit_list_follows_the_energy_code_or_name_of_its_row(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    intake.template("energy", "", None, path)
    # C is 能源代码, D is 能源名称: the code is asked first, then the name, then all units are offered.
    found = 'IFERROR(MATCH(TEXT($C2,"00"),u_code,0),IFERROR(MATCH($D2,u_name,0),1))'
    formula = validations(path)["E"]
    assert formula == f"OFFSET(u_first,{found}-1,0,1,INDEX(u_count,{found}))" and len(formula) < 255
    assert [column.header for column in intake.load_contracts()["energy"].columns][2:5] == [
        "能源代码",
        "能源名称",
        "计量单位",
    ]


@pytest.mark.parametrize("contract", ["energy", "activity"])
def test_the_table_behind_the_unit_list_holds_every_kind_with_its_own_units(
    contract: str, tmp_path: Path
) -> None:
    path = tmp_path / "form.xlsx"
    intake.template(contract, "", None, path)
    named = ranges(path)
    first = int(named["u_first"].rpartition("$")[2])
    assert [named[name] for name in ("u_code", "u_name", "u_count")] == [
        f"${letter}${first}:${letter}${first + len(kinds(contract))}" for letter in "ABC"
    ]
    assert named["u_first"] == f"$D${first}"
    everything, *table = sheet_of(path, "选项")[first - 1 :]
    assert int(everything[2]) == len(set(filter(None, everything[3:])))
    for row, (code, name, allowed) in zip(table, kinds(contract), strict=True):
        offered = row[3 : 3 + int(row[2])]
        assert row[:2] == [code, name]
        assert [units.resolve_unit(text) for text in offered] == allowed and not any(row[3 + len(offered) :])
        assert set(offered) <= set(everything[3:])


def kinds(contract: str) -> list[tuple[str, str, list[str]]]:
    if contract == "energy":
        return [(kind.code, kind.name_zh, list(kind.allowed_units)) for kind in units.energy_kinds().values()]
    names = units.term_names("activity")
    return [
        (code, names[code], list(activity.allowed_units)) for code, activity in units.activities().items()
    ]
