"""A resident's report arrives: once, however often it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.tenancy.inserting import insert_once
from xaso.kernel.text import clean_line, clean_text
from xaso.kernel.working_time import clock
from xaso.kernel.working_time.calendar import Calendar
from xaso.reports import (
    catalogue,
    deadlines,
    ground,
    guards,
    hats,
    history,
    named,
    readers,
    searching,
)
from xaso.reports.actions import (
    alarming,
    counting,
    placing,
    recordings,
    routing,
    steps,
    streams,
    telling,
)
from xaso.reports.actions.contacting import WRONG_PHONE, contact_of, number_of
from xaso.reports.actions.given import NewReport
from xaso.reports.actions.photographs import Withdrawn, refuse_if_over
from xaso.reports.models import (
    ClockEntry,
    Photo,
    Report,
    Severity,
    State,
    Stream,
    Visibility,
)
from xaso.reports.models.photos import MOST_PER_ROLE

LONGEST_TEXT = 4_000  # the limit of the Open311 standard for a description
_OLDEST = timedelta(days=400)
_SKEW = timedelta(minutes=2)  # a phone's clock this far off is corrected


class OtherContent(Refusal):
    """The same sender's key came before with other words; `report` is the first one."""

    sentence = _("Phản ánh này đã gửi từ trước. Phần sửa sau chưa gửi, bà con gửi bổ sung giúp.")

    def __init__(self, report: Report) -> None:
        """Keep the report that holds the key."""
        super().__init__()
        self.report = report


@dataclass(frozen=True)
class Receipt:
    """The answer to a sender; `is_new` is false when the same report had come before."""

    report: Report
    is_new: bool


def receive(
    new: NewReport, *, by: Actor, commune: Commune, on: ground.Ground | None = None
) -> Receipt:
    """Store a report, start its clocks, count and tell it; a retry gets the first answer again.

    Refuses with Invalid (errors by field), OtherContent, or Withdrawn (it came, and was taken
    back or deleted since), always before anything is written: what is written afterwards stands
    or falls with the transaction of the request. `on` is what this request read already.
    """
    on = on or ground.of(commune.id, new.uuid)
    if on.is_erased:
        raise Withdrawn
    if on.is_known:
        return _again(new, commune)
    kinds = on.kinds
    # A file named twice is one file: a phone that chose the same picture again loses nothing.
    new = replace(
        new,
        photos=tuple({photo.sha256: photo for photo in new.photos}.values()),
        voices=tuple({voice.sha256: voice for voice in new.voices}.values()),
    )
    report = _drawn(new, kinds, commune, on.calendar)
    facts = _facts(new, report, kinds)
    _check(new, facts, by)
    trace = routing.propose(report, kinds, on.there)
    about = named.of(report, on.there).rows(report) if named.may_name(report, kinds) else []
    report.is_apart = bool(about)
    with transaction.atomic(savepoint=False):
        is_first = _store(new, report, kinds, [trace, *about], by)
        if is_first and report.stream in readers.SEALED:
            report = streams.seal(report, report.stream, by=SYSTEM)
        if is_first and report.severity == Severity.HAZARD:
            alarming.sound(report, letters=new.letters)
    return Receipt(report, is_new=True) if is_first else _again(new, commune)


def _store(
    new: NewReport,
    report: Report,
    kinds: catalogue.Categories,
    more: Sequence[Model],
    by: Actor,
) -> bool:
    """Write the report, its history and figures; False when its twin won at this very moment."""
    report.helper_id, report.is_on_behalf = new.helper_id, new.is_on_behalf
    report.consent_id, report.voice_count = new.consent_id, len(new.voices)
    report.reporter = contact_of(new.contact, report.commune_id)
    report.code = places.reserve_code("report", report.commune_id)
    searching.index(report, kinds.by_id[report.category_id].plain_name)
    line = history.event(report, "receive", "", _said(new, report), by)
    rows = [line, *_clocks(report, by), *_photos(new, report), *recordings.rows(new, report)]
    rows += [*new.beside, *more]
    if not insert_once(report, rows, link="report_id"):
        if report.reporter:  # the same report came at this very moment, and won
            report.reporter.delete()
        return False
    steps.record(report, "receive", by=by, came_from="")
    counting.count(report, "receive", report.received_at)
    telling.tell(report, line)
    steps.announce(report)
    return True


def _again(new: NewReport, commune: Commune) -> Receipt:
    """Answer a retry with the first receipt, or refuse when the words differ."""
    first = Report.objects.select_related("village").get(commune=commune.id, uuid=new.uuid)
    refuse_if_over(first)
    if first.content_hash != new.content_hash:
        raise OtherContent(first)
    return Receipt(first, is_new=False)


def _drawn(new: NewReport, kinds: catalogue.Categories, commune: Commune, by: Calendar) -> Report:
    """Return the report as it will be stored, without its reporter and code."""
    kind = kinds.by_code.get(new.category)
    if kind is None or kind not in kinds.choices:
        raise Invalid(errors={"category": [str(_("Bà con chọn giúp chuyện gì."))]})
    now = clock.now()
    term = kind.term(now.date())
    due = deadlines.resolve(term, now, by)
    report = Report(
        commune_id=commune.id,
        uuid=new.uuid,
        content_hash=new.content_hash,
        stream=kind.stream,
        channel=new.channel,
        category_id=kind.id,
        term=term,
        lang=new.lang,
        text=clean_text(new.text)[:LONGEST_TEXT],
        answers={clean_line(k): clean_text(v) for k, v in new.answers.items()},
        state=State.NEW,
        state_since=now,
        touched_at=now,
        severity=Severity.HAZARD if kind.stream == Stream.HAZARD else Severity.NORMAL,
        visibility=Visibility.PENDING if kind.is_publishable else Visibility.PRIVATE,
        look_since=now if kind.is_publishable and not new.is_drill else None,
        is_held=new.is_held,
        is_drill=new.is_drill,
        received_at=now,
        captured_at=_captured(new, now),
        ack_due_at=deadlines.acknowledge(term, now, by),
        due_at=due.due,
        first_due_at=due.due,
        legal_due_at=due.legal,
        clock_start_at=due.clock_start,
        calendar_id=due.calendar_id,
        calendar_version=due.calendar_version,
        photo_count=len(new.photos),
        device_hash=new.device_hash,
        ip_prefix_hash=new.ip_prefix_hash,
    )
    placing.place(report, new.place, kind.sensitivity, commune)
    return report


def _captured(new: NewReport, now: datetime) -> datetime | None:
    """Return when it was seen, corrected by how wrong the phone's clock is.

    What lies more than a year back is a clock gone wrong, not a memory.
    """
    if new.captured_at is None:
        return None
    skew = now - new.sent_at if new.sent_at else timedelta()
    ago = now - new.captured_at - (skew if abs(skew) > _SKEW else timedelta())
    return None if abs(ago) > _OLDEST else now - max(ago, timedelta())


def _facts(new: NewReport, report: Report, kinds: catalogue.Categories) -> dict[str, Any]:
    is_hazard = report.severity == Severity.HAZARD
    return {
        "text": new.text or ("!" if is_hazard else ""),  # two taps are enough
        "photos": new.photos,
        "voices": new.voices,
        "is_place_free": is_hazard or kinds.by_id[report.category_id].pin == "no",
        "point": report.lat,
        "village": report.village_id,
        "landmark": report.landmark,
    }


def _check(new: NewReport, facts: dict[str, Any], by: Actor) -> None:
    """Refuse with every fault at once, each beside its field."""
    errors: dict[str, list[str]] = {}
    if not hats.worn(None, by):
        raise Invalid(_("Tài khoản này không gửi phản ánh được."))
    if len(new.text) > LONGEST_TEXT:
        errors["text"] = [str(_("Bà con viết ngắn lại giúp, nhiều nhất 4.000 chữ cái."))]
    for name, guard in (("text", guards.says_something), ("place", guards.says_where)):
        if sentence := guard(facts):
            errors.setdefault(name, []).append(str(sentence))
    errors |= _files(new)
    if new.contact.phone.strip() and not number_of(new.contact.phone):
        errors["phone"] = [str(WRONG_PHONE)]
    if errors:
        raise Invalid(errors=errors)


def _files(new: NewReport) -> dict[str, list[str]]:
    """Return what is wrong with the photos and voice notes."""
    errors = {}
    if wrong := recordings.faults(new.voices):
        errors["voice"] = wrong
    if len(new.photos) > MOST_PER_ROLE:
        errors["photos"] = [str(_("Nhiều nhất 6 ảnh. Bà con bỏ bớt giúp."))]
    return errors


def _said(new: NewReport, report: Report) -> history.Said:
    facts = {
        "category": report.category_id,
        "photos": len(new.photos),
        "due_at": report.due_at.isoformat(),
        "calendar": [report.calendar_id, report.calendar_version],
    }
    is_off = new.captured_at is not None and report.captured_at is None
    note = str(_("Đồng hồ của máy gửi sai nhiều, nên không ghi lúc chụp.")) if is_off else ""
    return history.Said(facts=facts, device_time=report.captured_at, internal=note)


def _clocks(report: Report, by: Actor) -> list[ClockEntry]:
    started = {"effect": ClockEntry.Effect.RUN, "from_at": report.received_at, "by": by.id}
    return [
        deadlines.entry(report, ClockEntry.Clock.ACK, due_at=report.ack_due_at, **started),
        deadlines.entry(report, ClockEntry.Clock.RESOLVE, due_at=report.due_at, **started),
    ]


def _photos(new: NewReport, report: Report) -> list[Photo]:
    """Return one row per photo: here already, or announced."""
    rows = []
    for order, photo in enumerate(new.photos):
        is_here = isinstance(photo, Attachment)
        rows.append(
            Photo(
                commune_id=report.commune_id,
                attachment=photo if isinstance(photo, Attachment) else None,
                sha256=photo.sha256,
                state=Photo.State.RECEIVED if is_here else Photo.State.EXPECTED,
                order=order,
                bytes=photo.bytes,
                created_at=report.received_at,
            )
        )
    return rows
