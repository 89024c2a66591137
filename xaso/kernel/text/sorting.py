"""Vietnamese alphabetical order as a plain string.

The order must not depend on which collations a PostgreSQL build carries, so keys are computed
here, stored, and sorted under `COLLATE "C"`. Words are compared one after the other: first the
letters `a ă â b c d đ e ê … u ư v w x y z`, then the tone (ngang, huyền, hỏi, ngã, sắc, nặng).
Numbers count by value: `Nà Tăm 2` comes before `Nà Tăm 10`.
"""

import re
import unicodedata
from functools import lru_cache

from xaso.kernel.text.folding import fold

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTERS = {letter: chr(ord("A") + rank) for rank, letter in enumerate(_ALPHABET)}
_NO_TONE = "!"
_TONES = {"\u0300": '"', "\u0309": "#", "\u0303": "$", "\u0301": "%", "\u0323": "&"}
_SHAPES = "\u0302\u0306\u031b"  # circumflex, breve and horn make other letters, not tones
_TOKENS = re.compile(r"[0-9]+|[^\W0-9_]+")


def sort_key(name: str) -> str:
    """Return the key that puts names in Vietnamese order when compared byte by byte."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(_token_key(token) for token in _TOKENS.findall(text))


def person_sort_key(name: str) -> str:
    """Return the key that puts people in order of their given name (last word), then the rest."""
    words = name.split()
    return sort_key(" ".join(words[-1:] + words[:-1]))


@lru_cache(maxsize=8_192)  # names are made of few words
def _token_key(token: str) -> str:
    """Return the key of one word or one number."""
    if token.isascii() and token.isdigit():
        digits = token.lstrip("0") or "0"
        return f"{min(len(digits), 10) - 1}{digits}{_NO_TONE}"
    letters, tones = [], []
    for character in token:
        letter, tone = _apart(character)
        letters.append(letter)
        tones.append(tone)
    return "".join(letters) + ("".join(tones) or _NO_TONE)


def _apart(character: str) -> tuple[str, str]:
    """Return the rank of a letter and its tone; letters of other scripts come after z."""
    parts = unicodedata.normalize("NFD", character)
    shape = "".join(mark for mark in parts[1:] if mark in _SHAPES)
    tone = "".join(_TONES[mark] for mark in parts[1:] if mark in _TONES)
    letter = unicodedata.normalize("NFC", parts[0] + shape)
    if letter in _LETTERS:
        return _LETTERS[letter], tone
    plain = fold(letter)
    return "".join(_LETTERS.get(base, base) for base in plain), tone
