"""Phone numbers: one way to store them, one way to show them.

Source of the Vietnamese lengths: the national numbering plan, circular 22/2014/TT-BTTTT with the
change of mobile prefixes of 2018; the numbers themselves are never checked for being in use.
"""

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s.\-()/·–—]+")
_MOBILE = re.compile(r"[35789][0-9]{8}")
_LANDLINE = re.compile(r"2[0-9]{9}")
_ABROAD = re.compile(r"\+(?!84)[1-9][0-9]{7,14}")
_HOME_PREFIX = re.compile(r"(?:\+84|0084|84)0?|0")


def normalise(text: str) -> str:
    """Return a number as it is stored, E.164: `0912 345 678` → `+84912345678`.

    Mobile numbers have 10 digits, landlines 11 (`0213 3...`); numbers from abroad need their `+`
    and country code. Raises ValueError for what cannot be a number to call back.
    """
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if _ABROAD.fullmatch(bare):
        return bare
    prefix = _HOME_PREFIX.match(bare)
    rest = bare[prefix.end() :] if prefix else ""
    if not (_MOBILE.fullmatch(rest) or _LANDLINE.fullmatch(rest)):
        message = "not a phone number of Vietnam nor one with a country code"
        raise ValueError(message)
    return f"+84{rest}"


def grouped(stored: str) -> str:
    """Return a stored number as it is read aloud: `0912 345 678`, `0213 3876 543`."""
    if not stored.startswith("+84"):
        return stored
    home = f"0{stored[3:]}"
    if len(home) == 10:
        return f"{home[:4]} {home[4:7]} {home[7:]}"
    return f"{home[:4]} {home[4:8]} {home[8:]}"


def masked(stored: str) -> str:
    """Return a stored number with only its last three digits, for eyes that need no more."""
    return f"••• ••• {stored[-3:]}"
