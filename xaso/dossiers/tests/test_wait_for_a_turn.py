"""The waiting room: numbers in order, a fair turn for those who go first, calls that are heard."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client

from xaso.dossiers import actions, slots
from xaso.dossiers.models import CounterDesk, QueueDevice, ServiceGroup, Ticket
from xaso.dossiers.queries import waiting
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
KIOSK = Actor("resident", "", "kiosk")


def furnish(commune: Commune) -> CounterDesk:
    for letter, name, places in (("A", "Hộ tịch", 2), ("B", "Đất đai", 0)):
        group = actions.NewGroup(letter, name, places_per_slot=places)
        actions.set_group(group, commune=commune, by=SYSTEM)
    actions.set_counter(actions.NewCounter(2, ["B"]), commune=commune, by=SYSTEM)
    first = actions.NewCounter(1, ["A", "B"], "Tiếp nhận")
    return actions.set_counter(first, commune=commune, by=SYSTEM)


@pytest.fixture
def room(binh_lu: Commune):
    with clock.at(MONDAY), tenancy.inside(binh_lu.id):
        furnish(binh_lu)
        yield binh_lu


@pytest.fixture
def clerk(room: Commune, official: Callable[..., object]) -> Actor:
    person = official("one_stop_clerk", room)
    return Actor("official", str(person.pk), "desk", frozenset({"one_stop_clerk"}))


def take(room: Commune, letter: str = "A", *, minutes: int = 0, why: str = "") -> Ticket:
    with clock.at(MONDAY + timedelta(minutes=minutes)):
        new = actions.NewTicket(uuid4(), letter, priority=why)
        return actions.issue(new, commune=room, by=KIOSK)


def sit(room: Commune, by: Actor, number: int = 1) -> CounterDesk:
    counter = CounterDesk.objects.get(commune=room, number=number)
    return actions.sit(counter.pk, commune=room, by=by)


def call_all(room: Commune, by: Actor) -> list[str]:
    found = []
    with clock.at(MONDAY + timedelta(hours=1)):
        while True:
            try:
                found.append(actions.call_next(commune=room, by=by).label)
            except actions.NobodyWaits:
                return found


def test_numbers_go_up_and_a_retry_gets_the_same(room: Commune) -> None:
    new = actions.NewTicket(uuid4(), "A")
    first = actions.issue(new, commune=room, by=KIOSK)
    assert actions.issue(new, commune=room, by=KIOSK).pk == first.pk
    assert [first.label, take(room).label, take(room, "B").label] == ["A 001", "A 002", "B 001"]
    with clock.at(MONDAY + timedelta(days=1)):
        tomorrow = actions.issue(actions.NewTicket(uuid4(), "A"), commune=room, by=KIOSK)
    assert tomorrow.label == "A 001"


def test_a_closed_group_and_an_unknown_reason_are_refused(room: Commune) -> None:
    with pytest.raises(actions.GroupClosed):
        take(room, "Z")
    with pytest.raises(Invalid):
        take(room, why="rich")


def test_those_who_go_first_wait_for_two_turns_at_most(room: Commune, clerk: Actor) -> None:
    for minute in range(6):
        take(room, minutes=minute)  # A 001 … A 006
    for minute in (10, 11):
        take(room, minutes=minute, why="elderly")  # A 007, A 008
    sit(room, clerk)
    assert call_all(room, clerk) == [
        "A 001", "A 002", "A 007", "A 003", "A 004", "A 008", "A 005", "A 006",
    ]  # fmt: skip


def test_nobody_starves_behind_those_who_go_first(room: Commune, clerk: Actor) -> None:
    take(room, minutes=5)  # A 001, ordinary
    for minute in range(6, 12):
        take(room, minutes=minute, why="pregnant")
    sit(room, clerk)
    assert call_all(room, clerk)[0] == "A 001"


def test_a_turn_is_called_again_skipped_and_called_back(room: Commune, clerk: Actor) -> None:
    take(room)
    with pytest.raises(actions.NotSitting):
        actions.call_next(commune=room, by=clerk)
    sit(room, clerk)
    with pytest.raises(actions.NothingCalled):
        actions.call_again(commune=room, by=clerk)
    first = actions.call_next(commune=room, by=clerk)
    assert actions.call_again(commune=room, by=clerk).calls == 2
    assert [(c.label, c.counter, c.calls) for c in waiting.calls(room)] == [("A 001", 1, 2)]
    assert actions.skip(commune=room, by=clerk).state == Ticket.State.ABSENT
    assert [t.pk for t in waiting.absent(room, ["A"])] == [first.pk]
    actions.call_back(first.pk, commune=room, by=clerk)
    assert actions.call_next(commune=room, by=clerk).pk == first.pk
    assert actions.finish_turn(commune=room, by=clerk).state == Ticket.State.SERVED
    with pytest.raises(NotFound):
        actions.call_back(first.pk, commune=room, by=clerk)


def test_a_turn_is_passed_on_to_the_head_of_another_group(room: Commune, clerk: Actor) -> None:
    take(room, "A")
    take(room, "B", minutes=1)
    sit(room, clerk)
    actions.call_next(commune=room, by=clerk)
    passed = actions.pass_on("B", commune=room, by=clerk)
    assert (passed.letter, passed.label) == ("B", "A 001")
    assert call_all(room, clerk) == ["A 001", "B 001"]


def test_a_break_stops_calling_and_a_counter_seats_one(
    room: Commune, clerk: Actor, official: Callable[..., object]
) -> None:
    take(room)
    counter = sit(room, clerk)
    actions.pause(commune=room, by=clerk)
    with pytest.raises(actions.OnBreak):
        actions.call_next(commune=room, by=clerk)
    actions.pause(commune=room, by=clerk)
    other = Actor("official", str(official("one_stop_clerk", room).pk), "desk")
    with pytest.raises(actions.CounterTaken):
        actions.sit(counter.pk, commune=room, by=other)
    closed = actions.NewCounter(1, ["A"], is_open=False)
    with pytest.raises(actions.StillServing):
        actions.set_counter(closed, commune=room, by=SYSTEM)
    actions.call_next(commune=room, by=clerk)
    sit(room, clerk, 2)  # moving finishes the turn at the first counter
    assert Ticket.objects.get().state == Ticket.State.SERVED
    assert actions.sit(counter.pk, commune=room, by=other).official_id == int(other.id)
    actions.stand_up(commune=room, by=other)


def test_waits_are_counted_in_classes_of_minutes(room: Commune, clerk: Actor) -> None:
    for minute in (0, 50):
        take(room, minutes=minute)
    sit(room, clerk)
    call_all(room, clerk)  # at 60 minutes: waits of 60 and 10
    actions.finish_turn(commune=room, by=clerk)
    waited, served = waiting.today_spreads(room)
    assert (waited.n, waited.p50, waited.p90) == (2, 10, 60)
    assert (served.n, served.p50) == (2, 1)


def test_where_a_number_stands(room: Commune, clerk: Actor) -> None:
    take(room)
    mine = take(room, minutes=1)
    sit(room, clerk)
    before = waiting.standing(room, mine.uuid)
    assert before is not None
    assert (before.ahead, before.last_called) == (1, "")
    actions.call_next(commune=room, by=clerk)
    after = waiting.standing(room, mine.uuid)
    assert after is not None
    assert (after.ahead, after.last_called) == (0, "A 001")
    assert waiting.standing(room, uuid4()) is None


def test_a_slot_is_booked_until_it_is_full_and_checked_in_on_time(room: Commune) -> None:
    group = ServiceGroup.objects.get(commune=room, letter="A")
    day, times = slots.free(room, group, 3)[0]
    at, places = times[0]
    assert (day, places) == (MONDAY.date(), 2)
    new = actions.NewBooking(uuid4(), "A", at)
    booking = actions.book(new, commune=room, by=KIOSK)
    assert actions.book(new, commune=room, by=KIOSK).code == booking.code
    other = actions.book(actions.NewBooking(uuid4(), "A", at), commune=room, by=KIOSK)
    with pytest.raises(actions.SlotFull):
        actions.book(actions.NewBooking(uuid4(), "A", at), commune=room, by=KIOSK)
    moved = actions.NewBooking(uuid4(), "A", at + timedelta(minutes=1))
    with pytest.raises(actions.SlotUnknown):
        actions.book(moved, commune=room, by=KIOSK)
    with pytest.raises(actions.SlotUnknown):
        actions.book(actions.NewBooking(uuid4(), "B", at), commune=room, by=KIOSK)
    actions.cancel_booking(other.code, commune=room, by=KIOSK)
    with clock.at(at - timedelta(minutes=16)), pytest.raises(actions.NotTimeYet):
        actions.check_in(booking.code, commune=room, by=KIOSK)
    with clock.at(at + timedelta(minutes=15)):
        ticket = actions.check_in(f"{booking.code[:3]} {booking.code[3:]}", commune=room, by=KIOSK)
        assert actions.check_in(booking.code, commune=room, by=KIOSK).pk == ticket.pk
    assert ticket.priority == Ticket.Priority.BOOKED
    with pytest.raises(NotFound):
        actions.check_in(other.code, commune=room, by=KIOSK)


# --- pages ----------------------------------------------------------------------------------------
def machine(room: Commune, kind: str) -> Client:
    made = actions.install_machine(kind, "Cửa vào", commune=room, by=SYSTEM)
    browser = Client(raise_request_exception=False)
    answer = browser.get(f"/binh-lu/quay/may/{made.token}/")
    assert answer.status_code == 302
    assert made.token not in answer["Location"]
    return browser


def test_a_number_is_taken_at_the_machine(room: Commune) -> None:
    browser = machine(room, QueueDevice.Kind.KIOSK)
    page = browser.get("/binh-lu/quay/lay-so/").content.decode()
    assert "Hộ tịch" in page
    key = uuid4()
    said = {"key": str(key), "nhom": "A", "uu_tien": "elderly"}
    page = browser.post("/binh-lu/quay/lay-so/lay/", said, follow=True).content.decode()
    assert "A 001" in page
    assert "Người cao tuổi" in page
    browser.post("/binh-lu/quay/lay-so/lay/", said)  # a double tap
    assert Ticket.objects.count() == 1
    assert browser.post("/binh-lu/quay/lay-so/lay/", {"nhom": "Z"}).status_code == 409
    assert browser.post("/binh-lu/quay/lay-so/lay/", {"ma": "12"}).status_code == 404
    standing = Client().get(f"/binh-lu/quay/so/{key}/")
    assert "Còn 0 người trước bác" in standing.content.decode()
    assert len(standing.content) < 30_000


def test_without_a_token_there_is_no_machine(room: Commune) -> None:
    stranger = Client(raise_request_exception=False)
    for path in ("lay-so/", "goi-so/", "goi-so/so/", "may/nonsense/", f"so/{uuid4()}/"):
        assert stranger.get(f"/binh-lu/quay/{path}").status_code == 404
    assert stranger.post("/binh-lu/quay/lay-so/lay/", {"nhom": "A"}).status_code == 404
    calls = machine(room, QueueDevice.Kind.CALLS)
    assert calls.get("/binh-lu/quay/lay-so/").status_code == 404
    for device in waiting.devices(room):
        actions.remove_machine(device.pk, commune=room, by=SYSTEM)
    assert calls.get("/binh-lu/quay/goi-so/").status_code == 404


def test_the_screen_hears_of_a_call_once(
    room: Commune, clerk: Actor, django_assert_max_num_queries
) -> None:
    browser = machine(room, QueueDevice.Kind.CALLS)
    take(room)
    sit(room, clerk)
    actions.call_next(commune=room, by=clerk)
    assert "A 001" in browser.get("/binh-lu/quay/goi-so/").content.decode()
    with django_assert_max_num_queries(6):
        answer = browser.get("/binh-lu/quay/goi-so/so/")
    assert answer.json()["calls"][0] | {"key": ""} == {
        "key": "", "label": "A 001", "letter": "A", "digits": "001", "counter": "1",
    }  # fmt: skip
    again = browser.get("/binh-lu/quay/goi-so/so/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    actions.call_again(commune=room, by=clerk)
    louder = browser.get("/binh-lu/quay/goi-so/so/", headers={"If-None-Match": answer["ETag"]})
    assert louder.status_code == 200


def test_a_clerk_works_through_the_page(room: Commune, official, client_of) -> None:
    take(room)
    desk = client_of(official("one_stop_clerk", room))
    page = "/binh-lu/can-bo/quay/"
    assert "Bác ngồi quầy nào?" in desk.get(page).content.decode()
    counter = CounterDesk.objects.get(number=1)
    body = desk.post(f"{page}ngoi/", {"quay": counter.pk}, follow=True).content.decode()
    assert "Gọi người tiếp theo (1 đang chờ)" in body
    assert "A 001" in desk.post(f"{page}goi/", follow=True).content.decode()
    assert "Chưa có ai chờ" in desk.post(f"{page}goi/", follow=True).content.decode()
    desk.post(f"{page}xong/")
    assert "chưa gọi số nào" in desk.post(f"{page}xong/", follow=True).content.decode()
    assert desk.post(f"{page}chuyen/", {"nhom": "A"}, follow=True).status_code == 200
    assert desk.post(f"{page}ngoi/", {"quay": "x"}).status_code in {302, 404}
    other = client_of(official("officer", room))
    assert other.get(page).status_code == 403


def test_the_administrator_furnishes_the_room(room: Commune, official, client_of) -> None:
    desk = client_of(official("administrator", room))
    page = "/binh-lu/can-bo/quan-tri/quay/"
    said = {"them": "group", "letter": "c", "name": "Chứng thực", "slot_minutes": 15,
            "places_per_slot": 0, "is_open": "on"}  # fmt: skip
    assert desk.post(page, said).status_code == 302
    assert desk.post(page, said | {"letter": "1"}).status_code == 422
    counter = {"them": "counter", "number": 3, "letters": ["C"], "is_open": "on"}
    assert desk.post(page, counter).status_code == 302
    assert desk.post(page, {"them": "counter", "number": 4}).status_code == 422
    machine = {"them": "machine", "kind": "kiosk", "name": "Cửa vào"}
    body = desk.post(page, machine).content.decode()
    assert "/binh-lu/quay/may/" in body
    device = QueueDevice.objects.get()
    gone = desk.post(f"{page}may/{device.pk}/thu-hoi/", follow=True).content.decode()
    assert "Đã thu hồi" in gone


def test_a_time_is_booked_on_the_phone(room: Commune) -> None:
    phone = Client(raise_request_exception=False)
    page = phone.get("/binh-lu/dat-lich/?nhom=A").content.decode()
    at = page.partition('name="luc"')[2].partition('value="')[2].partition('"')[0]
    said = {"key": str(uuid4()), "nhom": "A", "luc": at}
    answer = phone.post("/binh-lu/dat-lich/?nhom=A", said, follow=True)
    assert "Đã giữ chỗ cho bác" in answer.content.decode()
    code = answer.redirect_chain[-1][0].rstrip("/").rpartition("/")[2]
    assert phone.post(f"/binh-lu/dat-lich/{code}/").status_code == 302
    assert phone.get(f"/binh-lu/dat-lich/{code}/").status_code == 404
    assert phone.post("/binh-lu/dat-lich/?nhom=A", said | {"luc": "hôm nay"}).status_code == 409


def test_thirty_people_at_once_get_thirty_numbers(committed, binh_lu: Commune) -> None:
    with tenancy.inside(binh_lu.id):
        furnish(binh_lu)

    def one() -> None:
        with tenancy.inside(binh_lu.id):
            actions.issue(actions.NewTicket(uuid4(), "A"), commune=binh_lu, by=KIOSK)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(30)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with tenancy.inside(binh_lu.id):
        numbers = sorted(Ticket.objects.values_list("number", flat=True))
    connection.ensure_connection()
    assert numbers == list(range(1, 31))
