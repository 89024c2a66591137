"""People and reports these stories start from."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from uuid import uuid4

import pytest

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Official, RoleAssignment, Unit
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.models import Report

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=ZONE)
RESIDENT = Actor("resident", "", "web")


@pytest.fixture
def monday() -> Iterator[datetime]:
    """It is Monday 23 November 2026, 14:00."""
    with clock.at(MONDAY):
        yield MONDAY


@pytest.fixture
def town(binh_lu: Commune, monday: datetime) -> Iterator[Commune]:
    """Inside Bình Lư with its categories, two villages and two units."""
    with tenancy.inside(binh_lu.id):
        actions.set_up(binh_lu, by=SYSTEM, on=date(2026, 1, 1))
        for code, name, lat, lon in (
            ("BL-01", "Nà Đon", 22.3400, 103.6200),
            ("BL-02", "Chu Va 12", 22.3170, 103.6300),
        ):
            places.add_village(binh_lu, places.NewVillage(code, "bản", name, lat, lon), by=SYSTEM)
        yield binh_lu


@pytest.fixture
def village(town: Commune) -> Village:
    return Village.objects.get(commune=town, code="BL-02")


@pytest.fixture
def unit(town: Commune, head: Official) -> Unit:
    return Unit.objects.create(commune=town, code="kinh-te", name="Phòng Kinh tế", head=head)


@pytest.fixture
def other_unit(town: Commune) -> Unit:
    return Unit.objects.create(commune=town, code="van-phong", name="Văn phòng")


def _person(name: str, full: str) -> Official:
    return Official.objects.create(username=name, full_name=full)


@pytest.fixture
def head(town: Commune) -> Official:
    return _person("truong-phong", "Lò Văn Pâng")


@pytest.fixture
def officer(unit: Unit) -> Official:
    person = _person("can-bo", "Vàng Thị Sua")
    RoleAssignment.objects.create(
        commune=unit.commune, official=person, role="officer", unit=unit, valid_from=MONDAY
    )
    return person


@pytest.fixture
def clerk_actor(town: Commune) -> Actor:
    person = _person("mot-cua", "Tẩn A Sơn")
    RoleAssignment.objects.create(
        commune=town, official=person, role="one_stop_clerk", valid_from=MONDAY
    )
    return Actor("official", str(person.pk), "desk", frozenset({"one_stop_clerk"}))


@pytest.fixture
def officer_actor(officer: Official, unit: Unit) -> Actor:
    return Actor("official", str(officer.pk), "desk", frozenset({"officer"}), unit.pk)


@pytest.fixture
def head_actor(head: Official, unit: Unit) -> Actor:
    RoleAssignment.objects.create(
        commune=unit.commune, official=head, role="officer", unit=unit, valid_from=MONDAY
    )
    return Actor("official", str(head.pk), "desk", frozenset({"officer"}), unit.pk)


@pytest.fixture
def leader_actor(town: Commune) -> Actor:
    person = _person("chu-tich", "Giàng A Páo")
    RoleAssignment.objects.create(commune=town, official=person, role="leader", valid_from=MONDAY)
    return Actor("official", str(person.pk), "desk", frozenset({"leader"}))


@pytest.fixture
def new_report(village: Village) -> Callable[..., actions.NewReport]:
    """Return a function that fills in a report; named values replace the usual ones."""

    def filled(**facts: object) -> actions.NewReport:
        usual: dict[str, object] = {
            "uuid": uuid4(),
            "content_hash": "a" * 64,
            "category": "ROAD-DAMAGE",
            "channel": "web_plain",
            "text": "Đất sạt lấp nửa đường lên Chu Va 12. Xe máy không qua được.",
            "place": actions.Place(village_id=village.pk, landmark="Qua cầu treo 200 m"),
        }
        return actions.NewReport(**usual | facts)  # type: ignore[arg-type]

    return filled


@pytest.fixture
def report(town: Commune, new_report: Callable[..., actions.NewReport]) -> Report:
    """A report somebody just sent."""
    return actions.receive(new_report(), by=RESIDENT, commune=town).report
