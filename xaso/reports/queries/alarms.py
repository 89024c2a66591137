"""Alarms for screens: what rings, what everybody may know, and what is read out loud."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    n: int = 1  # how many alarms of this kind and village stand behind this line


@dataclass(frozen=True)
class Number:
    """A phone number to press: its name, how it is dialled and read, how sure it is."""

    key: str
    name: str
    dialled: str
    spoken: str
    sureness: str


def ringing(commune: Commune) -> Sequence[Ringing]:
    """Return all alarms of the last day that have not ended: untaken first, then the newest.

    Those that rang as one with an earlier one of the same device are not repeated.
    """
    return _open(commune, is_grouped=False, raised_at__gt=clock.now() - SHOWN)


def every_open(commune: Commune) -> Sequence[Ringing]:
    """Return every alarm nobody has ended, however old and however it rang, for officials."""
    return _open(commune)


def grouped(found: Sequence[Ringing]) -> Sequence[Ringing]:
    """Return one line per kind and village, drills apart, with how many stand behind it.

    The first of each group speaks for it, so that an untaken one is never behind a taken one.
    """
    groups: dict[tuple[str, str, bool], list[Ringing]] = {}
    for each in found:
        groups.setdefault((each.kind, each.village, each.is_drill), []).append(each)
    return [replace(same[0], n=len(same)) for same in groups.values()]


def warnings(commune: Commune) -> Sequence[Ringing]:
    """Return what everybody may know, once per kind and village.

    Confirmed by an official's tap or by several devices.
    """
    return grouped([each for each in ringing(commune) if each.is_confirmed])


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


def _open(commune: Commune, **which: object) -> Sequence[Ringing]:
    rows = Alarm.objects.filter(commune=commune, ended_at__isnull=True, **which)
    rows = rows.exclude(report__visibility="sealed").select_related("report__village")
    kinds = catalogue.of(commune.id)
    found = sorted(rows.order_by("-raised_at", "-id"), key=lambda row: row.taken_at is not None)
    return [_ringing(row, kinds) for row in found]


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
