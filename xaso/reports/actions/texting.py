"""What a text by SMS means: danger from a phone without data, or an official's "I take it".

`NGUYHIEM <kind> <lat>,<lon> <letters>` rings, or is joined to the report whose key begins with the
letters; `1` from the number of somebody who was called takes the alarm.
"""

import re
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.notifications.models import Incoming
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text.folding import fold
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, turns, wire
from xaso.reports.actions import alarming, receiving, steps, telling
from xaso.reports.actions.given import Contact, NewReport, Place
from xaso.reports.history import Said
from xaso.reports.models import Alarm, AlarmCall, DutyShift, Report, ReportEvent, Stream

GENERAL = "HAZARD-GENERAL"
_DANGER = re.compile(r"nguy\s?hiem\b")
_YES = re.compile(r"(?:1|nhan|ok)(?:\s+(\d{3}\s?\d{3}\s?\d{3}))?")
_POINT = re.compile(r"(-?\d{1,2}\.\d{1,8}),\s?(-?\d{1,3}\.\d{1,8})")
_LETTERS = re.compile(r"\b([0-9a-f]{8})\b")
_LATELY = timedelta(hours=6)


@transaction.atomic
def read(incoming: Incoming, *, commune: Commune) -> str:
    """Do what a new text asks for; return what it was read as. A text nobody understands rests."""
    plain = " ".join(incoming.text.lower().split())
    bare = fold(incoming.text)
    if _DANGER.match(bare):
        read_as = _danger(incoming, plain, bare, commune)
    elif found := _YES.fullmatch(bare):
        code = re.sub(r"\s", "", found[1] or "")
        read_as = _yes(incoming, code, commune)
    else:
        read_as = "not_understood"
    notifications.note_reading(incoming, read_as)
    return read_as


def _danger(incoming: Incoming, plain: str, bare: str, commune: Commune) -> str:
    """Join a text to the alarm that rang for the same tap, or ring."""
    letters, place, now = _letters(plain), _place(plain), clock.now()
    by = Actor("resident", "", "sms")
    known = alarming.of_letters(commune.id, letters, now)
    if known is not None:
        _join(known.report, place, by=by)
        return f"joined {known.report.code}"
    key = uuid5(commune.id, f"sms {incoming.channel} {incoming.outside_id}")
    turns.take(turns.Sender("", incoming.sender), commune.id, is_hazard=True)
    new = NewReport(
        uuid=key,
        content_hash=wire.content_hash({"sms": str(key), "text": plain}),
        category=_kind(bare, commune),
        channel="sms",
        text=incoming.text.strip()[:500],
        place=place,
        contact=Contact(phone=incoming.sender, preferred="sms"),
        letters=letters,
    )
    try:
        report = receiving.receive(new, by=by, commune=commune).report
    except Invalid:  # a place far outside the commune: the danger counts, the place does not
        report = receiving.receive(_placeless(new), by=by, commune=commune).report
    return f"rang {report.code}"


def _placeless(new: NewReport) -> NewReport:
    return NewReport(**{**vars(new), "place": Place()})


def _join(report: Report, place: Place, *, by: Actor) -> None:
    """Note on a report that its sender's text came too, and add where, if the text says it."""
    step = steps.begin(report, "join_text", by=by)
    step.finish(Said(facts={"has_place": place.lat is not None}), tells=False)
    if place.lat is not None:
        alarming.add_position(report, place, by=by)


def _yes(incoming: Incoming, code: str, commune: Commune) -> str:
    """Let somebody who was called take the alarm they answer to."""
    now = clock.now()
    who = _on_duty(incoming.sender, commune.id, now)
    if who is None:
        return "yes_of_a_stranger"
    rows = AlarmCall.objects.filter(
        commune=commune, official=who, called_at__gt=now - _LATELY, alarm__joined__isnull=True
    )
    if code:
        rows = rows.filter(alarm__report__code=code)
    calls = list(rows.select_related("alarm__report").order_by("-called_at", "-id"))
    open_ones = [each for each in calls if not (each.alarm.taken_at or each.alarm.ended_at)]
    if not calls:
        return "yes_to_nothing"
    alarm = (open_ones or calls)[0].alarm  # the latest call that still asks for it
    what = _take(alarm, who, commune)
    to = [Recipient(f"official:{who.pk}", "sms", incoming.sender)]
    telling.send(alarm.report, ReportEvent(kind=f" {incoming.pk}"), what, to)
    return f"{what} {alarm.report.code}"


def _take(alarm: Alarm, who: Official, commune: Commune) -> str:
    by = identity.official_actor(who, commune, channel="sms")
    try:
        with transaction.atomic():
            alarming.take_alarm(alarm.report, by=by)
    except Refusal:
        return "text_late"
    return "text_taken"


def _on_duty(number: str, commune: UUID, now: datetime) -> Official | None:
    """Return whose number of the roster this is; of two people on one number the one on now."""
    rows = DutyShift.objects.filter(
        commune=commune,
        phone=number,
        removed_at__isnull=True,
        starts_at__lte=now,
        ends_at__gt=now - _LATELY,
        official__is_active=True,
    )
    shift = rows.select_related("official").order_by("-starts_at", "order").first()
    return shift.official if shift else None


def _letters(plain: str) -> str:
    found = _LETTERS.findall(_POINT.sub(" ", plain))
    return found[-1] if found else ""


def _place(plain: str) -> Place:
    found = _POINT.search(plain)
    if found is None:
        return Place()
    lat, lon = float(found[1]), float(found[2])
    if abs(lat) > 90 or abs(lon) > 180:
        return Place()
    return Place(lat=lat, lon=lon, source="gps")


def _kind(bare: str, commune: Commune) -> str:
    """Return the kind a text names: by its short code as the phone writes it, or by its name."""
    kinds = [k for k in catalogue.of(commune.id).choices if k.stream == Stream.HAZARD]
    words = bare.split()
    for kind in kinds:
        if kind.code.removeprefix("HAZARD-").lower() in words:
            return kind.code
    named = next((k.code for k in kinds if fold(k.name) in bare), "")
    codes = [k.code for k in kinds]
    return named or (GENERAL if GENERAL in codes else codes[0] if codes else GENERAL)
