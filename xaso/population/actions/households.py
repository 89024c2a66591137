"""Open and close households; give out their codes; compute their state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID, uuid4

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_line, dates, fold
from xaso.kernel.working_time import clock
from xaso.population import rulebook
from xaso.population.actions.saying import DWELLING, HOUSEHOLD, Said, Subject, keep
from xaso.population.models import (
    Dwelling,
    Household,
    HouseholdKind,
    HouseholdState,
    Membership,
    Person,
    Register,
    Role,
    TaskKind,
    VillageTask,
)
from xaso.population.refusals import worded


class StillInhabited(Refusal):
    """A household with members is not closed."""

    sentence = _("Hộ vẫn còn người. Bác ghi chuyển đi hoặc nhập hộ cho từng người trước.")


class CodeTaken(Refusal):
    """Another household has this code."""

    sentence = _("Mã hộ này đã có hộ khác dùng.")


class PointOutside(Invalid):
    """The point is no point of the earth, or its two numbers are swapped."""

    sentence = _("Tọa độ chưa đúng: vĩ độ khoảng 22, kinh độ khoảng 103. Bác xem có đổi chỗ không.")


@dataclass(frozen=True)
class NewDwelling:
    """Where a household lives, as far as it is known; a point is never needed."""

    address: str = ""
    old_address: str = ""
    lat: float | None = None
    lon: float | None = None
    owner_note: str = ""


@dataclass(frozen=True)
class NewHousehold:
    """A household to be opened; without `code` the register gives the next one."""

    village: Village | None
    opened: date
    kind: str = HouseholdKind.FAMILY
    dwelling: NewDwelling | Dwelling | None = None
    code: str = ""
    id: UUID | None = None


@transaction.atomic
def open_household(new: NewHousehold, said: Said, *, commune: Commune, by: Actor) -> Household:
    """Open a household. The second time with the same `id` gives the first answer.

    Refuses with CodeTaken, PointOutside.
    """
    known = Household.objects.filter(commune=commune, pk=new.id).first() if new.id else None
    if known is not None:
        return known
    code = _free(new.code, commune) if new.code else _next_code(commune)
    now = clock.now()
    home = _dwelling(new.dwelling, new.village, commune)
    household = Household.objects.create(
        id=new.id or uuid4(),
        commune=commune,
        code=code,
        kind=new.kind,
        dwelling=home,
        village=new.village,
        opened=new.opened,
        created_at=now,
        updated_at=now,
    )
    keep(Subject(HOUSEHOLD, household.pk, commune.id), {"opened": new.opened}, said, by=by)
    if home is not None:
        place = {"address": home.address, "village": home.village_id}
        keep(Subject(DWELLING, home.pk, commune.id), place, said, by=by)
    audit.record("population.household_opened", household, by=by, commune=commune.id)
    return household


@transaction.atomic
def close_household(household: Household, on: date, *, by: Actor) -> Household:
    """Say that a household is no more from a day on. Refuses with StillInhabited, EmptyPeriod."""
    row = locked_household(household)
    if Membership.objects.filter(household=row, period__contains=on).exists():
        raise StillInhabited
    row.closed = on
    with worded():
        row.save(update_fields=["closed"])
    settle(row)
    audit.record("population.household_closed", row, by=by, commune=row.commune_id)
    return row


@transaction.atomic
def move_household(
    household: Household, village: Village | None, place: NewDwelling, said: Said, *, by: Actor
) -> Household:
    """Say where a household lives now; its members are found in the new village."""
    row = locked_household(household)
    home = _dwelling(place, village, row.commune)
    row.dwelling, row.village = home, village
    row.save(update_fields=["dwelling", "village"])
    settle(row)
    if home is not None:
        values = {"address": home.address, "village": home.village_id}
        keep(Subject(DWELLING, home.pk, row.commune_id), values, said, by=by)
    audit.record("population.household_moved", row, by=by, commune=row.commune_id)
    return row


def locked_household(household: Household | UUID) -> Household:
    """Return the row, locked. Refuses with NotFound."""
    key = household.pk if isinstance(household, Household) else household
    rows = Household.objects.select_for_update(of=("self",)).select_related("commune", "village")
    row = rows.filter(pk=key).first()
    if row is None:
        raise NotFound
    return row


def settle(household: Household) -> Household:
    """Compute a household's state after its members changed, and place its members.

    A household with any day of its life without a head is `without_head`; its village gets a task
    that ends by itself when the head is named.
    """
    today = dates.local(clock.now()).date()
    rows = list(Membership.objects.filter(household=household))
    household.headless_since, household.state = standing(household.closed, rows, today)
    household.version += 1
    household.updated_at = clock.now()
    household.save(update_fields=["headless_since", "state", "version", "updated_at"])
    for person in {row.person_id for row in rows}:
        place(person)
    _task(household, today)
    return household


def place(person: UUID) -> None:
    """Copy the village somebody belongs to now to their own row, for searching."""
    today = dates.local(clock.now()).date()
    rows = Membership.objects.filter(person=person, period__contains=today)
    found = sorted(
        rows.values_list("residence_kind", "household__village"),
        key=lambda row: ("permanent", "temporary", "living_only").index(row[0]),
    )
    Person.objects.filter(pk=person).update(village=found[0][1] if found else None)


class Belonging(Protocol):
    """Somebody belongs to a household: a row of the register, or one about to be written."""

    @property
    def role(self) -> str:
        """Return the role."""

    @property
    def period(self) -> DateRange:
        """Return the days, half open."""


def standing(
    closed: date | None, rows: Sequence[Belonging], today: date
) -> tuple[date | None, str]:
    """Return since when a household of some members is without a head, if it is, and its state."""
    headless = _first_without_head(closed, rows, today)
    if closed is not None and closed <= today:
        return headless, HouseholdState.CLOSED
    if not any(row.period.upper is None or row.period.upper > today for row in rows):
        return headless, HouseholdState.VACATED
    return headless, HouseholdState.WITHOUT_HEAD if headless else HouseholdState.NORMAL


def _first_without_head(closed: date | None, rows: Sequence[Belonging], today: date) -> date | None:
    """Return the first day of the household's life on which somebody lived there without a head."""
    if not rows:
        return None
    heads = sorted((r.period.lower, r.period.upper) for r in rows if r.role == Role.HEAD)
    covered = min(row.period.lower for row in rows)
    last = max(row.period.upper or date.max for row in rows)
    for first, end in heads:
        if first > covered:
            break
        covered = max(covered, end or date.max)
    until = min(last, closed or date.max)
    return covered if covered < until and covered <= today else None


def _task(household: Household, today: date) -> None:
    """Open or end the village's task to find out who the head is."""
    tasks = VillageTask.objects.filter(
        household=household, kind=TaskKind.HEAD, done_at__isnull=True
    )
    if household.state != HouseholdState.WITHOUT_HEAD:
        tasks.filter().update(done_at=clock.now(), done_by="system")
        return
    if not tasks.exists():
        days = rulebook.amount(household.commune_id, "task.head_days")
        VillageTask.objects.create(
            commune_id=household.commune_id,
            village_id=household.village_id,
            household=household,
            kind=TaskKind.HEAD,
            opened_at=clock.now(),
            due_on=today + timedelta(days=days),
        )


def _next_code(commune: Commune) -> str:
    """Take the next number of the commune's register; the row is the lock."""
    prefix = "".join(word[0] for word in fold(commune.name).upper().split())[:4]
    Register.objects.get_or_create(commune=commune, defaults={"prefix": prefix})
    register = Register.objects.select_for_update().get(commune=commune)
    number = register.next_household
    while Household.objects.filter(commune=commune, code=house_code(register, number)).exists():
        number += 1
    register.next_household = number + 1
    register.save(update_fields=["next_household"])
    return house_code(register, number)


def house_code(register: Register, number: int) -> str:
    """Return a number of the register as people read it: BL-000123."""
    return f"{register.prefix}-{number:06d}"


def _free(code: str, commune: Commune) -> str:
    given = clean_line(code).upper()[:16]
    if Household.objects.filter(commune=commune, code=given).exists():
        raise CodeTaken
    return given


def _dwelling(
    given: NewDwelling | Dwelling | None, village: Village | None, commune: Commune
) -> Dwelling | None:
    if given is None or isinstance(given, Dwelling):
        return given
    if (given.lat is None) != (given.lon is None):
        raise PointOutside
    if given.lat is not None and not (-90 <= given.lat <= 90 and -180 <= (given.lon or 0) <= 180):
        raise PointOutside
    return Dwelling.objects.create(
        commune=commune,
        village=village,
        lat=given.lat,
        lon=given.lon,
        address=clean_line(given.address)[:200],
        old_address=clean_line(given.old_address)[:200],
        owner_note=clean_line(given.owner_note)[:200],
    )
