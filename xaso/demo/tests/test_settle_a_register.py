"""The invented register keeps every rule, holds what is odd on purpose, and repeats."""

from datetime import datetime

import pytest

from xaso.demo import kin, register, towns
from xaso.demo.dice import dice
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Village
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock
from xaso.population import queries
from xaso.population.models import (
    DuplicateCase,
    Household,
    Membership,
    Person,
    PersonIdentifier,
    ResidenceEvent,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 27, 12, 0, tzinfo=ZONE)


@pytest.fixture
def town(tan_phong):
    with clock.at(NOON), tenancy.inside(tan_phong.id):
        for number in range(4):
            new = places.NewVillage(f"TP-{number:02d}", "bản", f"Mẫu {number}", 22.3, 103.4)
            places.add_village(tan_phong, new, by=SYSTEM)
        villages = list(Village.objects.filter(commune=tan_phong).order_by("code"))
        yield towns.Town(tan_phong, villages, {}, {}, {})


def test_a_register_of_invented_people(town) -> None:
    count = register.settle(town, size="tiny", seed=1, until=NOON)
    people = Person.objects.all()
    assert 240 < count == people.count()
    assert all(people.values_list("is_invented", flat=True))
    assert Household.objects.count() == 80
    assert PersonIdentifier.objects.count() < count
    assert people.filter(birth_precision="year").exists()
    assert people.filter(birth_year=1922).exists()
    assert ResidenceEvent.objects.filter(kind="absence_declared").exists()
    assert DuplicateCase.objects.filter(score__gte=70).exists()
    heads = queries.heads(town.commune, NOON.date())
    open_rows = Membership.objects.filter(period__upper_inf=True).count()
    assert heads.permanent + heads.temporary + heads.living == open_rows
    someone = people.exclude(village=None)[0]
    found = queries.find_persons(town.commune, queries.read(someone.display_name, []))
    assert someone.pk in [line.id for line in found.lines]
    assert queries.person(town.commune, someone.pk).identifiers.count() <= 1


def test_the_same_dice_give_the_same_family() -> None:
    today = NOON.date()
    families = [kin.household(dice("family", 1), "08", today) for _ in range(2)]
    assert families[0] == families[1]
    assert families[0] != kin.household(dice("family", 2), "08", today)
