"""Alarms for screens: what rings, what everybody may know, and what is read out loud."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from xaso.kernel.places.models import Commune
from xaso.kernel.text import phone
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, rulebook
from xaso.reports.models import Alarm

SHOWN = timedelta(hours=24)
PHONES = ("duty", "rescue", "police", "fire", "ambulance")
MOST_WORDS = 40


@dataclass(frozen=True)
class Ringing:
    """One alarm that has not ended: kind and village, nothing personal."""

    code: str
    kind: str
    icon: str
    village: str
    raised_at: datetime
    is_taken: bool
    is_drill: bool
    is_confirmed: bool


@dataclass(frozen=True)
class Number:
    """A phone number to press: its name, how it is dialled and read, how sure it is."""

    key: str
    name: str
    dialled: str
    spoken: str
    sureness: str


def ringing(commune: Commune) -> Sequence[Ringing]:
    """Return the alarms of the last day that have not ended, newest first; grouped ones once."""
    rows = Alarm.objects.filter(
        commune=commune,
        ended_at__isnull=True,
        is_grouped=False,
        raised_at__gt=clock.now() - SHOWN,
    ).exclude(report__visibility="sealed")
    kinds = catalogue.of(commune.id)
    found = rows.select_related("report__village").order_by("-raised_at", "-id")[:8]
    return [_ringing(row, kinds) for row in found]


def warnings(commune: Commune) -> Sequence[Ringing]:
    """Return what everybody may know: confirmed by an official's tap or by several devices."""
    return [each for each in ringing(commune) if each.is_confirmed]


def numbers(commune: Commune) -> Sequence[Number]:
    """Return the numbers to press, the commune's own first."""
    rules = rulebook.of(commune.id)
    held = ((key, rules.held(f"phone.{key}")) for key in PHONES)
    return [
        Number(key, _name(key), text.replace(" ", ""), _spoken(text), rule.sureness)
        for key, rule in held
        if (text := rule.text or (commune.phone if key == "duty" else ""))
    ]


def script(each: Ringing) -> str:
    """Return what the loudspeaker says of an alarm: at most 40 words."""
    drill = _("Đây là diễn tập.") + " " if each.is_drill else ""
    where = each.village or _("địa bàn xã")
    said = _(
        "Alô, Ủy ban xã thông báo: %(kind)s tại %(where)s. Bà con không đến gần, "
        "đưa người già, trẻ em đến chỗ an toàn, nghe trưởng bản."
    ) % {"kind": each.kind.lower(), "where": where}
    return drill + said


def _ringing(row: Alarm, kinds: catalogue.Categories) -> Ringing:
    report = row.report
    kind = kinds.by_id[report.category_id]
    return Ringing(
        code=report.code,
        kind=kind.name,
        icon=kind.icon,
        village=report.village.full_name if report.village else "",
        raised_at=row.raised_at,
        is_taken=row.taken_at is not None,
        is_drill=row.is_drill,
        is_confirmed=row.confirmed_at is not None,
    )


def _name(key: str) -> str:
    names = {
        "duty": _("Trực ban xã"),
        "rescue": _("Cứu nạn"),
        "police": _("Công an"),
        "fire": _("Cứu hỏa"),
        "ambulance": _("Cấp cứu"),
    }
    return names[key]


def _spoken(text: str) -> str:
    try:
        return phone.grouped(phone.normalise(text))
    except ValueError:
        return text
