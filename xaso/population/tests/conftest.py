"""A commune, an afternoon, and people of it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock
from xaso.population import actions, births
from xaso.population.actions import Joining, NewHousehold, NewPerson, Said
from xaso.population.models import Household, Person

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=ZONE)
TODAY = NOW.date()
START = date(2025, 7, 1)
SAID = Said("self_declared")
BY = Actor("official", "7", "desk", frozenset({"officer"}))


@pytest.fixture
def monday() -> Iterator[datetime]:
    """It is Monday 23 November 2026, 14:00."""
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def town(binh_lu: Commune, monday: datetime) -> Iterator[Commune]:
    """Inside Bình Lư with two villages."""
    with tenancy.inside(binh_lu.id):
        for code, name in (("BL-01", "Nà Đon"), ("BL-02", "Chu Va 12")):
            places.add_village(
                binh_lu, places.NewVillage(code, "bản", name, 22.34, 103.62), by=SYSTEM
            )
        yield binh_lu


@pytest.fixture
def village(town: Commune) -> Village:
    return Village.objects.get(commune=town, code="BL-01")


@pytest.fixture
def other_village(town: Commune) -> Village:
    return Village.objects.get(commune=town, code="BL-02")


@pytest.fixture
def person(town: Commune) -> Callable[..., Person]:
    """Return a function that registers somebody by name, birth as typed, and sex."""

    def registered(name: str, born: str = "", sex: str = "male", **more: object) -> Person:
        known = births.parse(born, today=TODAY)
        return actions.register_person(
            NewPerson(name, sex, known, **more), SAID, commune=town, by=BY
        )

    return registered


@pytest.fixture
def family(town: Commune, village: Village, person) -> Callable[..., Household]:
    """Return a function that opens a household; the first person is the head."""

    def opened(*people: tuple[Person, str], where: Village | None = None) -> Household:
        household = actions.open_household(
            NewHousehold(where or village, START), SAID, commune=town, by=BY
        )
        for someone, role in people:
            actions.join(household, Joining(someone, role, START), SAID, by=BY)
        household.refresh_from_db()
        return household

    return opened
