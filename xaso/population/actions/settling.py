"""Settle many households at once: the same answers as `households.settle`, in few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection

from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates, fold
from xaso.kernel.working_time import clock
from xaso.population import rulebook
from xaso.population.actions.bulk import save_households
from xaso.population.actions.households import house_code, standing
from xaso.population.models import (
    Household,
    HouseholdState,
    Membership,
    Register,
    TaskKind,
    VillageTask,
)

_PLACE = """
    UPDATE population_person p SET village_id = here.village_id
    FROM (
        SELECT DISTINCT ON (k.id) k.id, h.village_id
        FROM unnest(%(persons)s::uuid[]) AS k (id)
        LEFT JOIN population_membership m ON m.person_id = k.id AND m.period @> %(today)s::date
        LEFT JOIN population_household h ON h.id = m.household_id
        ORDER BY k.id, array_position(ARRAY['permanent', 'temporary', 'living_only'],
                                      m.residence_kind::text)
    ) here
    WHERE p.id = here.id AND p.village_id IS DISTINCT FROM here.village_id
"""


def settle_many(households: Collection[UUID], *, also: Collection[UUID] = ()) -> None:
    """Compute the state of households after their members changed, and place their people.

    `also` names people who may belong to none of them any more.
    """
    if not households and not also:
        return
    today = dates.local(clock.now()).date()
    members: dict[UUID, list[Membership]] = defaultdict(list)
    for row in Membership.objects.filter(household__in=households):
        members[row.household_id].append(row)
    rows = list(Household.objects.select_for_update(of=("self",)).filter(pk__in=households))
    for household in rows:
        own = members[household.pk]
        household.headless_since, household.state = standing(household.closed, own, today)
        household.version += 1
        household.updated_at = clock.now()
    save_households(rows)
    people = {row.person_id for own in members.values() for row in own} | set(also)
    if people:
        with connection.cursor() as cursor:
            cursor.execute(_PLACE, {"today": today, "persons": list(people)})
    _tasks(rows)


def _tasks(households: Sequence[Household]) -> None:
    """Open and end the villages' tasks to find out who the heads are."""
    headless = [h for h in households if h.state == HouseholdState.WITHOUT_HEAD]
    done = [h.pk for h in households if h.state != HouseholdState.WITHOUT_HEAD]
    VillageTask.objects.filter(household__in=done, kind=TaskKind.HEAD, done_at__isnull=True).update(
        done_at=clock.now(), done_by="system"
    )
    if headless:
        ask_for_heads(headless[0].commune_id, [(h.pk, h.village_id) for h in headless])


def ask_for_heads(commune: UUID, headless: Iterable[tuple[UUID, int | None]]) -> None:
    """Open a task for the village of each household without a head, unless one is open."""
    headless = list(headless)
    if not headless:
        return
    now = clock.now()
    days = rulebook.amount(commune, "task.head_days")
    VillageTask.objects.bulk_create(
        [
            VillageTask(
                commune_id=commune,
                village_id=village,
                household_id=key,
                kind=TaskKind.HEAD,
                opened_at=now,
                due_on=dates.local(now).date() + timedelta(days=days),
            )
            for key, village in headless
        ],
        ignore_conflicts=True,
    )


def next_codes(commune: UUID, count: int) -> list[str]:
    """Take so many numbers of the commune's register at once; codes in use are passed over."""
    if not count:
        return []
    name = Commune.objects.values_list("name", flat=True).get(pk=commune)
    prefix = "".join(word[0] for word in fold(name).upper().split())[:4]
    Register.objects.get_or_create(commune_id=commune, defaults={"prefix": prefix})
    register = Register.objects.select_for_update().get(commune=commune)
    found: list[str] = []
    number = register.next_household
    while len(found) < count:
        offered = [house_code(register, n) for n in range(number, number + count - len(found))]
        used = Household.objects.filter(commune=commune, code__among=offered)
        taken = set(used.values_list("code", flat=True))
        found += [each for each in offered if each not in taken]
        number += len(offered)
    Register.objects.filter(pk=register.pk).update(next_household=number)
    return found
