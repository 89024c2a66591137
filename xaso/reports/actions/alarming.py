"""A hazard rings at once for those on duty, and again every few minutes until somebody takes it.

Nothing here waits for moderation, routing, duplicates or throttles.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official, Role, RoleAssignment
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, rota, rulebook
from xaso.reports.actions import alarm_signs, placing, steps, telling
from xaso.reports.actions.given import Place
from xaso.reports.history import Said
from xaso.reports.models import Alarm, AlarmCall, Report, Severity

_MOST_CALLS = 60  # five hours of calling every five minutes
DEVICES = "devices"
LETTERS = 8  # of a key, as a text by SMS names them
_JOINS = timedelta(days=7)  # a phone may be without a network for that long


class AlreadyTaken(Refusal):
    """Somebody else took the alarm before."""

    sentence = _("Đã có người nhận rồi: %(who)s.")


class AlarmEnded(Refusal):
    """The alarm is over; it cannot be ended in another way."""

    sentence = _("Báo động này đã hết rồi, không đổi được nữa.")


def sound(report: Report, *, letters: str = "") -> Alarm:
    """Ring for the duty officer, the village head and the leaders; called while receiving.

    `letters` are those of a text by SMS; where its tap rang already, nothing rings twice.
    """
    now = report.received_at
    letters = letters or str(report.uuid)[:LETTERS]
    first = of_letters(report.commune_id, letters, now)
    alarm = Alarm.objects.create(
        commune_id=report.commune_id,
        report=report,
        is_drill=report.is_drill,
        letters=letters,
        joined=first,
        is_grouped=first is not None or alarm_signs.rings_often(report, now),
        asks_back=alarm_signs.rang_falsely(report, now),
        raised_at=now,
        taken_at=first.taken_at if first else None,
        taken_by_id=first.taken_by_id if first else None,
    )
    if not alarm.is_grouped:
        _call(alarm, report, _first(alarm, report, now), 0)
        _put_off(alarm, now)
    if not alarm.asks_back and alarm_signs.seen_by_many(report, now):
        alarm.confirmed_at, alarm.confirmed_by = now, DEVICES
        alarm.save(update_fields=["confirmed_at", "confirmed_by"])
    return alarm


def of_letters(commune: UUID, letters: str, now: datetime) -> Alarm | None:
    """Return the alarm that rang first for a tap and has not ended, by the letters of its key."""
    if len(letters) != LETTERS:
        return None
    rows = Alarm.objects.filter(commune=commune, letters=letters, raised_at__gt=now - _JOINS)
    return rows.filter(joined__isnull=True, ended_at__isnull=True).order_by("raised_at").first()


def first_called(report: Report, now: datetime) -> list[Official]:
    """Return who is called at once: on duty, head of the village, leaders; each once, in order."""
    found = [each.official for each in rota.on_duty(report.commune_id, now)]
    held = RoleAssignment.objects.at(now).filter(commune=report.commune_id)
    heads = held.filter(role=Role.VILLAGE_HEAD, village=report.village_id or 0)
    leaders = held.filter(role=Role.LEADER)
    rows = [*heads.select_related("official"), *leaders.select_related("official")]
    found += [row.official for row in rows if row.official.is_active]
    return list({person.pk: person for person in found}.values())


def _first(alarm: Alarm, report: Report, now: datetime) -> list[Official]:
    """Return who is called at once: after many false alarms of a device those on duty alone.

    They call the sender back and let the others know; with nobody on duty all are called.
    """
    everybody = first_called(report, now)
    if not _is_kept_back(alarm, now):
        return everybody
    return [each.official for each in rota.on_duty(report.commune_id, now)] or everybody


def _is_kept_back(alarm: Alarm, now: datetime) -> bool:
    """Return whether an alarm still waits for a call to its sender; not for ever."""
    if not alarm.asks_back or alarm.called_back_at:
        return False
    minutes = rulebook.of(alarm.commune_id).amount("hazard.call_back")
    return now < alarm.raised_at + timedelta(minutes=minutes)


def call_again(alarm_id: int) -> None:
    """Call the next official, unless somebody took the alarm or it ended; called by a job."""
    alarm = Alarm.objects.select_for_update().filter(pk=alarm_id).first()
    if alarm is None or alarm.taken_at or alarm.ended_at:
        return
    report = Report.objects.select_related("village").get(pk=alarm.report_id)
    number = AlarmCall.objects.filter(alarm=alarm).order_by("-number").values_list("number")[:1]
    last = number[0][0] if number else 0
    if last >= _MOST_CALLS:
        return
    now = clock.now()
    called = set(AlarmCall.objects.filter(alarm=alarm).values_list("official", flat=True))
    everybody = [*_first(alarm, report, now)]
    if not _is_kept_back(alarm, now):
        everybody += [
            *first_called(report, now),
            *identity.members(report.commune_id, permission="reports.work"),
        ]
    order = list({person.pk: person for person in everybody}.values())
    fresh = [person for person in order if person.pk not in called]
    nobody_left = order[last % len(order) : last % len(order) + 1] if order else []
    _call(alarm, report, fresh[:1] or nobody_left, last + 1)
    _put_off(alarm, now)


@transaction.atomic
def take_alarm(report: Report, *, by: Actor) -> Report:
    """Say "I take it": the calling ends. A second tap of the same person changes nothing.

    Refuses with AlreadyTaken when it was somebody else, with AlarmEnded when it is over.
    """
    alarm = _locked(report)
    step = steps.begin(report, "take_alarm", by=by)
    if alarm.taken_at and alarm.taken_by_id == int(by.id):
        return step.report
    if alarm.taken_at:
        raise AlreadyTaken(who=_who(alarm))
    if alarm.ended_at:
        raise AlarmEnded
    alarm.taken_at, alarm.taken_by_id = step.now, int(by.id)
    alarm.save(update_fields=["taken_at", "taken_by"])
    step.report.acked_at = step.report.acked_at or step.now
    done = step.finish(tells=False)
    for other in _joined(alarm).filter(taken_at__isnull=True):
        take_alarm(other.report, by=by)
    return done


@transaction.atomic
def call_back(report: Report, *, by: Actor) -> Report:
    """Note that the sender was called back and the danger is real: everybody else is called now.

    Refuses with AlarmEnded. A second tap, and one where nobody was to be called back, changes
    nothing.
    """
    alarm = _locked(report)
    step = steps.begin(report, "call_back", by=by)
    if alarm.ended_at:
        raise AlarmEnded
    if not alarm.asks_back or alarm.called_back_at:
        return step.report
    alarm.called_back_at = step.now
    alarm.save(update_fields=["called_back_at"])
    if not alarm.taken_at:
        rows = AlarmCall.objects.filter(alarm=alarm)
        called = set(rows.values_list("official", flat=True))
        last = rows.order_by("-number").values_list("number", flat=True).first() or 0
        others = [each for each in first_called(report, step.now) if each.pk not in called]
        _call(alarm, step.report, others, last + 1)
    return step.finish(tells=False)


@transaction.atomic
def confirm_alarm(report: Report, *, by: Actor) -> Report:
    """Let everybody know kind and village, as a warning nobody has checked.

    Refuses with AlarmEnded: what is over is no warning any more.
    """
    alarm = _locked(report)
    step = steps.begin(report, "confirm_alarm", by=by)
    if alarm.ended_at:
        raise AlarmEnded
    if not alarm.confirmed_at:
        alarm.confirmed_at, alarm.confirmed_by = step.now, by.id
        alarm.save(update_fields=["confirmed_at", "confirmed_by"])
    return step.finish(tells=False)


@transaction.atomic
def end_alarm(report: Report, *, by: Actor, is_false: bool = False) -> Report:
    """End an alarm: the danger is over, or there was none. Nobody is punished for a false one.

    A second tap on the same button changes nothing; another one is refused with AlarmEnded.
    """
    alarm = _locked(report)
    step = steps.begin(report, "end_alarm", by=by)
    if alarm.ended_at and alarm.is_false == is_false:
        return step.report
    if alarm.ended_at:
        raise AlarmEnded
    alarm.ended_at, alarm.is_false = step.now, is_false
    alarm.save(update_fields=["ended_at", "is_false"])
    done = step.finish(Said(facts={"is_false": is_false}), tells=False)
    for other in _joined(alarm):
        end_alarm(other.report, by=by, is_false=is_false)
    return done


@transaction.atomic
def add_position(report: Report, place: Place, *, by: Actor) -> Report:
    """Add where a hazard is, found after it was sent: an own event; a worse fix changes nothing.

    Refuses with NotFound for anything but a hazard, and with Invalid for a place that cannot be.
    """
    current = steps.locked(report)
    if current.severity != Severity.HAZARD or place.lat is None or place.lon is None:
        raise NotFound
    step = steps.take(current, "add_position", by=by)
    facts = {"lat": place.lat, "lon": place.lon, "accuracy_m": place.accuracy_m}
    known = current.accuracy_m if current.lat is not None else None
    is_better = current.lat is None or known is None or (place.accuracy_m or 0) <= known
    if is_better:
        kind = catalogue.of(current.commune_id).by_id[current.category_id]
        village = current.village
        commune = Commune.objects.get(pk=current.commune_id)
        placing.place(current, place, kind.sensitivity, commune)
        current.village = village or current.village
    return step.finish(Said(facts=facts), tells=False)


def _locked(report: Report) -> Alarm:
    found = Alarm.objects.select_for_update().filter(report=report).first()
    if found is None:
        raise NotFound
    return found


def _joined(alarm: Alarm) -> QuerySet[Alarm]:
    """Return the alarms of the same tap that came another way and have not ended."""
    rows = Alarm.objects.filter(joined=alarm, ended_at__isnull=True)
    return rows.select_related("report").order_by("pk")


def _who(alarm: Alarm) -> str:
    return alarm.taken_by.full_name or alarm.taken_by.username if alarm.taken_by else ""


def _call(alarm: Alarm, report: Report, people: Sequence[Official], number: int) -> None:
    AlarmCall.objects.bulk_create(
        AlarmCall(
            commune_id=alarm.commune_id,
            alarm=alarm,
            official=person,
            number=number,
            called_at=clock.now(),
        )
        for person in people
    )
    what, again = "drill" if alarm.is_drill else "hazard", str(number) if number else ""
    telling.tell_people(report, what, people, again=again)
    telling.text_duty(report, what, people, again=again)


def _put_off(alarm: Alarm, now: datetime) -> None:
    minutes = rulebook.of(alarm.commune_id).amount("hazard.call_again")
    jobs.later(
        "reports.call_again",
        commune=alarm.commune_id,
        args={"alarm": alarm.pk},
        run_at=now + timedelta(minutes=minutes),
    )
