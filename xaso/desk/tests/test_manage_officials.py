"""An administrator opens accounts, gives and ends roles, helps who lost a phone, makes keys."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.utils import timezone

from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions
from xaso.kernel.identity.models import ApiKey, Official, Role, RoleAssignment, Unit, UnitKind
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db
PASSWORD = "nuong ngo tren suon nui"
HERE = "/binh-lu/can-bo/quan-tri/"


def _person(username: str, commune, role: Role | None) -> Official:
    official, _ = actions.add_official(
        actions.NewOfficial(username, username.title()),
        commune=commune,
        by=SYSTEM,
        password=PASSWORD,
    )
    if role is not None:
        with tenancy.inside(commune.id):
            actions.give_role(official, role, commune=commune, by=SYSTEM)
    return official


def _in(username: str) -> Client:
    client = Client()
    client.post("/binh-lu/dang-nhap/", {"login": username, "password": PASSWORD})
    return client


@pytest.fixture(autouse=True)
def _no_second_factor(settings) -> None:
    settings.XASO_SECOND_FACTOR = False


@pytest.fixture
def nga(binh_lu) -> Official:
    return _person("nga", binh_lu, Role.ADMINISTRATOR)


@pytest.fixture
def admin(nga) -> Client:
    return _in("nga")


@pytest.fixture
def lan(binh_lu) -> Official:
    return _person("lan", binh_lu, Role.CLERK)


def _roles(official: Official, commune) -> list[RoleAssignment]:
    with tenancy.inside(commune.id):
        return list(RoleAssignment.objects.filter(official=official))


def test_a_new_official_gets_a_password_that_is_shown_once(admin, binh_lu) -> None:
    page = admin.post(
        f"{HERE}can-bo/them/",
        {
            "full_name": "Lò Thị Mới",
            "username": "Moi.Lo",
            "role": "officer",
            "position": "Địa chính",
        },
    )
    password = re.search(r'id="mat-khau-tam">([^<]+)<', page.content.decode())[1]
    assert page["Cache-Control"].find("no-store") >= 0
    moi = Official.objects.get(username="moi.lo")
    assert moi.check_password(password)
    assert moi.must_change_password
    assert _roles(moi, binh_lu)[0].role == "officer"
    assert password not in admin.get(f"{HERE}can-bo/{moi.pk}/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": "nga"}, "username"),
        ({"username": "có dấu cách"}, "username"),
        ({"role": "province_viewer"}, "role"),
        ({"role": "root"}, "role"),
        ({"email": "khong phai thu"}, "email"),
        ({"since": "2026-12-10", "until": "2026-12-01"}, "__all__"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(admin, wrong, field) -> None:
    good = {"full_name": "Mới", "username": "moi", "role": "officer"}
    page = admin.post(f"{HERE}can-bo/them/", good | wrong)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert Official.objects.count() == 1


def test_a_role_is_given_with_days_and_unit_and_ended_at_once(admin, lan, binh_lu) -> None:
    with tenancy.inside(binh_lu.id):
        unit = actions.add_unit(
            binh_lu, "kinh-te", "Phòng Kinh tế", by=SYSTEM, kind=UnitKind.DEPARTMENT
        )
    today = timezone.localdate(clock.now())
    answer = admin.post(
        f"{HERE}can-bo/{lan.pk}/vai-tro/",
        {"role": "officer", "unit": unit.pk, "until": (today + timedelta(days=9)).isoformat()},
    )
    assert answer.status_code == 302
    role = next(r for r in _roles(lan, binh_lu) if r.role == "officer")
    assert role.unit_id == unit.pk
    assert timezone.localtime(role.valid_to).date() == today + timedelta(days=10)
    admin.post(f"{HERE}can-bo/{lan.pk}/vai-tro/{role.pk}/thoi/")
    assert not next(r for r in _roles(lan, binh_lu) if r.role == "officer").is_held_at(clock.now())


def test_someone_whose_role_was_ended_is_out_with_the_next_press(admin, lan, binh_lu) -> None:
    clerk = _in("lan")
    assert clerk.get("/binh-lu/can-bo/").status_code == 200
    role = _roles(lan, binh_lu)[0]
    admin.post(f"{HERE}can-bo/{lan.pk}/vai-tro/{role.pk}/thoi/")
    assert clerk.get("/binh-lu/can-bo/").status_code == 404


def test_the_last_administrator_cannot_end_themselves(admin, nga, binh_lu) -> None:
    role = _roles(nga, binh_lu)[0]
    answer = admin.post(f"{HERE}can-bo/{nga.pk}/vai-tro/{role.pk}/thoi/")
    assert answer.status_code == 409
    assert "duy nhất" in answer.content.decode()
    assert admin.get(f"{HERE}can-bo/").status_code == 200


def test_a_lost_phone_is_helped_and_every_session_ends(admin, lan) -> None:
    clerk = _in("lan")
    totp.TOTP.activate(lan, totp.generate_totp_secret())
    page = admin.get(f"{HERE}can-bo/{lan.pk}/").content.decode()
    assert "Có bước xác thực thứ hai" in page
    assert "1 phiên đang mở" in page
    admin.post(f"{HERE}can-bo/{lan.pk}/buoc-hai/")
    assert not Authenticator.objects.filter(user=lan).exists()
    assert clerk.get("/binh-lu/can-bo/").status_code == 302


def test_a_new_password_an_end_of_sessions_a_closed_account(admin, lan) -> None:
    clerk = _in("lan")
    admin.post(f"{HERE}can-bo/{lan.pk}/phien/")
    assert clerk.get("/binh-lu/can-bo/").status_code == 302
    page = admin.post(f"{HERE}can-bo/{lan.pk}/mat-khau/").content.decode()
    password = re.search(r'id="mat-khau-tam">([^<]+)<', page)[1]
    lan.refresh_from_db()
    assert lan.check_password(password)
    admin.post(f"{HERE}can-bo/{lan.pk}/khoa/")
    lan.refresh_from_db()
    assert not lan.is_active
    admin.post(f"{HERE}can-bo/{lan.pk}/mo/")
    lan.refresh_from_db()
    assert lan.is_active
    assert admin.post(f"{HERE}can-bo/{lan.pk}/xoa-het/").status_code == 404


def test_every_change_stands_in_the_log(admin, nga, lan, binh_lu) -> None:
    admin.post(f"{HERE}can-bo/{lan.pk}/phien/")
    with tenancy.inside(binh_lu.id):
        lines = audit.history(lan, commune=binh_lu.id)
    line = next(line for line in lines if line.action == "identity.sessions_ended")
    assert (line.actor_id, line.roles) == (str(nga.pk), ("administrator",))
    assert "Được đăng xuất khỏi mọi máy" in admin.get(f"{HERE}can-bo/{lan.pk}/").content.decode()


def test_only_the_administrator_comes_here(lan) -> None:
    clerk = _in("lan")
    for path in ("can-bo/", "can-bo/them/", f"can-bo/{lan.pk}/", "don-vi/", "khoa-api/"):
        assert clerk.get(HERE + path).status_code == 403, path
        assert Client().get(HERE + path).status_code == 302, path


def test_officials_of_another_commune_do_not_exist_here(admin, ban_bo, binh_lu) -> None:
    hoa = _person("hoa", ban_bo, Role.CLERK)
    role = _roles(hoa, ban_bo)[0]
    assert admin.get(f"{HERE}can-bo/{hoa.pk}/").status_code == 404
    for path in ("vai-tro/", f"vai-tro/{role.pk}/thoi/", "mat-khau/", "buoc-hai/", "khoa/"):
        assert admin.post(f"{HERE}can-bo/{hoa.pk}/{path}").status_code == 404, path
    assert "hoa" not in admin.get(f"{HERE}can-bo/").content.decode()


def test_a_helper_from_another_commune_keeps_their_own_sign_in(admin, ban_bo, binh_lu) -> None:
    hoa = _person("hoa", ban_bo, Role.CLERK)
    with tenancy.inside(binh_lu.id):
        actions.give_role(hoa, Role.CLERK, commune=binh_lu, by=SYSTEM)
    page = admin.get(f"{HERE}can-bo/{hoa.pk}/").content.decode()
    assert "do đơn vị khác quản lý" in page
    for path in ("mat-khau/", "buoc-hai/", "khoa/", "phien/"):
        assert admin.post(f"{HERE}can-bo/{hoa.pk}/{path}").status_code == 403, path
    hoa.refresh_from_db()
    assert hoa.check_password(PASSWORD)


def test_a_change_asks_again_and_then_goes_on_by_itself(nga, lan) -> None:
    admin = Client()
    admin.force_login(nga)  # signed in long ago
    asked = admin.post(f"{HERE}can-bo/{lan.pk}/khoa/")
    assert asked["Location"].startswith("/binh-lu/tai-khoan/hoi-lai/")
    lan.refresh_from_db()
    assert lan.is_active
    wrong = admin.post(asked["Location"], {"password": "khong phai mat khau"})
    assert wrong.status_code == 200
    done = admin.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"] == f"{HERE}can-bo/{lan.pk}/"
    lan.refresh_from_db()
    assert not lan.is_active


def test_what_waited_is_not_sent_from_another_page(nga, lan) -> None:
    admin = Client()
    admin.force_login(nga)
    admin.post(f"{HERE}can-bo/{lan.pk}/khoa/")
    admin.post("/binh-lu/tai-khoan/hoi-lai/", {"password": PASSWORD, "next": "/binh-lu/can-bo/"})
    lan.refresh_from_db()
    assert lan.is_active


def test_what_waited_asks_for_the_right_once_more(nga, lan, binh_lu) -> None:
    other = _person("tu", binh_lu, Role.ADMINISTRATOR)
    admin = Client()
    admin.force_login(nga)
    asked = admin.post(f"{HERE}can-bo/{lan.pk}/khoa/")
    with tenancy.inside(binh_lu.id):
        actions.end_role(RoleAssignment.objects.get(official=nga), by=SYSTEM)
    assert admin.post(asked["Location"], {"password": PASSWORD}).status_code == 404
    lan.refresh_from_db()
    assert lan.is_active
    assert other.is_active


def test_units_and_their_heads(admin, lan, binh_lu) -> None:
    admin.post(f"{HERE}don-vi/", {"name": "Phòng Kinh tế", "code": "kinh-te", "kind": "department"})
    with tenancy.inside(binh_lu.id):
        unit = Unit.objects.get()
    admin.post(f"{HERE}don-vi/{unit.pk}/phu-trach/", {"kinh-te-head": lan.pk})
    with tenancy.inside(binh_lu.id):
        assert Unit.objects.get().head == lan
    assert (
        admin.post(f"{HERE}don-vi/{unit.pk}/phu-trach/", {"kinh-te-head": 999}).status_code == 404
    )


def test_a_machine_s_key_is_shown_once_and_revoked(admin, binh_lu) -> None:
    until = timezone.localdate(clock.now()) + timedelta(days=30)
    form = {"name": "Cổng tỉnh", "scopes": ["reports.read"], "until": until.isoformat()}
    page = admin.post(f"{HERE}khoa-api/", form).content.decode()
    text = re.search(r'id="khoa-moi">([^<]+)<', page)[1]
    with tenancy.inside(binh_lu.id):
        assert actions.use_api_key(text, binh_lu) is not None
        key = ApiKey.objects.get()
    listed = admin.get(f"{HERE}khoa-api/").content.decode()
    assert key.prefix in listed
    assert text not in listed
    admin.post(f"{HERE}khoa-api/{key.pk}/thu-hoi/")
    with tenancy.inside(binh_lu.id):
        assert actions.use_api_key(text, binh_lu) is None
    far = form | {"until": (until + timedelta(days=900)).isoformat()}
    assert admin.post(f"{HERE}khoa-api/", far).status_code == 422


def test_the_list_costs_the_same_for_many_people(
    admin, binh_lu, django_assert_max_num_queries
) -> None:
    for number in range(12):
        official = Official.objects.create(username=f"n{number}", full_name=f"Người {number}")
        with tenancy.inside(binh_lu.id):
            actions.give_role(official, Role.OFFICER, commune=binh_lu, by=SYSTEM)
    with django_assert_max_num_queries(10):
        assert admin.get(f"{HERE}can-bo/").content.decode().count("Người") >= 12
