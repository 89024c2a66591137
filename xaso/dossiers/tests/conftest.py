"""People, procedures and dossiers these stories start from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

import msgspec
import pytest

from xaso.dossiers import actions, seeds
from xaso.dossiers.content import shape
from xaso.dossiers.content.shape import Content, Systems
from xaso.dossiers.models import Dossier, Procedure, ProcedureVersion
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Official, RoleAssignment, Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
RUN_HERE = ("1.001193", "1.004837", "1.001022", "1.000894")
POLICE = "1.004222"  # its original is kept by the police
SINCE = date(2026, 1, 1)
OURS = Systems(
    receive="XASO", process="XASO", sign="XASO", ret="XASO", archive="XASO",
    authorisation="QĐ 12/QĐ-UBND (mẫu)",
)  # fmt: skip


@pytest.fixture
def monday() -> Iterator[datetime]:
    """It is Monday 23 November 2026, 9:00; Tuesday the 24th is a day off."""
    with clock.at(MONDAY):
        yield MONDAY


def publish_ours(commune: Commune, code: str, **changed: object) -> ProcedureVersion:
    """Publish a seeded procedure with Xã Số as the system of record."""
    version = ProcedureVersion.objects.get(procedure__code=code, commune=commune, state="draft")
    content = shape.read(version.content)
    content = msgspec.structs.replace(content, systems=OURS, **changed)
    version = actions.save_version(version, shape.write(content), by=SYSTEM)
    return actions.publish(version, SINCE, by=SYSTEM)


@pytest.fixture
def centre(binh_lu: Commune, monday: datetime) -> Iterator[Commune]:
    """Inside Bình Lư with the first catalogue; four procedures are published and run here."""
    with tenancy.inside(binh_lu.id):
        for seed in seeds.seeds():
            if seed.code in (*RUN_HERE, POLICE):
                named = (seed.code, seed.name, seed.field_code, seed.field_name)
                actions.add_procedure(
                    actions.NewProcedure(*named), seed.content, by=SYSTEM, commune=binh_lu
                )
        for code in RUN_HERE:
            publish_ours(binh_lu, code)
        yield binh_lu


def person(commune: Commune, name: str, role: str, unit: Unit | None = None) -> Official:
    found = Official.objects.create(username=name, full_name=name.title(), home=commune)
    RoleAssignment.objects.create(
        commune=commune,
        official=found,
        role=role,
        unit=unit,
        valid_from=datetime(2026, 1, 1, tzinfo=ZONE),
    )
    return found


def actor(official: Official, role: str, unit: Unit | None = None) -> Actor:
    return Actor("official", str(official.pk), "desk", frozenset({role}), unit.pk if unit else None)


@pytest.fixture
def unit(centre: Commune) -> Unit:
    head = Official.objects.create(username="truong-phong", full_name="Lò Văn Pâng")
    return Unit.objects.create(commune=centre, code="tu-phap", name="Tư pháp", head=head)


@pytest.fixture
def clerk(centre: Commune) -> Actor:
    return actor(person(centre, "mot-cua", "one_stop_clerk"), "one_stop_clerk")


@pytest.fixture
def officer(centre: Commune, unit: Unit) -> Official:
    return person(centre, "can-bo", "officer", unit)


@dataclass(frozen=True)
class Office:
    """Who works there: the clerk, an officer of the unit, a leader."""

    commune: Commune
    clerk: Actor
    officer: Official
    officer_actor: Actor
    leader: Official
    leader_actor: Actor


@pytest.fixture
def office(centre: Commune, clerk: Actor, officer: Official, unit: Unit) -> Office:
    head = person(centre, "chu-tich", "leader")
    works = actor(officer, "officer", unit)
    return Office(centre, clerk, officer, works, head, actor(head, "leader"))


@pytest.fixture
def new_dossier(centre: Commune) -> Callable[..., actions.NewDossier]:
    """Return a function that fills in a dossier; named values replace the usual ones."""

    def filled(code: str = "1.004837", **facts: object) -> actions.NewDossier:
        procedure = Procedure.objects.get(code=code)
        content = shape.read(procedure.versions.first().content)
        usual: dict[str, object] = {
            "uuid": uuid4(),
            "procedure": code,
            "applicant": actions.Applicant(
                "Lò Thị Mẩy", phone="0912 345 678", id_number="012187345901"
            ),
            "papers": tuple(
                actions.Paper(each.code, sha256="a" * 64, originals=1)
                for each in content.components
            ),
            "fees": (),
        }
        return actions.NewDossier(**usual | facts)  # type: ignore[arg-type]

    return filled


@pytest.fixture
def dossier(centre: Commune, clerk: Actor, new_dossier: Callable) -> Dossier:
    """A dossier of guardianship (three working days) accepted on Monday at 9:00."""
    return actions.receive(new_dossier(), by=clerk, commune=centre).dossier


@pytest.fixture
def working(dossier: Dossier, office: Office) -> Dossier:
    """The same, in the hands of the officer at its first step."""
    to = actions.Handing(receiver_id=office.officer.pk)
    return actions.hand_over(dossier, to, by=office.clerk)


def content_of(version: ProcedureVersion) -> Content:
    return shape.read(version.content)
