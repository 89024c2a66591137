"""People, days, keys and documents these stories start from."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import uuid4

import pytest

from xaso.documents import actions, builtin
from xaso.documents.models import Document
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=ZONE)
CLERK = Actor("official", "7", "desk", frozenset({"one_stop_clerk"}))


def actor(person: Official, role: str) -> Actor:
    return Actor("official", str(person.pk), "desk", frozenset({role}))


@pytest.fixture
def monday() -> Iterator[datetime]:
    """It is Monday 23 November 2026, 14:00."""
    with clock.at(MONDAY):
        yield MONDAY


@pytest.fixture
def town(binh_lu: Commune, monday: datetime) -> Iterator[Commune]:
    """Inside Bình Lư on that Monday."""
    with tenancy.inside(binh_lu.id):
        yield binh_lu


@pytest.fixture
def own_home(settings, tmp_path) -> None:
    """Files and invented keys of this test alone."""
    settings.XASO_HOME = tmp_path


@pytest.fixture
def leader(town, official) -> Official:
    return official("leader", town, full_name="Giàng A Mẫu")


@pytest.fixture
def signing(own_home, town, leader) -> Commune:
    """Bình Lư with an invented authority, the leader's keys and the agency's."""
    actions.set_up_demo([leader], commune=town, by=SYSTEM)
    return town


@pytest.fixture
def apology(town, leader) -> Callable[..., actions.NewDocument]:
    """Return a function that writes an apology for a late dossier; named values replace its own."""

    def written(**facts: object) -> actions.NewDocument:
        usual: dict[str, object] = {
            "uuid": uuid4(),
            "kind": "cong-van",
            "form_code": "mau-04",
            "subject": "Xin lỗi và gia hạn hồ sơ H35.10.05-261118-0003",
            "signer": leader,
            "signer_position": "CHỦ TỊCH",
            "unit": "VP",
            "data": {
                k: v
                for k, v in builtin.sheets()["mau-04"].sample.items()
                if k not in {"number", "dated", "qr"}
            },
            "check_root": "https://binhlu.example.vn/",
        }
        return actions.NewDocument(**usual | facts)  # type: ignore[arg-type]

    return written


@pytest.fixture
def frozen(signing, apology, leader) -> Callable[..., Document]:
    """Return a function that takes a document as far as its frozen page."""

    def made(**facts: object) -> Document:
        new = apology(**facts)
        actions.submit_for_signature(new, commune=signing, by=CLERK)
        actions.approve(new.uuid, commune=signing, by=actor(leader, "leader"))
        return actions.freeze(new.uuid, commune=signing)

    return made


@pytest.fixture
def issued(frozen, leader) -> Callable[..., Document]:
    """Return a function that issues a document, signed by the leader and the agency."""

    def made(**facts: object) -> Document:
        document = frozen(**facts)
        commune = document.commune
        actions.sign(document.uuid, commune=commune, by=actor(leader, "leader"))
        return actions.seal(document.uuid, commune=commune, by=CLERK)

    return made
