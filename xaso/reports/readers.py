"""Who may read a sealed report: who holds the permission, and the unit the stream's rule names.

Never whom the report is about: a named unit's people and a named person are left out everywhere.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official, RoleAssignment, Unit
from xaso.kernel.refusals import NotFound
from xaso.kernel.working_time import clock
from xaso.reports import rulebook
from xaso.reports.models import KeptFrom, Report, Stream

SEALED = (Stream.COMPLAINT, Stream.DENUNCIATION, Stream.SECURITY_TIP)
PERMISSION = "reports.view_sealed"


def unit_of(commune: UUID, stream: str) -> Unit | None:
    """Return the unit that reads a stream beside the leaders, if its rule names an open one."""
    code = rulebook.of(commune).text(f"{stream}.readers")
    return Unit.objects.filter(commune=commune, code=code, is_open=True).first() if code else None


def streams_of(actor: Actor, commune: UUID) -> tuple[str, ...]:
    """Return the sealed streams an official may read here."""
    units = Unit.objects.filter(commune=commune, is_open=True)
    unit = units.filter(pk=actor.unit_id).first() if actor.unit_id else None
    return streams_read(actor, unit.code if unit else "", rulebook.of(commune))


def streams_read(actor: Actor, unit_code: str, rules: rulebook.Rules) -> tuple[str, ...]:
    """Return the same from what is known already: the code of the official's open unit, the rules.

    No statement.
    """
    if actor.kind != "official":
        return ()
    if identity.may(actor, PERMISSION):
        return tuple(str(stream) for stream in SEALED)
    if not unit_code:
        return ()
    return tuple(str(s) for s in SEALED if rules.text(f"{s}.readers") == unit_code)


def people_of(report: Report) -> list[Official]:
    """Return whom to tell of a new sealed report: the unit of its rule, else the leaders.

    Whom the report is about is left out; then nobody may remain.
    """
    unit = unit_of(report.commune_id, report.stream)
    found = list(identity.members(report.commune_id, unit=unit)) if unit else []
    leaders = identity.members(report.commune_id, permission=PERMISSION)
    return others(report, found) or others(report, leaders)


def others(report: Report, people: Iterable[Official]) -> list[Official]:
    """Return the officials whom a report is not about."""
    if not report.is_apart:
        return list(people)
    rows = list(KeptFrom.objects.filter(report=report).select_related("unit"))
    named = {row.official_id for row in rows}
    units = [row.unit_id for row in rows if row.unit_id]
    assigned = RoleAssignment.objects.at(clock.now()).filter(unit__in=units)
    named |= set(assigned.values_list("official", flat=True))
    named |= {row.unit.head_id for row in rows if row.unit}
    return [person for person in people if person.pk not in named]


def hide(rows: QuerySet[Report], by: Actor) -> QuerySet[Report]:
    """Leave out the reports that are about an official or a unit of theirs."""
    if by.kind != "official":
        return rows
    about = KeptFrom.objects.filter(_about(by), report=OuterRef("pk"))
    return rows.exclude(Q(is_apart=True) & Exists(about))


def is_about(report: Report, by: Actor) -> bool:
    """Return whether a report is about an official or a unit of theirs."""
    if not report.is_apart or by.kind != "official":
        return False
    return KeptFrom.objects.filter(_about(by), report=report).exists()


def refuse_named(report: Report, by: Actor) -> None:
    """Refuse with NotFound whom a report is about: for them there is no such report."""
    if is_about(report, by):
        raise NotFound


def _about(by: Actor) -> Q:
    """Return the rows that concern an official: by name, by a unit they work in or lead."""
    person = int(by.id)
    units = RoleAssignment.objects.at(clock.now()).filter(official=person, unit__isnull=False)
    led = Unit.objects.filter(head=person)
    return Q(official=person) | Q(unit__in=units.values("unit")) | Q(unit__in=led.values("pk"))
