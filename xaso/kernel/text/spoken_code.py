"""Codes that people read out over the phone: nine digits in threes, the last one a check digit.

Eight random digits (the first is not 0) and one Damm check digit. The check finds every single
wrong digit and every swap of two neighbours. Codes are not sequential: a sequence would tell
strangers how many there are.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random

LENGTH = 9

# H. M. Damm's totally anti-symmetric quasigroup of order 10 (dissertation, Marburg 2004).
_QUASIGROUP = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_SEPARATORS = re.compile(r"[\s.\-_/·–—]+")
_CODE = re.compile(r"[1-9][0-9]{8}")
_DIGITS = re.compile(r"[0-9]+")
_LEAST, _SPAN = 10**7, 9 * 10**7
_chance: ContextVar[Random | None] = ContextVar("chance of codes", default=None)


def damm(digits: str) -> str:
    """Return the check digit of a string of ASCII digits; of a whole code it is "0".

    Raises ValueError for anything but digits.
    """
    if not _DIGITS.fullmatch(digits):
        message = f"not a string of digits: {digits!r}"
        raise ValueError(message)
    interim = 0
    for digit in digits:
        interim = int(_QUASIGROUP[interim][int(digit)])
    return str(interim)


def new() -> str:
    """Return a fresh random code of nine digits; the caller makes sure that it is unique."""
    chance = _chance.get()
    body = str(_LEAST + (chance.randrange(_SPAN) if chance else secrets.randbelow(_SPAN)))
    return body + damm(body)


@contextmanager
def drawn_by(chance: Random) -> Iterator[None]:
    """Draw the codes of a block from a chance that repeats: for invented data only."""
    token = _chance.set(chance)
    try:
        yield
    finally:
        _chance.reset(token)


def is_valid(code: str) -> bool:
    """Return whether these are nine plain digits with the right check digit."""
    return bool(_CODE.fullmatch(code)) and damm(code) == "0"


def normalise(code: str) -> str:
    """Return the code without the spaces and dashes people put in; other characters stay.

    `482 915-709` → `482915709`. Full-width digits become plain ones.
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", code))


def grouped(code: str) -> str:
    """Return the code in threes, as it is printed and read aloud: `482 915 709`."""
    return " ".join(code[i : i + 3] for i in range(0, len(code), 3))
