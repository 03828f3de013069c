"""A cell's text to a decimal, read here a second time and on its own, so that a slip of the intake would show.

>>> number("１，２３４．５"), number("1.2万"), number(None)
(Decimal('1234.500000000'), Decimal('12000.000000000'), None)
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from pipelines.units import decimals

PLACES = 9
"""Decimals a quantity is kept with (decimal(28,9))."""

CENTS = 2
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_MONEY = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}
_BRACKET = re.compile(r"[(\[【〔]([^)\]】〕]*)[)\]】〕]")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def number(text: str | None) -> Decimal | None:
    """The decimal written in a cell, with nine decimals; nothing when the cell is blank.

    Raises:
        ValueError: it holds no number.
    """
    exact = _exact(text)
    return None if exact is None else decimals.rounded(exact, PLACES, ROUND_HALF_UP)


def money(text: str | None, unit: str) -> Decimal | None:
    """Yuan written in a cell in *unit* (元, 千元, 万元, 亿元), to the fen.

    >>> money("15,200", "千元")
    Decimal('15200000.00')

    Raises:
        ValueError: no number, or a unit of money we do not know.
    """
    exact = _exact(text)
    if exact is None:
        return None
    if unit not in _MONEY:
        raise ValueError(f"金额单位 “{unit}”")
    return decimals.rounded(decimals.product(exact, _MONEY[unit]), CENTS, ROUND_HALF_UP)


def brackets(header: str) -> list[str]:
    """What stands in brackets in a header.

    >>> brackets("工业总产值（千元）")
    ['千元']
    """
    return [found.strip() for found in _BRACKET.findall(tidy(header))]


def bare(header: str) -> str:
    """A header without brackets and blanks.

    >>> bare("工业总产值 （千元）")
    '工业总产值'
    """
    return "".join(_BRACKET.sub("", tidy(header)).split()).lower().strip("*:")


def tidy(text: str) -> str:
    """Half-width, visible, trimmed."""
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE).replace("−", "-").strip()


def is_money_unit(text: str) -> bool:
    """Whether *text* names a unit of money we know."""
    return text in _MONEY


def _exact(text: str | None) -> Decimal | None:
    if text is None or not text.strip():
        return None
    folded = tidy(text)
    scale = _SCALES.get(folded[-1:], Decimal(1))
    if folded[-1:] in _SCALES:
        folded = folded[:-1]
    try:
        return decimals.product(Decimal(folded.replace(",", "").replace(" ", "")), scale)
    except InvalidOperation as error:
        raise ValueError(f"“{text}”") from error
