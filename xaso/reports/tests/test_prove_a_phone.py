"""A number somebody typed is told nothing before its holder proved it, and a way out is there."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import TooMany
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.actions import telling_followers
from xaso.reports.actions.confirming import CodeIsOver, SentEnough, WrongCode
from xaso.reports.models import Follower, Report
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_work_on_a_report import answering

pytestmark = pytest.mark.django_db
ROOT = "/binh-lu/phan-anh"
_WAYS = "xaso.kernel.notifications.adapters."
Follow = Callable[..., Follower]


@pytest.fixture(autouse=True)
def _sms(town: Commune, settings: Any) -> Iterator[None]:
    settings.XASO_CHANNELS = {"sms": f"{_WAYS}demo"}
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def public(report: Report, clerk_actor: Actor) -> Report:
    return actions.publish(report, report.text or "", by=clerk_actor)


@pytest.fixture
def follow(public: Report) -> Follow:
    def followed(phone: str = "0912000777", by: Actor = RESIDENT) -> Follower:
        contact = actions.Contact(phone=phone, preferred="sms")
        return actions.follow(public, actions.Following(contact=contact), by=by)[0]

    return followed


def sent() -> str:
    message = Message.objects.filter(event="reports.follow_code").order_by("-created_at", "-key")[0]
    found = re.search(r": (\d{6})\b", message.body)
    assert found, message.body
    return found.group(1)


def told(report: Report) -> list[str]:
    line = report.events.order_by("-seq")[0]
    telling_followers.tell(report.commune_id, report.pk, line.seq)
    rows = Message.objects.filter(recipient__startswith="follower:")
    return [row.event for row in rows.exclude(event="reports.follow_code")]


def accepted(public: Report, unit: Unit, clerk: Actor) -> Report:
    return actions.accept(public, actions.Accepting(unit.pk), by=clerk)


def test_no_notice_before_the_code(
    follow: Follow, public: Report, unit: Unit, clerk_actor: Actor
) -> None:
    follower = follow()
    report = accepted(public, unit, clerk_actor)
    assert told(report) == []
    actions.confirm(follower, sent(), by=RESIDENT)
    follower.refresh_from_db()
    assert follower.confirmed_at == clock.now()
    assert follower.check_hash == ""
    assert told(report) == ["reports.accepted"]


def test_the_message_fits_and_names_nobody(follow: Follow) -> None:
    follow()
    message = Message.objects.get(event="reports.follow_code")
    assert (message.channel, message.is_urgent) == ("sms", True)
    assert len(message.body) <= 160
    for private in ("912000777", "Chu Va", "cầu"):
        assert private not in message.body + message.title


def test_wrong_digits_five_times_and_the_code_is_worth_nothing(follow: Follow) -> None:
    follower = follow()
    right = sent()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(WrongCode):
            actions.confirm(follower, wrong, by=RESIDENT)
    with pytest.raises(CodeIsOver):
        actions.confirm(follower, right, by=RESIDENT)
    actions.send_code_again(follower, by=RESIDENT)
    assert actions.confirm(follower, sent(), by=RESIDENT).confirmed_at


def test_a_code_ends_after_half_an_hour_by_the_rule(follow: Follow) -> None:
    follower = follow()
    with clock.at(MONDAY + timedelta(minutes=31)), pytest.raises(CodeIsOver):
        actions.confirm(follower, sent(), by=RESIDENT)


def test_nobody_is_flooded_with_codes(follow: Follow) -> None:
    follower = follow()
    for _ in range(2):
        actions.send_code_again(follower, by=RESIDENT)
    with pytest.raises(SentEnough):
        actions.send_code_again(follower, by=RESIDENT)
    with pytest.raises(TooMany):  # another follower with the same number
        follow()


def test_an_official_who_spoke_with_them_needs_no_code(follow: Follow, clerk_actor: Actor) -> None:
    assert follow(by=clerk_actor).confirmed_at
    assert not Message.objects.filter(event="reports.follow_code").exists()


def test_where_the_commune_only_calls_nobody_types_a_code(follow: Follow, settings: Any) -> None:
    settings.XASO_CHANNELS = {}
    assert follow().confirmed_at


def test_joined_and_confirmed_on_the_page(public: Report) -> None:
    browser = Client()
    form = {"kind": "me_too", "phone": "0912 000 777", "name": ""}
    reply = browser.post(f"{ROOT}/{public.code}/cung-gap/", form)
    assert reply.status_code == 302
    page = browser.get(reply["Location"]).content.decode()
    assert "Gõ mã xã vừa nhắn" in page
    wrong = browser.post(f"{reply['Location']}xac-nhan/", {"ma": "12"}, follow=True)
    assert "Mã chưa đúng" in wrong.content.decode()
    again = browser.post(f"{reply['Location']}gui-lai-ma/", follow=True)
    assert "Xã vừa gửi mã mới" in again.content.decode()
    done = browser.post(f"{reply['Location']}xac-nhan/", {"ma": sent()}, follow=True)
    assert "Có tin mới, xã nhắn vào số này" in done.content.decode()
    assert "Gõ mã xã vừa nhắn" not in done.content.decode()


def test_who_never_followed_says_so_with_four_digits(follow: Follow) -> None:
    follower = follow()
    stranger = Client(raise_request_exception=False)
    way_out = f"{ROOT}/{follower.code}/khong-phai-toi/"
    assert stranger.post(way_out, {"factor": "0000"}).status_code == 422
    page = stranger.post(way_out, {"factor": "0777"}).content.decode()
    assert "Xã đã xóa số và địa chỉ của bác" in page
    follower.refresh_from_db()
    assert follower.reporter is None
    assert {m.address for m in Message.objects.filter(recipient=f"follower:{follower.pk}")} == {""}


def test_who_never_sent_it_says_so_with_four_digits(
    town: Commune, new_report: Callable[..., actions.NewReport], unit: Unit,
    clerk_actor: Actor, head_actor: Actor,
) -> None:  # fmt: skip
    contact = actions.Contact(name="Ai Đó", phone="0912000888", preferred="sms")
    report = actions.receive(new_report(contact=contact), by=RESIDENT, commune=town).report
    track = Client().get(f"{ROOT}/{report.code}/").content.decode()
    way_out = f"{ROOT}/{report.code}/khong-phai-toi/"
    assert way_out in track
    assert way_out in Client().get(f"/t/{report.code}").content.decode()
    stranger = Client(raise_request_exception=False)
    assert stranger.post(way_out, {"factor": "0888"}).status_code == 200
    report.refresh_from_db()
    assert report.reporter is not None
    assert (report.reporter.phone, report.reporter.name) == ("", "")
    before = Message.objects.filter(recipient__startswith="reporter:").count()
    report = accepted(report, unit, clerk_actor)
    actions.answer(report, answering(), by=head_actor)
    assert Message.objects.filter(recipient__startswith="reporter:").count() == before


def test_guessing_the_four_digits_soon_waits(follow: Follow) -> None:
    follower = follow()
    stranger = Client(raise_request_exception=False)
    way_out = f"{ROOT}/{follower.code}/khong-phai-toi/"
    for _ in range(5):
        assert stranger.post(way_out, {"factor": "0001"}).status_code == 422
    assert stranger.post(way_out, {"factor": "0777"}).status_code == 429
