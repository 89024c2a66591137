"""Sensitive facts, each for a purpose; and going to another household."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock
from xaso.population.actions.happening import Event, record_event
from xaso.population.actions.households import locked_household, settle
from xaso.population.actions.members import Joining, cut, join
from xaso.population.actions.persons import locked
from xaso.population.actions.saying import Said
from xaso.population.actions.viewing import NoPurpose
from xaso.population.births import Partial
from xaso.population.models import EventKind, Household, Membership, Person, PersonFlag
from xaso.population.refusals import EmptyPeriod, worded


@dataclass(frozen=True)
class Flag:
    """A sensitive fact: its kind, its days, the paper, and what it is kept for."""

    kind: str
    first: date
    last: date | None
    decision: str
    purpose: str


@transaction.atomic
def add_flag(person: Person, flag: Flag, said: Said, *, by: Actor) -> PersonFlag:
    """Keep a sensitive fact. Refuses with NoPurpose, EmptyPeriod."""
    row = locked(person)
    if not flag.purpose:
        raise NoPurpose
    if flag.last is not None and flag.last < flag.first:
        raise EmptyPeriod
    end = flag.last + timedelta(days=1) if flag.last else None
    with worded():
        kept = PersonFlag.objects.create(
            commune_id=row.commune_id,
            person=row,
            kind=flag.kind,
            period=DateRange(flag.first, end),
            decision=clean_line(flag.decision)[:120],
            purpose=flag.purpose,
            source=said.source,
            recorded_by=by.id[:64],
            recorded_at=clock.now(),
        )
    audit.record(
        "population.flag_added",
        row,
        by=by,
        commune=row.commune_id,
        changes={"purpose": flag.purpose},
    )
    return kept


@transaction.atomic
def go_to_household(
    person: Person, household: Household, joining: Joining, said: Said, *, by: Actor
) -> Membership:
    """Let somebody go to another household of the commune: the old place of that footing ends.

    One command, close first and then open, so that it can be replayed.
    """
    row = locked(person)
    held = Membership.objects.select_for_update().filter(
        person=row, residence_kind=joining.kind, period__contains=joining.first
    )
    left = []
    for membership in held:
        left.append(locked_household(membership.household_id))
        cut(membership, joining.first)
    event = Event(EventKind.JOIN, Partial(joining.first, "day"), household=household)
    record_event(row, event, said, by=by)
    kept = join(household, joining, said, by=by)
    for each in left:
        if each.pk != household.pk:
            settle(each)
    return kept
