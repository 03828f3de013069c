"""Numbers as people read them: the one place where a figure is rounded or divided.

Rounding is half away from zero (四舍五入). A ratio without a whole, or a change without an earlier figure,
says so in words; it is never shown as zero.

>>> percent(Decimal("1"), Decimal("3"))
'33.33%'
>>> percent(Decimal("1"), None)
'无分母'
>>> year_on_year(Decimal("110"), Decimal("100")), month_on_month(Decimal("1"), None)
('+10.0%', '无上月')
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal
from typing import Any

# 60 digits: a quotient of two decimal(38) values is cut far behind any place a page shows.
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)
_HUNDRED = Decimal(100)
_WAN, _YI = 4, 8
_MOST_EXTRA_PLACES = 4

Figure = Decimal | int

NO_DENOMINATOR = "无分母"
NO_LAST_YEAR, NO_LAST_MONTH = "无上年同期", "无上月"
NEW_BASIS = "因子依据已变，不可比"
NO_FIGURE = "本期无数据"
UNCERTAINTY_UNKNOWN = "不确定度未知"
BEFORE_IS_ZERO = "上期为零"
UNKNOWN = "—"


def rounded(value: Decimal, places: int) -> Decimal:
    """*value* with *places* decimals, half away from zero.

    >>> rounded(Decimal("2.5"), 0), rounded(Decimal("-2.5"), 0), rounded(Decimal("0.125"), 2)
    (Decimal('3'), Decimal('-3'), Decimal('0.13'))
    """
    return value.quantize(Decimal(1).scaleb(-places), context=_CONTEXT)


def fixed(value: Figure | None, places: int = 2) -> str:
    """With thousands separators and exactly *places* decimals, for columns; a dash when unknown.

    >>> fixed(Decimal("1234567.5")), fixed(Decimal("-0.004")), fixed(None)
    ('1,234,567.50', '0.00', '—')
    """
    if value is None:
        return UNKNOWN
    # Adding zero turns -0 into 0.
    return f"{rounded(Decimal(value), places) + 0:,f}"


def number(value: Figure | None, places: int = 2) -> str:
    """With thousands separators, at most *places* decimals, for sentences; a dash when unknown.

    >>> number(Decimal("1234567.5")), number(Decimal("12")), number(None)
    ('1,234,567.5', '12', '—')
    """
    return _trimmed(fixed(value, places))


def plain(value: Figure | None) -> str:
    """Every digit stored, without exponent or trailing zeros; a dash when unknown.

    >>> plain(Decimal("1.500000")), plain(Decimal("1E+3"))
    ('1.5', '1000')
    """
    return UNKNOWN if value is None else _trimmed(format(Decimal(value), "f"))


def ratio(numerator: Figure | None, denominator: Figure | None, places: int = 4) -> Decimal | None:
    """The one division of a figure; nothing when there is no whole."""
    exact = _quotient(numerator, denominator)
    return None if exact is None else rounded(exact, places)


def per_output(value: Figure | None, output_cny: Figure | None, places: int = 4) -> Decimal | None:
    """Of 10,000 yuan of output (万元产值); nothing when there is no output.

    >>> per_output(Decimal(18000), Decimal(1000000000))
    Decimal('0.1800')
    """
    return ratio(value, None if output_cny is None else Decimal(output_cny).scaleb(-_WAN), places)


def percent(
    numerator: Figure | None, denominator: Figure | None, places: int = 2, against: Decimal | None = None
) -> str:
    """A share in percent, or why there is none.

    With *against* (in percent) decimals are added until the text stands on the same side of it as the share
    itself: a page must not print 30.00% beside “未达到 30%”.

    >>> percent(Decimal("29.9996"), Decimal(100)), percent(Decimal("29.9996"), Decimal(100), against=Decimal(30))
    ('30.00%', '29.9996%')
    """
    exact = _quotient(numerator, denominator)
    if exact is None:
        return NO_DENOMINATOR
    share = exact * _HUNDRED
    if against is None:
        return f"{rounded(share, places):f}%"
    is_reached = share >= against
    for more in range(places, places + 1 + _MOST_EXTRA_PLACES):
        shown = rounded(share, more)
        if (shown >= against) == is_reached:
            return f"{shown:f}%"
    return f"略{'高' if is_reached else '低'}于 {number(against)}%"


def half_width(squared: Figure | None, total: Figure | None) -> Decimal | None:
    """The relative 95 % half-width of a figure, from the stored square: the one root. Nothing when unknown.

    >>> half_width(Decimal(25), Decimal(50)), half_width(None, Decimal(50))
    (Decimal('0.100000000000'), None)
    """
    if squared is None or squared < 0:
        return None
    return ratio(Decimal(squared).sqrt(_CONTEXT), total, 12)


def plus_minus(squared: Figure | None, total: Figure | None, places: int = 1) -> str:
    """± share at 95 %, as it stands behind a figure; in words when it is unknown.

    >>> plus_minus(Decimal(25), Decimal(50)), plus_minus(None, None)
    ('± 10.0%（95 %）', '不确定度未知')
    """
    share = half_width(squared, total)
    return UNCERTAINTY_UNKNOWN if share is None else f"± {rounded(share * _HUNDRED, places):f}%（95 %）"


def year_on_year(now: Figure | None, before: Figure | None, *, is_new_basis: bool = False) -> str:
    """同比 | Change against the same month of the year before, with its sign, or why there is none.

    Two figures resting on different bases are not compared: the change would not be one of emissions.
    """
    return NEW_BASIS if is_new_basis else _change(now, before, NO_LAST_YEAR)


def month_on_month(now: Figure | None, before: Figure | None, *, is_new_basis: bool = False) -> str:
    """环比 | Change against the month before, with its sign, or why there is none (also: another basis)."""
    return NEW_BASIS if is_new_basis else _change(now, before, NO_LAST_MONTH)


def co2_year_on_year(row: Mapping[str, Any]) -> str:
    """排放同比 of a row of mart.district_month."""
    before, is_new = row["co2_same_month_last_year_t"], row["is_new_basis_since_last_year"]
    return year_on_year(row["co2_t"], before, is_new_basis=is_new)


def co2_month_on_month(row: Mapping[str, Any]) -> str:
    """排放环比 of a row of mart.district_month."""
    before, is_new = row["co2_previous_month_t"], row["is_new_basis_since_previous_month"]
    return month_on_month(row["co2_t"], before, is_new_basis=is_new)


def money(value: Figure | None) -> str:
    """Yuan in the scale a reader expects: 亿元, 万元 or 元. The scale is chosen after rounding.

    >>> money(Decimal("371400000000")), money(Decimal("52000")), money(Decimal("99999999.9"))
    ('3,714亿元', '5.2万元', '1亿元')
    """
    if value is None:
        return UNKNOWN
    yuan = Decimal(value)
    if abs(rounded(yuan.scaleb(-_WAN), 2)) >= Decimal(10) ** (_YI - _WAN):
        return f"{number(yuan.scaleb(-_YI))}亿元"
    if abs(rounded(yuan, 2)) >= Decimal(10) ** _WAN:
        return f"{number(yuan.scaleb(-_WAN))}万元"
    return f"{number(yuan)}元"


def with_unit(value: Figure | None, unit: str | None) -> str:
    """A figure and its unit as people write them; percent without a space.

    >>> with_unit(Decimal("61.50"), "%"), with_unit(47, "家"), with_unit(None, "家")
    ('61.5%', '47 家', '—')
    """
    if value is None:
        return UNKNOWN
    return f"{number(value)}%" if unit == "%" else f"{number(value)} {unit or ''}".rstrip()


def amount(value: Figure | None, unit: str) -> str:
    """Money (``CNY``) in its scale, anything else with its unit.

    >>> amount(Decimal("52000"), "CNY"), amount(Decimal(3), "家")
    ('5.2万元', '3 家')
    """
    return money(value) if unit == "CNY" else with_unit(value, unit)


def lacking(value: Figure | None, unit: str | None) -> str:
    """What a figure lacks to reach its target. Companies come whole, so 2.5 of them are 3; percent lack points.

    >>> lacking(Decimal("2.5"), "家"), lacking(Decimal("3.5"), "%"), lacking(Decimal("52000"), "CNY")
    ('3 家', '3.5 个百分点', '5.2万元')
    """
    if value is None:
        return UNKNOWN
    if unit == "%":
        return f"{number(value)} 个百分点"
    if unit == "CNY":
        return money(value)
    return with_unit(Decimal(value).to_integral_value(ROUND_CEILING), unit)


def yi(value: Figure | None) -> str:
    """Yuan in 亿元 without the unit, two decimals, for columns whose header names it."""
    return UNKNOWN if value is None else fixed(Decimal(value).scaleb(-_YI))


def _quotient(numerator: Figure | None, denominator: Figure | None) -> Decimal | None:
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return _CONTEXT.divide(Decimal(numerator), Decimal(denominator))


def _change(now: Figure | None, before: Figure | None, missing: str) -> str:
    if before is None:
        return missing
    if now is None:
        return NO_FIGURE
    if before == 0:
        return BEFORE_IS_ZERO
    moved = _CONTEXT.divide(Decimal(now) - Decimal(before), abs(Decimal(before))) * _HUNDRED
    return f"{_signed(moved, 1)}%"


def _signed(value: Decimal, places: int) -> str:
    """With + or -, but nothing before a zero: what rounds to zero has no direction."""
    short = rounded(value, places)
    return f"{short:+f}" if short else f"{abs(short):f}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
