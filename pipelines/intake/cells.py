"""One cell's text to its value, by the column's type. Each function is asked once per distinct text.

Returns the value, or a code of :mod:`pipelines.intake.codes` when there is none.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Context, Decimal, InvalidOperation
from typing import NamedTuple

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from pipelines.periods import Month
from pipelines.units import fold

PLACES = 9
MOST_DIGITS = 18
# Excel keeps and shows 15 significant digits; what a binary cell prints beyond them nobody entered.
_WORKBOOK_DIGITS = Context(prec=15)
_EXACT = Context(prec=60)

_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,2})?")
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_YES = {"是", "y", "yes", "true", "1", "规上", "√"}
_NO = {"否", "n", "no", "false", "0", "规下", "×"}
_DATES = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%Y年%m月%d日",
    "%Y-%m-%d%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
)
_YEAR = re.compile(r"(?P<year>(19|20)\d{2})(年度?|\.0)?")


class Parsed(NamedTuple):
    """A value, or a code that says why there is none; a code beginning with W is a warning beside the value."""

    value: object
    code: str = ""


def number(text: str, *, is_workbook: bool) -> Parsed:
    """The exact decimal a person meant.

    >>> number("１，２３４．５", is_workbook=False).value
    Decimal('1234.500000000')
    >>> number("1.2万", is_workbook=False).value, number("1,2O4", is_workbook=False).code
    (Decimal('12000.000000000'), 'E306')
    """
    folded = fold(text).replace("，", ",").replace("−", "-").replace("－", "-")
    scale = _SCALES.get(folded[-1:], Decimal(1))
    if folded[-1:] in _SCALES:
        folded = folded[:-1]
    if _THOUSANDS.fullmatch(folded):
        folded = folded.replace(",", "")
    if not _PLAIN.fullmatch(folded):
        return Parsed(None, "E306")
    try:
        exact = Decimal(folded)
    except InvalidOperation:
        return Parsed(None, "E306")
    if is_workbook:
        exact = _WORKBOOK_DIGITS.plus(exact)
    return _kept(_EXACT.multiply(exact, scale))


def _kept(exact: Decimal) -> Parsed:
    if exact and exact.adjusted() >= MOST_DIGITS:
        return Parsed(None, "E318")
    kept = exact.quantize(Decimal(1).scaleb(-PLACES), context=_EXACT)
    return Parsed(kept, "" if kept == exact else "W301")


def period(text: str) -> Parsed:
    """The first day of the month."""
    try:
        return Parsed(Month.parse(fold(text)).first)
    except ValueError:
        return Parsed(None, "E304")


def day(text: str) -> Parsed:
    """A calendar day."""
    folded = fold(text)
    for form in _DATES:
        try:
            return Parsed(datetime.strptime(folded, form).date())  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return Parsed(None, "E313")


def year(text: str) -> Parsed:
    """A four-digit year."""
    found = _YEAR.fullmatch(fold(text))
    return Parsed(int(found["year"])) if found else Parsed(None, "E314")


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


def choice(text: str, options: dict[str, list[str]]) -> Parsed:
    """One of the options, by its key or any of its spellings."""
    folded = fold(text).lower()
    for key, spellings in options.items():
        if folded == key.lower() or folded in {fold(spelling).lower() for spelling in spellings}:
            return Parsed(key)
    return Parsed(None, "E316")


def code(text: str, pattern: str, pad: int, names: dict[str, list[str]]) -> Parsed:
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


def plain(text: str) -> Parsed:
    """Text as it stands, trimmed."""
    return Parsed(text.strip())
