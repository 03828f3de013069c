"""What a factory may write for a unit and an energy kind, and how a wrong one is refused."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import units

SPELLINGS = {
    "wan_kWh": ["万千瓦时", "万度", "万kWh", "万ｋＷｈ", "万 千瓦时", "万kW·h"],
    "kWh": ["千瓦时", "度", "kwh", "KWH", "KWh", "ＫＷＨ"],
    "MWh": ["兆瓦时", "MWH", "MWh"],
    "t": ["吨", "t", "T", "Ｔ", "公吨"],
    "kg": ["千克", "公斤", "kg", "㎏"],
    "Nm3": ["立方米", "m3", "m³", "㎥", "方", "Nm3", "Nm³", "标准立方米"],
    "wan_Nm3": ["万立方米", "万方", "万m³", "万Nm3"],
    "GJ": ["百万千焦", "GJ", "吉焦"],
    "MJ": ["兆焦", "MJ"],
    "L": ["升", "L", "公升"],
    "tce": ["吨标准煤", "吨标煤", "tce"],
    "kgce": ["千克标准煤", "kgce"],
    "CNY": ["元", "人民币元"],
    "wan_CNY": ["万元"],
}


@pytest.mark.parametrize(("unit", "text"), [(unit, text) for unit in SPELLINGS for text in SPELLINGS[unit]])
def test_the_spellings_clerks_use_are_understood(unit: str, text: str) -> None:
    assert units.resolve_unit(text) == unit


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "kt",
        "mt",
        "mWh",
        "万",
        "吨/万元",
        "9**9**9",
        "kWh*1000",
        "__import__('os')",
        "C/TJ",
        "t/TJ",
        "千瓦",
        "kW",
    ],
)
def test_what_the_table_does_not_list_is_not_guessed(text: str) -> None:
    assert units.resolve_unit(text) is None


@settings(deadline=None)
@given(st.sampled_from(sorted(alias for texts in SPELLINGS.values() for alias in texts)), st.integers(0, 3))
def test_blanks_and_full_width_letters_do_not_matter(text: str, blanks: int) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)
    padded = "　" * blanks + wide + "\u200b" + " " * blanks

    assert units.resolve_unit(padded) == units.resolve_unit(text)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_from_a_file_can_break_the_lookup(text: str) -> None:
    assert units.resolve_unit(text) is None or text.strip()
    assert units.energy_code_of(text) is None or text.strip()


def test_the_form_has_forty_energy_kinds_in_order() -> None:
    assert list(units.energy_kinds()) == [f"{code:02d}" for code in range(1, 41)]


def test_of_which_rows_name_their_parent_and_the_total_is_marked() -> None:
    kinds = units.energy_kinds()

    assert [code for code, kind in kinds.items() if kind.is_of_which] == ["02", "03", "04", "05"]
    assert [code for code, kind in kinds.items() if kind.is_total] == ["40"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("原煤", "01"),
        ("天然气", "15"),
        ("天然气（气态）", "15"),
        ("管道天然气", "15"),
        ("液化天然气", "16"),
        ("LNG", "16"),
        ("0号柴油", "21"),
        ("热力", "32"),
        ("蒸汽", "32"),
        ("电", "33"),
        (" 电 力 ", "33"),
        ("余热余压", "37"),
        ("能源合计", "40"),
    ],
)
def test_energy_kinds_are_known_by_their_usual_names(name: str, code: str) -> None:
    assert units.energy_code_of(name) == code


def test_an_unknown_energy_name_has_no_code() -> None:
    assert units.energy_code_of("示例能源") is None


def test_no_name_means_two_energy_kinds() -> None:
    owners: dict[str, set[str]] = {}
    for kind in units.energy_kinds().values():
        for name in (kind.name_zh, *kind.aliases):
            owners.setdefault(units.fold(name), set()).add(kind.code)

    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {}


@pytest.mark.parametrize(
    ("code", "unit", "zh", "en"),
    [
        (
            "33",
            "t",
            "电力不能以“吨”计量，那是质量单位",
            "Electricity is stated in kWh, MWh, wan_kWh, not in t (mass)",
        ),
        ("15", "kWh", "不能以“千瓦时”计量，那是能量单位", "not in kWh (energy)"),
        ("15", "t", "不能以“吨”计量，那是质量单位", "not in t (mass)"),
        ("21", "Nm3", "柴油不能以“立方米”计量，那是气体体积单位", "not in Nm3 (gas volume)"),
        ("32", "t", "热力不能以“吨”计量", "Heat is stated in GJ, MJ, kJ"),
        ("33", "tce", "那是标准煤单位", "(standard coal)"),
        ("33", "wan_CNY", "那是货币单位", "(money)"),
        ("22", "L", "那是液体体积单位", "(liquid volume)"),
    ],
)
def test_a_unit_of_the_wrong_kind_is_refused_with_the_reason(code: str, unit: str, zh: str, en: str) -> None:
    problem = units.unit_problem(code, unit)

    assert problem is not None
    assert zh in problem[0]
    assert en in problem[1]


def test_every_allowed_unit_is_accepted_and_can_be_written_by_a_clerk() -> None:
    for kind in units.energy_kinds().values():
        for unit in kind.allowed_units:
            assert units.unit_problem(kind.code, unit) is None
            assert units.aliases_of(unit), unit


def test_units_are_written_as_an_official_form_writes_them() -> None:
    written = {
        unit: units.preferred_spelling(unit)
        for kind in units.energy_kinds().values()
        for unit in kind.allowed_units
    }

    assert written == {
        "GJ": "百万千焦",
        "L": "升",
        "MJ": "兆焦",
        "MWh": "兆瓦时",
        "Nm3": "立方米",
        "kJ": "千焦",
        "kWh": "千瓦时",
        "kg": "千克",
        "kgce": "千克标准煤",
        "t": "吨",
        "tce": "吨标准煤",
        "wan_Nm3": "万立方米",
        "wan_kWh": "万千瓦时",
        "wan_tce": "万吨标准煤",
    }
    assert all(units.resolve_unit(text) == unit for unit, text in written.items())


def test_looking_up_a_unit_does_not_load_pint() -> None:
    code = (
        "import sys; from pipelines import units; units.resolve_unit('度'); units.energy_code_of('电力');"
        "sys.exit('pint' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
