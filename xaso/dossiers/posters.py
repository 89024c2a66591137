"""The poster of a round: one page to hang up in the village; nobody is named on it."""

import textwrap
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from xaso.documents import actions as documents
from xaso.documents.actions.rendering import Rendered
from xaso.dossiers.actions.rounds import run_here
from xaso.dossiers.actions.telling import page
from xaso.dossiers.models import Round
from xaso.dossiers.printing import head
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

FORM = "ap-phich-dot"
_MOST = 4  # procedures by name: more do not fit on one page
_LONGEST = 110  # characters of a line


class NothingToHangUp(Refusal):
    """Residents were not told of the round, or it does not take place any more."""

    sentence = gettext_lazy("Đợt này chưa báo bà con, hoặc không còn làm. Bác báo trước rồi in.")


def printed(round_: Round, output: str) -> Rendered:
    """Return the poster as `pdf` or `docx`, in Vietnamese.

    Refuses with NothingToHangUp, and as `documents.render` does.
    """
    if round_.state not in {Round.State.ANNOUNCED, Round.State.OPEN}:
        raise NothingToHangUp
    with override("vi"):
        return documents.render(FORM, _data(round_), dates.local(clock.now()).date(), output)


def _data(round_: Round) -> dict[str, Any]:
    first, last = dates.local(round_.starts_at), dates.local(round_.ends_at)
    names = run_here(round_.commune)
    taken = [names.get(code, code) for code in round_.procedures]
    villages = [each.village.full_name for each in round_.villages.all()]
    data = head(round_.commune)
    data["agency"]["phone"] = round_.commune.phone
    return data | {
        "qr": page(round_.commune, "luu-dong/"),
        "round": {
            "when": f"{first:%H:%M} – {last:%H:%M}, {dates.ngay(first, year=True)}",
            "place": _cut(round_.place),
            "villages": _short(villages, ", ", 2 * _MOST),
            "procedures": _short(taken, "; ", _MOST) or _("mọi giấy tờ xã tự làm"),
            "bring": _cut(round_.bring, 160),
            "notice": _cut(round_.notice),
        },
    }


def _cut(text: str, most: int = _LONGEST) -> str:
    """Return a text that fits: whole words, and that something is missing is seen."""
    return textwrap.shorten(text, most, placeholder="…")


def _short(names: list[str], between: str, most: int) -> str:
    """Return the first names; that there are more is said."""
    rest = len(names) - most
    text = between.join(names[:most])
    return _("%(names)s và %(n)s nữa") % {"names": text, "n": rest} if rest > 0 else text
