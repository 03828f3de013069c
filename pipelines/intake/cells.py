"""One cell's text to its value, by the column's type. Each function is asked once per distinct text.

Returns the value, or a code of :mod:`pipelines.intake.codes` when there is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from pipelines.periods import Month
from pipelines.units import fold

PLACES = 9
MOST_DIGITS = 18
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_REMEMBERED = 50_000

_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(?P<power>[eE][-+]?[0-9]{1,2})?")
# What people write where a form wants something: none, or not known. NFKC leaves the dashes apart.
_NOTHING = re.compile(r"[-—–―─/\\]+|无|没有|暂无|n/?a|nil|none", re.IGNORECASE)
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_YES = {"是", "y", "yes", "true", "1", "规上", "√"}
_NO = {"否", "n", "no", "false", "0", "规下", "×"}
_DATES = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%Y年%m月%d日",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
)
_YEAR = re.compile(r"(?P<year>(19|20)[0-9]{2})(年度?|\.0)?")
_FIRST_YEAR = 2000

# 2023.10 typed into a number cell becomes 2023.1: January or October, nobody can tell any more.
_AMBIGUOUS_MONTH = re.compile(r"[0-9]{4}\.1")
_AROUND_MARKS = re.compile(r"\s*([年月日/.-])\s*")
# Day numbers of 2000-01-01 and 2099-12-31 in spreadsheets, which count from 1899-12-30.
_SERIAL = re.compile(r"[0-9]{5}")
_SERIALS = range(36_526, 73_051)
_SERIAL_ZERO = date(1899, 12, 30)


class Parsed(NamedTuple):
    """A value, or a code that says why there is none; a code beginning with W is a warning beside the value."""

    value: object
    code: str = ""


def tidy(text: str) -> str:
    """Half-width, nothing invisible, trimmed; blanks inside stay, for they may part two numbers."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


@lru_cache(_REMEMBERED)
def number(text: str) -> Parsed:
    """The exact decimal a person meant.

    >>> number("１，２３４．５").value
    Decimal('1234.500000000')
    >>> number("1.2万").value, number("1,2O4").code, number("12 34").code
    (Decimal('12000.000000000'), 'E306', 'E306')
    >>> number("－").code, number("无").code
    ('E334', 'E334')
    """
    folded = tidy(text)
    if _NOTHING.fullmatch(folded):
        return Parsed(None, "E334")
    scale = _SCALES.get(folded[-1:], Decimal(1))
    if folded[-1:] in _SCALES:
        folded = folded[:-1].rstrip()
    if _THOUSANDS.fullmatch(folded):
        folded = folded.replace(",", "").replace(" ", "")
    found = _PLAIN.fullmatch(folded)
    if not found:
        return Parsed(None, "E306")
    kept = _kept(_EXACT.multiply(Decimal(folded), scale))
    # 1.23E+11 is what a spreadsheet shows of a long number: the digits behind may be gone.
    return Parsed(kept.value, "W306") if found["power"] and not kept.code else kept


def _kept(exact: Decimal) -> Parsed:
    if exact and exact.adjusted() >= MOST_DIGITS:
        return Parsed(None, "E318")
    kept = exact.quantize(Decimal(1).scaleb(-PLACES), context=_EXACT)
    return Parsed(kept, "" if kept == exact else "W301")


@lru_cache(_REMEMBERED)
def period(text: str) -> Parsed:
    """The first day of the month.

    >>> period("2023年 5 月").value, period("2023.1").code, period("45047")
    (datetime.date(2023, 5, 1), 'E323', Parsed(value=datetime.date(2023, 5, 1), code='W303'))
    """
    folded = _AROUND_MARKS.sub(r"\1", tidy(text))
    if _AMBIGUOUS_MONTH.fullmatch(folded):
        return Parsed(None, "E323")
    serial = _from_serial(folded)
    if serial:
        return Parsed(serial.replace(day=1), "W303")
    try:
        month = Month.parse(folded)
    except ValueError:
        return Parsed(None, "E304")
    return Parsed(month.first) if month.year >= _FIRST_YEAR else Parsed(None, "E304")


@lru_cache(_REMEMBERED)
def day(text: str) -> Parsed:
    """A calendar day."""
    folded = _AROUND_MARKS.sub(r"\1", tidy(text))
    serial = _from_serial(folded)
    if serial:
        return Parsed(serial, "W303")
    for form in _DATES:
        try:
            return Parsed(datetime.strptime(folded, form).date())  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return Parsed(None, "E313")


def _from_serial(text: str) -> date | None:
    """The day a spreadsheet's day number stands for."""
    if _SERIAL.fullmatch(text) and int(text) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(text))
    return None


def year(text: str) -> Parsed:
    """A four-digit year."""
    found = _YEAR.fullmatch(fold(text))
    return Parsed(int(found["year"])) if found else Parsed(None, "E314")


@lru_cache(_REMEMBERED)
def credit_code(text: str) -> Parsed:
    """统一社会信用代码 | An 18-character code with a right check digit (GB 32100-2015)."""
    folded = fold(text).upper()
    try:
        return Parsed(str(uscc.validate(folded)))
    except ValidationError:
        return Parsed(None, "E301")


def boolean(text: str) -> Parsed:
    """Yes or no."""
    folded = fold(text).lower()
    if folded in _YES:
        return Parsed(True)
    return Parsed(False) if folded in _NO else Parsed(None, "E315")


def choice(text: str, options: Mapping[str, Sequence[str]]) -> Parsed:
    """One of the options, by its key or any of its spellings."""
    folded = fold(text).lower()
    for key, spellings in options.items():
        if folded == key.lower() or folded in {fold(spelling).lower() for spelling in spellings}:
            return Parsed(key)
    return Parsed(None, "E316")


def code(text: str, pattern: str, pad: int, names: Mapping[str, Sequence[str]]) -> Parsed:
    """A code of the right form, padded with zeros, or the code an accepted name stands for."""
    folded = fold(text).removesuffix(".0")
    for key, spellings in names.items():
        if folded in {fold(spelling) for spelling in spellings}:
            return Parsed(key)
    if folded.isdigit() and pad:
        folded = folded.zfill(pad)
    if pattern and not re.fullmatch(pattern, folded):
        return Parsed(None, "E317")
    return Parsed(folded)
