"""Warn whoever answers residents before a request about their data is late."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.population import rulebook
from xaso.population.models import RequestState, SubjectRequest

ANSWER, DONE, LATE = "answer", "done", "late"


@transaction.atomic
def warn(commune: Commune) -> int:
    """Tell of every request whose clock is nearly out or has run out; return how many.

    Goes to the official who handles it, to all who may where nobody does, and to the leaders too
    once it is late. The message holds the kind and the day, no name. Twice is once: each clock
    warns before and after its end.
    """
    now = clock.now()
    hours = timedelta(hours=rulebook.amount(commune.id, "rights.warn_hours"))
    days = timedelta(days=rulebook.amount(commune.id, "rights.warn_days"))
    waits = Q(state=RequestState.RECEIVED, answer_due_at__lte=now + hours)
    runs = Q(state__in=[RequestState.RECEIVED, RequestState.ANSWERED], done_due_at__lte=now + days)
    rows = list(SubjectRequest.objects.filter(waits | runs, commune=commune))
    for row in rows:
        _tell(commune, row, now, now + hours)
    return len(rows)


def warn_all() -> None:
    """Warn in every commune: what the worker calls."""
    for commune in Commune.objects.all():
        with tenancy.inside(commune.id):
            warn(commune)


def _tell(commune: Commune, row: SubjectRequest, now: datetime, soon: datetime) -> None:
    is_unanswered = row.state == RequestState.RECEIVED and row.answer_due_at <= soon
    due = row.answer_due_at if is_unanswered else row.done_due_at
    what = ANSWER if is_unanswered else DONE
    is_late = due < now
    people = _responsible(commune, row)
    if is_late:
        people += identity.members(commune, permission="population.watch")
    notifications.tell(
        "population.request_due",
        subject=row,
        commune=commune.id,
        recipients=[to for each in dict.fromkeys(people) if (to := _reached(each))],
        context={
            "kind": row.get_kind_display(),
            "due": due,
            "is_answer": what == ANSWER,
            "is_late": is_late,
            "commune": commune.full_name,
        },
        key=f"{row.pk}/{what}/{due:%Y%m%d%H%M}{f'/{LATE}' if is_late else ''}",
        is_urgent=is_late,
    )


def _responsible(commune: Commune, row: SubjectRequest) -> list[Official]:
    may = list(identity.members(commune, permission="population.rights"))
    handles = [each for each in may if str(each.pk) == row.handled_by]
    return handles or may


def _reached(person: Official) -> Recipient | None:
    if person.email and "email" in settings.XASO_CHANNELS:
        return Recipient(f"official:{person.pk}", "email", person.email)
    if "demo" in settings.XASO_CHANNELS:
        return Recipient(f"official:{person.pk}", "demo", person.username)
    return None
