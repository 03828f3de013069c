"""Rounding and division happen in one place; these are its rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reports import figures


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [("2.5", 0, "3"), ("3.5", 0, "4"), ("-2.5", 0, "-3"), ("0.125", 2, "0.13"), ("1.005", 2, "1.01")],
)
def test_a_tie_goes_away_from_zero(value: str, places: int, shown: str) -> None:
    assert str(figures.rounded(Decimal(value), places)) == shown


def test_a_share_is_rounded_once() -> None:
    # 2.00005 % rounded by way of four decimals would become 2.0001 and then 2.00; 2.005 must become 2.01.
    assert figures.percent(Decimal("2.005"), Decimal(100)) == "2.01%"
    assert figures.percent(Decimal("2.00499"), Decimal(100)) == "2.00%"


@pytest.mark.parametrize("whole", [None, Decimal(0), Decimal(-1)])
def test_without_a_whole_there_is_no_share_but_a_reason(whole: Decimal | None) -> None:
    assert figures.percent(Decimal(1), whole) == "无分母"
    assert figures.ratio(Decimal(1), whole) is None


def test_an_unknown_part_is_not_a_share_of_zero() -> None:
    assert figures.percent(None, Decimal(5)) == "无分母"
    assert figures.percent(Decimal(0), Decimal(5)) == "0.00%"


def test_a_share_just_short_of_its_target_is_not_printed_as_the_target() -> None:
    whole = Decimal(10) ** 11
    assert figures.percent(Decimal("29999000000"), whole, against=Decimal(30)) == "29.999%"
    assert figures.percent(whole * 3 / 10 - 1, whole, against=Decimal(30)) == "略低于 30%"
    assert figures.percent(whole * 3 / 10, whole, against=Decimal(30)) == "30.00%"


def test_a_share_just_above_an_odd_target_is_not_printed_below_it() -> None:
    assert figures.percent(Decimal("30.1251"), Decimal(100), against=Decimal("30.125")) == "30.13%"
    assert figures.percent(Decimal("30.1241"), Decimal(100), against=Decimal("30.124")) == "30.124%"


@given(
    part=st.decimals(0, 10**12, places=2),
    whole=st.decimals("0.01", 10**12, places=2),
    target=st.integers(1, 100),
)
def test_the_printed_share_and_the_verdict_never_contradict(
    part: Decimal, whole: Decimal, target: int
) -> None:
    text = figures.percent(part, whole, against=Decimal(target))
    is_reached = part * 100 >= whole * target
    if text.startswith("略"):
        assert text.startswith("略高于") == is_reached
    else:
        assert (Decimal(text.rstrip("%")) >= target) == is_reached


def test_changes_carry_their_sign_and_zero_carries_none() -> None:
    assert figures.year_on_year(Decimal(110), Decimal(100)) == "+10.0%"
    assert figures.month_on_month(Decimal(95), Decimal(100)) == "-5.0%"
    assert figures.month_on_month(Decimal("99.99"), Decimal(100)) == "0.0%"


def test_a_change_without_an_earlier_figure_says_which_is_missing() -> None:
    assert figures.year_on_year(Decimal(1), None) == "无上年同期"
    assert figures.month_on_month(Decimal(1), None) == "无上月"
    assert figures.month_on_month(Decimal(1), Decimal(0)) == "上期为零"
    assert figures.year_on_year(None, Decimal(1)) == "本期无数据"


def test_two_figures_resting_on_different_bases_are_not_compared() -> None:
    """7.88 against 4.2 tCO2 a 万kWh alone would show a 47 % "cut"."""
    row = {
        "co2_t": Decimal(4200),
        "co2_previous_month_t": Decimal(7880),
        "co2_same_month_last_year_t": Decimal(7880),
        "is_new_basis_since_previous_month": True,
        "is_new_basis_since_last_year": False,
    }

    assert figures.co2_month_on_month(row) == "因子依据已变，不可比"
    assert figures.co2_year_on_year(row) == "-46.7%"
    assert figures.co2_year_on_year({**row, "is_new_basis_since_last_year": True}) == "因子依据已变，不可比"


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        ("371400000000", "3,714亿元"),
        ("99999999.9", "1亿元"),
        ("99600000", "9,960万元"),
        ("10000", "1万元"),
        ("9999.99", "9,999.99元"),
        ("9999.996", "1万元"),
        ("0", "0元"),
        ("-52000", "-5.2万元"),
    ],
)
def test_money_takes_the_scale_a_reader_expects(yuan: str, shown: str) -> None:
    assert figures.money(Decimal(yuan)) == shown


def test_unknown_is_a_dash_and_zero_is_a_zero() -> None:
    forms = (figures.number, figures.fixed, figures.plain, figures.money, figures.yi)
    assert {form(None) for form in forms} == {"—"}
    assert figures.number(Decimal("0.000")) == "0"


def test_columns_keep_their_decimals_and_sentences_do_not() -> None:
    assert figures.fixed(Decimal("1234.5")) == "1,234.50"
    assert figures.number(Decimal("1234.50")) == "1,234.5"
    assert figures.number(100) == "100"


def test_companies_come_whole() -> None:
    assert figures.lacking(Decimal("2.01"), "家") == "3 家"
    assert figures.lacking(Decimal("2.00"), "家") == "2 家"
