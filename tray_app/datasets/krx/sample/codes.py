"""Short codes and ISINs of made-up issues, in the forms the exchange gives out."""

import random
from collections.abc import Iterator
from datetime import date

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
FIRST_LETTER_CODE = date(2025, 7, 1)
_OLD_CODES = range(15, 11_400)
_FIRST_NEW_CODE = 11_420
_PREFERRED_DIGIT = {"5": "1", "7": "2", "9": "3"}
_PREFERRED_LETTER = {"K": "01", "L": "02", "M": "03"}


class CodeBook:
    """Gives out every code once: scattered ones to issues older than 2010, then ascending, with letters from 2025."""

    def __init__(self, luck: random.Random) -> None:
        self._luck = luck
        self._old = iter(luck.sample(_OLD_CODES, 3000))
        self._digits = self._ascending(_FIRST_NEW_CODE, 22)
        self._letters = self._ascending(0, 3)
        self._foreign = self._ascending(90_001, 3)

    def old(self) -> str:
        """Return a code from before 2010."""
        return f"{next(self._old):05}0"

    def new(self, listed: date) -> str:
        """Return a code of a listing's day; from mid-2025 most have a letter in the fifth place."""
        if listed >= FIRST_LETTER_CODE and self._luck.random() < 0.7:
            return f"{next(self._letters):04}{self._luck.choice(CODE_LETTERS)}0"
        return f"{next(self._digits):05}0"

    def foreign(self) -> str:
        """Return a code of a foreign issuer."""
        return f"{next(self._foreign)}0"

    def _ascending(self, number: int, widest: int) -> Iterator[int]:
        while True:
            number += self._luck.randint(1, widest)
            yield number


def isin_of(code: str) -> str:
    """Return the ISIN of a Korean share; the digits of preferred shares differ from the short code's."""
    last = code[-1]
    if last in _PREFERRED_LETTER:
        return _with_check_digit(f"KR7{code}{_PREFERRED_LETTER[last]}")
    return _with_check_digit(f"KR7{code[:5]}{_PREFERRED_DIGIT.get(last, '0')}00")


def foreign_isin_of(code: str) -> str:
    """Return the ISIN of a foreign issuer, of Hong Kong or the Cayman Islands."""
    number = int(code) * 7 % 1_000_000
    return _with_check_digit(f"HK0000{number:05}"[:11] if number % 2 else f"KYG{number:06}X1"[:11])


def check_digit(start: str) -> str:
    """Return the last digit of an ISIN whose first eleven characters are given (ISO 6166)."""
    digits = "".join(str(int(character, 36)) for character in start)
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def _with_check_digit(start: str) -> str:
    return start + check_digit(start)
