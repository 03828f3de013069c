"""Numbers as people read them: the one place where a figure is rounded or divided.

>>> percent(Decimal("1"), Decimal("3"))
'33.33%'
>>> percent(Decimal("1"), None)
'无分母'
>>> change(Decimal("110"), Decimal("100")), change(Decimal("1"), None)
('+10.0%', '无上期')
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)
_HUNDRED = Decimal(100)

NO_DENOMINATOR = "无分母"
NO_PREVIOUS = "无上期"
UNKNOWN = "—"


def rounded(value: Decimal, places: int) -> Decimal:
    """*value* with *places* decimals, half away from zero.

    >>> rounded(Decimal("2.5"), 0), rounded(Decimal("-2.5"), 0)
    (Decimal('3'), Decimal('-3'))
    """
    return value.quantize(Decimal(1).scaleb(-places), context=_CONTEXT)


def number(value: Decimal | int | None, places: int = 2) -> str:
    """With thousands separators, at most *places* decimals; a dash when unknown.

    >>> number(Decimal("1234567.5")), number(Decimal("12")), number(None)
    ('1,234,567.5', '12', '—')
    """
    if value is None:
        return UNKNOWN
    short = rounded(Decimal(value), places)
    text = f"{short:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value: Decimal | int | None) -> str:
    """Every digit stored, without exponent or trailing zeros; a dash when unknown."""
    if value is None:
        return UNKNOWN
    exact = Decimal(value)
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def ratio(
    numerator: Decimal | int | None, denominator: Decimal | int | None, places: int = 4
) -> Decimal | None:
    """The one division of a figure; nothing when there is no whole."""
    if numerator is None or not denominator or denominator <= 0:
        return None
    return rounded(_CONTEXT.divide(Decimal(numerator), Decimal(denominator)), places)


def percent(numerator: Decimal | int | None, denominator: Decimal | int | None, places: int = 2) -> str:
    """A share in percent, or why there is none."""
    share = ratio(numerator, denominator, places + 2)
    return NO_DENOMINATOR if share is None else f"{rounded(share * _HUNDRED, places):f}%"


def change(now: Decimal | None, before: Decimal | None) -> str:
    """同比、环比 | Change against an earlier figure, with its sign, or why there is none."""
    if now is None or not before:
        return NO_PREVIOUS
    moved = rounded(_CONTEXT.divide(now - before, before) * _HUNDRED, 1)
    return f"{moved:+f}%"


def money(value: Decimal | int | None) -> str:
    """Yuan in the scale a reader expects: 亿元, 万元 or 元.

    >>> money(Decimal("371400000000")), money(Decimal("52000"))
    ('3,714亿元', '5.2万元')
    """
    if value is None:
        return UNKNOWN
    exact = Decimal(value)
    if abs(exact) >= 10**8:
        return f"{number(_CONTEXT.divide(exact, Decimal(10**8)))}亿元"
    return (
        f"{number(_CONTEXT.divide(exact, Decimal(10**4)))}万元"
        if abs(exact) >= 10**4
        else f"{number(exact)}元"
    )
