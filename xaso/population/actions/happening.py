"""Births, deaths, arrivals, departures, absences: an event is appended, the rest follows."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock
from xaso.population import rulebook
from xaso.population.actions.households import locked_household, place, settle
from xaso.population.actions.members import Joining, cut, end, join
from xaso.population.actions.persons import (
    NewPerson,
    locked,
    refuse_another,
    register_person,
    touch,
)
from xaso.population.actions.saying import Said
from xaso.population.births import Partial
from xaso.population.models import (
    EventKind,
    Household,
    Membership,
    Person,
    Precision,
    ResidenceEvent,
    ResidenceKind,
    Role,
    Status,
    TaskKind,
    VillageTask,
)
from xaso.population.refusals import DeadAlready, EmptyPeriod, ToldBefore, worded


class AlreadyReversed(Refusal):
    """An event is reversed once."""

    sentence = gettext_lazy("Sự kiện này đã được ghi là nhầm rồi.")


class TooLong(Invalid):
    """Temporary residence is registered for a limited time (law 68/2020/QH14, article 27)."""

    sentence = gettext_lazy("Mỗi lần tạm trú nhiều nhất %(years)s năm. Bác xem lại ngày hết hạn.")


@dataclass(frozen=True)
class Event:
    """What happened, as it was told; `id` is made by the client that may retry."""

    kind: str
    on: Partial
    until: date | None = None
    from_place: str = ""
    to_place: str = ""
    document: str = ""
    note: str = ""
    household: Household | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class Birth:
    """A new-born: without a name yet it needs its mother."""

    on: Partial
    name: str = ""
    sex: str = "unknown"
    mother: Person | None = None
    father: Person | None = None
    household: Household | None = None
    role: str = Role.CHILD
    document: str = ""
    id: UUID | None = None


_ENDS = {
    EventKind.PERMANENT_OUT: {ResidenceKind.PERMANENT},
    EventKind.TEMPORARY_OUT: {ResidenceKind.TEMPORARY},
    EventKind.LIVING_OUT: {ResidenceKind.LIVING},
    EventKind.DEATH: set(ResidenceKind),
}
BEGINS = {  # what an arrival begins
    EventKind.PERMANENT_IN: ResidenceKind.PERMANENT,
    EventKind.TEMPORARY_IN: ResidenceKind.TEMPORARY,
    EventKind.LIVING_IN: ResidenceKind.LIVING,
}


@transaction.atomic
def record_event(person: Person, event: Event, said: Said, *, by: Actor) -> ResidenceEvent:
    """Append what happened to somebody, and end the memberships it ends.

    A death is never refused. Refuses with DeadAlready, EmptyPeriod, TooLong, and with ToldBefore
    when the same `id` came with somebody else or something else.
    """
    known = ResidenceEvent.objects.filter(pk=event.id).first() if event.id else None
    if known is not None:
        day = event.on.day or known.on
        if (known.person_id, known.kind, known.on) != (person.pk, event.kind, day):
            raise ToldBefore
        return known
    row = locked(person)
    if row.status == Status.DECEASED:
        raise DeadAlready
    _refuse(row, event)
    kept = _append(row, event, said, by)
    for household in _closed(row, EventKind(event.kind), kept.on):
        settle(household)
    _stand(row, event, kept.on)
    place(row.pk)
    touch(row)
    audit.record(
        "population.event_recorded", row, by=by, commune=row.commune_id,
        changes={"kind": event.kind, "on": kept.on.isoformat()},
    )  # fmt: skip
    return kept


@transaction.atomic
def record_death(person: Person, event: Event, said: Said, *, by: Actor) -> ResidenceEvent:
    """Record that somebody died; a head's household goes to the repair list, never a refusal."""
    return record_event(person, event, said, by=by)


@transaction.atomic
def record_arrival(
    person: Person, event: Event, joining: Joining, said: Said, *, by: Actor
) -> ResidenceEvent:
    """Record that somebody came to live here, and add them to their household."""
    if event.household is None:
        raise NotFound
    kept = record_event(person, event, said, by=by)
    join(event.household, joining, said, by=by)
    return kept


@transaction.atomic
def record_birth(birth: Birth, said: Said, *, commune: Commune, by: Actor) -> Person:
    """Register a new-born with its mother and add it to the household. Twice gives the first.

    Refuses with Invalid when neither a name nor a mother is known, and with ToldBefore when the
    same `id` came for another child: a twin is no second try.
    """
    known = Person.objects.filter(commune=commune, pk=birth.id).first() if birth.id else None
    if known is not None:
        refuse_another(known, birth.name.strip() or _("(chưa đặt tên)"))
        return known
    if not birth.name.strip() and birth.mother is None:
        sentence = _("Trẻ chưa đặt tên thì cần biết mẹ là ai.")
        raise Invalid(sentence, errors={"mother": [sentence]})
    new = NewPerson(
        birth.name.strip() or _("(chưa đặt tên)"),
        sex=birth.sex,
        birth=birth.on,
        id=birth.id or uuid4(),
        mother=birth.mother,
        father=birth.father,
        is_unnamed=not birth.name.strip(),
    )
    child = register_person(new, said, commune=commune, by=by)
    event = Event(EventKind.BIRTH, birth.on, document=birth.document, household=birth.household)
    kept = record_event(child, event, said, by=by)
    if birth.household is not None:
        join(birth.household, Joining(child, birth.role, kept.on), said, by=by)
    child.refresh_from_db()
    return child


@transaction.atomic
def reverse(event: ResidenceEvent, reason: str, *, by: Actor) -> ResidenceEvent:
    """Say that an event was recorded by mistake; memberships it ended go on as before.

    Refuses with AlreadyReversed, and with what the database forbids (another membership stands in
    the way by now).
    """
    row = locked(event.person)
    if event.reverses_id or ResidenceEvent.objects.filter(reverses=event).exists():
        raise AlreadyReversed
    wrong = Event(event.kind, Partial(event.on, event.on_precision), note=reason)
    kept = _append(row, wrong, Said("system"), by, reverses=event)
    if event.kind == EventKind.DEATH:
        row.status, row.death_date = Status.ACTIVE, None
        row.death_precision = Precision.UNKNOWN
        row.save(update_fields=["status", "death_date", "death_precision"])
    elif row.status == Status.LEFT:
        row.status = Status.ACTIVE
        row.save(update_fields=["status"])
    _reopen(row, event)
    place(row.pk)
    touch(row)
    audit.record(
        "population.event_reversed", row, by=by, commune=row.commune_id,
        changes={"kind": event.kind, "on": event.on.isoformat()},
    )  # fmt: skip
    return kept


def _append(
    person: Person, event: Event, said: Said, by: Actor, reverses: ResidenceEvent | None = None
) -> ResidenceEvent:
    now = clock.now()
    with worded():
        return ResidenceEvent.objects.create(
            id=event.id or uuid4(),
            commune_id=person.commune_id,
            person=person,
            kind=event.kind,
            on=event.on.day or dates.local(now).date(),
            on_precision=event.on.precision,
            until=event.until,
            from_place=clean_line(event.from_place)[:200],
            to_place=clean_line(event.to_place)[:200],
            household=event.household,
            document=clean_line(event.document)[:120],
            note=clean_line(event.note)[:300],
            source=said.source,
            recorded_by=by.id[:64],
            recorded_at=now,
            reverses=reverses,
        )


def _refuse(person: Person, event: Event) -> None:
    on = event.on.day
    if event.until is not None and on is not None and event.until < on:
        raise EmptyPeriod
    if event.kind in (EventKind.TEMPORARY_IN, EventKind.TEMPORARY_RENEW) and event.until and on:
        years = rulebook.amount(person.commune_id, "residence.temporary_years", on)
        if event.until > _years_after(on, years):
            raise TooLong(years=years)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def _closed(person: Person, kind: EventKind, on: date) -> list[Household]:
    """End what an event ends; return the households to be looked at."""
    kinds = _ENDS.get(kind)
    if not kinds:
        return []
    rows = Membership.objects.filter(
        person=person, residence_kind__in=kinds, period__endswith=None
    ) | Membership.objects.filter(person=person, residence_kind__in=kinds, period__endswith__gt=on)
    found = []
    for row in rows.select_for_update().order_by("household_id"):
        found.append(locked_household(row.household_id))
        if kind == EventKind.DEATH and on <= row.period.lower:
            end(row, _one_day(row))  # a mistyped year must not take the place away for good
        else:
            cut(row, on)
    return found


def _one_day(row: Membership) -> date:
    """Return the day after a membership began: what is left of it can go on again."""
    first: date = row.period.lower
    return first + timedelta(days=1)


def _stand(person: Person, event: Event, on: date) -> None:
    """Let the person's own row say what the event means for it."""
    if event.kind == EventKind.DEATH:
        exact = event.on.precision != Precision.UNKNOWN
        person.status = Status.DECEASED
        person.death_date = on if exact else None
        person.death_precision = event.on.precision
        person.save(update_fields=["status", "death_date", "death_precision"])
    elif (
        event.kind in _ENDS
        and not Membership.objects.filter(
            person=person, period__contains=dates.local(clock.now()).date()
        ).exists()
    ):
        person.status = Status.LEFT
        person.save(update_fields=["status"])
    elif event.kind == EventKind.UNKNOWN:
        _ask_village(person)
    if event.kind != EventKind.UNKNOWN:
        open_tasks = VillageTask.objects.filter(person=person, done_at__isnull=True)
        open_tasks.update(done_at=clock.now(), done_by="system")


def _ask_village(person: Person) -> None:
    days = rulebook.amount(person.commune_id, "task.unknown_days")
    VillageTask.objects.get_or_create(
        commune_id=person.commune_id,
        person=person,
        kind=TaskKind.UNKNOWN,
        done_at=None,
        defaults={
            "village_id": person.village_id,
            "opened_at": clock.now(),
            "due_on": dates.local(clock.now()).date() + timedelta(days=days),
        },
    )


def _reopen(person: Person, event: ResidenceEvent) -> None:
    """Let memberships that the event ended go on."""
    kinds = _ENDS.get(EventKind(event.kind), set())
    rows = Membership.objects.filter(
        person=person, residence_kind__in=kinds, period__endswith__gte=event.on
    )
    is_death = event.kind == EventKind.DEATH
    for row in rows.select_for_update():
        is_left = is_death and row.period.lower >= event.on and row.period.upper == _one_day(row)
        if row.period.upper != event.on and not is_left:
            continue
        household = locked_household(row.household_id)
        row.period = DateRange(row.period.lower, None)
        with worded():
            row.save(update_fields=["period"])
        settle(household)
