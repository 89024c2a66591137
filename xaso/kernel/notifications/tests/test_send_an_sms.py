"""An SMS leaves over whatever gateway the commune has; every bad answer has its own end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import texts
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.notifications.adapters import http
from xaso.kernel.notifications.models import Account, Message
from xaso.kernel.notifications.tests.conftest import hours_pass, set_up
from xaso.kernel.notifications.tests.fakes.server import Reply, says

Status = Message.Status
MY = Recipient("reporter:1", "sms", "+84912000135", fallback="+84912000135")
FIELDS = {"to": "{phone}", "content": "{text}", "brand": "XA BINH LU"}
pytestmark = pytest.mark.usefixtures("daytime")


@pytest.fixture(autouse=True)
def _real_gateway(settings, monkeypatch) -> None:
    ways = "xaso.kernel.notifications.adapters."
    settings.XASO_CHANNELS = settings.XASO_CHANNELS | {"sms": f"{ways}sms_gateway"}
    monkeypatch.setattr(http, "SECONDS", 0.5)


@pytest.fixture
def gateway(fake, inside_binh_lu):
    """A gateway that says `CodeResult: 100` when it took an SMS."""
    fake.replies = [says(CodeResult="100")]
    settings = {"url": f"{fake.url}/send", "fields": FIELDS, "path": "CodeResult", "equals": "100"}
    set_up(inside_binh_lu, "sms", settings, "Bearer khoa-bi-mat")
    return fake


def _send(tell, commune, *, tries: int = 1) -> Message:
    (message,) = tell(commune, MY)
    for _each in range(tries):
        jobs.do_now()
        hours_pass(4)
    message.refresh_from_db()
    return message


def test_the_gateway_gets_a_plain_text_and_the_secret_in_its_header(
    gateway, inside_binh_lu, tell
) -> None:
    message = _send(tell, inside_binh_lu)
    (asked,) = gateway.asked
    assert asked.form == {
        "to": "84912000135",
        "content": "Phan anh 482 915 709: da co tra loi. Xem: http://localhost:8000/t/482915709",
        "brand": "XA BINH LU",
    }
    assert asked.headers["authorization"] == "Bearer khoa-bi-mat"
    assert (message.status, message.attempts) == (Status.SENT, 1)
    assert Account.objects.get().last_ok_at is not None


@pytest.mark.parametrize(
    ("differs", "check"),
    [
        ({"format": "json"}, lambda asked: asked.json["to"] == "84912000135"),
        ({"format": "query", "method": "GET"}, lambda asked: asked.form["to"] == "84912000135"),
        ({"header": "X-Api-Key"}, lambda asked: asked.headers["x-api-key"] == "k"),
        ({"fields": {"so": "{local}"}}, lambda asked: asked.form == {"so": "0912000135"}),
    ],
)
def test_gateways_differ(fake, inside_binh_lu, tell, differs, check) -> None:
    fields = {"url": fake.url, "fields": FIELDS} | differs
    set_up(inside_binh_lu, "sms", fields, "k")
    assert _send(tell, inside_binh_lu).status == Status.SENT
    assert check(fake.asked[0])


@pytest.mark.parametrize(
    ("reply", "ends"),
    [
        (says(CodeResult="104"), (Status.FAILED, "the gateway says 104")),
        (Reply(400), (Status.FAILED, "HTTP 400")),
        (Reply(429, headers={"Retry-After": "3600"}), (Status.WAITING, "HTTP 429")),
        (Reply(503), (Status.WAITING, "HTTP 503")),
        (Reply(401), (Status.WAITING, "NotLetIn: HTTP 401")),
        (Reply(302, headers={"Location": "https://evil.example/"}), (Status.FAILED, "HTTP 302")),
        (Reply(200, b"<html>OK</html>"), (Status.UNKNOWN, "not JSON")),
        (Reply(200, b"[]"), (Status.UNKNOWN, "does not say")),
        (says(Other="100"), (Status.UNKNOWN, "does not say")),
        (Reply(closes=True), (Status.UNKNOWN, "NoAnswer")),
        (Reply(200, b"x" * 40, slow=True), (Status.UNKNOWN, "NoAnswer")),
    ],
    ids=[
        "wrong number",
        "bad request",
        "too many",
        "down",
        "not let in",
        "elsewhere",
        "garbage",
        "list",
        "other words",
        "closing",
        "dripping",
    ],
)
def test_every_bad_answer_has_its_end(gateway, inside_binh_lu, tell, reply, ends) -> None:
    gateway.replies = [reply]
    message = _send(tell, inside_binh_lu)
    status, said = ends
    assert message.status == status
    assert said in message.error
    assert len(gateway.asked) == 1


def test_a_gateway_that_knows_our_number_is_asked_again_after_silence(
    fake, inside_binh_lu, tell
) -> None:
    fields = FIELDS | {"ref": "{id}"}
    set_up(inside_binh_lu, "sms", {"url": fake.url, "fields": fields}, "k")
    fake.replies = [Reply(closes=True), Reply()]
    message = _send(tell, inside_binh_lu, tries=2)
    assert message.status == Status.SENT
    assert {asked.form["ref"] for asked in fake.asked} == {str(message.pk)}


def test_the_pause_that_was_asked_for_is_kept(gateway, inside_binh_lu, tell, daytime) -> None:
    gateway.replies = [Reply(429, headers={"Retry-After": "7200"})]
    message = _send(tell, inside_binh_lu)
    assert (message.next_at - daytime).total_seconds() >= 7200


def test_pauses_double_and_differ(inside_binh_lu, tell, daytime, gateway) -> None:
    gateway.replies = [Reply(503)]
    pauses = []
    (message,) = tell(inside_binh_lu, MY)
    for _each in range(4):
        jobs.do_now()
        hours_pass(4)
        message.refresh_from_db()
        pauses.append((message.next_at - daytime).total_seconds() / 60)
    assert all(2**n <= pause <= 1.5 * 2**n for n, pause in enumerate(pauses))
    assert len({pause / 2**n for n, pause in enumerate(pauses)}) == 4


def test_nobody_is_asked_when_the_server_is_away(gateway, inside_binh_lu, tell) -> None:
    gateway.stop()
    message = _send(tell, inside_binh_lu)
    assert (message.status, message.attempts) == (Status.WAITING, 1)
    assert "ConnectionRefused" in message.error


@pytest.mark.parametrize(
    "url",
    [
        "http://example.vn/",
        "https://10.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://169.254.169.254/latest/",
        "file:///etc/passwd",
        "https://",
        "https://example.vn:99999/",
    ],
)
def test_our_own_network_is_not_asked(inside_binh_lu, tell, url) -> None:
    set_up(inside_binh_lu, "sms", {"url": url, "fields": FIELDS}, "k")
    message = _send(tell, inside_binh_lu)
    assert message.status == Status.WAITING
    assert "NotAllowed" in message.error


def test_without_an_account_the_demo_keeps_it(inside_binh_lu, tell, settings) -> None:
    assert _send(tell, inside_binh_lu).status == Status.SENT
    settings.XASO_CHANNEL_TWIN = "xaso.kernel.notifications.adapters.absent"
    (message,) = tell(inside_binh_lu, MY, key="482915709/4", is_urgent=True)
    jobs.do_now()
    message.refresh_from_db()
    assert message.status == Status.FAILED


def test_the_installations_account_serves_communes_without_their_own(
    fake, inside_binh_lu, tell, settings
) -> None:
    shared = {"url": fake.url, "fields": FIELDS, "secret": "chung"}
    settings.XASO_CHANNEL_ACCOUNTS = {"sms": shared}
    assert _send(tell, inside_binh_lu).status == Status.SENT
    assert fake.asked[0].headers["authorization"] == "chung"


def test_a_text_made_elsewhere_still_cannot_leave_as_a_long_sms(
    gateway, inside_binh_lu, tell
) -> None:
    (message,) = tell(inside_binh_lu, MY)
    Message.objects.update(body="Phản ánh có dấu " * 20)
    jobs.do_now()
    message.refresh_from_db()
    assert message.status == Status.FAILED
    assert gateway.asked == []


@given(
    title=st.text(max_size=300),
    link=st.one_of(st.just(""), st.text(max_size=200), st.just("https://binh-lu.vn/t/482915709")),
)
def test_whatever_the_words_an_sms_is_one_plain_sms(title: str, link: str) -> None:
    text = texts.sms(title, link)
    assert len(text) <= texts.LONGEST_SMS
    assert set(text) <= texts.GSM_7


@pytest.mark.parametrize(
    ("title", "gone"),
    [
        ("Gọi 0912345678 ngay", "0912345678"),
        ("CCCD 012345678901", "012345678901"),
        ("Thư my@example.vn", "my@example.vn"),
    ],
)
def test_numbers_of_persons_never_ride_along(title: str, gone: str) -> None:
    assert gone not in texts.sms(title, "https://binh-lu.vn/t/482915709")
    assert gone not in texts.short(title)


def test_the_link_is_never_cut() -> None:
    link = "https://binh-lu.laichau.gov.vn/t/482915709"
    assert texts.sms("Phản ánh " * 40, link).endswith(f". Xem: {link}")
    assert "Xem" not in texts.sms("Phản ánh", "https://" + "x" * 150)
