"""A new calendar moves running promises: only later, never earlier, and each move is said."""

from uuid import UUID

from django.db import transaction

from xaso.dossiers import catalogue, clocks
from xaso.dossiers.actions import steps
from xaso.dossiers.history import Said
from xaso.dossiers.models import Dossier, State
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import queries as working_time
from xaso.kernel.working_time.calendar import Calendar


def follow_calendars() -> int:
    """Compare running promises of every commune with its newest calendar."""
    moved = 0
    for commune in places.communes():
        with tenancy.inside(commune.id):
            moved += follow_calendar(commune.id)
    return moved


def follow_calendar(commune: UUID) -> int:
    """Compare running dossiers with the newest calendar; return how many got a later date.

    Paused ones are compared when they go on. A second run changes nothing: dates only move later,
    and what was compared carries the calendar it was compared with.
    """
    newest = working_time.published(commune)
    if newest is None:
        return 0
    by = clocks.calendar(commune)
    running = (State.ACCEPTED, State.IN_PROGRESS)
    rows = Dossier.objects.filter(
        commune=commune, state__in=running, paused_at__isnull=True, is_mirror=False
    ).exclude(calendar_id=newest.pk)
    return sum(_follow(each, by) for each in rows.order_by("pk"))


@transaction.atomic
def _follow(dossier: Dossier, by: Calendar) -> bool:
    current = steps.locked(dossier)
    content = catalogue.kept(current.commune_id, current.frozen_id)
    lines = list(current.clock_lines.all())
    found = clocks.followed(current, by, lines, content.time)
    if found is None:
        Dossier.objects.filter(pk=current.pk).update(
            calendar_id=int(by.id) if by.id else None, calendar_version=by.version
        )
        return False
    try:
        step = steps.begin(current, "dieu_chinh_lich", by=SYSTEM)
    except Refusal:
        return False
    before = current.promise_at
    clocks.settle(current, found, by, clocks.pauses(lines))
    step.lines.append(
        clocks.line(
            current,
            clocks.Effect.CALENDAR,
            from_at=step.now,
            promise_before=before,
            by=SYSTEM.id,
        )
    )
    facts = {"before": before.isoformat() if before else "", "calendar": by.version}
    step.finish(Said(facts=facts))
    return True
