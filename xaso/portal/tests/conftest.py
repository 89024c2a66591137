"""A commune with land, a village and one report that was answered."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.models import UnitKind
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions as reports
from xaso.reports.models import Report

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=ZONE)
RING = [[103.6, 22.3], [103.7, 22.3], [103.7, 22.4], [103.6, 22.4], [103.6, 22.3]]
LAND = {"type": "Polygon", "coordinates": [RING]}


@pytest.fixture
def town(binh_lu: Commune) -> Iterator[Commune]:
    """Bình Lư on a Monday, with its outline and one village."""
    directory.forget()
    binh_lu.boundary = LAND
    binh_lu.save(update_fields=["boundary"])
    with tenancy.inside(binh_lu.id), clock.at(MONDAY):
        new = places.NewVillage("BL-01", "bản", "Nà Đon", 22.35, 103.65, LAND)
        places.add_village(binh_lu, new, by=SYSTEM)
        reports.set_up(binh_lu, by=SYSTEM, on=date(2026, 1, 1))
        yield binh_lu
    directory.forget()


@pytest.fixture
def answered(town: Commune) -> Report:
    """A published report, answered after two days."""
    unit = identity.add_unit(town, "ve-sinh", "Tổ vệ sinh", by=SYSTEM, kind=UnitKind.OTHER)
    new = identity.NewOfficial("to.truong", "Lò Văn Pâng")
    head, _ = identity.add_official(new, commune=town, by=SYSTEM, password="nuong ngo tren nui")
    identity.give_role(head, identity.NewRole("officer", unit), commune=town, by=SYSTEM)
    identity.set_head(unit, head, by=SYSTEM)
    by = Actor("official", str(head.pk), "desk", frozenset({"officer"}), unit.pk)
    sent = reports.NewReport(
        uuid=uuid4(),
        content_hash=uuid4().hex * 2,
        category="NOISE",
        channel="web_plain",
        text="Loa hát mở đến nửa đêm ở đầu bản",
        place=reports.Place(village_id=town.village_set.get().pk),
    )
    with clock.at(MONDAY - timedelta(days=5)):
        report = reports.receive(sent, by=Actor("resident", "", "web"), commune=town).report
        report = reports.accept(report, reports.Accepting(unit_id=unit.pk), by=by)
        report = reports.publish(report, report.text, by=by)
        report = reports.start(report, by=by)
    with clock.at(MONDAY - timedelta(days=3)):
        given = reports.Answering(
            text="Tổ vệ sinh cùng trưởng bản đã đến nhắc nhở, hai bên thống nhất tắt loa trước "
            "22 giờ, từ hôm nay buổi tối đã yên.",
            kind="fixed",
            done_by="Tổ vệ sinh",
            done_on=date(2026, 11, 20),
        )
        return reports.answer(report, given, by=by)
