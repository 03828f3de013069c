"""统一社会信用代码 | Invented credit codes with right check digits (GB 32100-2015 around GB 11714-1997).

The administrative area 319900 is not in use, so no code made here can be a real company's.
"""

from __future__ import annotations

AREA = "319900"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_BODY_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CREDIT_MODULUS = 31
_EVERY_DIGIT_NUMBERS = 7


def credit_code(number: int) -> str:
    """The code of invented factory *number*; every seventh consists of digits only, as old codes do.

    >>> credit_code(1), credit_code(7)
    ('91319900YL0000012Y', '913199000000070186')
    """
    body = f"{number:06d}00" if number % _EVERY_DIGIT_NUMBERS == 0 else f"YL{number:06d}"
    attempt = 0
    while True:
        first = f"91{AREA}{_with_body_digit(body)}"
        code = first + check_digit(first)
        if number % _EVERY_DIGIT_NUMBERS or code.isdigit():
            return code
        attempt += 1
        body = f"{number:06d}{attempt:02d}"


def check_digit(first: str) -> str:
    """The 18th character of a code by its first 17 (GB 32100-2015, modulus 31, weights 3^i).

    >>> check_digit("91110000600037341")
    'L'
    """
    total = sum(_ALPHABET.index(sign) * pow(3, place, _CREDIT_MODULUS) for place, sign in enumerate(first))
    return _ALPHABET[-total % _CREDIT_MODULUS]


def is_right(code: str) -> bool:
    """Whether *code* carries its own check digit."""
    return len(code) == 18 and set(code) <= set(_ALPHABET) and check_digit(code[:17]) == code[17]


def with_wrong_digit(code: str) -> str:
    """The same code with another last character, as a slip of the pen makes it."""
    return code[:17] + _ALPHABET[(_ALPHABET.index(code[17]) + 1) % _CREDIT_MODULUS]


def _with_body_digit(body: str) -> str:
    """The nine characters of an organisation code (GB 11714-1997, modulus 11)."""
    total = sum(_BODY_DIGITS.index(sign) * weight for sign, weight in zip(body, _BODY_WEIGHTS, strict=True))
    return body + "0123456789X0"[11 - total % 11]
