"""What follows for sealed reports: an appointment, the police's receipt, the paper file."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock
from xaso.reports import readers, rulebook
from xaso.reports.actions import boxing, steps, telling
from xaso.reports.history import Said
from xaso.reports.models import (
    Appointment,
    Handover,
    ReceptionSlot,
    Report,
    SealedContent,
    Stream,
)

_MOST_SLOTS = 40


class SlotTaken(Refusal):
    """Somebody else comes at that time."""

    sentence = _("Giờ này đã có người hẹn. Bác chọn giờ khác.")


class AlreadyTaken(Refusal):
    """The police took this tip before."""

    sentence = _("Tin này công an đã nhận rồi.")


@dataclass(frozen=True)
class Day:
    """Some hours of receiving citizens on one day."""

    on: date
    begins: time
    count: int
    minutes: int
    room: str
    host: str


@transaction.atomic
def open_day(commune: Commune, day: Day, *, by: Actor) -> list[ReceptionSlot]:
    """Offer a day's times one after the other; those already there stay as they are."""
    if not (1 <= day.count <= _MOST_SLOTS and 5 <= day.minutes <= 240):
        raise Invalid(
            errors={"count": [str(_("Số lượt từ 1 đến 40, mỗi lượt từ 5 đến 240 phút."))]}
        )
    start = datetime.combine(day.on, day.begins, dates.ZONE)
    if start < clock.now():
        raise Invalid(errors={"on": [str(_("Ngày này đã qua. Bác chọn ngày tới."))]})
    found = []
    for number in range(day.count):
        facts = {"minutes": day.minutes, "host": clean_line(day.host)[:120]}
        slot, is_new = ReceptionSlot.objects.get_or_create(
            commune=commune,
            starts_at=start + timedelta(minutes=number * day.minutes),
            room=clean_line(day.room)[:120],
            defaults=facts,
        )
        if is_new:
            found.append(slot)
    if found:
        changes = {"day": day.on.isoformat(), "slots": len(found)}
        audit.record(
            "reports.reception_opened", found[0], by=by, commune=commune.id, changes=changes
        )
    return found


@transaction.atomic
def book(report: Report, slot_id: int, *, by: Actor) -> Appointment:
    """Book a time for a sealed report's sender; an earlier one of the report is given back."""
    current = steps.locked(report)
    slot = (
        ReceptionSlot.objects.select_for_update()
        .filter(commune=current.commune_id, pk=slot_id, is_open=True, starts_at__gt=clock.now())
        .first()
    )
    if slot is None or not current.is_sealed:
        raise NotFound
    if Appointment.objects.filter(slot=slot).exclude(report=current).exists():
        raise SlotTaken
    Appointment.objects.filter(report=current, slot__starts_at__gt=clock.now()).delete()
    booked = Appointment.objects.create(
        commune_id=current.commune_id,
        slot=slot,
        report=current,
        booked_by_id=int(by.id),
        booked_at=clock.now(),
    )
    audit.record("report.booked", current, by=by, commune=current.commune_id)
    return booked


@transaction.atomic
def settle(report: Report, paper_no: str, *, by: Actor, version: int | None = None) -> Report:
    """Close a sealed report whose matter goes on in its paper file, named by its number."""
    number = clean_line(paper_no)[:60]
    step = steps.begin(report, "settle", by=by, version=version, paper_no=number)
    step.report.closed_at = step.now
    return step.finish(Said(facts={"sealed": True, "paper_no": number}), tells=False)


def hand_over(report: Report) -> Handover:
    """Hand a security tip to the police's channel, and ask for it again if nobody takes it."""
    now = clock.now()
    unit = readers.unit_of(report.commune_id, Stream.SECURITY_TIP)
    minutes = rulebook.of(report.commune_id).amount("security_tip.take")
    content = SealedContent.objects.get(report=report)
    digest = hashlib.sha256(f"{content.text}\0{content.papers}".encode()).hexdigest()
    receipt, _new = Handover.objects.get_or_create(
        report=report,
        defaults={
            "commune_id": report.commune_id,
            "unit_name": unit.name if unit else str(_("Lãnh đạo xã, chuyển công an")),
            "digest": digest,
            "handed_at": now,
            "due_at": now + timedelta(minutes=minutes),
        },
    )
    telling.tell_readers(report, "tip")
    args = {"report": report.pk}
    jobs.later(
        "reports.ask_for_tip",
        commune=report.commune_id,
        key=str(report.pk),
        args=args,
        run_at=receipt.due_at,
    )
    return receipt


@transaction.atomic
def take_tip(report: Report, *, by: Actor) -> Handover:
    """Acknowledge a tip: the police have it now, so what it says leaves this room for good."""
    current = steps.locked(report)
    receipt = Handover.objects.select_for_update().filter(report=current).first()
    if receipt is None or current.stream != Stream.SECURITY_TIP:
        raise NotFound
    if receipt.taken_at:
        raise AlreadyTaken
    receipt.taken_at, receipt.taken_by_id = clock.now(), int(by.id)
    receipt.save(update_fields=["taken_at", "taken_by"])
    boxing.erase(current)
    step = steps.take(current, "settle", by=SYSTEM, paper_no=f"{receipt.handed_at:%Y%m%d%H%M}")
    current.closed_at = step.now
    step.finish(Said(facts={"sealed": True}), tells=False)
    audit.record("report.tip_taken", receipt, by=by, commune=current.commune_id)
    return receipt


def ask_for_tip(report_id: int) -> None:
    """Tell the leaders once that a tip waits although its time is over; called by a job."""
    receipt = Handover.objects.select_for_update().filter(report=report_id, taken_at=None).first()
    if receipt is None or receipt.reminded_at or receipt.due_at > clock.now():
        return
    receipt.reminded_at = clock.now()
    receipt.save(update_fields=["reminded_at"])
    report = Report.objects.get(pk=report_id)
    telling.tell_leaders(report, "tip_waits")
