"""A matter of somebody else: asked by a link, chased when silent, answered in its name."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail as mailbox
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Official, Unit
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.text.dates import ZONE
from xaso.kernel.workflow.table import GuardRefused, NotYours
from xaso.kernel.working_time import clock
from xaso.reports import actions, deadlines, queries
from xaso.reports.actions import bodies, chasing
from xaso.reports.models import Body, ClockEntry, Forward, ForwardFile, Report, State
from xaso.reports.queries import forwards
from xaso.reports.tests.test_use_the_pages import jpeg
from xaso.reports.tests.test_work_on_a_report import answering

pytestmark = pytest.mark.django_db
ASKED = "Đề nghị sửa cột điện nghiêng ở đầu bản."
WHERE = "Điện lực khu vực, chuyển ngày 23/11/2026, 0213 3876 543"
DONE = "Đã dựng lại cột, căng dây và đóng điện lúc 10 giờ sáng 24/11."


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def power(town: Commune) -> Body:
    return Body.objects.get(commune=town, kind="power")


@pytest.fixture
def passed(
    report: Report, power: Body, unit: Unit, clerk_actor: Actor, head_actor: Actor
) -> Forward:
    """A report passed on to the power company, three working days."""
    current = actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    actions.forward(current, actions.Forwarding(power.pk, ASKED), by=head_actor)
    return Forward.objects.select_related("report", "body").get()


@pytest.fixture
def link(passed: Forward) -> str:
    return f"/binh-lu/co-quan/{actions.make_link(passed, by=SYSTEM)}/"


def test_the_residents_clock_runs_on_and_the_page_says_so(town: Commune, passed: Forward) -> None:
    report = queries.by_code(town, passed.report.code)
    assert not report.is_paused
    page = Client().get(f"/binh-lu/phan-anh/{report.code}/").content.decode()
    assert "đồng hồ với bà con vẫn chạy" in page
    assert "Điện lực khu vực" in page
    with clock.at(report.due_at + timedelta(hours=1)):
        assert report.is_overdue(clock.now())


def test_a_body_reads_agrees_and_answers_with_a_file(
    passed: Forward, link: str, head_actor: Actor, town: Commune
) -> None:
    browser = Client()
    page = browser.get(link).content.decode()
    assert ASKED in page
    assert passed.report.text not in page  # nothing of the sender's words
    assert Forward.objects.get().opened_at is not None
    assert "Xin cảm ơn" in browser.post(link, {"nhan": "1"}, follow=True).content.decode()
    said = {"outcome": "answered", "text": DONE, "tep": [jpeg("red")]}
    assert DONE in browser.post(link, said, follow=True).content.decode()
    row = Forward.objects.get()
    assert (row.outcome, row.reply_text, bool(row.agreed_at)) == ("answered", DONE, True)
    assert ForwardFile.objects.filter(forward=row).count() == 1
    assert browser.post(link, {"outcome": "declined", "text": "Gửi lại"}).status_code == 302
    assert Forward.objects.get().reply_text == DONE  # a second tap changes nothing
    report = queries.by_code(town, passed.report.code)
    assert report.state == State.FORWARDED  # the unit answers the resident
    assert [e.kind for e in report.events.order_by("seq")][-2:] == ["body_agree", "body_reply"]
    child = ClockEntry.objects.filter(report=report, clock="child").latest("id")
    assert child.to_at == row.replied_at
    told = answering(
        text=f"{DONE} Điện đã ổn định cho cả bản.", done_by="Điện lực khu vực", contact=WHERE
    )
    assert actions.answer(report, told, by=head_actor).state == State.ANSWERED


def test_no_answer_in_a_bodys_name_before_it_replied(passed: Forward, head_actor: Actor) -> None:
    with pytest.raises(GuardRefused, match="chưa trả lời"):
        actions.answer(passed.report, answering(contact=WHERE), by=head_actor)
    heard = actions.BodyReply(DONE)
    actions.body_replies(passed, heard, by=head_actor)  # on the phone
    with pytest.raises(GuardRefused, match="đã trả lời việc này rồi"):
        actions.body_replies(passed, heard, by=head_actor)
    told = answering(contact=WHERE)
    assert actions.answer(passed.report, told, by=head_actor).state == State.ANSWERED


def test_a_new_link_says_until_when_it_opens(
    passed: Forward, town: Commune, official: Callable, client_of: Callable
) -> None:
    clerk = client_of(official("one_stop_clerk", town))
    page = clerk.post(f"/binh-lu/can-bo/phan-anh/{passed.report.code}/duong-dan/")
    assert "Dùng được đến" in page.content.decode()
    assert "Dùng được đến ." not in page.content.decode()
    assert page.context["forward"].link_expires_at == Forward.objects.get().link_expires_at


def test_a_body_can_decline(passed: Forward, link: str, head_actor: Actor) -> None:
    why = "Cột này thuộc đơn vị quản lý đường bộ."
    Client().post(link, {"outcome": "declined", "text": why})
    assert Forward.objects.get().outcome == "declined"
    report = actions.take_back(passed.report, "declined", by=head_actor)
    assert report.state == State.IN_PROGRESS
    assert Forward.objects.get().reply_text == why  # the body's own words stay


def test_a_link_opens_one_report_until_it_ends(
    passed: Forward, link: str, head_actor: Actor
) -> None:
    browser = Client()
    secret = link.split("/")[-2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT link_token_hash FROM reports_forward")
        (kept,) = cursor.fetchone()
    assert kept == bodies.digest(secret) != secret
    assert browser.get(f"/binh-lu/co-quan/{'a' * 43}/").status_code == 404
    again = f"/binh-lu/co-quan/{actions.make_link(passed, by=SYSTEM)}/"
    assert browser.get(link).status_code == 404  # a new one closes the old one
    assert browser.get(again).status_code == 200
    row = Forward.objects.get()
    assert row.link_expires_at is not None
    with clock.at(row.link_expires_at):
        assert browser.get(again).status_code == 404
    actions.take_back(passed.report, "answered", by=head_actor)
    assert browser.get(again).status_code == 404


def test_an_empty_answer_keeps_what_was_typed(link: str) -> None:
    reply = Client().post(link, {"outcome": "", "text": DONE})
    assert reply.status_code == 422
    assert DONE in reply.content.decode()
    short = Client().post(link, {"outcome": "answered", "text": "Rồi"})
    assert short.status_code == 422
    assert "ghi rõ đã làm gì" in short.content.decode()
    script = SimpleUploadedFile("a.pdf", b"<script>alert(1)</script>")
    bad = Client().post(link, {"outcome": "answered", "text": DONE, "tep": [script]})
    assert bad.status_code == 422
    assert DONE in bad.content.decode()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_no_secret_whatsoever_breaks_the_door(town: Commune, secret: str) -> None:
    with pytest.raises(NotFound):
        forwards.by_link(town, secret)


def test_a_body_may_do_nothing_else(passed: Forward) -> None:
    by = actions.as_body(passed)
    with pytest.raises(NotYours):
        actions.take_back(passed.report, "answered", by=by)
    with pytest.raises(NotYours):
        actions.note(passed.report, "Ghi chú", by=by)


def test_a_silent_body_is_chased_then_the_commune_takes_back(
    passed: Forward, head_actor: Actor
) -> None:
    power = passed.body
    power.email = "dienluc@example.org"
    power.save()
    Commune.objects.filter(pk=passed.commune_id).update(host="binhlu.example.org")
    moments = chasing.chases(passed, deadlines.calendar(passed.commune_id))
    assert passed.child_due_at == at(27, 17)
    assert (moments.first, moments.second) == (at(26, 17), at(27, 17))
    assert actions.chase_all() == 0
    with clock.at(moments.first):
        assert (actions.chase_all(), actions.chase_all()) == (1, 0)
    with clock.at(moments.second):
        assert (actions.chase_all(), actions.chase_all()) == (1, 0)
    events = list(Message.objects.order_by("created_at").values_list("event", flat=True))
    assert events.count("reports.body_reminded") == 2
    assert events.count("reports.chased") == 1  # the unit, once the day is over
    with clock.at(moments.over):
        assert (actions.chase_all(), actions.chase_all()) == (1, 0)
    report = Report.objects.get(pk=passed.report_id)
    assert (report.state, Forward.objects.get().outcome) == (State.IN_PROGRESS, "timeout")
    assert report.due_at == passed.report.due_at


def test_a_job_that_was_dead_reminds_once(passed: Forward) -> None:
    with clock.at(at(27, 18)):
        assert (actions.chase_all(), actions.chase_all()) == (1, 0)
    assert Forward.objects.get().reminder_count == 2


@override_settings(XASO_CHANNELS={"email": "xaso.kernel.notifications.adapters.email"})
def test_the_letter_holds_a_link_and_no_words(
    report: Report, power: Body, unit: Unit, clerk_actor: Actor, head_actor: Actor
) -> None:
    power.email = "dienluc@example.org"
    power.save()
    Commune.objects.filter(pk=report.commune_id).update(host="binhlu.example.org")
    current = actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    actions.forward(current, actions.Forwarding(power.pk, ASKED), by=head_actor)
    letter = Message.objects.get(event="reports.body_asked")
    assert "co-quan" not in letter.body + letter.link + letter.title
    assert ASKED not in letter.body
    assert (report.text or "") not in letter.body
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM notifications_message m")
        assert not [row for (row,) in cursor.fetchall() if "co-quan" in row]
    sent = notifications.send(letter.pk)
    assert (sent.status, sent.private_link) == ("sent", ""), sent.error
    mail = mailbox.outbox[-1].body
    assert "https://binhlu.example.org/co-quan/" in mail
    secret = mail.split("/co-quan/")[1].split("/")[0]
    assert forwards.by_link(report.commune, secret).body == power


def test_officials_see_where_it_is_and_make_a_link(
    passed: Forward, head: Official, client_of: Callable
) -> None:
    browser = client_of(head)
    here = f"/binh-lu/can-bo/phan-anh/{passed.report.code}/"
    page = browser.get(here).content.decode()
    assert "Đang ở Điện lực khu vực" in page
    shown = browser.post(f"{here}duong-dan/").content.decode()
    assert "http://testserver/binh-lu/co-quan/" in shown
    said = {"outcome": "answered", "text": DONE}
    assert browser.post(f"{here}ghi-co-quan/", said).status_code == 302
    assert "Họ đã trả lời" in browser.get(here).content.decode()
    assert DONE in browser.get(f"{here}tra-loi-thay/").content.decode()


def test_the_administrator_keeps_the_list(
    town: Commune, official: Callable, client_of: Callable
) -> None:
    browser = client_of(official("administrator", town))
    here = "/binh-lu/can-bo/quan-tri/co-quan/"
    assert "Điện lực khu vực" in browser.get(here).content.decode()
    new = {"name": "Sở Xây dựng", "kind": "department", "usual_days": "7", "is_active": "on"}
    assert browser.post(here, new).status_code == 302
    row = Body.objects.get(name="Sở Xây dựng")
    assert (row.kind, row.usual_days) == ("department", 7)
    twice = browser.post(here, new)
    assert twice.status_code == 422
    assert "đã có trong danh sách" in twice.content.decode()
    changed = new | {"phone": "0213 3876 543", "usual_days": "9"}
    assert browser.post(f"{here}{row.pk}/", changed).status_code == 302
    row.refresh_from_db()
    assert (row.phone, row.usual_days) == ("0213 3876 543", 9)
    with pytest.raises(Invalid) as refused:
        actions.save_body(
            actions.BodyGiven(" ", "x", email="@", usual_days=0), commune=town, by=SYSTEM
        )
    assert set(refused.value.errors) == {"name", "kind", "email", "usual_days"}


def test_a_clerk_may_not_keep_the_list(
    town: Commune, official: Callable, client_of: Callable
) -> None:
    browser = client_of(official("one_stop_clerk", town))
    for page in ("co-quan", "lich-truc", "luat-chuyen-viec"):
        assert browser.get(f"/binh-lu/can-bo/quan-tri/{page}/").status_code == 403


def test_nobody_but_the_unit_hears_the_reply(
    passed: Forward, officer: Official, unit: Unit, leader_actor: Actor, head_actor: Actor
) -> None:
    order = actions.Assigning(unit.pk, officer.pk)
    actions.assign(passed.report, order, by=leader_actor)
    by = actions.as_body(passed)
    actions.body_replies(passed, actions.BodyReply(DONE), by=by)
    rows = Message.objects.filter(event="reports.body_replied")
    assert [row.recipient for row in rows] == [f"official:{officer.pk}"]
