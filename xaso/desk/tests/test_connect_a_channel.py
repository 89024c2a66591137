"""An administrator connects channels, pauses and tries them; secrets go in and never come out."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit import queries as audit
from xaso.kernel.identity.models import Official
from xaso.kernel.identity.tests.conftest import PASSWORD
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import actions
from xaso.kernel.notifications.models import Account, Message
from xaso.kernel.notifications.tests.fakes.server import says
from xaso.kernel.tenancy import actions as tenancy

HERE = "/binh-lu/can-bo/quan-tri/kenh/"
SMS = {
    "url": "https://sms.example.vn/gui",
    "method": "POST",
    "format": "json",
    "fields_text": "to = {phone}\ncontent = {text}",
    "header": "Authorization",
    "secret": "Bearer khoa-rat-mat",
    "path": "code",
    "equals": "100",
}
ZALO = {
    "app_id": "12345",
    "oa_id": "999",
    "secret": "khoa-ung-dung",
    "template_id": "77",
    "title_field": "noi_dung",
    "link_field": "duong_dan",
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_sign_in(settings) -> None:
    settings.XASO_SECOND_FACTOR = False
    settings.XASO_PRIVATE_HOSTS = ["127.0.0.1"]


def _in(username: str) -> Client:
    client = Client()
    client.post("/binh-lu/dang-nhap/", {"login": username, "password": PASSWORD})
    return client


@pytest.fixture
def admin(someone, binh_lu) -> Client:
    someone("nga", binh_lu, "administrator")
    return _in("nga")


def _account(commune, channel: str = "sms") -> Account:
    with tenancy.inside(commune.id):
        return Account.objects.get(channel=channel)


def test_a_gateway_is_kept_and_its_secret_never_shown(admin, binh_lu) -> None:
    assert admin.post(f"{HERE}sms/", SMS)["Location"] == f"{HERE}sms/"
    kept = _account(binh_lu)
    assert kept.settings["fields"] == {"to": "{phone}", "content": "{text}"}
    assert kept.secret == SMS["secret"]
    for page in (f"{HERE}sms/", HERE, "/binh-lu/can-bo/quan-tri/tin-nhan/"):
        assert "khoa-rat-mat" not in admin.get(page).content.decode()
    assert "Đã có khóa bí mật" in admin.get(f"{HERE}sms/").content.decode()
    assert "{phone}" in admin.get(f"{HERE}sms/").content.decode()
    with tenancy.inside(binh_lu.id), connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM notifications_account a")
        assert "khoa-rat-mat" not in cursor.fetchone()[0]
        (line,) = audit.history(kept, commune=binh_lu.id)
    assert line.action == "notifications.channel_set_up"
    assert "secret" in line.changes["changed"]
    assert "khoa" not in str(line.changes)


def test_an_empty_secret_keeps_the_one_there_is(admin, binh_lu) -> None:
    admin.post(f"{HERE}sms/", SMS)
    admin.post(f"{HERE}sms/", SMS | {"secret": "", "equals": "200"})
    kept = _account(binh_lu)
    assert (kept.secret, kept.settings["equals"]) == (SMS["secret"], "200")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "sms.example.vn"}, "Địa chỉ chưa đúng"),
        ({"url": "javascript:alert(1)"}, "Địa chỉ chưa đúng"),
        ({"url": "https://[::1"}, "Địa chỉ chưa đúng"),
        ({"fields_text": "to {phone}"}, "thiếu dấu ="),
        ({"fields_text": "to = {phone}"}, "Cần một trường có {text}"),
        ({"fields_text": "= {phone}{text}"}, "thiếu dấu ="),
        ({"url": ""}, ""),
    ],
)
def test_what_cannot_work_is_said_beside_its_box(admin, binh_lu, wrong, said) -> None:
    page = admin.post(f"{HERE}sms/", SMS | wrong)
    assert page.status_code == 422
    assert said in page.content.decode()
    with tenancy.inside(binh_lu.id):
        assert not Account.objects.exists()


def test_a_paused_channel_says_so_and_goes_on(admin, binh_lu) -> None:
    admin.post(f"{HERE}sms/dung/", {"why": "Hết tiền"})
    body = admin.get(HERE).content.decode()
    assert "Đang tạm dừng" in body
    assert "Hết tiền" in body
    admin.post(f"{HERE}sms/dung/")
    assert "Đang tạm dừng" not in admin.get(HERE).content.decode()
    with tenancy.inside(binh_lu.id):
        said = [line.action for line in audit.history(_account(binh_lu), commune=binh_lu.id)]
    assert said == ["notifications.channel_went_on", "notifications.channel_paused"]


def test_a_test_message_goes_out_and_shows_up(admin, binh_lu, fake) -> None:
    fake.replies = [says(code="100")]
    admin.post(f"{HERE}sms/", SMS | {"url": fake.url})
    answer = admin.post(f"{HERE}sms/thu/", {"address": "0912 000 135"})
    assert answer["Location"].endswith("tin-nhan/?kenh=sms")
    jobs.do_now()
    assert fake.asked[0].json["to"] == "84912000135"
    assert "Tin thử" in admin.get(answer["Location"]).content.decode()
    wrong = admin.post(f"{HERE}sms/thu/", {"address": "xin chào"})
    assert wrong.status_code == 422
    assert "Số điện thoại chưa đúng" in wrong.content.decode()


def test_zalo_is_asked_with_a_question_only_this_session_can_answer(
    admin, binh_lu, monkeypatch
) -> None:
    admin.post(f"{HERE}zalo/", ZALO)
    page = admin.get(f"{HERE}zalo/")
    assert f'<a href="{HERE}">Kênh báo tin</a>' in page.content.decode()
    asked = urlsplit(page.context["permission"])
    said = {name: values[0] for name, values in parse_qs(asked.query).items()}
    assert (asked.netloc, said["app_id"]) == ("oauth.zaloapp.com", "12345")
    assert said["redirect_uri"].endswith(f"{HERE}zalo/ve/")
    grants: list[dict] = []
    monkeypatch.setattr(actions, "connect", lambda *_a, by, **_k: grants.append(_a[2]))
    for forged in (
        {"code": "c", "oa_id": "999", "state": "forged"},
        {"code": "c", "oa_id": "1", "state": said["state"]},
    ):
        admin.get(f"{HERE}zalo/ve/", forged)
        assert grants == []
        page = admin.get(f"{HERE}zalo/")
        asked = urlsplit(page.context["permission"])
        said = {name: values[0] for name, values in parse_qs(asked.query).items()}
    admin.get(f"{HERE}zalo/ve/", {"code": "c", "oa_id": "999", "state": said["state"]})
    (grant,) = grants
    assert grant["code"] == "c"
    assert len(grant["code_verifier"]) == 43


@pytest.mark.parametrize("channel", ["khong-co", "demo", "call/x"])
def test_a_channel_nobody_knows_is_not_there(admin, channel) -> None:
    assert admin.get(f"{HERE}{channel}/").status_code == 404


@pytest.mark.parametrize("role", ["officer", "leader", "one_stop_clerk", "village_head"])
def test_others_connect_nothing(binh_lu, official, client_of, role) -> None:
    browser = client_of(official(role, binh_lu))
    assert browser.get(HERE).status_code == 403
    assert browser.post(f"{HERE}sms/", SMS).status_code == 403
    assert browser.post(f"{HERE}sms/dung/").status_code == 403


def test_setting_up_asks_for_the_password_again(binh_lu, official, client_of) -> None:
    browser = client_of(official("administrator", binh_lu))  # signed in, not proved lately
    assert browser.get(HERE).status_code == 200
    assert browser.post(f"{HERE}sms/", SMS).status_code == 302
    with tenancy.inside(binh_lu.id):
        assert not Account.objects.exists()


# --- the call list ---------------------------------------------------------------------------
CALLS = "/binh-lu/can-bo/goi-dien/"


@pytest.fixture
def call(binh_lu) -> Message:
    with tenancy.inside(binh_lu.id):
        return Message.objects.create(
            commune=binh_lu,
            event="reports.answered",
            subject_type="x",
            subject_id="1",
            key="482915709/3",
            recipient="reporter:1",
            channel="call",
            address="+84912000135",
            title="Phản ánh 482 915 709: đã có trả lời",
            body="Bà con xem câu trả lời.",
            next_at="2026-01-01T03:00:00+00:00",
        )


@pytest.fixture
def clerk(binh_lu, official) -> Official:
    return official("one_stop_clerk", binh_lu)


def test_the_number_is_seen_one_call_at_a_time_and_that_is_logged(
    call, binh_lu, clerk, client_of
) -> None:
    browser = client_of(clerk)
    listed = browser.get(CALLS).content.decode()
    assert "đã có trả lời" in listed
    assert "000 135" not in listed
    assert "0912 000 135" in browser.get(f"{CALLS}{call.pk}/").content.decode()
    with tenancy.inside(binh_lu.id):
        (line,) = audit.viewers(call, commune=binh_lu.id)
    assert line.actor_id == str(clerk.pk)


@pytest.mark.parametrize(
    "outcome", [("da-bao", "sent"), ("sai-so", "failed"), ("khong-nghe", "waiting")]
)
def test_how_it_went_is_noted(call, binh_lu, clerk, client_of, outcome) -> None:
    browser, (said, status) = client_of(clerk), outcome
    assert browser.post(f"{CALLS}{call.pk}/{said}/")["Location"] == CALLS
    with tenancy.inside(binh_lu.id):
        call.refresh_from_db()
    assert (call.status, call.handled_by) == (status, str(clerk.pk))
    assert "đã có trả lời" not in browser.get(CALLS).content.decode()
    again = browser.post(f"{CALLS}{call.pk}/da-bao/")
    assert again.status_code == (302 if status == "waiting" else 409)


def test_an_unknown_outcome_is_not_there(call, clerk, client_of) -> None:
    assert client_of(clerk).post(f"{CALLS}{call.pk}/gi-do/").status_code == 404


@pytest.mark.parametrize("role", ["administrator", "village_head", "community_team"])
def test_who_may_not_see_numbers_does_not_call(call, binh_lu, official, client_of, role) -> None:
    browser = client_of(official(role, binh_lu))
    assert browser.get(CALLS).status_code == 403
    assert browser.get(f"{CALLS}{call.pk}/").status_code == 403


def test_lists_cost_the_same_for_many(call, binh_lu, clerk, client_of, official) -> None:
    pages = {CALLS: client_of(clerk), HERE: client_of(official("administrator", binh_lu))}
    for page, browser in pages.items():
        browser.get(page)
        counts = []
        for turn in range(2):
            with CaptureQueriesContext(connection) as seen:
                browser.get(page)
            counts.append(len(seen))
            with tenancy.inside(binh_lu.id):
                for n in range(20):
                    call.pk, call.key = None, f"{page}/{turn}/{n}"
                    call.save(force_insert=True)
        assert counts[0] == counts[1] <= 14, page
