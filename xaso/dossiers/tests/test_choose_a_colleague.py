"""Who takes a dossier over is chosen by name and by what is behind it; two of one name are two."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.dossiers.tests.conftest import MONDAY, person
from xaso.dossiers.views import people
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity.models import Official, RoleAssignment, Unit
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Village
from xaso.kernel.text.dates import ZONE

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 1, 1, tzinfo=ZONE)


@pytest.fixture
def land(centre) -> Unit:
    return Unit.objects.create(commune=centre, code="dia-chinh", name="Địa chính")


def _named(official: Official, name: str) -> Official:
    official.full_name = name
    official.save(update_fields=["full_name"])
    return official


def test_two_of_one_name_are_told_apart_by_their_units(centre, office, unit, land) -> None:
    first = _named(office.officer, "Lò Văn Páo")
    second = _named(person(centre, "pao-2", "officer", land), "Lò Văn Páo")
    found = dict(people.offered(centre, permission="dossiers.work"))
    assert (found[first.pk], found[second.pk]) == ("Lò Văn Páo – Tư pháp", "Lò Văn Páo – Địa chính")
    assert found[office.leader.pk].endswith("– Lãnh đạo")  # no unit: the role
    RoleAssignment.objects.create(
        commune=centre, official=second, role="officer", unit=unit, valid_from=BEGAN
    )
    assert dict(people.offered(centre))[second.pk] == "Lò Văn Páo – Địa chính, Tư pháp"


def test_a_unit_somebody_left_is_not_behind_their_name(centre, office, land) -> None:
    moved = _named(person(centre, "da-chuyen", "officer", land), "Vàng A Chu")
    rows = RoleAssignment.objects.filter(official=moved)
    rows.update(valid_to=MONDAY - timedelta(days=1))
    assert moved.pk not in dict(people.offered(centre, permission="dossiers.work"))
    clerk = RoleAssignment.objects.create(
        commune=centre, official=moved, role="one_stop_clerk", valid_from=MONDAY
    )
    assert dict(people.offered(centre))[moved.pk] == "Vàng A Chu – Cán bộ một cửa"
    assert moved.pk not in dict(people.offered(centre, role="officer"))
    assert clerk.unit is None


def test_a_village_stands_behind_its_head(centre) -> None:
    places.add_village(
        centre, places.NewVillage("BL-01", "bản", "Nà Đon", 22.34, 103.62), by=SYSTEM
    )
    head = person(centre, "truong-ban", "village_head")
    village = Village.objects.get(commune=centre)
    RoleAssignment.objects.filter(official=head).update(village=village)
    assert dict(people.offered(centre))[head.pk] == f"Truong-Ban – {village.full_name}"


def test_however_many_there_are_it_takes_two_statements(centre, office, land) -> None:
    for number in range(20):
        person(centre, f"can-bo-{number}", "officer", land)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(people.offered(centre, permission="dossiers.work")) >= 22
    assert len(asked) == 2


def test_every_page_that_hands_over_says_the_unit(centre, office, working, client_of) -> None:
    _named(office.officer, "Lò Văn Páo")
    page = client_of(office.officer)
    here = f"/binh-lu/can-bo/ho-so/{working.uuid}"
    for url in (f"{here}/chuyen/", f"{here}/tra-lai/", "/binh-lu/can-bo/ho-so/nhieu/chuyen/"):
        assert "Lò Văn Páo – Tư pháp" in page.get(url).content.decode(), url
