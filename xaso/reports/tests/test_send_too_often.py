"""How often somebody may send: each row of the table, soft and hard; a danger is never refused."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.actions import tries
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import TooMany
from xaso.kernel.working_time import clock
from xaso.reports import actions, alike, catalogue, turns
from xaso.reports.actions.contacting import contact_of
from xaso.reports.actions.helping import Helped
from xaso.reports.models import Report, Reporter
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.turns import Sender

SCHOOL = "203.0.113.7"


@pytest.fixture(autouse=True)
def empty_buckets(town: Commune) -> None:
    tries.forget_all()


@pytest.fixture
def take(town: Commune) -> Callable[..., bool]:
    """Return a function that counts one sending; True: it waits for a look."""

    def once(device: str = "", address: str = SCHOOL, phone: str = "", **more: bool) -> bool:
        return turns.take(Sender(device, address, phone), town.id, **more)

    return once


@pytest.fixture
def allow(town: Commune) -> Callable[..., None]:
    """Return a function that sets a limit from a day on, as an administrator does."""

    def dated(rule: str, amount: int, on: date | None = None) -> None:
        new = actions.NewRule(f"throttle.{rule}", on or MONDAY.date(), amount)
        actions.set_rule(town, new, by=SYSTEM)

    return dated


def test_a_class_of_sixty_phones_behind_one_address(take: Callable[..., bool]) -> None:
    held = []
    for n in range(60):
        with clock.at(MONDAY + timedelta(seconds=5 * n)):
            held.append(take(f"phone-{n}"))
    assert held == [False] * 60


def test_sixty_browsers_send_and_none_is_refused(town: Commune, village: Village) -> None:
    """The same through the door of the phones, each with its own signed token."""
    for n in range(60):
        phone = Client(REMOTE_ADDR=SCHOOL)
        phone.get("/binh-lu/phan-anh/gui/")
        body = {
            "category": "WASTE",
            "text": f"Rác ở lớp {n}, chưa ai dọn.",
            "place": {"village": village.code, "landmark": f"Phòng {n}"},
        }
        with clock.at(MONDAY + timedelta(seconds=5 * n)):
            answer = phone.put(
                f"/binh-lu/api/v1/reports/{uuid4()}", body, content_type="application/json"
            )
        assert answer.status_code == 201, answer.content
    assert Report.objects.filter(commune=town, is_held=False).count() == 60


def test_one_device_by_hour(take: Callable[..., bool]) -> None:
    assert [take("a") for _ in range(10)] == [False] * 10
    with pytest.raises(TooMany) as refusal:
        take("a")
    assert refusal.value.retry_after == 360  # ten an hour: the next fits after six minutes
    assert take("b") is False  # another phone of the same house


def test_one_device_by_day(take: Callable[..., bool]) -> None:
    taken = 0
    for hour in range(4):
        with clock.at(MONDAY + timedelta(hours=hour)):
            for _ in range(10):
                try:
                    take("a")
                    taken += 1
                except TooMany:
                    break
    assert taken in range(30, 35)  # 30, and what an even refill gave back in three hours


def test_only_a_verified_phone_counts(
    take: Callable[..., bool], allow: Callable[..., None], town: Commune
) -> None:
    allow("phone_hour", 2)
    number = "0912 345 678"
    made = contact_of(actions.Contact(phone=number), town.id)
    assert [take(f"d{n}", phone=number) for n in range(4)] == [False] * 4
    Reporter.objects.filter(pk=made.pk).update(verified_at=MONDAY)
    assert [take(f"e{n}", phone="+84 912 345 678") for n in range(2)] == [False] * 2
    with pytest.raises(TooMany):
        take("f", phone=number)
    assert take("f", phone="0912 345 679") is False
    allow("phone_hour", 100)
    allow("phone_day", 3)
    assert take("g", phone=number) is False
    with pytest.raises(TooMany):
        take("h", phone=number)


def test_without_a_token_three_go_straight_in(take: Callable[..., bool]) -> None:
    assert [take() for _ in range(5)] == [False] * 3 + [True] * 2
    assert take(address="203.0.113.8") is False
    assert [take(address=f"2001:db8:0:ff{n:02x}::{n}") for n in range(4)] == [False] * 3 + [True]
    assert take(address="2001:db8:0:100::1") is False  # the next /56


def test_many_devices_behind_one_address_wait_and_are_taken(
    take: Callable[..., bool], allow: Callable[..., None]
) -> None:
    allow("shared_hour", 5)
    assert [take(f"d{n}") for n in range(7)] == [False] * 5 + [True] * 2


def test_everything_of_one_address_has_an_end(
    take: Callable[..., bool], allow: Callable[..., None]
) -> None:
    allow("address_hour", 6)
    assert [take(f"d{n}") for n in range(6)] == [False] * 6
    with pytest.raises(TooMany):
        take("d7")
    with pytest.raises(TooMany):
        take()


def test_a_danger_is_never_refused(take: Callable[..., bool], allow: Callable[..., None]) -> None:
    allow("address_hour", 1)
    assert take("a", is_hazard=True) is False
    assert [take("a", is_hazard=True) for _ in range(20)] == [True] * 20


def test_a_helper_has_three_hundred_a_day_and_the_leader_hears_of_the_last(
    town: Commune, new_report: Callable[..., Any], allow: Callable[..., None], leader_actor: Actor
) -> None:
    allow("staff_day", 2)
    helper = Actor("official", leader_actor.id, "desk", frozenset({"village_head"}))

    def send(**facts: Any) -> bool:
        new = new_report(uuid=uuid4(), **facts)
        return actions.receive_for(new, Helped(), by=helper, commune=town).is_new

    told = Message.objects.filter(event="reports.many_sent")
    assert send()
    assert not told.exists()
    assert send()
    assert told.count() == 1
    with pytest.raises(TooMany):
        send()
    assert send(category="HAZARD-FIRE")
    assert told.count() == 1
    with clock.at(MONDAY + timedelta(days=1)):
        assert send()


def test_a_limit_is_a_dated_row(take: Callable[..., bool], allow: Callable[..., None]) -> None:
    allow("device_hour", 1, MONDAY.date() + timedelta(days=1))
    assert [take("a") for _ in range(2)] == [False] * 2
    with clock.at(MONDAY + timedelta(days=2)):
        assert take("a") is False
        with pytest.raises(TooMany):
            take("a")


def test_the_same_words_within_ten_minutes_are_a_suggestion(
    town: Commune, new_report: Callable[..., Any]
) -> None:
    first = actions.receive(new_report(), by=RESIDENT, commune=town).report
    with clock.at(MONDAY + timedelta(minutes=9)):
        again = actions.receive(new_report(), by=RESIDENT, commune=town)
        assert again.is_new
        found = alike.for_officials(again.report, catalogue.of(town.id))
    assert [(each.code, each.likeness.score) for each in found] == [(first.code, 95.0)]


def test_over_the_limit_the_phone_is_told_when_to_come_again(
    town: Commune, village: Village, allow: Callable[..., None]
) -> None:
    allow("device_hour", 1)
    phone = Client()
    phone.get("/binh-lu/phan-anh/gui/")
    body = {"category": "WASTE", "text": "Rác đầy.", "place": {"village": village.code}}

    def put(key: Any) -> Any:
        path = f"/binh-lu/api/v1/reports/{key}"
        return phone.put(path, body, content_type="application/json")

    assert put(uuid4()).status_code == 201
    key = uuid4()
    answer = put(key)
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert not Report.objects.filter(uuid=key).exists()
    with clock.at(MONDAY + timedelta(hours=1, seconds=1)):
        assert put(key).status_code == 201


def test_buckets_hold_no_address(take: Callable[..., bool]) -> None:
    from django.db import connection

    take("a")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(key, ' ') FROM identity_throttle")
        assert SCHOOL not in cursor.fetchone()[0]
    assert identity.level("nobody", limit=1, per=timedelta(hours=1)) == 0
