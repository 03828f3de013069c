r"""Text from files made harmless for a terminal, a Markdown page and a spreadsheet. HTML is the template's matter.

>>> one_line("甲\x1b[2J\n乙")
'甲�[2J 乙'
>>> markdown("[示例](x) <b>")
'\\[示例\\](x) \\<b\\>'
"""

from __future__ import annotations

import re
import unicodedata

# What Markdown could read as a link, emphasis, code, table, HTML, a heading or a rule.
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~&!])")
# Control characters, direction and joining marks, halves of surrogate pairs.
_HIDDEN = frozenset({"Cc", "Cf", "Cs"})
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def one_line(text: str) -> str:
    """*text* on one line; control, direction-changing and non-characters shown as �.

    An escape sequence in a company's name must not reach a terminal, and U+FFFF must not break a workbook.
    """
    return "".join(_shown(mark) for mark in text)


def markdown(text: str) -> str:
    """*text* so that Markdown shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program would take *text*, typed or read from CSV, for a formula.

    >>> looks_like_formula("=cmd|' /C calc'!A0"), looks_like_formula("示例公司")
    (True, False)
    """
    return text.startswith(_FORMULA_STARTS)


def _shown(mark: str) -> str:
    if mark in "\t\r\n":
        return " "
    is_hidden = unicodedata.category(mark) in _HIDDEN or _is_noncharacter(ord(mark))
    return "\N{REPLACEMENT CHARACTER}" if is_hidden else mark


def _is_noncharacter(code: int) -> bool:
    """U+FFFE, U+FFFF and their like. Unassigned is not enough: company names use characters newer than Python."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 - the Unicode standard, 23.7
