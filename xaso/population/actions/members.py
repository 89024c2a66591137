"""Who belongs to a household: joining, leaving, a new head, splitting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.working_time import clock
from xaso.population.actions.cases import look_at
from xaso.population.actions.households import (
    NewHousehold,
    locked_household,
    open_household,
    settle,
)
from xaso.population.actions.persons import locked, touch
from xaso.population.actions.saying import Said
from xaso.population.models import (
    Household,
    HouseholdState,
    Membership,
    Person,
    ResidenceKind,
    Role,
    Status,
)
from xaso.population.refusals import DeadAlready, EmptyPeriod, HouseholdClosed, worded


class NotAMember(Refusal):
    """Only somebody of the household can be its head."""

    sentence = _("Người này không ở trong hộ vào ngày đó nên chưa làm chủ hộ được.")


class RolesMissing(Invalid):
    """When the head changes, everybody's relation is asked again."""

    sentence = _("Bác chọn lại quan hệ với chủ hộ mới cho từng người trong hộ.")


class ConsentMissing(Invalid):
    """Splitting needs the consent of the head and the owner (law 68/2020/QH14, article 25)."""

    sentence = _(
        "Tách hộ cần chủ hộ và chủ chỗ ở đồng ý, trừ vợ chồng đã ly hôn còn ở chung. "
        "Bác đánh dấu một trong hai."
    )


@dataclass(frozen=True)
class Joining:
    """Somebody joins a household from a day on."""

    person: Person
    role: str
    first: date
    kind: str = ResidenceKind.PERMANENT
    evidence: str = ""
    end: date | None = None


@dataclass(frozen=True)
class NewHead:
    """Who is head from a day on, and what everybody else is to them then."""

    person: UUID
    first: date
    roles: Mapping[UUID, str]


@dataclass(frozen=True)
class Splitting:
    """Who leaves to a household of their own from a day on; `head` is one of them."""

    head: UUID
    roles: Mapping[UUID, str]
    first: date
    has_consent: bool = False
    is_divorced: bool = False
    id: UUID | None = None


@transaction.atomic
def join(household: Household, joining: Joining, said: Said, *, by: Actor) -> Membership:
    """Add a member. Refuses with TwoHeads, TwoPermanentPlaces, AlreadyMember, EmptyPeriod.

    A child may be head: warned about on the screen, never blocked.
    """
    row = locked_household(household)
    person = locked(joining.person)
    if row.state == HouseholdState.CLOSED:
        raise HouseholdClosed
    if person.status == Status.DECEASED and (person.death_date or date.max) <= joining.first:
        raise DeadAlready
    kept = _insert(row, person, joining, said)
    if person.status == Status.LEFT:
        Person.objects.filter(pk=person.pk).update(status=Status.ACTIVE)
    touch(person)
    settle(row)
    look_at(person)
    audit.record(
        "population.member_joined", row, by=by, commune=row.commune_id,
        changes={"person": str(person.pk), "role": joining.role, "kind": joining.kind},
    )  # fmt: skip
    return kept


@transaction.atomic
def leave(membership: Membership, on: date, *, by: Actor) -> Household:
    """End a membership: `on` is the first day it no longer holds. Refuses with EmptyPeriod."""
    household = locked_household(membership.household_id)
    row = Membership.objects.select_for_update().filter(pk=membership.pk).first()
    if row is None:
        raise NotFound
    end(row, on)
    touch(row.person)
    settle(household)
    audit.record(
        "population.member_left", household, by=by, commune=household.commune_id,
        changes={"person": str(row.person_id), "on": on.isoformat()},
    )  # fmt: skip
    return household


@transaction.atomic
def change_head(household: Household, new: NewHead, said: Said, *, by: Actor) -> Household:
    """Make somebody head from a day on and give everybody their relation to them: one command.

    Close first, then open: the database checks each statement. Refuses with NotAMember,
    RolesMissing, TwoHeads (a head is named for a later day already).
    """
    row = locked_household(household)
    rows = list(
        Membership.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(household=row, period__contains=new.first)
        .exclude(person__status=Status.DECEASED)
    )
    here = {each.person_id for each in rows}
    if new.person not in here:
        raise NotAMember
    roles = {**new.roles, new.person: Role.HEAD}
    if here - set(roles) or any(
        role == Role.HEAD for key, role in roles.items() if key != new.person
    ):
        raise RolesMissing
    _recast(rows, roles, new.first, said)
    settle(row)
    audit.record(
        "population.head_changed", row, by=by, commune=row.commune_id,
        changes={"head": str(new.person), "on": new.first.isoformat()},
    )  # fmt: skip
    return row


@transaction.atomic
def split(household: Household, wanted: Splitting, said: Said, *, by: Actor) -> Household:
    """Open a household of their own for some members, at the same dwelling; return it.

    The police decide about residence; this only records it. Refuses with ConsentMissing,
    NotAMember.
    """
    if not (wanted.has_consent or wanted.is_divorced):
        raise ConsentMissing
    row = locked_household(household)
    done = Household.objects.filter(pk=wanted.id).first() if wanted.id else None
    if done is not None:
        return done
    rows = Membership.objects.select_for_update(of=("self",)).select_related("person")
    going = list(
        rows.filter(household=row, period__contains=wanted.first, person__in=list(wanted.roles))
    )
    if {each.person_id for each in going} != set(wanted.roles) or wanted.head not in wanted.roles:
        raise NotAMember
    new = NewHousehold(row.village, wanted.first, row.kind, dwelling=row.dwelling, id=wanted.id)
    own = open_household(new, said, commune=row.commune, by=by)
    moved = [replace_with(each, own, wanted) for each in going]
    for each in going:
        end(each, wanted.first)
    for joining in moved:
        _insert(own, joining.person, joining, said)
    touch(*(each.person for each in going))
    settle(row)
    settle(own)
    audit.record(
        "population.household_split", row, by=by, commune=row.commune_id,
        changes={"into": str(own.pk), "persons": len(moved)},
    )  # fmt: skip
    return own


def end(row: Membership, on: date) -> None:
    """Let a membership hold only before a day; one that would be empty is refused."""
    if on <= row.period.lower:
        raise EmptyPeriod
    row.period = DateRange(row.period.lower, on)
    with worded():
        row.save(update_fields=["period"])


def cut(row: Membership, on: date) -> None:
    """Let a membership end before a day; one that began later or that day never was."""
    if on <= row.period.lower:
        row.delete()
    else:
        end(row, on)


def replace_with(row: Membership, household: Household, wanted: Splitting) -> Joining:
    """Return how a member goes on in the new household."""
    role = Role.HEAD if row.person_id == wanted.head else wanted.roles[row.person_id]
    kept = Joining(row.person, role, wanted.first, row.residence_kind, row.evidence)
    return replace(kept, end=row.period.upper)


def _recast(rows: Sequence[Membership], roles: Mapping[UUID, str], on: date, said: Said) -> None:
    """Give members new roles from a day on; who joined that very day just has the new one."""
    changing = [row for row in rows if row.role != roles[row.person_id]]
    # First whoever stops being head, last whoever becomes it: the database looks at each step.
    changing.sort(key=lambda row: (row.role != Role.HEAD, roles[row.person_id] == Role.HEAD))
    reopened = []
    for row in changing:
        if row.period.lower < on:
            reopened.append((row, row.period.upper))
            end(row, on)
    with worded():
        for row in changing:
            if row.period.lower >= on:
                row.role = roles[row.person_id]
                row.save(update_fields=["role"])
        for row, upper in reopened:
            joining = Joining(
                row.person, roles[row.person_id], on, row.residence_kind, row.evidence, upper
            )
            _insert(row.household, row.person, joining, said)
    touch(*(row.person for row in changing))


def _insert(household: Household, person: Person, joining: Joining, said: Said) -> Membership:
    if joining.end is not None and joining.end <= joining.first:
        raise EmptyPeriod
    with worded():
        return Membership.objects.create(
            commune_id=household.commune_id,
            person=person,
            household=household,
            role=joining.role,
            residence_kind=joining.kind,
            period=DateRange(joining.first, joining.end),
            evidence=joining.evidence[:200],
            source=said.source,
            created_at=clock.now(),
        )
