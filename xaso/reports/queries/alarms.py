"""Alarms for screens: what rings, what everybody may know, and what is read out loud."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext as _

from xaso.kernel.places.models import Commune
from xaso.kernel.text import phone
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, rulebook
from xaso.reports.models import Alarm, Report

SHOWN = timedelta(hours=24)
PHONES = ("duty", "rescue", "police", "fire", "ambulance")
MOST_WORDS = 40
_TAKEN = ExpressionWrapper(Q(taken_at__isnull=False), BooleanField())
PAGE = 20  # alarms on a page of the officials' list


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
    taken_by: str = ""  # for officials and their wall
    asks_back: bool = False  # its sender is called back before others are called
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


def every_open(commune: Commune, *, skip: int = 0, most: int = PAGE) -> Sequence[Ringing]:
    """Return alarms nobody has ended, however old and however they rang, a page for officials."""
    return _open(commune, skip=skip, most=most)


def count_open(commune: Commune) -> int:
    """Return how many alarms nobody has ended."""
    return _rows(commune).count()


def open_of(commune: Commune, report: Report) -> Ringing | None:
    """Return a report's alarm while nobody has ended it."""
    return next(iter(_open(commune, report=report)), None)


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


def _rows(commune: Commune, **which: object) -> QuerySet[Alarm]:
    rows = Alarm.objects.filter(commune=commune, ended_at__isnull=True, **which)
    return rows.exclude(report__visibility="sealed")


def _open(
    commune: Commune, *, skip: int = 0, most: int | None = None, **which: object
) -> Sequence[Ringing]:
    """Return alarms that have not ended: untaken first, then the newest."""
    rows = _rows(commune, **which).select_related("report__village", "taken_by")
    rows = rows.order_by(_TAKEN, "-raised_at", "-id")
    kinds = catalogue.of(commune.id)
    return [_ringing(row, kinds) for row in rows[skip : None if most is None else skip + most]]


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
        taken_by=str(row.taken_by) if row.taken_by else "",
        asks_back=row.asks_back and row.called_back_at is None,
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
