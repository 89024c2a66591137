"""A commune with villages, a unit and reports, and a screen on its wall."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from xaso.dossiers.tests.conftest import centre as centre
from xaso.dossiers.tests.conftest import clerk as clerk
from xaso.dossiers.tests.conftest import new_dossier as new_dossier
from xaso.ioc import actions, snapshots
from xaso.ioc.views import looking
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.models import UnitKind
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions as reports
from xaso.reports.models import Report

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=ZONE)
SQUARE = [(0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.01), (0.0, 0.0)]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Start each story with empty memories of the process."""
    for forget in (snapshots.forget, looking.forget, directory.forget):
        forget()
    yield
    snapshots.forget()
    looking.forget()


@pytest.fixture
def monday() -> Iterator[datetime]:
    with clock.at(MONDAY):
        yield MONDAY


@pytest.fixture
def town(binh_lu: Commune, monday: datetime) -> Iterator[Commune]:
    """Bình Lư with categories and two villages with land."""
    with tenancy.inside(binh_lu.id):
        reports.set_up(binh_lu, by=SYSTEM, on=date(2026, 1, 1))
        for number, (code, name) in enumerate((("BL-01", "Nà Đon"), ("BL-02", "Chu Va 12"))):
            lat, lon = 22.34, 103.62 + number * 0.01
            ring = [[lon + x, lat + y] for x, y in SQUARE]
            land = {"type": "Polygon", "coordinates": [ring]}
            new = places.NewVillage(code, "bản", name, lat + 0.005, lon + 0.005, land)
            places.add_village(binh_lu, new, by=SYSTEM)
        yield binh_lu


@pytest.fixture
def send(town: Commune) -> Callable[..., Report]:
    """Return a function by which a resident sends a report, some days ago."""

    def sent(village: str = "BL-01", *, days_ago: float = 0, category: str = "WASTE") -> Report:
        there = Village.objects.get(commune=town, code=village)
        new = reports.NewReport(
            uuid=uuid4(),
            content_hash=uuid4().hex * 2,
            category=category,
            channel="web_plain",
            text="Rác đổ đống trước cổng trường mấy hôm nay",
            place=reports.Place(village_id=there.pk),
        )
        with clock.at(MONDAY - timedelta(days=days_ago)):
            return reports.receive(new, by=Actor("resident", "", "web"), commune=town).report

    return sent


@pytest.fixture
def answer(town: Commune) -> Callable[..., Report]:
    """Return a function that takes a report in and answers it after so many hours."""
    unit = identity.add_unit(town, "ve-sinh", "Tổ vệ sinh", by=SYSTEM, kind=UnitKind.OTHER)
    new = identity.NewOfficial("to.truong", "Lò Văn Pâng")
    head, _ = identity.add_official(new, commune=town, by=SYSTEM, password="nuong ngo tren nui")
    identity.give_role(head, identity.NewRole("officer", unit), commune=town, by=SYSTEM)
    identity.set_head(unit, head, by=SYSTEM)
    by = Actor("official", str(head.pk), "desk", frozenset({"officer"}), unit.pk)

    def answered(report: Report, *, after_hours: float = 5, words: str = "") -> Report:
        with clock.at(report.received_at + timedelta(hours=after_hours)):
            taken = reports.accept(report, reports.Accepting(unit_id=unit.pk), by=by)
            taken = reports.start(taken, by=by)
            given = reports.Answering(
                text="Tổ vệ sinh đã thu gom hết rác trước cổng trường, rắc vôi bột và đặt thêm "
                f"một thùng có nắp ở ngay lối vào. {words}",
                kind="fixed",
                done_by="Tổ vệ sinh",
                done_on=clock.now().date(),
                waiver="Trời tối không chụp được ảnh, trưởng bản đã xem lại.",
                is_repeat_confirmed=True,
            )
            return reports.answer(taken, given, by=by)

    return answered


@pytest.fixture
def screen(town: Commune) -> Client:
    """A browser on the wall that was let in."""
    hung = actions.hang_screen("Phòng họp", commune=town, by=SYSTEM)
    client = Client(raise_request_exception=False)
    client.get(f"/{town.slug}/ioc/man-hinh/{hung.token}/")
    return client
