"""Spelling classes: names that are written differently and sound alike in the region.

Giàng, Dàng and Zàng are one family name heard by three clerks. Only the class is stored beside the
name, never shown. The classes are a design of ours, not linguistics: they are to be tuned with the
people who search. A commune's own come from `rulebook.classes`.
"""

from collections.abc import Sequence
from functools import lru_cache

from xaso.kernel.text import fold

VOWELS = "aeiou"
Classes = tuple[tuple[str, str, bool], ...]  # (beginning, put instead, only before a vowel)
# The first that fits is taken; one put for itself protects it from those that follow.
SHIPPED: Classes = (
    ("gi", "z", True),
    ("tr", "ch", False),
    ("ch", "ch", False),
    ("ngh", "ng", False),
    ("ng", "ng", False),
    ("nh", "nh", False),
    ("n", "l", False),
    ("gh", "g", False),
    ("qu", "kw", False),
    ("ph", "f", False),
    ("d", "z", True),
    ("r", "z", True),
    ("s", "x", False),
    ("kh", "kh", False),
    ("c", "k", False),
)


def sound(name: str, classes: Sequence[tuple[str, str, bool]] = SHIPPED) -> str:
    """Return the class of a name: `Giàng A Páo` → `zang a pao`; idempotent it need not be."""
    return of_folded(fold(name), classes)


def of_folded(folded: str, classes: Sequence[tuple[str, str, bool]] = SHIPPED) -> str:
    """Return the class of a name that is folded already."""
    kept = tuple(classes)
    return " ".join(_word(word, kept) for word in folded.split(" ")) if folded else ""


@lru_cache(maxsize=8_192)  # names are made of few words
def _word(word: str, classes: Classes) -> str:
    word = word.replace("y", "i")
    for head, instead, before_vowel in classes:
        rest = word[len(head) :]
        if word.startswith(head) and (not before_vowel or rest[:1] in tuple(VOWELS)):
            return instead + rest
    return word
