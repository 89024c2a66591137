"""What should be blanked in words before everybody reads them: suggestions a person decides on.

Pure functions over one text. A mark is a stretch of the text with the reason it was found; names
and insults are looked for word by word, without regard to capitals, and without regard to accents
where the text itself has none. Marks never overlap: the longer of two wins.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from xaso.kernel.text import fold
from xaso.reports import privacy

MASK = "•••"
KINDS = {
    "phone": _("số điện thoại"),
    "paper": _("số giấy tờ"),
    "account": _("số tài khoản"),
    "plate": _("biển số xe"),
    "email": _("thư điện tử"),
    "name": _("tên người"),
    "insult": _("lời xúc phạm"),
    "own": _("cán bộ thêm"),
}
_WORD = re.compile(r"\w+")
Span = tuple[int, int]


@dataclass(frozen=True)
class Mark:
    """A stretch of a text that should perhaps be blanked: characters `start` to before `end`."""

    start: int
    end: int
    kind: str

    @property
    def span(self) -> Span:
        """Return where it stands."""
        return self.start, self.end


@dataclass(frozen=True)
class Known:
    """What is known around a text: people's names, insults, digits that may stand (desk phones)."""

    names: Sequence[str] = ()
    insults: Sequence[str] = ()
    allowed: frozenset[str] = frozenset()


def marks(text: str, known: Known) -> list[Mark]:
    """Return what a person should look at, in the order of the text."""
    found = [Mark(start, end, kind) for kind, start, end in privacy.spans(text, known.allowed)]
    found += [Mark(*span, "name") for name in known.names for span in places_of(name, text)]
    found += [Mark(*span, "insult") for word in known.insults for span in places_of(word, text)]
    return apart(found)


def added(text: str, words: Iterable[str]) -> list[Mark]:
    """Return every place of what an official wants blanked besides; marks by hand."""
    return [Mark(*span, "own") for word in words for span in places_of(word, text)]


def masked(text: str, chosen: Iterable[Span]) -> str:
    """Return the text with the chosen stretches blanked; stretches may touch or overlap."""
    made, at = "", 0
    for start, end in sorted(chosen):
        if start >= at:
            made += text[at:start] + MASK
        at = max(at, end)
    return made + text[at:]


def places_of(phrase: str, text: str) -> list[Span]:
    """Return where the words of a phrase stand in a text, one after the other."""
    wanted = [found.group() for found in _WORD.finditer(phrase)]
    words = [(found.group(), found.start(), found.end()) for found in _WORD.finditer(text)]
    size = len(wanted)
    return [
        (words[n][1], words[n + size - 1][2])
        for n in range(len(words) - size + 1 if size else 0)
        if all(_is_same(wanted[k], words[n + k][0]) for k in range(size))
    ]


def _is_same(wanted: str, word: str) -> bool:
    """Return whether a word of a text is the one looked for; typed without accents it may be."""
    if wanted.casefold() == word.casefold():
        return True
    return word.isascii() and fold(wanted) == word.lower()


def apart(found: Sequence[Mark]) -> list[Mark]:
    """Return marks that do not overlap, in order: the longest win, then those given first."""
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda mark: mark.start - mark.end):
        if all(mark.end <= other.start or other.end <= mark.start for other in kept):
            kept.append(mark)
    return sorted(kept, key=lambda mark: mark.start)
