"""What few may read: sealed reports, their appointments, the police's receipts; and how many."""

import json
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.measures import queries as measures
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.working_time import clock
from xaso.reports import readers, rulebook, timeline
from xaso.reports.actions import counting
from xaso.reports.models import (
    Appointment,
    Handover,
    KeptFrom,
    ReceptionSlot,
    Report,
    SealedContent,
    SealedPhoto,
    State,
    Stream,
    Visibility,
)
from xaso.reports.queries import figures, finding

LEAST = 5  # a smaller number may point at someone


@dataclass(frozen=True)
class Opened:
    """One sealed report, for whoever may read it; `text` is empty once it was handed on."""

    report: Report
    stream: str
    text: str
    category: str
    place: str
    contact: dict[str, Any]
    history: Sequence[tuple[str, str]]
    photos: Sequence[int]  # their orders
    sounds: Sequence[int]
    appointment: Appointment | None
    handover: Handover | None
    is_kept: bool

    @property
    def is_open(self) -> bool:
        """Return whether something is still to be done with it."""
        return self.report.state == State.FORWARDED


def sealed_list(commune: Commune, *, by: Actor) -> Sequence[Report]:
    """Return the sealed reports an official may read, open ones by date first."""
    rows = _readable(commune, by).select_related("handover").order_by("-received_at")
    return sorted(rows[:500], key=lambda r: (r.state == State.CLOSED, r.due_at))


def count_sealed(commune: Commune, head: figures.Head, *, by: Actor) -> int:
    """Return how many sealed reports wait for this official, from the head of the inbox."""
    rules = rulebook.stamped(commune.id, head.stamp or UUID(int=0))
    streams = readers.streams_read(by, head.unit_code, rules)
    return sum(n for stream, n in head.sealed.items() if stream in streams)


def sealed_one(commune: Commune, code: str, *, by: Actor) -> Report:
    """Return a sealed report this official may read. Refuses with NotFound."""
    found = _readable(commune, by).select_related("handover").filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def open_sealed(report: Report, *, by: Actor) -> Opened:
    """Return what a sealed report says; the reading is logged before anything is shown."""
    audit.view(report, by=by, commune=report.commune_id, purpose="reports.sealed")
    content = SealedContent.objects.filter(report=report).first()
    papers: dict[str, Any] = json.loads(content.papers) if content else {}
    place = papers.get("place", {})
    shown = (place.get("landmark"), place.get("km_post"), papers.get("village"))
    kind = finding.kinds_of(report).by_id.get(papers.get("category", 0))
    files = list(SealedPhoto.objects.filter(report=report).only("order", "media_type"))
    booked = Appointment.objects.filter(report=report).select_related("slot")
    return Opened(
        report=report,
        stream=str(Stream(report.stream).label),
        text=content.text if content else "",
        category=kind.name if kind else "",
        place=", ".join(filter(None, shown)),
        contact=_contact(papers.get("contact", {})),
        history=[_line(*event) for event in papers.get("events", [])],
        photos=[kept.order for kept in files if not kept.is_sound],
        sounds=[kept.order for kept in files if kept.is_sound],
        appointment=booked.order_by("-slot__starts_at").first(),
        handover=getattr(report, "handover", None),
        is_kept=content is not None,
    )


def sealed_file(report: Report, order: int, *, by: Actor) -> tuple[bytes, str]:
    """Return a photo or recording of a sealed report and its type; the reading is logged.

    Refuses with NotFound.
    """
    kept = SealedPhoto.objects.filter(report=report, order=order).first()
    if kept is None:
        raise NotFound
    audit.view(report, by=by, commune=report.commune_id, purpose="reports.sealed_photo")
    return b64decode(kept.body), kept.media_type


def kept_from(report: Report) -> Sequence[KeptFrom]:
    """Return the units and officials a report is about, who do not read it."""
    return list(KeptFrom.objects.filter(report=report).select_related("unit", "official"))


def free_slots(commune: Commune) -> Sequence[ReceptionSlot]:
    """Return the times at which somebody can still come."""
    rows = ReceptionSlot.objects.filter(
        commune=commune, is_open=True, starts_at__gt=clock.now(), appointment__isnull=True
    )
    return list(rows.order_by("starts_at")[:60])


def slots(commune: Commune, since: datetime) -> Sequence[ReceptionSlot]:
    """Return the times of receiving citizens from a moment on, taken ones with their report."""
    rows = ReceptionSlot.objects.filter(commune=commune, starts_at__gte=since)
    return list(rows.select_related("appointment__report").order_by("starts_at")[:200])


def sealed_by_month(commune: Commune, day: date) -> dict[str, int]:
    """Return how many sealed reports of each stream came in a day's month, from five on."""
    since = day.replace(day=1)
    until = date(since.year + since.month // 12, since.month % 12 + 1, 1)
    found = measures.by_dim("stream", counting.SEALED, commune.id, since, until)
    return {stream: sums.n for stream, sums in found.items() if sums.n >= LEAST}


def _readable(commune: Commune, by: Actor) -> QuerySet[Report]:
    streams = readers.streams_of(by, commune.id)
    if not streams:
        return Report.objects.none()
    rows = Report.objects.filter(commune=commune, visibility=Visibility.SEALED, stream__in=streams)
    return readers.hide(rows, by)


def _contact(papers: dict[str, Any]) -> dict[str, Any]:
    """Return how the sender is reached; of one who hides from officials only that they do."""
    return {"is_anonymous": True} if papers.get("is_anonymous") else papers


def _line(_seq: int, kind: str, public: str, internal: str, _payload: object) -> tuple[str, str]:
    known = timeline.heading(kind)
    title = str(known[1]) if known else {"note": _("Ghi chú")}.get(kind, kind)
    return title, "\n".join(filter(None, (public, internal)))
