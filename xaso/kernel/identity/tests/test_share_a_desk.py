"""At a desk that several officials share the screen locks after ten minutes; nothing is lost."""

from datetime import timedelta

import pytest
from django.test import Client

from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import actions, middleware
from xaso.kernel.identity.models import Official, Role
from xaso.kernel.identity.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
DESK = "/binh-lu/can-bo/phan-anh/"
AGAIN = "/binh-lu/tai-khoan/hoi-lai/"
LOCK = "/binh-lu/tai-khoan/khoa-man-hinh/"
UNITS = "/binh-lu/can-bo/quan-tri/don-vi/"
HTML = {"HTTP_ACCEPT": "text/html"}


@pytest.fixture(autouse=True)
def _no_second_factor(settings) -> None:
    settings.XASO_SECOND_FACTOR = False


@pytest.fixture
def lan(someone, binh_lu) -> Official:
    official = someone("lan", binh_lu, Role.CLERK)
    return actions.set_shared_desk(official, is_shared=True, commune=binh_lu, by=SYSTEM)


def _enter(name: str, client: Client | None = None) -> Client:
    browser = client or Client()
    browser.post("/binh-lu/dang-nhap/", {"login": name, "password": PASSWORD})
    return browser


def _idle(browser: Client, **gone: float) -> None:
    """Let time pass since the browser's last request, and since the password was given."""
    session = browser.session
    ago = timedelta(**gone).total_seconds()
    session[middleware.SEEN_AT] -= ago
    for record in session["account_authentication_methods"]:
        record["at"] -= ago
    session.save()


def _is_asked(answer) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(AGAIN)


def test_nine_minutes_leave_it_open_and_eleven_lock_it(lan) -> None:
    browser = _enter("lan")
    _idle(browser, minutes=9)
    assert browser.get(DESK, **HTML).status_code == 200
    _idle(browser, minutes=11)
    assert _is_asked(browser.get(DESK, **HTML))
    assert _is_asked(browser.get("/binh-lu/phan-anh/", **HTML))


def test_the_password_opens_it_where_one_was(lan) -> None:
    browser = _enter("lan")
    _idle(browser, hours=3)  # a long lunch: still locked, not signed out
    asked = browser.get(DESK, **HTML)
    wrong = browser.post(asked["Location"], {"password": "sai roi"})
    assert wrong.status_code == 200
    assert _is_asked(browser.get(DESK, **HTML))
    opened = browser.post(asked["Location"], {"password": PASSWORD, "next": DESK})
    assert opened["Location"] == DESK
    assert browser.get(DESK, **HTML).status_code == 200


def test_what_was_being_sent_goes_on_by_itself(someone, binh_lu, inside_binh_lu) -> None:
    nga = someone("nga", binh_lu, Role.ADMINISTRATOR)
    actions.set_shared_desk(nga, is_shared=True, commune=binh_lu, by=SYSTEM)
    browser = _enter("nga")
    _idle(browser, minutes=20)
    typed = {"code": "to-moi", "name": "Tổ mới", "kind": "other"}
    asked = browser.post(UNITS, typed)
    assert _is_asked(asked)
    # Another tab asks too, and what scripts fetch waits: the form is still kept.
    assert _is_asked(browser.get(DESK, **HTML))
    assert browser.get(f"{DESK}482915709/diem.json").status_code == 401
    browser.post(asked["Location"], {"password": PASSWORD, "next": UNITS})
    assert "Tổ mới" in browser.get(UNITS, **HTML).content.decode()


def test_the_browser_may_lock_earlier(lan) -> None:
    browser = _enter("lan")
    assert browser.post(LOCK).status_code == 204
    assert _is_asked(browser.get(DESK, **HTML))
    browser.post(AGAIN, {"password": PASSWORD, "next": DESK})
    assert browser.post(LOCK).status_code == 204  # before any other page was opened
    assert _is_asked(browser.get(DESK, **HTML))


def test_a_fragment_sends_the_whole_page_to_the_question(lan) -> None:
    browser = _enter("lan")
    browser.post(LOCK)
    answer = browser.post(DESK, {"x": "1"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith(AGAIN)


def test_the_way_out_stays_open(lan) -> None:
    browser = _enter("lan")
    browser.post(LOCK)
    browser.post("/binh-lu/dang-xuat/")
    assert "/dang-nhap/" in browser.get(DESK, **HTML)["Location"]


def test_twelve_hours_end_it_here_too(lan) -> None:
    browser = _enter("lan")
    session = browser.session
    session[middleware.SIGNED_IN_AT] -= 13 * 3600
    session.save()
    assert "/dang-nhap/" in browser.get(DESK, **HTML)["Location"]


def test_at_ones_own_desk_nothing_locks(someone, binh_lu) -> None:
    someone("hoa", binh_lu, Role.CLERK)
    browser = _enter("hoa")
    _idle(browser, minutes=20)
    page = browser.get(DESK, **HTML)
    assert page.status_code == 200
    assert "khoa-man" not in page.content.decode()


def test_a_shared_computer_locks_whoever_sits_there(someone, binh_lu) -> None:
    someone("hoa", binh_lu, Role.CLERK)
    browser = _enter("hoa")
    browser.post("/binh-lu/tai-khoan/may-chung/", {"shared": "1"})
    assert "khoa-man" in browser.get(DESK, **HTML).content.decode()
    _idle(browser, minutes=11)
    assert _is_asked(browser.get(DESK, **HTML))
    browser.post(AGAIN, {"password": PASSWORD})
    browser.post("/binh-lu/tai-khoan/may-chung/", {"shared": "0"})
    _idle(browser, minutes=11)
    assert browser.get(DESK, **HTML).status_code == 200


def test_a_forged_mark_of_a_shared_computer_says_nothing(someone, binh_lu) -> None:
    someone("hoa", binh_lu, Role.CLERK)
    browser = _enter("hoa")
    browser.cookies["xaso_may_chung"] = "1:forged"
    assert "khoa-man" not in browser.get(DESK, **HTML).content.decode()


def test_the_administrator_sets_it_and_the_log_says_so(someone, binh_lu, inside_binh_lu) -> None:
    someone("nga", binh_lu, Role.ADMINISTRATOR)
    hoa = someone("hoa", binh_lu, Role.CLERK)
    browser = _enter("nga")
    page = f"/binh-lu/can-bo/quan-tri/can-bo/{hoa.pk}/"
    for what, is_shared in (("may-chung", True), ("may-rieng", False)):
        browser.post(f"{page}{what}/")
        hoa.refresh_from_db()
        assert hoa.is_at_shared_desk is is_shared
    said = [line.action for line in audit.history(hoa, commune=binh_lu.id)]
    assert {"identity.shared_desk_set", "identity.shared_desk_ended"} <= set(said)


def test_another_commune_does_not_set_it(lan, ban_bo) -> None:
    with pytest.raises(actions.NotManagedHere):
        actions.set_shared_desk(
            lan, is_shared=False, commune=ban_bo, by=Actor("official", "1", "desk")
        )
