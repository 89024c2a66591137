"""The sender and the official in charge hear about each step: once, and without anybody's words."""

from collections.abc import Callable
from typing import Any

import pytest

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official, Unit
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune
from xaso.kernel.text import spoken_code
from xaso.reports import actions, invitations
from xaso.reports.actions import telling_followers
from xaso.reports.models import Report, ReportTask
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_work_on_a_report import SORRY, answering

pytestmark = pytest.mark.django_db
_WAYS = "xaso.kernel.notifications.adapters."
DEMO = {"demo": f"{_WAYS}demo", "sms": f"{_WAYS}demo"}
EMAIL = DEMO | {"email": f"{_WAYS}failing"}


@pytest.fixture
def sent(town: Commune, new_report: Callable[..., actions.NewReport], settings: Any) -> Report:
    settings.XASO_CHANNELS = DEMO
    contact = actions.Contact(name="Giàng Thị Mỷ", phone="0912000135", preferred="sms")
    new = new_report(contact=contact)
    return actions.receive(new, by=RESIDENT, commune=town).report


def events() -> list[str]:
    return [message.event for message in Message.objects.order_by("created_at", "id")]


def test_the_sender_hears_of_each_step_and_no_message_names_anybody(
    sent: Report, unit: Unit, clerk_actor: Actor, head_actor: Actor
) -> None:
    report = actions.accept(sent, actions.Accepting(unit.pk), by=clerk_actor)
    report = actions.ask_info(report, "Chỗ này ở trước hay sau cầu?", by=head_actor)
    report = actions.give_info(report, actions.Reply("Sau cầu"), by=RESIDENT)
    report = actions.extend(
        report, actions.Extending(2, "weather", SORRY, asked_by="0"), by=head_actor
    )
    report = actions.answer(report, answering(), by=head_actor)
    actions.note(report, "Ghi chú nội bộ", by=head_actor)
    told = [f"reports.{what}" for what in ("received", "accepted", "asked", "extended", "answered")]
    assert sorted(events()) == sorted(told)
    for message in Message.objects.all():
        text = message.title + message.body
        assert report.spoken in message.title
        for private in ("Giàng", "912000135", "cầu", "Xe máy", "Ghi chú", "máy xúc"):
            assert private not in text, (message.event, private)


def test_who_gets_the_work_hears_of_it_but_not_of_their_own_doing(
    sent: Report, unit: Unit, clerk_actor: Actor, officer: Official, officer_actor: Actor
) -> None:
    order = actions.Accepting(unit.pk, officer.pk)
    report = actions.accept(sent, order, by=clerk_actor)
    assert sorted(events()) == ["reports.accepted", "reports.assigned", "reports.received"]
    assert Message.objects.get(event="reports.assigned").recipient == f"official:{officer.pk}"
    actions.ask_info(report, "Chỗ này ở trước hay sau cầu?", by=officer_actor)
    actions.give_info(report, actions.Reply("Sau cầu"), by=RESIDENT)
    assert Message.objects.filter(event="reports.replied").count() == 1


def test_a_hazard_reaches_everybody_on_duty_at_once(
    town: Commune,
    new_report: Callable[..., actions.NewReport],
    clerk_actor: Actor,
    leader_actor: Actor,
    settings: Any,
) -> None:
    settings.XASO_CHANNELS = DEMO
    today = MONDAY.date()
    shift = actions.NewShifts(int(clerk_actor.id), today, today)
    actions.add_shifts(shift, commune=town, by=leader_actor)
    actions.receive(new_report(category="HAZARD-GENERAL"), by=RESIDENT, commune=town)
    found = list(Message.objects.all())
    assert {m.recipient for m in found} == {
        f"official:{clerk_actor.id}",
        f"official:{leader_actor.id}",
    }
    assert all(m.is_urgent and m.event == "reports.hazard" for m in found)


def test_without_a_way_to_reach_them_nothing_is_written(
    report: Report, unit: Unit, clerk_actor: Actor, settings: Any
) -> None:
    settings.XASO_CHANNELS = DEMO
    actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    assert events() == []


def test_an_address_wins_over_the_phone(
    town: Commune,
    new_report: Callable[..., actions.NewReport],
    unit: Unit,
    clerk_actor: Actor,
    settings: Any,
) -> None:
    settings.XASO_CHANNELS = EMAIL
    contact = actions.Contact(email="my@example.vn", phone="0912000135")
    report = actions.receive(new_report(contact=contact), by=RESIDENT, commune=town).report
    actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    assert Message.objects.get(event="reports.accepted").channel == "email"


def test_followers_hear_of_each_public_step_once_by_their_own_code(
    sent: Report, unit: Unit, clerk_actor: Actor, head_actor: Actor
) -> None:
    report = actions.publish(sent, "Đất sạt lấp đường", by=clerk_actor)
    phone = actions.Contact(phone="0912000777")
    given = actions.Following(device_hash="p", contact=phone)
    follower, _new = actions.follow(report, given, by=clerk_actor)  # spoke with them
    silent, _new = actions.follow(report, actions.Following(device_hash="q"), by=RESIDENT)
    report = Report.objects.get(pk=report.pk)
    report = actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    actions.note(report, "Ghi chú nội bộ", by=clerk_actor)
    assert jobs.do_now() >= 1
    telling_followers.tell(report.commune_id, report.pk, report.version)
    mine = Message.objects.filter(recipient=f"follower:{follower.pk}")
    assert [m.event for m in mine] == ["reports.accepted"]
    assert spoken_code.grouped(follower.code) in mine[0].title
    assert not Message.objects.filter(recipient=f"follower:{silent.pk}").exists()
    actions.unfollow(follower, by=RESIDENT)
    actions.answer(Report.objects.get(pk=report.pk), answering(), by=head_actor)
    jobs.do_now()
    assert mine.count() == 1


def test_the_notice_of_an_answer_leads_to_the_three_faces(
    sent: Report, unit: Unit, clerk_actor: Actor, head_actor: Actor, town: Commune
) -> None:
    Commune.objects.filter(pk=town.pk).update(host="binhlu.example")
    report = actions.accept(sent, actions.Accepting(unit.pk), by=clerk_actor)
    report = actions.answer(report, answering(), by=head_actor)
    text = Message.objects.get(event="reports.answered").body
    token = invitations.token(report.code, report.answer_id)
    assert f"https://binhlu.example/t/{report.code}/{token}" in text


def test_who_must_review_hears_of_it_and_the_sender_of_the_outcome(
    sent: Report, unit: Unit, clerk_actor: Actor, head_actor: Actor, leader_actor: Actor
) -> None:
    report = actions.accept(sent, actions.Accepting(unit.pk), by=clerk_actor)
    report = actions.answer(report, answering(), by=head_actor)
    actions.rate(report, actions.Rating(0, "unclear", "Chưa rõ chỗ nhà tôi"), by=RESIDENT)
    told = Message.objects.get(event="reports.task")
    assert told.recipient == f"official:{leader_actor.id}"
    assert "nhà tôi" not in told.title + told.body
    found = actions.Finding("stands", "Lãnh đạo đã ra xem, việc đã làm đúng như trả lời.")
    actions.finish_task(ReportTask.objects.get(), found, by=leader_actor)
    assert Message.objects.filter(event="reports.reviewed").count() == 1
