"""Danger by SMS from a phone without data, and an official on duty who answers "1"."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Official
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications.models import Incoming, Message
from xaso.kernel.notifications.tests.fakes.gateway import Gateway
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.models import Alarm, AlarmCall, DutyShift, Report, ReportEvent
from xaso.reports.tests.conftest import MONDAY, RESIDENT

pytestmark = pytest.mark.django_db
DOOR = "/binh-lu/bao-tin/tin-den/"
KEY = UUID("5f3a9b1c-0000-4000-8000-000000000001")
FROM, DUTY = "0912 000 135", "+84912000777"
TEXT = "NGUYHIEM FIRE 22.31700,103.63000 5f3a9b1c"


@pytest.fixture(autouse=True)
def _sms(town: Commune, settings: Any) -> None:
    ways = "xaso.kernel.notifications.adapters."
    settings.XASO_CHANNELS = {"demo": f"{ways}demo", "sms": f"{ways}demo"}
    new = notifications.NewSettings({"url": "https://sms.example/"}, inbound_secret="khoa")
    notifications.set_up(town, "sms", new, by=SYSTEM)


@pytest.fixture
def gateway() -> Gateway:
    return Gateway(DOOR, "khoa")


@pytest.fixture
def on_duty(town: Commune, officer: Official) -> Official:
    DutyShift.objects.create(
        commune=town,
        official=officer,
        starts_at=MONDAY - timedelta(days=1),
        ends_at=MONDAY + timedelta(days=30),
        phone=DUTY,
        made_by="1",
        made_at=MONDAY,
    )
    return officer


@pytest.fixture
def arrive(town: Commune, new_report: Callable[..., actions.NewReport]) -> Callable[..., Report]:
    """Let the phone's outbox deliver the same tap."""

    def arrived(key: UUID = KEY) -> Report:
        new = replace(new_report(category="HAZARD-FIRE", text=""), uuid=key)
        return actions.receive(new, by=RESIDENT, commune=town).report

    return arrived


def test_a_text_rings_and_says_where(gateway: Gateway, on_duty: Official) -> None:
    assert gateway.hand_over(FROM, TEXT).json() == {"ok": True}
    alarm = Alarm.objects.get()
    report = alarm.report
    assert (report.category.code, report.channel) == ("HAZARD-FIRE", "sms")
    assert (report.lat, report.lon, alarm.letters) == (22.317, 103.63, "5f3a9b1c")
    assert report.reporter.phone == "+84912000135"
    texts = Message.objects.filter(event="reports.hazard_text")
    assert [(m.channel, m.address, m.is_urgent) for m in texts] == [("sms", DUTY, True)]
    assert "Tra loi 1 de nhan" in texts.get().body
    assert "sms" in {m.channel for m in Message.objects.filter(recipient__startswith="reporter:")}


def test_the_outbox_comes_later_and_nothing_rings_twice(
    gateway: Gateway, on_duty: Official, arrive: Callable[..., Report], clerk_actor: Actor
) -> None:
    gateway.hand_over(FROM, TEXT)
    first = Alarm.objects.get()
    calls = AlarmCall.objects.count()
    report = arrive()
    second = Alarm.objects.get(report=report)
    assert (second.joined, second.is_grouped) == (first, True)
    assert AlarmCall.objects.count() == calls
    actions.take_alarm(first.report, by=clerk_actor)
    actions.end_alarm(first.report, by=clerk_actor)
    second.refresh_from_db()
    assert str(second.taken_by_id) == clerk_actor.id
    assert second.ended_at is not None
    later = arrive(UUID("5f3a9b1c-0000-4000-8000-000000000002"))  # it is over: this one rings
    assert Alarm.objects.get(report=later).joined is None


def test_the_text_comes_later_and_adds_where_it_is(
    gateway: Gateway, arrive: Callable[..., Report]
) -> None:
    report = arrive()
    Report.objects.filter(pk=report.pk).update(lat=None, lon=None, accuracy_m=None)
    gateway.hand_over(FROM, TEXT)
    assert Report.objects.count() == 1
    report.refresh_from_db()
    assert report.lat == 22.317
    kinds = set(ReportEvent.objects.filter(report=report).values_list("kind", flat=True))
    assert {"join_text", "add_position"} <= kinds
    assert Incoming.objects.get().read_as == f"joined {report.code}"


def test_an_official_on_duty_answers_one(
    gateway: Gateway, on_duty: Official, arrive: Callable[..., Report]
) -> None:
    report = arrive()
    assert gateway.hand_over("0912000777", " 1 ", "r1").status_code == 200
    alarm = Alarm.objects.get(report=report)
    assert alarm.taken_by == on_duty
    line = ReportEvent.objects.get(report=report, kind="take_alarm")
    assert (line.channel, line.actor_id) == ("sms", str(on_duty.pk))
    assert Message.objects.get(event="reports.text_taken").address == DUTY
    gateway.hand_over("0912000777", "1", "r1")  # the gateway repeats itself
    assert Message.objects.filter(event__startswith="reports.text_").count() == 1


def test_one_takes_the_latest_that_still_rings_and_a_code_names_another(
    gateway: Gateway, on_duty: Official, arrive: Callable[..., Report], clerk_actor: Actor
) -> None:
    old, middle, new = (arrive(UUID(int=n << 96)) for n in (1, 2, 3))
    gateway.hand_over(DUTY, "1")
    gateway.hand_over(DUTY, f"1 {old.spoken}")
    taken = set(Alarm.objects.filter(taken_by=on_duty).values_list("report__code", flat=True))
    assert taken == {new.code, old.code}
    actions.take_alarm(middle, by=clerk_actor)
    gateway.hand_over(DUTY, f"Nhận {middle.code}")
    assert str(Alarm.objects.get(report=middle).taken_by_id) == clerk_actor.id
    assert Message.objects.filter(event="reports.text_late").count() == 1


def test_a_strangers_one_takes_nothing(
    gateway: Gateway, on_duty: Official, arrive: Callable[..., Report]
) -> None:
    arrive()
    gateway.hand_over(FROM, "1")
    gateway.hand_over(FROM, "Chúc cán bộ ngủ ngon")
    assert Alarm.objects.get().taken_at is None
    assert [row.read_as for row in Incoming.objects.order_by("pk")] == [
        "yes_of_a_stranger",
        "not_understood",
    ]
    with clock.at(MONDAY + timedelta(days=31)):  # off the roster
        gateway.hand_over(DUTY, "1")
    assert Alarm.objects.get().taken_at is None


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("NGUY HIEM", "HAZARD-GENERAL"),
        ("Nguy hiểm: sạt lở đất đá ở Chu Va", "HAZARD-LANDSLIDE"),
        ("nguyhiem flood", "HAZARD-FLOOD"),
        ("NGUYHIEM FIRE 99.99999,999.99999 zzzz", "HAZARD-FIRE"),
        ("NGUYHIEM FIRE 10.00000,10.00000 5f3a9b1c", "HAZARD-FIRE"),  # far outside the commune
    ],
)
def test_whatever_is_typed_rings(gateway: Gateway, said: str, category: str) -> None:
    assert gateway.hand_over(FROM, said).status_code == 200
    assert Alarm.objects.get().report.category.code == category


def test_only_the_gateway_and_each_text_once(gateway: Gateway, town: Commune) -> None:
    assert replace(gateway, secret="sai").hand_over(FROM, TEXT).status_code == 403
    assert replace(gateway, secret="").hand_over(FROM, TEXT).status_code == 403
    assert replace(gateway, url="/ban-bo/bao-tin/tin-den/").hand_over(FROM, TEXT).status_code in {
        403,
        404,
    }
    for _time in range(3):
        assert gateway.hand_over(FROM, TEXT, "same").status_code == 200
    assert Alarm.objects.count() == 1
    for broken in (b"", b"[]", b"{", b'{"from": "x", "text": "y"}', b"[" * 9_000, b"x" * 20_000):
        assert gateway.post(broken).status_code == 422
    assert Client().get(DOOR).status_code == 405


def test_a_signature_covers_the_words_and_forms_are_read(gateway: Gateway, town: Commune) -> None:
    settings = {"url": "https://sms.example/", "in_proof": "hmac", "in_text": "noi_dung"}
    notifications.set_up(town, "sms", notifications.NewSettings(settings), by=SYSTEM)
    signing = replace(gateway, proof="hmac", is_json=False)
    body = b"from=0912000135&noi_dung=NGUYHIEM+FIRE"
    assert gateway.post(body).status_code == 403
    assert signing.post(body).status_code == 200
    assert signing.post(body).status_code == 200  # without a number of the gateway: by its bytes
    assert Alarm.objects.count() == 1


def test_who_wrote_is_forgotten_after_a_month_and_a_repetition_is_still_known(
    gateway: Gateway, town: Commune
) -> None:
    gateway.hand_over(FROM, TEXT, "old")
    with clock.at(MONDAY + timedelta(days=31)):
        assert notifications.forget_texts(town.id) == 1
        assert notifications.forget_texts(town.id) == 0
        gateway.hand_over(FROM, TEXT, "old")
    row = Incoming.objects.get()
    assert (row.sender, row.text) == ("", "")
    assert Alarm.objects.count() == 1
