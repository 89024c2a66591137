"""A person's own data, who looked at them, what they asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity.models import Official, Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock
from xaso.population import purposes, rulebook
from xaso.population.models import (
    ConsentRecord,
    FieldGroup,
    LookAlert,
    OddLook,
    Person,
    ProcessingPurpose,
    RequestKind,
    RequestState,
    SubjectRequest,
    ViewLog,
)

MOST = 200
_OPEN = (RequestState.RECEIVED, RequestState.ANSWERED)


@dataclass(frozen=True)
class Look:
    """One look at a record as its person reads it."""

    key: int
    at: datetime
    who: str
    unit: str
    purpose: str
    groups: str
    may_ask: bool = False  # an official's, and nobody asked about it yet


def looks(person: Person, *, to_resident: bool = False, most: int | None = MOST) -> list[Look]:
    """Return who looked at a record, newest first, in six statements at most.

    A commune may keep the names of officials from residents (`looks.names`): then these read the
    position instead.
    """
    is_named = not to_resident or rulebook.amount(person.commune_id, "looks.names") == 1
    rows = list(ViewLog.objects.filter(person=person).order_by("-at")[:most])
    keys = {row.viewer for row in rows if row.viewer_kind == "official" and row.viewer.isdigit()}
    officials = Official.objects.filter(pk__in=keys).values_list("pk", "full_name", "position")
    names = {
        str(pk): name if is_named else position or gettext("Cán bộ xã")
        for pk, name, position in officials
    }
    asked = set(
        LookAlert.objects.filter(look__in=rows, kind=OddLook.COMPLAINT).values_list(
            "look_id", flat=True
        )
    )
    units = dict(
        Unit.objects.filter(pk__in={r.unit_id for r in rows if r.unit_id}).values_list("pk", "name")
    )
    known = dict(
        ProcessingPurpose.objects.filter(commune=person.commune_id).values_list("code", "text")
    )
    return [
        Look(
            row.pk,
            row.at,
            names.get(row.viewer, ""),
            units.get(row.unit_id or 0, ""),
            known.get(row.purpose)
            or str(_PURPOSES.get(row.purpose) or gettext(purposes.text(row.purpose))),
            ", ".join(str(FieldGroup(group).label) for group in row.groups),
            row.viewer_kind == "official" and row.pk not in asked,
        )
        for row in rows
    ]


def requests(person: Person) -> Sequence[SubjectRequest]:
    """Return what somebody asked about their data, newest first."""
    return list(SubjectRequest.objects.filter(person=person).order_by("-received_at")[:MOST])


def open_requests(commune: Commune) -> Sequence[SubjectRequest]:
    """Return what waits for an answer or an end, the most urgent first."""
    rows = SubjectRequest.objects.filter(commune=commune, state__in=_OPEN)
    return list(rows.select_related("person").order_by(F("answer_due_at").asc(), "received_at"))


def closed_requests(commune: Commune, most: int = 30) -> Sequence[SubjectRequest]:
    """Return what was done or refused, newest first."""
    rows = SubjectRequest.objects.filter(commune=commune).exclude(state__in=_OPEN)
    return list(rows.select_related("person").order_by("-done_at")[:most])


def is_late(request: SubjectRequest) -> bool:
    """Return whether a clock of a request has run out: computed, never a state."""
    now = clock.now()
    if request.state == RequestState.RECEIVED:
        return request.answer_due_at < now or request.done_due_at < now
    return request.state == RequestState.ANSWERED and request.done_due_at < now


def wants_a_copy(person: Person) -> SubjectRequest | None:
    """Return the oldest open request of somebody to see or have what is held, if there is one."""
    kinds = (RequestKind.COPY, RequestKind.VIEW)
    rows = SubjectRequest.objects.filter(person=person, kind__in=kinds, state__in=_OPEN)
    return rows.order_by("received_at").first()


def consents(person: Person) -> Sequence[ConsentRecord]:
    """Return what somebody agreed to, newest first."""
    rows = ConsentRecord.objects.filter(person=person).select_related("purpose")
    return list(rows.order_by("-given_at"))


_PURPOSES = {
    "population.import": _("Nhập danh sách của cơ quan khác"),
    "population.export": _("Xuất danh sách để làm việc của xã"),
    "population.breach": _("Xem ai có trong một sự cố lộ dữ liệu"),
}
