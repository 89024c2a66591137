"""The sender says how to be told, and is told that way; who sent nothing is told no more."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import queries as outbox
from xaso.kernel.notifications.adapters import web_push
from xaso.kernel.notifications.models import Message, Subscription
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import phone
from xaso.kernel.working_time import clock
from xaso.reports import actions, contacts
from xaso.reports.actions.reaching import Wish
from xaso.reports.models import Report, Reporter
from xaso.reports.tests.conftest import RESIDENT
from xaso.reports.tests.test_use_the_pages import send as send_by_form
from xaso.reports.tests.test_work_on_a_report import answering

pytestmark = pytest.mark.django_db
_WAYS = "xaso.kernel.notifications.adapters."
NUMBER = "+84912000135"


@pytest.fixture(autouse=True)
def _channels(settings: Any) -> None:
    names = ("sms", "zalo", "push", "email", "demo")
    settings.XASO_CHANNELS = dict.fromkeys(names, f"{_WAYS}demo")


@pytest.fixture
def send(town: Commune, new_report: Callable[..., actions.NewReport]) -> Callable[..., Report]:
    def sent(**contact: str) -> Report:
        new = new_report(contact=actions.Contact(**contact), device_hash="d" * 64)
        return actions.receive(new, by=RESIDENT, commune=town).report

    return sent


def _channels_used(report: Report) -> list[tuple[str, str]]:
    rows = sorted(outbox.about(report, commune=report.commune_id), key=lambda m: m.key)
    return [(m.event.partition(".")[2], m.channel) for m in rows if m.recipient[0] == "r"]


@pytest.mark.parametrize(
    ("preferred", "told"),
    [
        ("sms", [("received", "sms"), ("accepted", "sms")]),
        ("zalo", [("received", "zalo"), ("accepted", "zalo")]),
        ("call", [("accepted", "call")]),  # they were told the code by who took the report
        ("", [("accepted", "call")]),
        ("none", []),
    ],
)
def test_each_is_told_the_way_they_chose(send, unit: Unit, clerk_actor: Actor, preferred, told):
    report = send(phone=phone.grouped(NUMBER), preferred=preferred)
    actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    assert sorted(_channels_used(report)) == sorted(told)


@pytest.mark.parametrize(
    "case",
    [
        ({"sms"}, "sms", "zalo"),
        ({"zalo"}, "zalo", "sms"),
        ({"sms", "zalo"}, "zalo", "call"),
        (set(), "push", "sms"),  # nobody agreed in a browser
    ],
)
def test_what_the_commune_has_not_is_replaced(
    send, unit: Unit, clerk_actor: Actor, settings: Any, case
) -> None:
    closed, preferred, used = case
    for name in closed:
        settings.XASO_CHANNELS[name] = f"{_WAYS}absent"
    report = send(phone="0912000135", preferred=preferred)
    actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    assert ("accepted", used) in _channels_used(report)


def test_the_end_of_the_window_is_told_but_not_what_the_sender_did(
    send, unit: Unit, clerk_actor: Actor, head_actor: Actor
) -> None:
    report = send(phone="0912000135", preferred="sms")
    report = actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    report = actions.answer(report, answering(), by=head_actor)
    with clock.at(clock.now() + timedelta(days=30)):
        actions.close_what_is_over()
    assert "closed" in dict(_channels_used(report))


def test_a_message_that_does_not_come_through_shows_on_the_report_and_is_called(
    send, client_of, official, town, settings
) -> None:
    report = send(phone="0912000135", preferred="sms")
    page = f"/binh-lu/can-bo/phan-anh/{report.code}/"
    desk = client_of(official("officer", town))
    assert "Chưa báo được cho người gửi" not in desk.get(page).content.decode()
    settings.XASO_CHANNELS["sms"] = f"{_WAYS}absent"
    jobs.do_now()
    assert "Chưa báo được cho người gửi" in desk.get(page).content.decode()
    (call,) = Message.objects.filter(channel="call")
    assert call.address == NUMBER


def test_the_sender_changes_their_mind_on_their_page(send, town, client) -> None:
    report = send(phone="0912000135", preferred="sms")
    page = f"/binh-lu/phan-anh/{report.code}/bao-tin/"
    assert client.get(page)["Location"].endswith("/cua-toi/")  # not the sender: the four digits
    client.post(f"/binh-lu/phan-anh/{report.code}/cua-toi/", {"factor": "0135"})
    assert client.get(page).status_code == 200
    assert client.post(page, {"choice": "call", "phone": ""}).status_code == 302
    report.reporter.refresh_from_db()
    assert (report.reporter.preferred, report.reporter.phone) == ("call", NUMBER)
    assert client.post(page, {"choice": "", "phone": ""}).status_code == 422
    wrong = client.post(page, {"choice": "sms", "phone": "12"})
    assert wrong.status_code == 422
    assert "Số điện thoại chưa đúng" in wrong.content.decode()


def test_a_way_that_needs_a_phone_asks_for_one(send) -> None:
    report = send()
    assert report.reporter is None
    with pytest.raises(Invalid):
        actions.prefer(report, Wish("sms"), by=RESIDENT)
    actions.prefer(report, Wish("sms", "0912 000 135"), by=RESIDENT)
    report.refresh_from_db()
    assert report.reporter.phone == NUMBER
    with pytest.raises(Invalid):
        actions.prefer(report, Wish("pigeon"), by=RESIDENT)


def test_the_form_offers_what_the_commune_has(town, client: Client, settings) -> None:
    body = client.get("/binh-lu/phan-anh/gui/").content.decode()
    assert 'value="zalo"' in body
    settings.XASO_CHANNELS["zalo"] = f"{_WAYS}absent"
    body = client.get("/binh-lu/phan-anh/gui/").content.decode()
    assert 'value="zalo"' not in body
    assert 'value="sms"' in body


# --- push ------------------------------------------------------------------------------------


def _subscription() -> dict:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    public = serialization.PublicFormat.UncompressedPoint
    raw = key.public_bytes(serialization.Encoding.X962, public)
    keys = {"p256dh": web_push.encoded(raw), "auth": web_push.encoded(b"0123456789abcdef")}
    return {"endpoint": "https://push.example/1", "expirationTime": None, "keys": keys}


@pytest.fixture
def phone_of(town: Commune, village: Village) -> tuple[Client, Report]:
    """Return a browser that sent a report, and the report."""
    browser = Client()
    browser.get("/binh-lu/phan-anh/gui/")
    return browser, send_by_form(browser, village)


def test_the_senders_own_browser_agrees_and_is_told(phone_of, unit, clerk_actor) -> None:
    browser, report = phone_of
    page = f"/binh-lu/phan-anh/{report.code}/bao-tin/"
    assert 'data-bao-may="' in browser.get(page).content.decode()
    own = f"/binh-lu/phan-anh/{report.code}/cua-toi/"
    assert 'data-dang-nghe=""' in browser.get(own).content.decode()
    answer = browser.post(f"{page}may/", json.dumps(_subscription()), "application/json")
    assert answer.status_code == 200
    assert Subscription.objects.get().device == report.device_hash
    report.refresh_from_db()
    actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    assert _channels_used(report) == [("accepted", "push")]
    assert 'data-dang-nghe="1"' in browser.get(own).content.decode()
    answer = browser.post(f"{page}may/thoi/", "{}", "application/json")
    assert "Đã tắt" in answer.json()["text"]
    assert not Subscription.objects.exists()
    report.reporter.refresh_from_db()
    assert report.reporter.preferred == "sms"  # they gave a phone when they sent it


def test_who_joined_is_told_on_the_device_they_joined_from(
    send, unit, town, clerk_actor, head_actor
) -> None:
    report = actions.accept(send(), actions.Accepting(unit.pk), by=clerk_actor)
    report = actions.publish(report, report.text, by=clerk_actor)
    browser = Client()
    browser.get("/binh-lu/phan-anh/gui/")
    joined = browser.post(f"/binh-lu/phan-anh/{report.code}/cung-gap/", {"kind": "me_too"})
    page = joined["Location"]
    assert 'data-bao-may="' in browser.get(page).content.decode()
    url = page.replace("theo-doi/", "bao-tin/may/")
    assert browser.post(url, json.dumps(_subscription()), "application/json").status_code == 200
    assert Client().post(url, json.dumps(_subscription()), "application/json").status_code == 404
    report.refresh_from_db()
    actions.answer(report, answering(), by=head_actor)
    jobs.do_now()
    rows = Message.objects.filter(recipient__startswith="follower:")
    assert [(row.event, row.channel) for row in rows] == [("reports.answered", "push")]
    assert browser.post(f"{url}thoi/", "{}", "application/json").status_code == 200
    assert not Subscription.objects.exists()


def test_the_worker_says_where_a_browser_is_reached_anew(phone_of, town, settings) -> None:
    settings.XASO_CHANNELS["push"] = f"{_WAYS}web_push"
    browser, report = phone_of
    first, second = _subscription(), _subscription() | {"endpoint": "https://push.example/2"}
    page = f"/binh-lu/phan-anh/{report.code}/bao-tin/may/"
    browser.post(page, json.dumps(first), "application/json")
    data = json.dumps({"old": first["endpoint"], "now": second})
    told = json.loads(re.search(r"xasoPush = (\{.*?\});", browser.get("/binh-lu/sw.js").text)[1])
    other = Client(enforce_csrf_checks=True)
    url, kind = told["url"], "application/json"
    assert other.put(url, data, kind).status_code == 404  # not from the worker
    said = other.put(url, data, kind, headers={"X-Xaso-Outbox": "1"})
    assert said.json() == {"known": True}
    assert Subscription.objects.get().endpoint == second["endpoint"]
    again = other.put(url, data, kind, headers={"X-Xaso-Outbox": "1"})
    assert again.json() == {"known": False}
    assert other.put(url, "[]", kind, headers={"X-Xaso-Outbox": "1"}).status_code == 409


def test_nobody_elses_browser_is_told(phone_of, send, client) -> None:
    browser, report = phone_of
    other = send()
    data = json.dumps(_subscription())
    for who, code in ((client, report.code), (browser, other.code)):
        url = f"/binh-lu/phan-anh/{code}/bao-tin/may/"
        assert who.post(url, data, "application/json").status_code == 404
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "said",
    [b"", b"[]", b"null", b'{"endpoint": 1}', b'{"endpoint": "x", "keys": {}}', b"[" * 5_000],
)
def test_what_is_no_subscription_gets_a_sentence(phone_of, said) -> None:
    browser, report = phone_of
    url = f"/binh-lu/phan-anh/{report.code}/bao-tin/may/"
    assert browser.post(url, said, "application/json").status_code == 409


# --- not mine --------------------------------------------------------------------------------


def test_who_sent_nothing_is_forgotten_and_the_report_stays(
    send, unit, clerk_actor, town, client
) -> None:
    report = send(name="Vàng A Páo", phone="0912000135", email="pao@example.vn")
    actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    (told,) = Message.objects.filter(event="reports.accepted", recipient__startswith="reporter:")
    (link,) = re.findall(r"\S+/khong-phai-toi/\S+", told.body)  # signed with the second it was made
    path = "/" + link.split("/", 3)[3]
    asked = client.get(path)
    assert "Páo" not in asked.content.decode()
    report.reporter.refresh_from_db()
    assert report.reporter.phone == NUMBER  # a link that is only looked at changes nothing
    assert "Xã không báo cho bác" in client.post(path).content.decode()
    assert client.post(path).status_code == 200
    who = Reporter.objects.get(pk=report.reporter_id)
    assert (who.name, who.phone, who.email, who.phone_index, who.preferred) == (
        "",
        "",
        "",
        "",
        "none",
    )
    assert {m.status for m in Message.objects.filter(recipient=f"reporter:{who.pk}")} <= {
        "merged",
        "sent",
        "failed",
    }
    lines = audit.history(report, commune=town.id)
    assert "reports.contact_detached" in [line.action for line in lines]
    assert Report.objects.get(pk=report.pk).text == report.text


@pytest.mark.parametrize("token", ["x", "WzEsIDFd:1abc:forged", "a" * 43, "%00"])
def test_a_token_we_did_not_make_opens_nothing(town, client, token) -> None:
    assert contacts.read(token) is None
    assert client.post(f"/binh-lu/khong-phai-toi/{token}/").status_code == 404


def test_a_token_of_a_neighbour_opens_nothing_here(send, ban_bo, client) -> None:
    report = send(phone="0912000135")
    assert client.post(f"/ban-bo/khong-phai-toi/{contacts.token(report)}/").status_code == 404
    report.reporter.refresh_from_db()
    assert report.reporter.phone == NUMBER
