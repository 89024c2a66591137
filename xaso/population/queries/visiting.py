"""The list of households a village is visited by."""

from collections.abc import Sequence
from dataclasses import dataclass

from xaso.kernel.places.models import Commune, Village
from xaso.population.models import Household, HouseholdState, Membership, Person
from xaso.population.queries import apart, people


@dataclass(frozen=True)
class Visit:
    """One household: code, address, its people with birth years, head first."""

    code: str
    address: str
    is_headless: bool
    people: Sequence[tuple[str, str, str]]  # name, birth year, role


@dataclass(frozen=True)
class Sheet:
    """A sheet of a village, and everybody who stands on it."""

    rows: Sequence[Visit]
    persons: Sequence[Person]
    page: int
    pages: int
    households: int


def sheet(commune: Commune, village: Village, *, page: int, per_page: int) -> Sheet:
    """Return one sheet of a village's households by code; four statements."""
    rows = Household.objects.filter(
        commune=commune,
        village=village,
        state__in=[HouseholdState.NORMAL, HouseholdState.WITHOUT_HEAD],
    )
    count = rows.count()
    pages = max(1, -(-count // per_page))
    turned = max(1, min(page, pages))
    first = (turned - 1) * per_page
    shown = list(rows.select_related("dwelling").order_by("code")[first : first + per_page])
    held = Membership.objects.filter(household__in=shown, period__contains=people.today())
    by_house: dict[object, list[Membership]] = {}
    held = held.exclude(person__in=apart.keys(commune))
    for row in held.select_related("person").order_by("person__birth_date", "person__sort_key"):
        by_house.setdefault(row.household_id, []).append(row)
    visits = [_visit(household, by_house.get(household.pk, [])) for household in shown]
    persons = [row.person for members in by_house.values() for row in members]
    return Sheet(visits, persons, turned, pages, count)


def _visit(household: Household, members: list[Membership]) -> Visit:
    ranked = sorted(members, key=lambda row: row.role != "head")
    return Visit(
        household.code,
        household.dwelling.address if household.dwelling else "",
        household.state == HouseholdState.WITHOUT_HEAD,
        [
            (row.person.display_name, str(row.person.birth_year or ""), row.get_role_display())
            for row in ranked
        ],
    )
