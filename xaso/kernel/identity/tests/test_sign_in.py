"""Officials come in with a password and, where they set one up, a second factor."""

import json
import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions, guessing, keys, middleware, passwords
from xaso.kernel.identity.hashing import Argon2
from xaso.kernel.identity.models import Official, Role
from xaso.kernel.identity.tests.conftest import PASSWORD
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db
DOOR = "/binh-lu/dang-nhap/"


def enter(client: Client, name: str, password: str = PASSWORD, door: str = DOOR, **more):
    return client.post(door, {"login": name, "password": password, **more})


@pytest.fixture
def lan(someone, binh_lu) -> Official:
    return someone("lan", binh_lu, Role.CLERK)


def test_an_official_comes_in_and_lands_on_the_desk(client: Client, lan) -> None:
    answer = enter(client, "lan")
    assert (answer.status_code, answer["Location"]) == (302, "/binh-lu/can-bo/")
    assert client.get("/binh-lu/tai-khoan/").context["official"] == lan


def test_on_the_shared_host_an_official_lands_at_their_commune(client: Client, lan) -> None:
    assert enter(client, " LAN ", door="/dang-nhap/")["Location"] == "/binh-lu/can-bo/"


def test_someone_without_any_role_is_told_so(client: Client, someone, binh_lu) -> None:
    someone("khach", binh_lu, None)
    answer = enter(client, "khach")
    assert answer["Location"] == "/binh-lu/tai-khoan/chua-cap-quyen/"
    page = client.get(answer["Location"])
    assert page.status_code == 403
    assert "chưa được cấp quyền" in page.content.decode()


def test_a_signed_in_official_skips_the_door(client: Client, lan) -> None:
    enter(client, "lan")
    assert client.get(DOOR)["Location"] == "/binh-lu/can-bo/"


def test_the_way_back_leads_to_our_own_pages_only(client: Client, lan) -> None:
    assert enter(client, "lan", next="/binh-lu/can-bo/phan-anh/")["Location"].endswith("phan-anh/")
    client.logout()
    assert enter(client, "lan", next="https://evil.example/")["Location"] == "/binh-lu/can-bo/"


def test_the_session_key_changes_at_the_door(client: Client, lan) -> None:
    client.get(DOOR)
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    enter(client, "lan")
    assert client.session.session_key != before


def _said(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r'<input type="hidden"[^>]*>', "", answer.content.decode()))


def test_an_unknown_name_is_answered_like_a_wrong_password(client: Client, lan) -> None:
    wrong, unknown = enter(client, "lan", "x" * 14), enter(client, "ai.do", "x" * 14)
    assert wrong.status_code == unknown.status_code == 200
    pages = [_said(page).replace("ai.do", "lan") for page in (wrong, unknown)]
    pages = [re.sub(r'nonce="[^"]*"', "", page) for page in pages]
    assert pages[0] == pages[1]
    assert "chưa đúng" in pages[0]


def test_an_unknown_name_takes_as_long_as_a_known_one(lan, monkeypatch) -> None:
    """Count hashings instead of seconds: one for each try, whoever is named."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hashed = []
    for method in ("encode", "verify"):
        own = getattr(Argon2PasswordHasher, method)
        monkeypatch.setattr(
            Argon2PasswordHasher,
            method,
            lambda self, *a, own=own, **k: hashed.append(1) or own(self, *a, **k),
        )
    counts = []
    for name in ("lan", "ai.do"):
        hashed.clear()
        enter(Client(), name, "x" * 14)
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_a_hash_that_cost_less_is_renewed_at_the_next_sign_in(
    client: Client, lan, monkeypatch
) -> None:
    """As an installation hashes: 46 MiB, one pass, one lane."""
    assert ",t=1,p=1$" in lan.password
    monkeypatch.setattr(Argon2, "memory_cost", 46 * 1024)
    enter(client, "lan")
    lan.refresh_from_db()
    assert lan.password.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert lan.check_password(PASSWORD)


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(
    client: Client, lan, someone, binh_lu
) -> None:
    hoa = someone("hoa", binh_lu)
    start = clock.now()
    for minute in range(5):
        with clock.at(start + timedelta(seconds=30 * minute)):
            answer = enter(client, "lan", "sai mat khau roi")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    with clock.at(start + timedelta(minutes=3)):
        assert enter(client, "lan").status_code == 429
        # A colleague behind the same address still comes in.
        assert enter(Client(), hoa.username).status_code == 302
    from axes.models import AccessAttempt

    AccessAttempt.objects.update(attempt_time=start - timedelta(minutes=16))
    with clock.at(start + timedelta(minutes=16)):
        assert enter(client, "lan").status_code == 302


def test_a_burst_of_tries_is_stopped_before_the_password_is_looked_at(client: Client, lan) -> None:
    with clock.at(clock.now()):
        for _ in range(guessing.BURST):
            actions.take("password:lan", limit=guessing.BURST, per=guessing.BURST_PER)
        answer = enter(client, "lan")
    assert answer.status_code == 200
    assert "nhanh quá" in answer.content.decode()


def test_an_address_with_many_wrong_tries_waits_but_is_never_locked(client: Client, lan) -> None:
    start = clock.now()
    with clock.at(start):
        page = client.get(DOOR)
        old = re.search(r'name="ve" value="([^"]+)"', page.content.decode())[1]
        for number in range(guessing.FREE + 8):
            enter(Client(), f"nguoi{number}", "sai mat khau roi", ve=old)
        answer = enter(client, "lan", ve=old)
        assert "chờ" in answer.content.decode()
        assert answer.status_code == 200
    with clock.at(start + timedelta(seconds=12)):
        assert enter(Client(), "lan", ve="forged").status_code == 200
        assert enter(client, "lan", ve=old).status_code == 302
        # One ticket, one try.
        assert enter(Client(), "lan", ve=old).status_code == 200


def test_a_second_factor_is_asked_and_a_code_works_once(client: Client, lan) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(lan, secret)
    stored = Authenticator.objects.get(user=lan).data["secret"]
    assert secret not in stored
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    assert enter(client, "lan")["Location"] == "/binh-lu/dang-nhap/buoc-hai/"
    assert client.get("/binh-lu/tai-khoan/").status_code == 302
    wrong = client.post("/binh-lu/dang-nhap/buoc-hai/", {"code": "000000"})
    assert "chưa đúng" in wrong.content.decode()
    answer = client.post("/binh-lu/dang-nhap/buoc-hai/", {"code": code})
    assert answer["Location"] == "/binh-lu/can-bo/"
    other = Client()
    enter(other, "lan")
    from django.core.cache import cache

    cache.clear()  # another process remembers nothing of the first one's cache
    again = other.post("/binh-lu/dang-nhap/buoc-hai/", {"code": code})
    assert again.status_code == 200
    assert other.get("/binh-lu/tai-khoan/").status_code == 302


def test_the_sixth_code_is_not_looked_at(client: Client, lan) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(lan, secret)
    enter(client, "lan")
    for _ in range(guessing.CODES):
        client.post("/binh-lu/dang-nhap/buoc-hai/", {"code": "000000"})
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    assert client.post("/binh-lu/dang-nhap/buoc-hai/", {"code": code}).status_code == 200


def _with_totp(client: Client, official: Official) -> list[str]:
    """Set up an authenticator app by the pages; return the recovery codes shown."""
    enter(client, official.username)
    page = client.get("/binh-lu/tai-khoan/bao-mat/ung-dung/")
    secret = page.context["form"].secret
    assert page.context["form"].secret_to_type() in page.content.decode()
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    answer = client.post("/binh-lu/tai-khoan/bao-mat/ung-dung/", {"code": code})
    assert answer["Location"] == "/binh-lu/tai-khoan/bao-mat/ma-du-phong/"
    shown = client.get(answer["Location"]).content.decode()
    return re.findall(r"<code>([^<]+)</code>", shown)


def test_ten_recovery_codes_are_printed_and_each_works_once(client: Client, lan) -> None:
    codes = _with_totp(client, lan)
    assert len(codes) == 10
    for expected in (302, 200):
        other = Client()
        enter(other, "lan")
        answer = other.post("/binh-lu/dang-nhap/buoc-hai/", {"code": codes[0]})
        assert answer.status_code == expected


def test_in_service_an_official_without_a_second_factor_sets_one_up_first(
    client: Client, lan, settings
) -> None:
    settings.XASO_SECOND_FACTOR = True
    enter(client, "lan")
    assert client.get("/binh-lu/can-bo/x/")["Location"] == "/binh-lu/tai-khoan/"
    assert "Cần thêm một bước" in client.get("/binh-lu/tai-khoan/").content.decode()
    totp.TOTP.activate(lan, totp.generate_totp_secret())
    assert client.get("/binh-lu/can-bo/x/").status_code == 404


def test_a_handed_out_password_is_changed_first(client: Client, binh_lu) -> None:
    new = actions.NewOfficial("moi", "Lò Thị Mới")
    official, password = actions.add_official(new, commune=binh_lu, by=SYSTEM)
    assert official.must_change_password
    answer = enter(client, "moi", password)
    assert answer["Location"] == "/binh-lu/tai-khoan/mat-khau/"
    assert client.get("/binh-lu/can-bo/x/")["Location"] == "/binh-lu/tai-khoan/mat-khau/"
    page = client.post(
        "/binh-lu/tai-khoan/mat-khau/",
        {"oldpassword": password, "password1": "Binhlu@20262026", "password2": "Binhlu@20262026"},
    )
    assert "dễ đoán" in page.content.decode()
    client.post(
        "/binh-lu/tai-khoan/mat-khau/",
        {"oldpassword": password, "password1": PASSWORD, "password2": PASSWORD},
    )
    official.refresh_from_db()
    assert not official.must_change_password
    assert client.get("/binh-lu/tai-khoan/").status_code == 200


def _let_pass(client: Client, **ago: float) -> None:
    """Move the session's own clocks back by some minutes each."""
    session = client.session
    for name, minutes in ago.items():
        session[name] -= minutes * 60
    session.save()


def test_half_an_hour_without_work_ends_the_session(client: Client, lan) -> None:
    enter(client, "lan")
    for _ in range(2):  # work in between keeps it open
        _let_pass(client, seen_at=29)
        assert client.get("/binh-lu/tai-khoan/").status_code == 200
    _let_pass(client, seen_at=31)
    answer = client.get("/binh-lu/tai-khoan/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/binh-lu/dang-nhap/")
    assert "hết giờ" in answer.content.decode()


def test_after_twelve_hours_everyone_signs_in_again(client: Client, lan) -> None:
    enter(client, "lan")
    _let_pass(client, signed_in_at=11 * 60 + 59)
    assert client.get("/binh-lu/tai-khoan/").status_code == 200
    _let_pass(client, signed_in_at=2)
    assert client.get("/binh-lu/tai-khoan/").status_code == 302


def test_sessions_are_listed_and_ended(client: Client, lan) -> None:
    enter(client, "lan")
    other = Client(headers={"user-agent": "Máy ở nhà"})
    enter(other, "lan")
    page = client.get("/binh-lu/tai-khoan/phien/").content.decode()
    assert "Máy ở nhà" in page
    client.post("/binh-lu/tai-khoan/phien/")
    assert client.get("/binh-lu/tai-khoan/").status_code == 200
    assert other.get("/binh-lu/tai-khoan/").status_code == 302


def test_a_new_password_ends_the_other_sessions(client: Client, lan) -> None:
    enter(client, "lan")
    other = Client()
    enter(other, "lan")
    new = "may trang tren dinh deo"
    client.post(
        "/binh-lu/tai-khoan/mat-khau/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert client.get("/binh-lu/tai-khoan/").status_code == 200
    assert other.get("/binh-lu/tai-khoan/").status_code == 302


def test_a_closed_account_is_out_at_once(client: Client, lan, binh_lu) -> None:
    enter(client, "lan")
    actions.close_account(lan, commune=binh_lu, by=SYSTEM)
    assert client.get("/binh-lu/tai-khoan/").status_code == 302
    assert enter(client, "lan")["Location"] == "/binh-lu/tai-khoan/tam-khoa/"
    actions.reopen_account(lan, commune=binh_lu, by=SYSTEM)
    assert enter(client, "lan")["Location"] == "/binh-lu/can-bo/"


def test_signing_out_needs_a_press_and_ends_the_session(client: Client, lan) -> None:
    enter(client, "lan")
    assert client.get("/binh-lu/dang-xuat/").status_code == 200
    assert client.get("/binh-lu/tai-khoan/").status_code == 200
    assert client.post("/binh-lu/dang-xuat/")["Location"] == "/binh-lu/"
    assert client.get("/binh-lu/tai-khoan/").status_code == 302


def test_nobody_signs_up(client: Client) -> None:
    page = client.get("/dang-ky/")
    assert "Tài khoản do xã cấp" in page.content.decode()
    client.post("/dang-ky/", {"username": "moi", "password1": PASSWORD, "password2": PASSWORD})
    assert not Official.objects.exists()


@pytest.mark.parametrize(
    "password",
    ["Matkhau123456", "binhlu@123456", "XA BINH LU 2026", "m@tkh4u!!!!!!", "anhyeuem200689"],
)
def test_passwords_everyone_tries_are_refused(password: str) -> None:
    assert passwords.is_common(password, ("Bình Lư", "binh-lu"))


@pytest.mark.parametrize("password", [PASSWORD, "ruong bac thang mua vang", "k7mpx2qdwz9hrtjn"])
def test_passwords_of_one_s_own_pass(password: str) -> None:
    assert not passwords.is_common(password, ("Bình Lư", "binh-lu"))


def test_temporary_passwords_pass_their_own_rules() -> None:
    made = [keys.temporary_password() for _ in range(200)]
    assert len(set(made)) == 200
    assert not [p for p in made if passwords.is_common(p) or len(p) < 12]


def test_a_forgotten_password_leads_to_a_person_where_there_is_no_mail(
    client: Client, settings
) -> None:
    settings.XASO_EMAIL_ON = False
    assert "quản trị viên" in client.get("/quen-mat-khau/").content.decode()


def test_a_reset_link_works_once_and_names_our_own_host(
    client: Client, lan, settings, mailoutbox
) -> None:
    settings.XASO_EMAIL_ON = True
    settings.XASO_ORIGIN = "https://xaso.example"
    lan.email = "lan@xa.example"
    lan.save()
    pages = [
        client.post("/quen-mat-khau/", {"email": mail})["Location"]
        for mail in ("lan@xa.example", "ai@xa.example")
    ]
    assert pages[0] == pages[1] == "/quen-mat-khau/da-gui/"
    assert jobs.do_now() == 1  # the unknown address put nothing off
    link = re.search(r"https://xaso\.example(/\S+)", mailoutbox[0].body)[1]
    form = client.get(link, follow=True)
    action = form.context["action_url"]
    new = "may trang tren dinh deo"
    assert client.post(action, {"password1": new, "password2": new}).status_code == 302
    assert enter(Client(), "lan", new).status_code == 302
    assert "không dùng được nữa" in Client().get(link, follow=True).content.decode()


def test_the_pages_of_an_account_are_for_its_owner(client: Client, lan) -> None:
    for path in ("", "mat-khau/", "phien/", "bao-mat/ung-dung/", "bao-mat/khoa/", "ngoai/noi/"):
        answer = client.get(f"/binh-lu/tai-khoan/{path}")
        assert answer.status_code == 302, path
        assert "/dang-nhap/" in answer["Location"], path


def test_demo_accounts_are_shown_in_a_demo_only(
    client: Client, settings, tmp_path, binh_lu
) -> None:
    settings.XASO_DEMO_NOTE = tmp_path / "demo.json"
    accounts = [
        {"username": "chutich", "password": "abc", "who": "Chủ tịch", "commune": "binh-lu"},
        {"username": "banbo", "password": "abc", "who": "Một cửa", "commune": "ban-bo"},
        {"username": "ngam", "password": "abc", "who": "Ai đó", "is_shown": False},
    ]
    settings.XASO_DEMO_NOTE.write_text(json.dumps({"accounts": accounts}))

    def shown(door: str) -> set[str]:
        page = client.get(door).content.decode()
        assert ("hư cấu" in page) is settings.XASO_DEMO
        return {name for name in ("chutich", "banbo", "ngam") if name in page}

    settings.XASO_DEMO = False
    assert shown("/dang-nhap/") == set()
    settings.XASO_DEMO = True
    assert shown("/dang-nhap/") == {"chutich", "banbo"}
    assert shown(DOOR) == {"chutich"}


def test_a_resident_without_a_session_costs_no_query(
    client: Client, binh_lu, django_assert_num_queries
) -> None:
    seen = middleware.SignedInForNow(lambda request: request)
    from django.test import RequestFactory

    with django_assert_num_queries(0):
        seen(RequestFactory().get("/"))
