"""The clock of a report: dates of the handbook, pauses, later dates, new calendars, warnings."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Official, RoleAssignment, Unit
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune
from xaso.kernel.text.dates import ZONE
from xaso.kernel.workflow.table import GuardRefused, NotYours
from xaso.kernel.working_time import actions as calendars
from xaso.kernel.working_time import clock, engine
from xaso.kernel.working_time.calendar import DAY_MINUTES
from xaso.kernel.working_time.queries import builtin_calendar, naive
from xaso.reports import actions, deadlines, lateness, queries
from xaso.reports.actions import waiting, warning
from xaso.reports.models import (
    Approval,
    Catalogue,
    CategoryTerm,
    ClockEntry,
    DeadlineWarning,
    Report,
    ReportEvent,
    State,
)
from xaso.reports.queries import approvals, pressing
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_work_on_a_report import SORRY

Filled = Callable[..., actions.NewReport]
DAY, HOUR, WALL = "NGAY_LV", "GIO", "PHUT"


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def _term(amount: int = 5, unit: str = DAY, ack: int = 60) -> CategoryTerm:
    return CategoryTerm(resolve_unit=unit, resolve_amount=amount, ack_minutes=ack)


# --- the tables of the handbook -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "days", "promise", "legal"),
    [
        ("2026-11-23 14:00", 5, "2026-12-01 14:00", "2026-12-01 17:00"),
        ("2026-11-21 20:00", 5, "2026-11-30 17:00", "2026-11-30 17:00"),
        ("2026-02-13 15:30", 5, "2026-02-27 15:30", "2026-02-27 17:00"),
        ("2026-11-20 09:15", 15, "2026-12-14 09:15", "2026-12-14 17:00"),
        ("2026-12-30 16:00", 2, "2027-01-04 16:00", "2027-01-04 17:00"),
    ],
)
def test_due_dates(start: str, days: int, promise: str, legal: str) -> None:
    due = deadlines.resolve(_term(days), at(start), builtin_calendar(2026))
    assert (due.due, due.legal) == (at(promise), at(legal))


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-22 19:40", 120, "2026-11-23 09:30"),
        ("2026-11-23 11:20", 60, "2026-11-23 13:50"),
        ("2026-11-23 16:30", 240, "2026-11-25 11:00"),
    ],
)
def test_when_somebody_must_have_looked(start: str, minutes: int, due: str) -> None:
    by = builtin_calendar(2026)
    assert deadlines.acknowledge(_term(ack=minutes), at(start), by) == at(due)


def test_when_half_and_most_of_the_time_is_used() -> None:
    by = builtin_calendar(2026)
    report = Report(term=_term(), state=State.ACCEPTED, clock_start_at=at("2026-11-23 14:00"))
    report.due_at = at("2026-12-01 14:00")
    found = lateness.levels(report, MONDAY, by)
    assert found == [
        (50, at("2026-11-27 08:30")),
        (80, at("2026-11-30 14:00")),
        (100, at("2026-12-01 14:00")),
        (200, at("2026-12-03 14:00")),
    ]
    for level, moment in found:
        assert lateness.level(report, moment, by) == level
        assert lateness.level(report, moment - timedelta(minutes=1), by) < level
    report.state = State.WAITING_INFO
    assert lateness.level(report, at("2026-12-09 08:00"), by) == 0


# --- pauses ---------------------------------------------------------------------------------------
@pytest.fixture
def five_days(town: Commune, new_report: Filled, clerk_actor: Actor, unit: Unit) -> Report:
    """A report with five working days, given to a unit."""
    new = new_report(category="CROPS", uuid=uuid4())
    report = actions.receive(new, by=RESIDENT, commune=town).report
    return actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)


@pytest.mark.django_db
def test_a_resumed_pause_ends_at_a_closing_by_law(five_days: Report, officer_actor: Actor) -> None:
    with clock.at(at("2026-11-25 10:00")):
        report = actions.ask_info(five_days, "Ruộng nào bị sâu vậy bà con?", by=officer_actor)
        assert deadlines.minutes_left(report, clock.now(), deadlines.frozen(report)) == 2_070
    with clock.at(at("2026-11-30 08:30")):
        report = actions.give_info(report, actions.Reply("Ruộng cạnh suối"), by=RESIDENT)
    assert report.due_at == at("2026-12-04 11:00")
    assert report.legal_due_at == at("2026-12-04 17:00")
    with clock.at(at("2026-11-30 09:00")):
        asked = actions.Asking("extend", SORRY, "weather", 3)
        request = actions.ask_approval(report, asked, by=officer_actor)
    return_to = Report.objects.get(pk=request.report_id)
    assert deadlines.extension(return_to, 3)[0] == at("2026-12-09 11:00")


@settings(max_examples=40, deadline=None)
@given(
    asked=st.integers(0, 14 * 24 * 60),
    length=st.integers(0, 20 * 24 * 60),
    days=st.integers(1, 15),
)
def test_a_pause_gives_back_what_the_engine_says(asked: int, length: int, days: int) -> None:
    by = builtin_calendar(2026)
    first = engine.due(by, DAY, days, naive(MONDAY))
    start = naive(MONDAY) + timedelta(minutes=asked)
    pause = engine.Pause(start, start + timedelta(minutes=length))
    after = engine.resume(by, first, pause)
    report = Report(
        term=_term(days),
        state=State.WAITING_INFO,
        state_since=deadlines.aware(pause.start),
        received_at=MONDAY,
        clock_start_at=deadlines.aware(first.clock_start),
        due_at=deadlines.aware(first.promise),
        legal_due_at=deadlines.aware(first.legal),
    )
    before = deadlines._engine_due(report)
    assert (before.promise, before.legal) == (first.promise, first.legal)
    assert engine.resume(by, before, pause).legal == after.legal
    assert after.promise >= first.promise
    assert after.promise <= after.legal


@pytest.mark.django_db
def test_every_pause_is_told_on_the_case_and_on_the_tracking_page(
    town: Commune, five_days: Report, officer_actor: Actor
) -> None:
    with clock.at(at("2026-11-25 10:00")):
        report = actions.ask_info(five_days, "Ruộng nào bị sâu vậy bà con?", by=officer_actor)
        view = queries.public_view(queries.by_code(town, report.code))
        assert "Đang tạm dừng từ 10:00 thứ Tư 25/11" in view.clock[-1].text
    with clock.at(at("2026-11-30 08:30")):
        actions.give_info(report, actions.Reply("Ruộng cạnh suối"), by=RESIDENT)
        page = Client().get(f"/binh-lu/phan-anh/{report.code}/").content.decode()
    assert "Tạm dừng 2 ngày 6 giờ 30" in page or "Tạm dừng" in page
    assert "Hẹn: 11:00 thứ Sáu 4/12" in page


# --- later dates ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_one_asks_another_approves(
    town: Commune, five_days: Report, officer_actor: Actor, head_actor: Actor, leader_actor: Actor
) -> None:
    asked = actions.Asking("extend", SORRY, "weather", 3)
    request = actions.ask_approval(five_days, asked, by=officer_actor)
    with pytest.raises(actions.AlreadyAsked):
        actions.ask_approval(five_days, asked, by=head_actor)
    with pytest.raises(actions.OwnRequest):
        actions.approve(request, by=officer_actor)
    shown = approvals.waiting(town, head_actor)
    assert [(r.may_decide, r.is_mine, r.new_due_at) for r in shown] == [
        (True, False, at("2026-12-04 14:00"))
    ]
    assert Report.objects.get(pk=five_days.pk).due_at == five_days.due_at  # nothing moved yet
    report = actions.approve(request, by=head_actor)
    assert (report.due_at, report.extension_count) == (at("2026-12-04 14:00"), 1)
    entry = ClockEntry.objects.get(report=report, effect="extend")
    assert (entry.by, entry.approved_by) == (officer_actor.id, head_actor.id)
    with pytest.raises(actions.AlreadyDecided):
        actions.approve(request, by=leader_actor)
    told = set(Message.objects.values_list("event", flat=True))
    assert {"reports.approval_asked", "reports.approval_decided"} <= told


@pytest.mark.django_db
def test_the_second_time_and_after_the_date_a_leader_decides(
    town: Commune, five_days: Report, officer_actor: Actor, head_actor: Actor, leader_actor: Actor
) -> None:
    asked = actions.Asking("extend", SORRY, "weather", 2)
    actions.approve(actions.ask_approval(five_days, asked, by=officer_actor), by=head_actor)
    second = actions.ask_approval(five_days, asked, by=officer_actor)
    assert not approvals.waiting(town, head_actor)[0].may_decide
    with pytest.raises(GuardRefused, match="lãnh đạo"):
        actions.approve(second, by=head_actor)
    assert actions.approve(second, by=leader_actor).extension_count == 2
    with pytest.raises(GuardRefused, match="hai lần"):
        actions.ask_approval(five_days, asked, by=officer_actor)


@pytest.mark.django_db
def test_no_is_an_answer_too(five_days: Report, officer_actor: Actor, head_actor: Actor) -> None:
    asked = actions.Asking("extend", SORRY, "weather", 2)
    request = actions.ask_approval(five_days, asked, by=officer_actor)
    with pytest.raises(GuardRefused):
        actions.decline(request, " ", by=head_actor)
    report = actions.decline(request, "Vật tư đã về, làm trong hạn.", by=head_actor)
    assert report.due_at == five_days.due_at
    assert Approval.objects.get(pk=request.pk).state == "declined"
    again = actions.ask_approval(five_days, asked, by=officer_actor)
    assert actions.take_request_back(again, by=officer_actor).state == "taken_back"


@pytest.mark.django_db
def test_the_database_knows_that_nobody_approves_themselves(
    five_days: Report, officer_actor: Actor
) -> None:
    asked = actions.Asking("extend", SORRY, "weather", 2)
    row = actions.ask_approval(five_days, asked, by=officer_actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=row.pk).update(
            state="approved", decided_by=int(officer_actor.id)
        )


@pytest.mark.django_db
def test_a_rejection_is_asked_for_too(
    report: Report, clerk_actor: Actor, leader_actor: Actor
) -> None:
    why = "Chỗ này thuộc xã bên cạnh, bà con gọi bên đó giúp."
    request = actions.ask_approval(
        report, actions.Asking("reject", why, "not_in_commune"), by=clerk_actor
    )
    done = actions.approve(request, by=leader_actor)
    assert (done.state, done.reason_code) == (State.REJECTED, "not_in_commune")


# --- waiting --------------------------------------------------------------------------------------
@pytest.fixture
def waits(five_days: Report, officer_actor: Actor) -> Report:
    return actions.ask_info(five_days, "Ruộng nào bị sâu vậy bà con?", by=officer_actor)


@pytest.mark.django_db
def test_reminded_twice_then_given_up(
    town: Commune, waits: Report, officer_actor: Actor, head_actor: Actor
) -> None:
    first, second = waiting.reminders_due(waits)
    until = waiting.facts(waits)["wait_until"]
    assert first < second < until
    assert actions.remind_all() == 0
    with clock.at(first):
        assert (actions.remind_all(), actions.remind_all()) == (1, 0)  # once, however often asked
    with clock.at(until), pytest.raises(GuardRefused, match="Chưa nhắc"):
        actions.give_up_waiting(waits, SORRY, by=head_actor)
    with clock.at(second):
        assert actions.remind_all() == 1
        with pytest.raises(GuardRefused, match="Chưa hết thời gian chờ"):
            actions.give_up_waiting(waits, SORRY, by=head_actor)
    with clock.at(until):
        with pytest.raises(NotYours):
            actions.give_up_waiting(waits, SORRY, by=officer_actor)
        asked = actions.Asking("give_up", "Xã chưa nhận được trả lời của bà con.")
        request = actions.ask_approval(waits, asked, by=officer_actor)
        report = actions.approve(request, by=head_actor)
        assert (report.state, report.reason_code) == (State.REJECTED, "no_reply")
        view = queries.public_view(queries.by_code(town, report.code))
        assert "chưa nhận được trả lời" in view.reason
        assert actions.object_to(report, "Tôi mới đọc được.", by=RESIDENT).state == State.ACCEPTED


@pytest.mark.django_db
def test_who_answers_is_not_reminded(waits: Report) -> None:
    actions.give_info(waits, actions.Reply("Ruộng cạnh suối"), by=RESIDENT)
    with clock.at(at("2026-12-20 09:00")):
        assert actions.remind_all() == 0


# --- a new calendar -------------------------------------------------------------------------------
def _close(town: Commune, *days: date) -> None:
    calendars.add_closure(town.id, days, reason="Bão", document_no="12/CĐ", by=SYSTEM)


@pytest.mark.django_db
def test_a_closure_moves_open_promises_later_and_says_so(town: Commune, five_days: Report) -> None:
    _close(town, date(2026, 11, 26), date(2026, 11, 27))
    assert actions.follow_calendar(town.id) == 1
    report = Report.objects.get(pk=five_days.pk)
    assert report.due_at == at("2026-12-03 14:00")
    assert report.legal_due_at == at("2026-12-03 17:00")
    assert report.first_due_at == five_days.first_due_at
    entry = ClockEntry.objects.get(report=report, effect="calendar_change")
    assert (entry.due_before, entry.due_at, entry.reason_code) == (
        five_days.due_at, report.due_at, "calendar",
    )  # fmt: skip
    assert actions.follow_calendar(town.id) == 0  # a second run changes nothing
    assert (
        "Lịch làm việc của xã đổi"
        in queries.public_view(queries.by_code(town, report.code)).clock[0].text
    )


@pytest.mark.django_db
def test_a_withdrawn_closure_takes_nothing_back(town: Commune, five_days: Report) -> None:
    _close(town, date(2026, 11, 26))
    actions.follow_calendar(town.id)
    later = Report.objects.get(pk=five_days.pk)
    calendars.draft_year(town.id, 2026, by=SYSTEM)
    calendars.clear_day(town.id, date(2026, 11, 26), by=SYSTEM)
    calendars.publish(town.id, "13/CĐ", by=SYSTEM)
    assert actions.follow_calendar(town.id) == 0
    assert Report.objects.get(pk=five_days.pk).due_at == later.due_at


@pytest.mark.django_db
def test_a_paused_report_meets_the_new_calendar_when_it_goes_on(
    town: Commune, waits: Report
) -> None:
    _close(town, date(2026, 12, 1))
    assert actions.follow_calendar(town.id) == 0
    with clock.at(at("2026-11-23 14:30")):
        report = actions.give_info(waits, actions.Reply("Ruộng cạnh suối"), by=RESIDENT)
    assert report.due_at == at("2026-12-02 14:30")  # half an hour of pause, one day closed


@pytest.mark.django_db
def test_an_extension_survives_a_new_calendar(
    town: Commune, five_days: Report, officer_actor: Actor, head_actor: Actor
) -> None:
    asked = actions.Asking("extend", SORRY, "weather", 3)
    actions.approve(actions.ask_approval(five_days, asked, by=officer_actor), by=head_actor)
    _close(town, date(2026, 12, 2))
    assert actions.follow_calendar(town.id) == 1
    assert Report.objects.get(pk=five_days.pk).due_at == at("2026-12-07 14:00")


@pytest.mark.django_db
def test_publishing_puts_the_work_off_and_a_job_looks_by_itself(
    town: Commune, five_days: Report, official: Callable, client_of: Callable
) -> None:
    browser = client_of(official("leader", town))
    said = {
        "first": "2026-11-26", "last": "2026-11-27", "hours": "none", "reason": "Bão số 9",
        "document_no": "12/CĐ-UBND",
    }  # fmt: skip
    reply = browser.post("/binh-lu/can-bo/quan-tri/lich-lam-viec/dong-cua/", said)
    assert reply.status_code == 302, reply.content.decode()[:2_000]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'reports.follow_calendar'"
        )
        assert cursor.fetchone()[0] == 1
    assert Catalogue.objects.get(commune=town).followed_calendar is None
    assert queries.moved_by(town, deadlines.calendar(town.id)) == 1
    assert actions.follow_calendar(town.id) == 1


# --- warnings -------------------------------------------------------------------------------------
@pytest.fixture
def given_to(five_days: Report, officer: Official, unit: Unit, leader_actor: Actor) -> Report:
    order = actions.Assigning(unit.pk, officer.pk)
    return actions.assign(five_days, order, by=leader_actor)


def _told(what: str = "reports.deadlines") -> list[str]:
    rows = Message.objects.filter(event=what).order_by("created_at", "recipient")
    return [each.recipient for each in rows]


@pytest.mark.django_db
def test_one_digest_per_person_and_half_day(
    town: Commune, given_to: Report, officer: Official, head_actor: Actor, leader_actor: Actor
) -> None:
    me, head, leader = (f"official:{k}" for k in (officer.pk, head_actor.id, leader_actor.id))
    with clock.at(at("2026-11-27 08:20")):
        assert warning.warn(town) == 0
    with clock.at(at("2026-11-27 08:30")):
        assert (warning.warn(town), warning.warn(town)) == (1, 0)
    assert _told() == [me]
    with clock.at(at("2026-11-30 14:00")):
        warning.warn(town)
    assert set(_told()[1:]) == {me, head}
    with clock.at(at("2026-12-01 16:50")):
        warning.warn(town)
    assert set(_told()[3:]) == {head, leader}
    with clock.at(at("2026-12-03 14:10")):
        warning.warn(town)
    assert _told()[5:] == [leader]
    with clock.at(at("2026-12-03 15:00")):
        assert warning.warn(town) == 0
    assert given_to.text not in Message.objects.latest("created_at").body


@pytest.mark.django_db
def test_no_digest_at_night_or_on_a_day_off(town: Commune, given_to: Report) -> None:
    for moment in ("2026-12-05 09:00", "2026-12-04 22:00", "2026-12-04 12:00"):
        with clock.at(at(moment)):
            assert warning.warn(town) == 0, moment
    with clock.at(at("2026-12-07 07:30")):
        assert warning.warn(town) == 1


@pytest.mark.django_db
def test_whoever_had_a_digest_hears_the_rest_in_the_next_half_day(
    town: Commune, given_to: Report, new_report: Filled, clerk_actor: Actor, officer: Official
) -> None:
    with clock.at(at("2026-11-27 08:30")):
        warning.warn(town)
    with clock.at(at("2026-11-23 14:40")):
        new = new_report(category="CROPS", uuid=uuid4())
        other = actions.receive(new, by=RESIDENT, commune=town).report
        order = actions.Accepting(given_to.unit_id, officer.pk)
        actions.accept(other, order, by=clerk_actor)
    with clock.at(at("2026-11-27 09:30")):
        assert warning.warn(town) == 0
    with clock.at(at("2026-11-27 13:00")):
        assert warning.warn(town) == 1
    assert DeadlineWarning.objects.filter(official=officer).count() == 2


@pytest.mark.django_db
def test_lateness_is_seen_without_any_job(
    town: Commune, given_to: Report, client_of: Callable, leader_actor: Actor
) -> None:
    browser = client_of(Official.objects.get(pk=leader_actor.id))
    with clock.at(at("2026-12-01 15:00")):
        page = browser.get("/binh-lu/can-bo/phan-anh/den-han/").content.decode()
    assert "Quá hạn" in page
    assert given_to.code in page
    assert not DeadlineWarning.objects.exists()


@pytest.mark.django_db
def test_the_list_costs_the_same_for_many(
    town: Commune, given_to: Report, new_report: Filled, officer_actor: Actor
) -> None:
    def cost() -> int:
        with clock.at(at("2026-12-02 09:00")), CaptureQueriesContext(connection) as said:
            pressing.pressing_me(town, officer_actor, clock.now())
        return len(said)

    one = cost()
    for _ in range(4):
        actions.receive(new_report(uuid=uuid4(), category="WATER"), by=RESIDENT, commune=town)
    assert cost() == one <= 7


@pytest.mark.django_db
def test_the_approvals_page_costs_the_same_for_many(
    town: Commune, new_report: Filled, unit: Unit, clerk_actor: Actor, officer_actor: Actor
) -> None:
    def ask() -> None:
        new = new_report(uuid=uuid4(), category="CROPS")
        report = actions.receive(new, by=RESIDENT, commune=town).report
        report = actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
        asked = actions.Asking("extend", SORRY, "weather", 3)
        actions.ask_approval(report, asked, by=officer_actor)

    def cost() -> int:
        with CaptureQueriesContext(connection) as said:
            approvals.waiting(town, officer_actor)
        return len(said)

    ask()
    one = cost()
    for _ in range(3):
        ask()
    assert cost() == one <= 4


# --- the pages ------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_asked_and_approved_in_the_browser(
    town: Commune, given_to: Report, officer: Official, head: Official, client_of: Callable
) -> None:
    RoleAssignment.objects.create(
        commune=town, official=head, role="officer", unit=given_to.unit, valid_from=MONDAY
    )
    mine, theirs = client_of(officer), client_of(head)
    here = f"/binh-lu/can-bo/phan-anh/{given_to.code}/"
    said = {"days": "3", "reason": "weather", "text": SORRY}
    assert mine.post(f"{here}hen-lai/", said).status_code == 302
    assert "Có đề nghị chờ duyệt" in mine.get(here).content.decode()
    page = theirs.get("/binh-lu/can-bo/phan-anh/cho-duyet/").content.decode()
    assert SORRY in page
    request = Approval.objects.get()
    address = f"/binh-lu/can-bo/phan-anh/cho-duyet/{request.pk}/duyet/"
    assert "không tự duyệt" in mine.post(address, follow=True).content.decode()
    assert "Đã duyệt" in theirs.post(address, follow=True).content.decode()
    assert "Xã hẹn lại: Mưa lũ" in mine.get(here).content.decode()
    kinds = set(ReportEvent.objects.filter(report=given_to).values_list("kind", flat=True))
    assert {"ask_extend", "extend"} <= kinds


@pytest.mark.django_db
def test_more_time_asked_too_late_counts_from_now(five_days: Report) -> None:
    long_after = five_days.due_at + timedelta(days=30)
    with clock.at(long_after):
        due, minutes = deadlines.extension(five_days, 3)
        by = deadlines.calendar(five_days.commune_id)
        assert due == deadlines.later(long_after, 3 * DAY_MINUTES, by) > long_after
        assert deadlines.later(five_days.due_at, minutes, by) == due  # the ledger line adds up


@pytest.mark.django_db
def test_who_approves_reads_the_date_that_will_be_promised(
    five_days: Report, officer_actor: Actor, head_actor: Actor
) -> None:
    with clock.at(five_days.received_at + timedelta(hours=1)):
        asked = actions.Asking("extend", SORRY, "weather", 3)
        actions.ask_approval(five_days, asked, by=officer_actor)
    late = five_days.due_at + timedelta(days=30)
    with clock.at(late):
        (line,) = approvals.waiting(five_days.commune, head_actor)
        assert line.new_due_at == deadlines.extension(five_days, 3)[0] > late
