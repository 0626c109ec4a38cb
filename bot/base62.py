"""Numbers as short words of letters and digits, for deep links and commands that people see: /s_4F."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LONGEST: Final = 11
"""Digits of the greatest key that a store can give (2^63 - 1)."""


def write_number(number: int) -> str:
    """Write a number that is not negative in base 62."""
    digits = ""
    while True:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
        if not number:
            return digits


def read_number(text: str) -> int | None:
    """Read a number; None for what is none, or greater than any key."""
    if not 0 < len(text) <= _LONGEST or not text.isascii() or not text.isalnum():
        return None
    number = 0
    for digit in text:
        number = number * len(_DIGITS) + _DIGITS.index(digit)
    return number if number < 2**63 else None
