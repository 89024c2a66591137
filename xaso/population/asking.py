"""What somebody typed into the one box: a number, a household's code, a name, a year, a village."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Village
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line, fold
from xaso.population import national_id

MOST_TYPED = 120
_YEAR = re.compile(r"(?<![0-9])(1[89][0-9]{2}|20[0-9]{2})(?![0-9])")
_CODE = re.compile(r"[A-Za-z]{1,4}-[0-9]{1,6}")
_TWELVE = re.compile(r"[0-9]{12}")
_NINE = re.compile(r"[0-9]{9}")
_KINDS = ("ban", "thon", "to", "to dan pho", "khu")


class AskMore(Invalid):
    """One common word finds half the commune: two are needed, or a village."""

    sentence = _("Bác ghi thêm họ hoặc tên, hay chọn bản, để tìm nhanh và đúng người.")


class TypeSomething(Invalid):
    """An empty box finds nobody."""

    sentence = _("Bác ghi tên, số định danh hoặc mã hộ cần tìm.")


@dataclass(frozen=True)
class Asked:
    """What to look for; of `number`, `code` and `words` one is given."""

    words: str = ""  # a name as typed
    year: int | None = None
    village: int | None = None
    number: str = ""
    kind: str = ""  # of the number
    code: str = ""


def is_number(text: str) -> bool:
    """Return whether what was typed is the number of a paper: it is never put into an address."""
    number = national_id.normalised(clean_line(text)[:MOST_TYPED])
    return bool(_TWELVE.fullmatch(number) or _NINE.fullmatch(number))


def read(text: str, villages: Sequence[Village], village: int | None = None) -> Asked:
    """Read the box. Refuses with TypeSomething, or AskMore for one word without a village."""
    typed = clean_line(text)[:MOST_TYPED]
    number = national_id.normalised(typed)
    if _TWELVE.fullmatch(number):
        return Asked(number=number, kind="national_id")
    if _NINE.fullmatch(number):
        return Asked(number=number, kind="cmnd_9")
    if _CODE.fullmatch(typed):
        return Asked(code=typed.upper())
    found = _YEAR.search(typed)
    year = int(found[1]) if found and int(found[1]) <= date.max.year else None
    words = clean_line(_YEAR.sub(" ", typed)) if found else typed
    if village is None:
        words, village = _village_of(words, villages)
    if not fold(words):
        raise TypeSomething(errors={"tim": [str(TypeSomething.sentence)]})
    if len(fold(words).split()) < 2 and village is None:
        raise AskMore(errors={"tim": [str(AskMore.sentence)]})
    return Asked(words=words, year=year, village=village)


def _village_of(words: str, villages: Sequence[Village]) -> tuple[str, int | None]:
    """Return the words without a village named at their end, and that village."""
    folded = f" {fold(words)}"
    for village in sorted(villages, key=lambda v: -len(v.fold)):
        for kind in (fold(village.kind), *_KINDS):
            tail = f" {kind} {village.fold}"
            if folded.endswith(tail):
                count = len(tail.split())
                kept = words.split()
                return " ".join(kept[: len(kept) - count]), village.pk
    return words, None
