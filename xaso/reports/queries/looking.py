"""What waits for a person to look before everybody sees it: the queue, and one report of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from xaso.kernel.attachments import queries as attachments
from xaso.kernel.attachments.queries import Picture
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.text import spoken_code
from xaso.kernel.working_time.calendar import Calendar
from xaso.reports import catalogue, deadlines, privacy, readers, redaction, rulebook
from xaso.reports.models import Photo, Report, Stream, Visibility, Wording
from xaso.reports.queries import board
from xaso.reports.redaction import Span
from xaso.reports.rulebook import Rules

PAGE = 20
_THUMBS = 4


@dataclass(frozen=True)
class Line:
    """One report of the queue."""

    code: str
    title: str
    icon: str
    category: str
    since: datetime
    due: datetime  # by when somebody should have looked
    is_late: bool
    is_held: bool
    has_words: bool  # that wait
    photos: int  # that wait
    thumbs: Sequence[Picture]

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.code)


@dataclass(frozen=True)
class Queue:
    """One page of the queue, oldest first, and how many wait in all."""

    lines: Sequence[Line]
    count: int
    page: int
    has_more: bool
    is_late: bool  # the oldest one


@dataclass(frozen=True)
class Part:
    """A stretch of the words: plain, or a mark the official may tick."""

    text: str
    span: str = ""  # `start-end`, empty for plain words
    kind: str = ""
    is_masked: bool = False


@dataclass(frozen=True)
class Shot:
    """One photo to decide on, as staff see it and as everybody does."""

    id: int
    number: int
    role: str
    picture: Picture
    shown: Picture | None
    decision: str
    label: str
    reason: str
    why: str
    who: str
    when: datetime | None
    boxes: Sequence[Sequence[int]]


@dataclass(frozen=True)
class Work:
    """One report to look at."""

    report: Report
    title: str
    category: str
    icon: str
    parts: Sequence[Part]
    marks: Sequence[redaction.Mark]
    photos: Sequence[Shot]
    due: datetime | None
    is_late: bool
    who: str  # decided about the words

    @property
    def is_waiting(self) -> bool:
        """Return whether something still waits."""
        return self.report.look_since is not None


def queue(commune: Commune, by: Actor, now: datetime, page: int = 1) -> Queue:
    """Return a page of what waits, oldest first. Six statements, however many wait.

    Whom a report is about does not find it here.
    """
    kinds = catalogue.of(commune.id)
    rules = rulebook.stamped(commune.id, kinds.stamp)
    calendar = deadlines.calendar(commune.id)
    rows = readers.hide(Report.objects.filter(commune=commune, look_since__isnull=False), by)
    ordered = rows.select_related("village").order_by("look_since", "id")
    start = (max(1, page) - 1) * PAGE
    found = list(ordered[start : start + PAGE + 1])
    photos = _waiting_photos(found[:PAGE])
    lines = [
        _line(row, kinds, photos.get(row.pk, []), _due(row, rules, calendar), now) for row in found
    ]
    return Queue(
        lines=lines[:PAGE],
        count=rows.count(),
        page=max(1, page),
        has_more=len(found) > PAGE,
        is_late=page == 1 and bool(lines) and lines[0].is_late,
    )


def count(commune: UUID) -> int:
    """Return in how many reports words or photos wait for a look. One statement."""
    return Report.objects.filter(commune=commune, look_since__isnull=False).count()


def is_late(commune: Commune, now: datetime) -> bool:
    """Return whether the oldest one waits longer than it should. Three statements."""
    rules, by = rulebook.of(commune.id), deadlines.calendar(commune.id)
    rows = Report.objects.filter(commune=commune, look_since__isnull=False)
    oldest = rows.order_by("look_since", "id").first()
    return oldest is not None and _due(oldest, rules, by) < now


def after(report: Report, by: Actor) -> str:
    """Return the code of what to look at next: the oldest other one that waits."""
    rows = Report.objects.filter(commune=report.commune_id, look_since__isnull=False)
    rows = readers.hide(rows.exclude(pk=report.pk), by)
    return rows.order_by("look_since", "id").values_list("code", flat=True).first() or ""


def work(report: Report, now: datetime, chosen: Sequence[Span] | None = None) -> Work:
    """Return one report to decide on; `chosen` are the stretches ticked in a form sent before."""
    kinds = catalogue.of(report.commune_id)
    rules = rulebook.stamped(report.commune_id, kinds.stamp)
    kind = kinds.by_id[report.category_id]
    village = report.village.full_name if report.village else ""
    found = marks_of(report, rules)
    due = _due(report, rules, deadlines.calendar(report.commune_id)) if report.look_since else None
    photos = _photos(report)
    names = _names([report.worded_by, *(photo.moderated_by for photo in photos)])
    return Work(
        report=report,
        title=board.title(report.text or "", kind.name, village),
        category=kind.name,
        icon=kind.icon,
        parts=_parts(report, found, chosen),
        marks=found,
        photos=[_shot(photo, number, names) for number, photo in enumerate(photos, 1)],
        due=due,
        is_late=due is not None and due < now,
        who=names.get(report.worded_by, ""),
    )


def told(facts: Mapping[str, Any]) -> str:
    """Return in words what history keeps of a decision: never the words that were blanked."""
    found = []
    if facts.get("words") == Wording.OK:
        found.append(_("Đăng lời, che %(n)s chỗ.") % {"n": facts.get("masked", 0)})
    elif facts.get("words") == Wording.HIDDEN:
        found.append(_("Không đăng lời."))
    for left in facts.get("left", ()):
        kind = _(redaction.KINDS.get(left, left))
        found.append(_("Để lại: %(kind)s.") % {"kind": kind})
    photos = facts.get("photos")
    rows = photos if isinstance(photos, list) else []
    found += [_told_photo(each) for each in rows if isinstance(each, dict)]
    return " ".join(found)


def _told_photo(said: Mapping[str, Any]) -> str:
    """Return one photo's decision, with its number on the page of decisions of that time."""
    label = dict(Photo.Moderation.choices).get(said.get("to", ""), "")
    why = dict(Photo.Reason.choices).get(said.get("reason", ""), "")
    text = _("Ảnh %(n)s: %(what)s") % {"n": said.get("n", ""), "what": label}
    return f"{text} ({why})." if why else f"{text}."


def marks_of(report: Report, rules: Rules) -> list[redaction.Mark]:
    """Return what the program proposes to blank in a report's words."""
    people = [report.reporter.name if report.reporter else ""]
    people.append(str(report.helper) if report.helper else "")
    phones = [rules.text(key) for key in ("phone.duty", "phone.reception")]
    phones.append(report.commune.phone or "")
    known = redaction.Known(
        names=[name for name in people if name],
        insults=rules.lines("look.insults"),
        allowed=frozenset(privacy.digits(number) for number in phones if number),
    )
    return redaction.marks(report.text or "", known)


def _waiting_photos(reports: Sequence[Report]) -> dict[int, list[Photo]]:
    rows = Photo.objects.filter(
        report__in=[report.pk for report in reports],
        state=Photo.State.RECEIVED,
        moderation=Photo.Moderation.PENDING,
    )
    found: dict[int, list[Photo]] = {}
    for photo in rows.select_related("attachment").order_by("order", "id"):
        found.setdefault(photo.report_id, []).append(photo)
    return found


def _due(report: Report, rules: Rules, by: Calendar) -> datetime:
    """Return by when somebody should have looked: working days since it began to wait."""
    is_rule = report.stream == Stream.REGULATION
    days = rules.amount("regulation.publish" if is_rule else "look.target")
    return deadlines.days_from(report.look_since or report.received_at, days, by)


def _line(
    report: Report,
    kinds: catalogue.Categories,
    photos: Sequence[Photo],
    due: datetime,
    now: datetime,
) -> Line:
    kind = kinds.by_id[report.category_id]
    village = report.village.full_name if report.village else ""
    title = board.title(report.text or "", kind.name, village)
    return Line(
        code=report.code,
        title=title,
        icon=kind.icon,
        category=kind.name,
        since=report.look_since or report.received_at,
        due=due,
        is_late=due < now,
        is_held=report.is_held,
        has_words=report.visibility == Visibility.PENDING,
        photos=len(photos),
        thumbs=[
            attachments.picture(photo.attachment, _("Ảnh chờ duyệt"), step=attachments.THUMBNAIL)
            for photo in photos[:_THUMBS]
            if photo.attachment is not None
        ],
    )


def _photos(report: Report) -> list[Photo]:
    rows = Photo.objects.filter(report=report, state=Photo.State.RECEIVED)
    found = rows.select_related("attachment", "public_file").order_by("role", "order", "id")
    return [photo for photo in found if photo.attachment is not None]


def _names(keys: Sequence[str]) -> dict[str, str]:
    wanted = {key for key in keys if key.isdigit()}
    return {str(p.pk): str(p) for p in Official.objects.filter(pk__in=wanted)} if wanted else {}


def _shot(photo: Photo, number: int, names: dict[str, str]) -> Shot:
    assert photo.attachment is not None  # noqa: S101  (the caller left the others out)
    role = str(Photo.Role(photo.role).label)
    file = photo.public_file
    is_new = file is not None and file.pk != photo.attachment.pk
    return Shot(
        id=photo.pk,
        number=number,
        role=role,
        picture=attachments.picture(photo.attachment, f"{role} {number}", step=1280),
        shown=attachments.picture(file, role, step=320) if file is not None and is_new else None,
        decision=photo.moderation,
        label=str(Photo.Moderation(photo.moderation).label),
        reason=photo.reason,
        why=str(Photo.Reason(photo.reason).label) if photo.reason else "",
        who=names.get(photo.moderated_by, ""),
        when=photo.moderated_at,
        boxes=(file.boxes or ()) if file is not None else (),
    )


def _parts(
    report: Report, found: Sequence[redaction.Mark], chosen: Sequence[Span] | None
) -> list[Part]:
    """Cut the words at every mark; what was blanked by hand before is a mark as well."""
    text = report.text or ""
    kept = [(int(start), int(end)) for start, end in report.masks]
    is_decided = report.wording != Wording.PENDING
    ticked = set(chosen if chosen is not None else kept if is_decided else ())
    if chosen is None and not is_decided:
        ticked = {mark.span for mark in found}
    own = [redaction.Mark(*span, "own") for span in ticked]
    every = redaction.apart([*found, *own])
    edges = sorted({0, len(text), *(edge for mark in every for edge in mark.span)})
    kinds = {mark.span: mark.kind for mark in every}
    return [
        Part(
            text=text[start:end],
            span=f"{start}-{end}" if (start, end) in kinds else "",
            kind=_(redaction.KINDS[kinds[start, end]]) if (start, end) in kinds else "",
            is_masked=(start, end) in ticked,
        )
        for start, end in pairwise(edges)
    ]
