"""Text as it is stored and as it is searched.

`nfc`, `clean_line` and `clean_text` make what people type fit to keep; `fold` and `fold_tight`
make what people search for meet what others typed, with or without accents.
All of them are idempotent.
"""

import re
import unicodedata

JOINERS = "\u200c\u200d"  # hold emoji and some scripts together: the only format characters kept

# Letters that carry no separable mark, so that decomposition alone does not reach their base.
_PLAIN = str.maketrans(
    {
        "đ": "d",
        "ð": "d",
        "ƀ": "b",
        "ł": "l",
        "ø": "o",
        "ŧ": "t",
        "ħ": "h",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
    }
)


class _Bare(dict[int, int | None]):
    """What `str.translate` asks of each character: marks go, the rest stays; learnt once.

    At most 4,096 characters are remembered: whoever sends all of Unicode fills no memory.
    """

    def __missing__(self, code: int) -> int | None:
        found = None if unicodedata.category(chr(code)).startswith("M") else code
        if len(self) < 4_096:
            self[code] = found
        return found


_BARE = _Bare()
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")
_SPACES_IN_LINE = re.compile(r"[^\S\n]+")
_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_MANY_BREAKS = re.compile(r"\n{3,}")


def nfc(text: str) -> str:
    """Return the text with every accented letter as one code point (Unicode NFC)."""
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """Return one line fit to store: NFC, no control or direction characters, single spaces."""
    if _is_clean(text):
        return text
    return _SPACES.sub(" ", nfc(_visible(_SPACES.sub(" ", text)))).strip()


def _is_clean(text: str) -> bool:
    """Return whether a line is fit as it is, as most are: the plain space alone is printable."""
    is_even = text.isprintable() and "  " not in text and text[:1] != " " != text[-1:]
    return is_even and unicodedata.is_normalized("NFC", text)


def clean_text(text: str) -> str:
    """Return several lines fit to store: as `clean_line`, but line breaks stay.

    Every kind of line break becomes a line feed; more than one empty line becomes one.
    """
    broken = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
    lines = nfc("\n".join(_visible(line) for line in broken.split("\n"))).split("\n")
    kept = "\n".join(_SPACES_IN_LINE.sub(" ", line).strip() for line in lines)
    return _MANY_BREAKS.sub("\n\n", kept).strip()


def fold(text: str) -> str:
    """Return the text as a searcher without accents types it: `Bản Nà Tăm!` → `ban na tam`.

    Compatibility forms and case are evened out, đ becomes d, marks are dropped and everything but
    `a-z0-9` becomes one space. A text in another script (Tai Viet, Chinese) keeps its letters.
    """
    even = _even(text)
    folded = _NOT_ALPHANUMERIC.sub(" ", _without_marks(even)).strip()
    if folded or not any(character.isalpha() for character in even):
        return folded
    return _SPACES.sub(" ", even).strip()


def fold_tight(text: str) -> str:
    """Return the folded text without spaces, so that `H'Mông` and `HMông` meet."""
    return fold(text).replace(" ", "")


def _even(text: str) -> str:
    """Return the text with case and compatibility forms evened out, until nothing changes."""
    if text.isascii():
        return text.lower()
    while True:
        even = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        if even == text:
            return even
        text = even


def _without_marks(text: str) -> str:
    """Return the text with every letter on its plain base."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text.translate(_PLAIN))
    return apart.translate(_BARE).translate(_PLAIN)


def _visible(text: str) -> str:
    """Return the text without control, direction, hidden and unpaired surrogate characters."""
    if text.isprintable():
        return text
    return "".join(
        c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs"} or c in JOINERS
    )
