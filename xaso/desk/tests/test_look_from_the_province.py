"""A reader of the province sees the communes they were let into, and can change nothing there."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.models import Official, ProvinceGrant
from xaso.kernel.measures import actions as measures
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock
from xaso.reports import actions as reports
from xaso.reports.actions.counting import ANSWERED

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=ZONE)
PAGE = "/binh-lu/can-bo/tinh/"
WRITER = Actor("resident", "", "web")


@pytest.fixture
def communes(binh_lu: Commune, ban_bo: Commune, tan_phong: Commune) -> Iterator[list[Commune]]:
    """Three communes with one, two and three open reports; answers of Bản Bo: 3 of 4 on time."""
    found = [binh_lu, ban_bo, tan_phong]
    with clock.at(MONDAY - timedelta(days=90)):
        for many, commune in enumerate(found, 1):
            with tenancy.inside(commune.id):
                reports.set_up(commune, by=SYSTEM, on=date(2026, 1, 1))
                for _each in range(many):
                    _send(commune)
    with clock.at(MONDAY):
        with tenancy.inside(ban_bo.id):
            for on_time, n in (("first", 3), ("no", 1)):
                dims = {"unit": "1", "on_time": on_time}
                measures.count(ANSWERED, commune=ban_bo.id, day=MONDAY.date(), dims=dims, n=n)
            _send(ban_bo)
        yield found


def _send(commune: Commune) -> None:
    new = reports.NewReport(
        uuid=uuid4(),
        content_hash=uuid4().hex * 2,
        category="NOISE",
        channel="web_plain",
        text="Loa hát mở đến nửa đêm",
        place=reports.Place(landmark="Đầu bản"),
    )
    reports.receive(new, by=WRITER, commune=commune)


@pytest.fixture
def reader(communes: list[Commune]) -> Official:
    person, _ = identity.add_official(
        identity.NewOfficial("tinh.xem", "Vàng A Páo"),
        commune=None,
        by=SYSTEM,
        password="nuong ngo tren suon nui",
    )
    for commune in communes[:2]:
        identity.grant_province_view(person, commune, by=SYSTEM)
    return person


def test_each_commune_shows_what_waits_what_is_late_and_the_share(reader, client_of) -> None:
    page = client_of(reader).get(PAGE)
    found = {str(line["commune"].slug): line["figures"] for line in page.context["lines"]}
    assert {slug: (each.open, each.overdue) for slug, each in found.items()} == {
        "ban-bo": (3, 2),
        "binh-lu": (1, 1),
    }
    share = found["ban-bo"].on_time
    assert (share.part, share.whole) == (3, 4)
    body = page.content.decode()
    assert "(3/4)" in body
    assert "Chưa có trả lời nào" in body
    assert 'href="/ban-bo/can-bo/phan-anh/"' in body


def test_a_commune_without_a_grant_is_not_named(reader, client_of) -> None:
    browser = client_of(reader)
    main = browser.get(PAGE).content.decode().partition("<main")[2]
    assert "Tân Phong" not in main
    assert browser.get("/tan-phong/can-bo/tinh/").status_code == 404
    assert browser.get("/tan-phong/can-bo/phan-anh/").status_code == 404


def test_each_commune_opens_to_be_read_only(reader, client_of, communes) -> None:
    browser = client_of(reader)
    for commune in communes[:2]:
        desk = f"/{commune.slug}/can-bo/phan-anh/"
        page = browser.get(desk)
        assert page.status_code == 200
        with tenancy.inside(commune.id):
            code = commune.report_set.values_list("code", flat=True)[0]
        assert browser.get(f"{desk}{code}/").status_code == 200
        assert browser.post(f"{desk}{code}/note/", {"text": "x"}).status_code in (403, 404)


def test_an_ended_grant_closes_the_commune_at_once(reader, client_of, ban_bo) -> None:
    browser = client_of(reader)
    grant = ProvinceGrant.objects.get(official=reader, commune=ban_bo)
    identity.end_province_view(grant, by=SYSTEM)
    assert [line["commune"].slug for line in browser.get(PAGE).context["lines"]] == ["binh-lu"]
    assert browser.get("/ban-bo/can-bo/phan-anh/").status_code == 404


def test_signing_in_leads_to_the_list(reader, client_of) -> None:
    assert client_of(reader).get("/binh-lu/can-bo/")["Location"] == PAGE


@pytest.mark.parametrize("role", ["leader", "administrator", "officer"])
def test_who_works_in_a_commune_does_not_see_the_province(
    communes, official, client_of, role
) -> None:
    browser = client_of(official(role, communes[0]))
    assert browser.get(PAGE).status_code == 403
    assert "Các xã" not in browser.get("/binh-lu/can-bo/quan-tri/").content.decode()


def test_more_communes_cost_no_more_statements(reader, client_of, communes) -> None:
    browser = client_of(reader)
    browser.get(PAGE)
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as seen:
            browser.get(PAGE)
        counts.append(len(seen))
        identity.grant_province_view(reader, communes[2], by=SYSTEM)
    assert counts[0] == counts[1] <= 16


def test_the_page_leaves_the_request_as_the_writing_role(reader, client_of) -> None:
    client_of(reader).get(PAGE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('app.communes', true)")
        assert cursor.fetchone() == ("xaso_app", "")
