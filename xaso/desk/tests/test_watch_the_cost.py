"""The administrator sees what messages cost this month and writes prices and caps down."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.kernel.identity.tests.conftest import PASSWORD
from xaso.kernel.notifications.models import Tariff
from xaso.kernel.tenancy import actions as tenancy

HERE = "/binh-lu/can-bo/quan-tri/kenh/chi-phi/"
ROW = {
    "item": "sms",
    "price": "350",
    "cap": "1000",
    "valid_from": "2026-01-01",
    "sureness": "unverified",
    "source": "Báo giá của nhà mạng",
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(someone, binh_lu, settings) -> Client:
    settings.XASO_SECOND_FACTOR = False
    someone("nga", binh_lu, "administrator")
    client = Client()
    client.post("/binh-lu/dang-nhap/", {"login": "nga", "password": PASSWORD})
    return client


def test_a_price_is_written_down_and_shown_with_what_is_left(admin, binh_lu) -> None:
    empty = admin.get(HERE).content.decode()
    assert "Chưa ghi giá nào" in empty
    assert admin.post(HERE, ROW)["Location"] == HERE
    page = admin.get(HERE).content.decode()
    assert "còn 1.000" in page
    assert "Báo giá của nhà mạng" in page
    assert "Chưa kiểm tra, cần đối chiếu hợp đồng" in page
    assert HERE in admin.get("/binh-lu/can-bo/quan-tri/kenh/").content.decode()


@pytest.mark.parametrize("wrong", [{"price": "-1"}, {"source": " "}, {"item": "fax"}, {"cap": "x"}])
def test_what_is_wrong_is_said_beside_its_box(admin, binh_lu, wrong) -> None:
    assert admin.post(HERE, ROW | wrong).status_code == 422
    with tenancy.inside(binh_lu.id):
        assert not Tariff.objects.exists()


@pytest.mark.parametrize("role", ["officer", "leader", "one_stop_clerk", "village_head"])
def test_others_see_no_cost(binh_lu, official, client_of, role) -> None:
    assert client_of(official(role, binh_lu)).get(HERE).status_code == 403


def test_the_page_costs_the_same_for_many_rows(admin, binh_lu) -> None:
    admin.get(HERE)
    counts = []
    for month in range(1, 11, 5):
        for more in range(5):
            admin.post(HERE, ROW | {"valid_from": f"2026-{month + more:02}-01"})
        with CaptureQueriesContext(connection) as seen:
            admin.get(HERE)
        counts.append(len(seen))
    assert counts[0] == counts[1]
