"""Spelling classes: names that are written differently and sound alike in the region.

Giàng, Dàng and Zàng are one family name heard by three clerks. Only the class is stored beside the
name, never shown. The classes are a design of ours, not linguistics: they are to be tuned with the
people who search.
"""

from xaso.kernel.text import fold

_VOWELS = "aeiou"
_HEADS = (  # the first that fits is taken: (beginning, put instead, what must follow)
    ("gi", "z", _VOWELS),
    ("tr", "ch", ""),
    ("ngh", "ng", ""),
    ("gh", "g", ""),
    ("qu", "kw", ""),
    ("ph", "f", ""),
    ("d", "z", _VOWELS),
    ("r", "z", _VOWELS),
    ("s", "x", ""),
)


def sound(name: str) -> str:
    """Return the class of a name: `Giàng A Páo` → `zang a pao`; idempotent it need not be."""
    return of_folded(fold(name))


def of_folded(folded: str) -> str:
    """Return the class of a name that is folded already."""
    return " ".join(_word(word) for word in folded.split(" ")) if folded else ""


def _word(word: str) -> str:
    word = word.replace("y", "i")
    for head, instead, follows in _HEADS:
        rest = word[len(head) :]
        if word.startswith(head) and (not follows or rest[:1] in tuple(follows)):
            return instead + rest
    if word[:1] in ("c", "k") and not word.startswith(("ch", "kh")):
        return "k" + word[1:]
    if word.startswith("n") and not word.startswith(("ng", "nh")):
        return "l" + word[1:]
    return word
