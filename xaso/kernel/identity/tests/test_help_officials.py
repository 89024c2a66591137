"""An administrator helps; the house tidies up; who someone is gets asked again."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions, queries, sign_in
from xaso.kernel.identity.models import Official, Role, Throttle
from xaso.kernel.identity.tests.conftest import PASSWORD
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.refusals import Invalid
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db
AGAIN = "/binh-lu/tai-khoan/hoi-lai/"


@pytest.fixture
def lan(someone, binh_lu) -> Official:
    return someone("lan", binh_lu, Role.CLERK)


def test_help_comes_from_the_own_commune_only(lan, binh_lu, ban_bo) -> None:
    for help_with in (
        actions.reset_password,
        actions.reset_second_factor,
        actions.end_sessions,
        actions.close_account,
        actions.reopen_account,
    ):
        with pytest.raises(actions.NotManagedHere):
            help_with(lan, commune=ban_bo, by=SYSTEM)
    password = actions.reset_password(lan, commune=binh_lu, by=SYSTEM)
    lan.refresh_from_db()
    assert lan.check_password(password)
    assert lan.must_change_password


def test_the_faults_of_a_new_account_are_named_by_field(lan, binh_lu) -> None:
    new = actions.NewOfficial("có dấu cách", " ", email="khong phai thu")
    with pytest.raises(Invalid) as refused:
        actions.add_official(new, commune=binh_lu, by=SYSTEM, password="ngan")
    assert set(refused.value.errors) == {"username", "full_name", "email", "password"}
    with pytest.raises(actions.UsernameTaken):
        actions.add_official(actions.NewOfficial("LAN", "Lan"), commune=binh_lu, by=SYSTEM)


def test_the_night_forgets_ended_sessions_and_old_tries(lan) -> None:
    Client().force_login(lan)
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))
    with clock.at(clock.now() - timedelta(days=2)):
        actions.take("old", limit=2, per=timedelta(hours=1))
    jobs.later("identity.tidy", commune=None)
    jobs.do_now()
    assert not Session.objects.exists()
    assert not Throttle.objects.exists()


def test_a_session_that_ran_out_is_not_shown_as_open(lan) -> None:
    client = Client()
    client.post("/binh-lu/dang-nhap/", {"login": "lan", "password": PASSWORD})
    assert len(queries.sessions(lan)) == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))
    assert queries.sessions(lan) == []


@pytest.mark.parametrize(
    ("https", "forwarded", "expected"),
    [
        (False, "6.6.6.6", "10.0.0.9"),  # nobody stands in front: the header is the client's own
        (True, "6.6.6.6, 171.224.1.2", "171.224.1.2"),  # what our proxy wrote comes last
        (True, "", "10.0.0.9"),
    ],
)
def test_an_address_is_what_our_own_proxy_says(rf, settings, https, forwarded, expected) -> None:
    settings.XASO_HTTPS = https
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert queries.address(rf.get("/", headers=headers, REMOTE_ADDR="10.0.0.9")) == expected


def test_a_socket_without_address_still_signs_in(rf) -> None:
    shown = sign_in.Accounts().get_client_ip(rf.get("/", REMOTE_ADDR=""))
    assert shown == "0.0.0.0"  # noqa: S104


def test_the_second_factor_answers_when_asked_again(lan) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(lan, secret)
    client = Client()
    client.force_login(lan)
    door = "/binh-lu/tai-khoan/bao-mat/ma-du-phong/moi/"
    assert client.get(door)["Location"].startswith(AGAIN)
    assert "Dùng mã xác thực" in client.get(AGAIN).content.decode()
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    answer = client.post(f"{AGAIN}ma/", {"code": code, "next": door})
    assert answer["Location"] == door
    assert client.get(door).status_code == 200


def test_someone_without_password_proves_it_outside_again(lan, rf) -> None:
    lan.set_unusable_password()
    lan.save()
    client = Client()
    client.force_login(lan)
    assert client.get("/binh-lu/tai-khoan/ngoai/noi/")["Location"].startswith("/binh-lu/dang-nhap/")
    assert client.get("/binh-lu/tai-khoan/").status_code == 302


def test_a_province_official_lands_at_the_first_commune_they_may_see(
    binh_lu, ban_bo, settings
) -> None:
    settings.XASO_SECOND_FACTOR = False
    new = actions.NewOfficial("tinh.an", "Nguyễn Thị An")
    viewer, _ = actions.add_official(new, commune=None, by=SYSTEM, password=PASSWORD)
    client = Client()
    nowhere = client.post("/dang-nhap/", {"login": "tinh.an", "password": PASSWORD})
    assert nowhere["Location"] == "/tai-khoan/chua-cap-quyen/"
    actions.grant_province_view(viewer, ban_bo, by=SYSTEM)
    client.logout()
    here = client.post("/dang-nhap/", {"login": "tinh.an", "password": PASSWORD})
    assert here["Location"] == "/ban-bo/can-bo/"
    assert client.get("/ban-bo/can-bo/quan-tri/can-bo/").status_code == 403
    assert client.get("/binh-lu/can-bo/").status_code == 404


def test_a_commune_with_its_own_host_is_where_one_lands(lan, binh_lu, settings) -> None:
    binh_lu.host = "binhlu.example.vn"
    binh_lu.save()
    lan.home.refresh_from_db()
    with tenancy.inside(binh_lu.id):
        assert sign_in.desk_of(lan, None) == "http://binhlu.example.vn/can-bo/"
