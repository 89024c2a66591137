"""What people asked about their data, and how long the commune has to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.reports import catalogue, deadlines, rulebook
from xaso.reports.actions.rights import PARTS
from xaso.reports.models import DataRequest
from xaso.reports.people import Person

MOST = 200


@dataclass(frozen=True)
class Promise:
    """Within how many working days the commune answers, and within how many days it stops."""

    answer: int
    stop: int
    source: str


@dataclass(frozen=True)
class Line:
    """One request on the officials' list: nothing of what it says."""

    id: int
    code: str
    kind: str
    state: str
    category: str
    asked_at: datetime
    due_at: datetime
    is_open: bool
    is_late: bool
    is_near: bool  # at most the working days of `privacy.warn` are left


def of_person(of: Person) -> QuerySet[DataRequest]:
    """Return what one person asked, newest first."""
    rows = DataRequest.objects.filter(report=of.report, follower=of.follower)
    return rows.order_by("-asked_at", "-pk")


def promise(commune: Commune) -> Promise:
    """Return the commune's own terms, from the rule book."""
    rules = rulebook.of(commune.id)
    held = rules.held("privacy.answer")
    return Promise(held.amount or 0, rules.amount("privacy.stop"), held.source)


def listed(commune: Commune, now: datetime) -> Sequence[Line]:
    """Return open requests by due moment, then the last decided ones. Five statements."""
    rows = DataRequest.objects.filter(commune=commune).select_related("report")
    rows = rows.defer("text", "wanted", "report__fold", "report__public_fold", "report__text")
    waiting = rows.filter(state=DataRequest.State.OPEN).order_by("due_at", "pk")
    done = rows.exclude(state=DataRequest.State.OPEN).order_by("-decided_at", "-pk")
    kinds = catalogue.of(commune.id)
    days = rulebook.of(commune.id).amount("privacy.warn")
    soon = deadlines.working_days(now, days, deadlines.calendar(commune.id)).due
    return [
        Line(
            id=row.pk,
            code=row.report.code,
            kind=row.get_kind_display(),
            state=row.get_state_display(),
            category=kinds.name(row.report.category_id),
            asked_at=row.asked_at,
            due_at=row.due_at,
            is_open=row.state == DataRequest.State.OPEN,
            is_late=row.state == DataRequest.State.OPEN and row.due_at < now,
            is_near=row.state == DataRequest.State.OPEN and row.due_at <= soon,
        )
        for row in (*waiting[:MOST], *done[:30])
    ]


def one(commune: Commune, key: int) -> DataRequest:
    """Return one request with its report. Refuses with NotFound."""
    rows = DataRequest.objects.filter(commune=commune, pk=key)
    found = rows.select_related("report", "follower__reporter", "report__reporter").first()
    if found is None:
        raise NotFound
    return found


def done_words(row: DataRequest) -> list[str]:
    """Return which parts went, in words."""
    return [str(PARTS[part]) for part in row.did if part in PARTS]
