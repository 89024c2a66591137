"""The account residents pay into."""

import pytest
from django.test import Client

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions
from xaso.kernel.payments.models import PayeeAccount
from xaso.kernel.tenancy import actions as tenancy

PAGE = "/binh-lu/can-bo/quan-tri/tai-khoan-thu/"
PASSWORD = "nuong ngo tren suon nui"
GIVEN = {
    "bin": "970416",
    "number": "2576 78859",
    "holder": "UBND XA BINH LU",
    "source": "Thông báo 12/TB-KB",
    "valid_from": "2026-11-01",
}


@pytest.fixture
def admin(binh_lu, settings):
    """An administrator who signed in just now: the page asks again after five minutes."""
    settings.XASO_SECOND_FACTOR = False
    new = actions.NewOfficial("nga", "Lò Thị Nga")
    person, _ = actions.add_official(new, commune=binh_lu, by=SYSTEM, password=PASSWORD)
    with tenancy.inside(binh_lu.id):
        actions.give_role(person, "administrator", commune=binh_lu, by=SYSTEM)
    client = Client()
    client.post("/binh-lu/dang-nhap/", {"login": "nga", "password": PASSWORD})
    return client


def test_an_administrator_names_the_account_and_sees_its_code(binh_lu, admin):
    assert "Chưa có tài khoản nào" in admin.get(PAGE).content.decode()
    assert admin.post(PAGE, GIVEN).status_code == 302
    page = admin.get(PAGE).content.decode()
    assert "2576 7885 9" in page
    assert "<svg" in page
    assert "Kiểm tra đúng tên người nhận trước khi chuyển" in page
    wrong = admin.post(PAGE, {**GIVEN, "number": "12-34", "valid_from": "2026-11-02"})
    assert wrong.status_code == 422
    assert "Số tài khoản có từ 1 đến 19" in wrong.content.decode()
    with tenancy.inside(binh_lu.id):
        assert PayeeAccount.objects.get().number == "257678859"


def test_only_administrators_and_only_who_signed_in_just_now(binh_lu, official, client_of):
    assert client_of(official("one_stop_clerk", binh_lu)).get(PAGE).status_code == 403
    stale = client_of(official("administrator", binh_lu)).get(PAGE)
    assert stale.status_code == 302  # asked for the password again
