"""A sender reads what the commune holds about them, who looked, and asks to have it changed."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.models import Official, Unit
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions, slips
from xaso.reports.actions import rights as asking
from xaso.reports.actions import warning
from xaso.reports.actions.rights import AskedBefore, Decided, StillOpen
from xaso.reports.history import broken_at
from xaso.reports.models import (
    DataRequest,
    Follower,
    Hold,
    Report,
    Reporter,
    ReportEvent,
    Tombstone,
)
from xaso.reports.people import Person
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_work_on_a_report import answering
from xaso.reports.views import citizen

pytestmark = pytest.mark.django_db
ROOT = "/binh-lu/phan-anh"
DESK = "/binh-lu/can-bo"
Filled = Callable[..., actions.NewReport]


@pytest.fixture(autouse=True)
def _forgotten(town: Commune) -> Iterator[None]:
    directory.forget()
    citizen._kept.clear()
    yield
    directory.forget()


@pytest.fixture
def told(town: Commune, new_report: Filled) -> Report:
    contact = actions.Contact(name="Giàng Thị Mỷ", phone="0912000135", preferred="call")
    new = new_report(contact=contact, device_hash="d" * 64, ip_prefix_hash="e" * 64)
    return actions.receive(new, by=RESIDENT, commune=town).report


@pytest.fixture
def done(told: Report, unit: Unit, clerk_actor: Actor, head_actor: Actor) -> Report:
    report = actions.accept(told, actions.Accepting(unit.pk), by=clerk_actor)
    report = actions.answer(report, answering(), by=head_actor)
    return actions.rate(report, actions.Rating(2), by=RESIDENT)


def desk(actor: Actor) -> Client:
    browser = Client(raise_request_exception=False)
    person = Official.objects.get(pk=actor.id)
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def held(code: str) -> str:
    return f"{ROOT}/{code}/xa-giu-gi/"


def opened(code: str, factor: str = "") -> Client:
    browser = Client(raise_request_exception=False)
    reply = browser.post(held(code), {"factor": factor or slips.secret(code)})
    assert reply.status_code == 302, reply.content.decode()[:2000]
    return browser


def asked(report: Report, kind: str, **facts: str) -> DataRequest:
    given = actions.Asked(uuid4(), kind, **facts)
    return actions.ask_about_data(Person(report), given, by=RESIDENT)


def decided(row: DataRequest, by: Actor, state: str = "accepted", *parts: str) -> DataRequest:
    given = actions.Decision(state, "Xã đã làm theo lời bác đề nghị.", parts)
    return actions.decide_data_request(row, given, by=by)


def test_every_thing_held_with_why_and_until_when(told: Report) -> None:
    page = opened(told.code, "0135").get(held(told.code)).content.decode()
    for said in (
        "Giàng Thị Mỷ", "0912 000 135", "Xe máy không qua được", "Qua cầu treo 200 m",
        "Dấu của máy", "12 tháng sau khi việc này xong", "đến hết thứ Hai 30/11/2026",
        "Chưa đối chiếu với quy định lưu trữ", "Chưa chia sẻ với ai",
    ):  # fmt: skip
        assert said in page, said
    assert len(page.encode()) < 50_000


def test_a_device_alone_does_not_open_it(client: Client, told: Report) -> None:
    """A phone goes from hand to hand."""
    page = client.get(held(told.code)).content.decode()
    assert "Giàng Thị Mỷ" not in page
    assert client.get(f"{held(told.code)}tai-ve.json").status_code == 404
    assert client.post(f"{held(told.code)}de-nghi/", {"kind": "erase"}).status_code == 404


def test_wrong_digits_are_as_large_as_a_sealed_report_and_soon_wait(
    told: Report, town: Commune, new_report: Filled, clerk_actor: Actor
) -> None:
    other = actions.receive(new_report(), by=RESIDENT, commune=town).report
    sealed = actions.restream(other, "denunciation", by=clerk_actor)
    stranger = Client(raise_request_exception=False)
    wrong = stranger.post(held(told.code), {"factor": "0000"})
    kept = stranger.post(held(sealed.code), {"factor": slips.secret(sealed.code)})
    assert (wrong.status_code, kept.status_code) == (422, 200)
    assert len(wrong.content) == len(kept.content)
    for _ in range(4):
        stranger.post(held(told.code), {"factor": "0000"})
    assert stranger.post(held(told.code), {"factor": "0135"}).status_code == 429


def test_taken_along_as_a_file(told: Report, town: Commune) -> None:
    reply = opened(told.code).get(f"{held(told.code)}tai-ve.json")
    said = json.loads(reply.content)
    assert reply["Cache-Control"] == "no-store"
    contact = next(item for item in said["items"] if item["key"] == "contact")
    assert {"name": "Tên", "value": "Giàng Thị Mỷ"} in contact["values"]
    assert contact["kept"]["rule"] == "retain.contact"
    device = next(item for item in said["items"] if item["key"] == "device")
    assert device["kept"]["until"] == "2026-11-30"
    assert Entry.objects.filter(action="reports.data_copied").count() == 1


def test_who_looked_is_told_by_unit_and_role_once_and_never_by_name(
    told: Report, officer_actor: Actor, leader_actor: Actor, head_actor: Actor
) -> None:
    browser = desk(officer_actor)
    for _ in range(3):
        browser.get(f"{DESK}/phan-anh/{told.code}/")
        browser.get(f"{DESK}/phan-anh/{told.code}/?lien-he=1")
    desk(leader_actor).get(f"{DESK}/phan-anh/{told.code}/")
    page = opened(told.code).get(held(told.code)).content.decode()
    seen = page.split('id="h-da-xem"')[1].split("</section>")[0]
    assert seen.count("Phòng Kinh tế, cán bộ chuyên môn") == 2
    assert "Xem tên, số điện thoại" in seen
    assert "Lãnh đạo" in seen
    assert "lần" not in seen.split("<ul")[1].split("</ul>")[0]
    for name in ("Vàng Thị Sua", "Giàng A Páo"):
        assert name not in page


def test_a_call_about_it_is_seen_too(told: Report, clerk_actor: Actor) -> None:
    from xaso.kernel.notifications import actions as notifications
    from xaso.reports.queries import viewers

    unit_call = actions.accept(told, actions.Accepting(_unit(told).pk), by=clerk_actor)
    call = Message.objects.filter(channel="call").get()
    notifications.number_to_call(call, by=clerk_actor)
    (day,) = viewers.viewers(unit_call)
    assert [seen.why for seen in day.seen] == ["Lấy số để gọi báo tin"]


def _unit(report: Report) -> Unit:
    return Unit.objects.create(commune_id=report.commune_id, code="van-hoa", name="Văn hóa")


def test_asked_on_the_page_answered_at_the_desk_read_on_the_page(
    told: Report, leader_actor: Actor, clerk_actor: Actor
) -> None:
    browser = opened(told.code)
    form = {"uuid": str(uuid4()), "kind": "correct", "name": "Giàng Thị Mỵ", "phone": "0912000136"}
    form["text"] = "Ghi sai tên em."
    for _ in range(2):  # a double click
        assert browser.post(f"{held(told.code)}de-nghi/", form).status_code == 302
    row = DataRequest.objects.get()
    assert row.due_at - MONDAY <= timedelta(days=3)
    assert Message.objects.filter(event="reports.right_asked").count() == 1
    assert desk(clerk_actor).get(f"{DESK}/de-nghi-du-lieu/").status_code == 403
    leader = desk(leader_actor)
    assert "Sửa cho đúng" in leader.get(f"{DESK}/de-nghi-du-lieu/").content.decode()
    shown = leader.get(f"{DESK}/de-nghi-du-lieu/{row.pk}/").content.decode()
    assert "Ghi sai tên em." in shown
    short = {"state": "accepted", "answer": "ok"}
    assert leader.post(f"{DESK}/de-nghi-du-lieu/{row.pk}/", short).status_code == 422
    said = {"state": "accepted", "answer": "Xã đã sửa tên và số của bác."}
    assert leader.post(f"{DESK}/de-nghi-du-lieu/{row.pk}/", said).status_code == 302
    page = opened(told.code, "0136").get(held(told.code)).content.decode()
    for words in ("Giàng Thị Mỵ", "Xã đã làm theo", "Xã đã sửa tên và số của bác."):
        assert words in page
    assert "Xem để trả lời đề nghị về dữ liệu" in page
    log = [line.action for line in audit.history(row, commune=told.commune_id)]
    assert log == ["reports.data_decided", "reports.data_asked"]


def test_the_same_is_not_asked_twice_and_may_be_taken_back(told: Report) -> None:
    row = asked(told, "erase")
    with pytest.raises(AskedBefore):
        asked(told, "erase")
    browser = opened(told.code)
    assert browser.post(f"{held(told.code)}de-nghi/{row.pk}/rut/").status_code == 302
    row.refresh_from_db()
    assert row.state == "taken_back"
    asked(told, "erase")


def test_a_correction_says_what(told: Report) -> None:
    with pytest.raises(Invalid) as refused:
        asked(told, "correct")
    assert "text" in refused.value.errors
    with pytest.raises(Invalid):
        asked(told, "correct", phone="12")


def test_withdrawing_forgets_the_contact_and_stops_what_waits(
    told: Report, leader_actor: Actor
) -> None:
    Message.objects.create(
        commune_id=told.commune_id, event="reports.asked", subject_type="reports.Report",
        subject_id=str(told.pk), key="x", recipient=f"reporter:{told.reporter_id}", channel="call",
        address="+84912000135", title="x", body="x", next_at=MONDAY,
    )  # fmt: skip
    row = decided(asked(told, "withdraw"), leader_actor)
    told.refresh_from_db()
    assert row.did == ["contact"]
    assert (told.reporter, told.device_hash, told.ip_prefix_hash) == (None, "", "")
    assert Reporter.objects.count() == 0
    assert {m.address for m in Message.objects.filter(recipient__startswith="reporter:")} == {""}
    assert not Message.objects.filter(recipient__startswith="reporter:", status="waiting").exists()
    with pytest.raises(Decided):
        decided(row, leader_actor)


def test_the_machine_stops_by_itself_when_nobody_answers(told: Report) -> None:
    asked(told, "withdraw")
    with clock.at(MONDAY + timedelta(days=14)):
        assert asking.stop_what_is_over(told.commune_id, clock.now()) == 0
    with clock.at(MONDAY + timedelta(days=15, minutes=1)):
        assert asking.stop_what_is_over(told.commune_id, clock.now()) == 1
        assert asking.stop_what_is_over(told.commune_id, clock.now()) == 0
    told.refresh_from_db()
    assert told.reporter is None
    assert DataRequest.objects.get().state == "open"  # a person still owes the answer


def test_words_and_files_go_and_the_history_still_holds(told: Report, leader_actor: Actor) -> None:
    report = actions.withdraw(told, by=RESIDENT)
    row = decided(asked(report, "erase"), leader_actor, "partly", "words", "files")
    report.refresh_from_db()
    assert (report.text, report.landmark, report.lat) == ("", "", None)
    assert row.did == ["files", "words"]
    assert broken_at(list(ReportEvent.objects.filter(report=report).order_by("seq"))) is None
    assert "xe may" not in report.fold


def test_a_report_still_open_is_not_deleted_whole(told: Report, leader_actor: Actor) -> None:
    with pytest.raises(StillOpen):
        decided(asked(told, "erase"), leader_actor, "accepted", "whole")


def test_a_closed_one_goes_whole_and_leaves_its_tombstone(
    done: Report, leader_actor: Actor
) -> None:
    decided(asked(done, "erase"), leader_actor, "accepted", "whole")
    assert not Report.objects.filter(pk=done.pk).exists()
    stone = Tombstone.objects.get()
    assert (stone.code, stone.on_time, stone.score) == (done.code, "first", 2)
    assert (stone.rule, stone.last_hash) == ("privacy.erase", done.last_hash)
    assert Reporter.objects.count() == 0
    assert audit.verify(done.commune_id) == []


def test_what_is_kept_as_evidence_stays(
    done: Report, leader_actor: Actor, officer: Official
) -> None:
    Hold.objects.create(
        commune_id=done.commune_id, report=done, reason="x", until=MONDAY.date(),
        held_by=officer, held_at=MONDAY,
    )  # fmt: skip
    with pytest.raises(asking.erasing.KeptAsEvidence):
        decided(asked(done, "erase"), leader_actor, "accepted", "whole")
    assert "giữ làm chứng cứ" in opened(done.code).get(held(done.code)).content.decode()


def test_a_follower_sees_and_deletes_their_own(
    told: Report, clerk_actor: Actor, leader_actor: Actor
) -> None:
    public = actions.publish(told, told.text or "", by=clerk_actor)
    given = actions.Following(contact=actions.Contact(name="Vàng A Lử", phone="0912000777"))
    follower, _new = actions.follow(public, given, by=RESIDENT)
    browser = opened(follower.code, "0777")
    page = browser.get(held(follower.code)).content.decode()
    assert "Vàng A Lử" in page
    assert "Tôi cũng gặp" in page
    assert "Giàng Thị Mỷ" not in page
    form = {"uuid": str(uuid4()), "kind": "erase"}
    assert browser.post(f"{held(follower.code)}de-nghi/", form).status_code == 302
    decided(DataRequest.objects.get(), leader_actor, "accepted", "contact")
    follower = Follower.objects.get(pk=follower.pk)
    assert follower.reporter is None
    told.refresh_from_db()
    assert told.reporter is not None  # the sender's own stays


def test_the_desk_list_costs_the_same_for_many(
    town: Commune, new_report: Filled, leader_actor: Actor
) -> None:
    def some(count: int) -> None:
        for _ in range(count):
            report = actions.receive(new_report(uuid=uuid4()), by=RESIDENT, commune=town).report
            asked(report, "copy")

    browser = desk(leader_actor)
    some(2)
    browser.get(f"{DESK}/de-nghi-du-lieu/")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"{DESK}/de-nghi-du-lieu/")
    some(10)
    with CaptureQueriesContext(connection) as many:
        assert browser.get(f"{DESK}/de-nghi-du-lieu/").content.decode().count("job") >= 12
    assert len(many) == len(few)


def test_the_rules_of_the_answer_are_dated_rows(told: Report, town: Commune) -> None:
    actions.set_rule(town, actions.NewRule("privacy.answer", MONDAY.date(), 5), by=SYSTEM)
    row = asked(told, "copy")
    assert row.due_at - MONDAY > timedelta(days=4)


def test_a_request_that_is_nearly_late_is_told_once(
    told: Report, town: Commune, leader_actor: Actor
) -> None:
    row = asked(told, "copy")
    near = Message.objects.filter(event="reports.right_near")
    assert warning.warn_of_requests(town) == 0
    browser = desk(leader_actor)
    assert "rất ít thời gian" not in browser.get(f"{DESK}/de-nghi-du-lieu/").content.decode()
    night = (row.due_at - timedelta(days=1)).replace(hour=23)
    with clock.at(night):
        assert warning.warn_of_requests(town) == 0
    with clock.at(row.due_at - timedelta(minutes=30)):
        assert warning.warn_of_requests(town) == 1
        assert warning.warn_of_requests(town) == 0
        page = desk(leader_actor).get(f"{DESK}/de-nghi-du-lieu/").content.decode()
        assert "1 đề nghị còn rất ít thời gian." in page
    assert {each.recipient for each in near} == {f"official:{leader_actor.id}"}
    assert "Ghi sai" not in near[0].body


def test_who_was_answered_is_not_warned_of(
    told: Report, town: Commune, leader_actor: Actor
) -> None:
    row = asked(told, "copy")
    decided(row, leader_actor, "accepted")
    with clock.at(row.due_at - timedelta(minutes=30)):
        assert warning.warn_of_requests(town) == 0
