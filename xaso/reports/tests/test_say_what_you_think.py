"""What people think of an answer, and what the commune must do about it."""

from datetime import date, datetime, timedelta

import pytest

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official, RoleAssignment, Unit
from xaso.kernel.measures import queries as measures
from xaso.kernel.places.models import Commune
from xaso.kernel.text.dates import ZONE
from xaso.kernel.workflow.table import GuardRefused, NotYours
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.actions import counting, reviewing
from xaso.reports.models import Feedback, Report, ReportEvent, ReportTask, State, TaskKind
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_work_on_a_report import answering

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
UNHAPPY = actions.Rating(0, "half_done", "Vẫn còn đất ở lề.")
FOUND = "Lãnh đạo đã ra xem, rãnh bên trái còn đất chưa dọn hết."


@pytest.fixture
def answered(report: Report, unit: Unit, clerk_actor: Actor, head_actor: Actor) -> Report:
    report = actions.accept(report, actions.Accepting(unit_id=unit.pk), by=clerk_actor)
    return actions.answer(report, answering(), by=head_actor)


@pytest.fixture
def vice(town: Commune) -> Actor:
    person = Official.objects.create(username="pho-chu-tich", full_name="Lý A Tủa")
    RoleAssignment.objects.create(commune=town, official=person, role="leader", valid_from=MONDAY)
    return Actor("official", str(person.pk), "desk", frozenset({"leader"}))


def rated(town: Commune, score: int) -> int:
    found = measures.total(
        counting.RATED, town.id, TODAY, TODAY + timedelta(days=30), {"score": str(score)}
    )
    return found.n


def test_the_window_is_five_working_days_of_the_calendar(
    report: Report, unit: Unit, clerk_actor: Actor, head_actor: Actor
) -> None:
    report = actions.accept(report, actions.Accepting(unit_id=unit.pk), by=clerk_actor)
    with clock.at(datetime(2026, 12, 1, 10, tzinfo=ZONE)):
        report = actions.answer(report, answering(done_on=date(2026, 12, 1)), by=head_actor)
    assert report.objection_until == datetime(2026, 12, 8, 17, tzinfo=ZONE)


def test_not_content_sets_a_leader_on_it_who_did_not_answer(
    answered: Report, leader_actor: Actor, vice: Actor, unit: Unit, clerk_actor: Actor
) -> None:
    report = actions.rate(answered, UNHAPPY, by=RESIDENT)
    assert report.state == State.ANSWERED
    task = ReportTask.objects.get(kind=TaskKind.REVIEW)
    assert str(task.assignee_id) in {leader_actor.id, vice.id}
    assert task.due_at == datetime(2026, 11, 26, 17, tzinfo=ZONE)  # 24/11 is a holiday


def test_whoever_answered_never_reviews(
    report: Report, unit: Unit, clerk_actor: Actor, leader_actor: Actor, vice: Actor
) -> None:
    report = actions.accept(report, actions.Accepting(unit_id=unit.pk), by=clerk_actor)
    report = actions.answer(report, answering(), by=leader_actor)
    actions.rate(report, UNHAPPY, by=RESIDENT)
    task = ReportTask.objects.get()
    assert str(task.assignee_id) == vice.id
    with pytest.raises(GuardRefused, match="Lãnh đạo khác"):
        actions.finish_task(task, actions.Finding("stands", FOUND), by=leader_actor)
    with pytest.raises(NotYours):
        actions.finish_task(task, actions.Finding("stands", FOUND), by=clerk_actor)
    done = actions.finish_task(task, actions.Finding("stands", FOUND), by=vice)
    assert str(done.done_by_id) == vice.id
    with pytest.raises(reviewing.AlreadyDone):
        actions.finish_task(task, actions.Finding("stands", FOUND), by=vice)


def test_without_another_leader_the_task_waits_for_one(
    report: Report, unit: Unit, clerk_actor: Actor, leader_actor: Actor
) -> None:
    report = actions.accept(report, actions.Accepting(unit_id=unit.pk), by=clerk_actor)
    report = actions.answer(report, answering(), by=leader_actor)
    actions.rate(report, UNHAPPY, by=RESIDENT)
    assert ReportTask.objects.get().assignee is None


def test_a_review_can_open_the_report_again_and_says_so(answered: Report, vice: Actor) -> None:
    actions.rate(answered, UNHAPPY, by=RESIDENT)
    actions.finish_task(ReportTask.objects.get(), actions.Finding("reopened", FOUND), by=vice)
    report = Report.objects.get(pk=answered.pk)
    assert report.state == State.IN_PROGRESS
    assert [e.kind for e in ReportEvent.objects.filter(report=report)][-2:] == ["review", "reopen"]


def test_nothing_closes_while_somebody_looks_at_an_objection(
    answered: Report, vice: Actor, town: Commune
) -> None:
    actions.rate(answered, UNHAPPY, by=RESIDENT)
    after = (answered.objection_until or MONDAY) + timedelta(minutes=1)
    with clock.at(after):
        assert actions.close_what_is_over() == 0
        actions.finish_task(ReportTask.objects.get(), actions.Finding("stands", FOUND), by=vice)
        assert actions.close_what_is_over() == 1


def test_silence_is_never_content(answered: Report, town: Commune) -> None:
    with clock.at((answered.objection_until or MONDAY) + timedelta(minutes=1)):
        actions.close_what_is_over()
    event = ReportEvent.objects.filter(report=answered).latest("seq")
    assert event.payload["feedback"] == "no_reply"
    assert rated(town, 2) == 0
    asked = measures.total(counting.ASKED, town.id, TODAY, TODAY + timedelta(days=1))
    assert asked.n == 1


def test_a_changed_mind_counts_once(answered: Report, town: Commune, vice: Actor) -> None:
    actions.rate(answered, UNHAPPY, by=RESIDENT)
    report = actions.rate(answered, actions.Rating(1), by=RESIDENT)
    assert (rated(town, 0), rated(town, 1)) == (0, 1)
    assert Feedback.objects.count() == 1
    assert report.state == State.ANSWERED  # the review still goes on


def test_a_followers_no_counts_like_the_senders_and_their_yes_closes_nothing(
    answered: Report, clerk_actor: Actor, vice: Actor, town: Commune
) -> None:
    actions.publish(answered, "Đất sạt", by=clerk_actor)
    follower, _ = actions.follow(answered, actions.Following(device_hash="p"), by=RESIDENT)
    mine = f"follower:{follower.pk}"
    report = actions.rate(answered, actions.Rating(2, person=mine), by=RESIDENT)
    assert report.state == State.ANSWERED
    no = actions.Rating(0, "not_done", person=mine, wants_reopening=True)
    report = actions.rate(answered, no, by=RESIDENT)
    assert (report.state, report.reopen_count) == (State.IN_PROGRESS, 1)
    assert rated(town, 0) == 1


def test_after_two_reopenings_a_leader_meets_them(
    answered: Report, head_actor: Actor, vice: Actor
) -> None:
    again = actions.Rating(0, "not_done", "Chưa làm gì cả", wants_reopening=True)
    report = answered
    for number in (1, 2):
        report = actions.rate(report, again, by=RESIDENT)
        assert report.reopen_count == number
        words = answering(text=answering().text + f" Lần {number}.")
        report = actions.answer(report, words, by=head_actor)
    report = actions.rate(report, again, by=RESIDENT)
    assert (report.state, report.reopen_count) == (State.ANSWERED, 2)
    kinds = list(ReportTask.objects.filter(answer=report.answer_id).values_list("kind", flat=True))
    assert sorted(kinds) == ["meeting", "review"]
    meeting = ReportTask.objects.get(kind=TaskKind.MEETING)
    actions.finish_task(meeting, actions.Finding("reopened", FOUND), by=vice)
    assert Report.objects.get(pk=report.pk).state == State.IN_PROGRESS


@pytest.mark.parametrize(("outcome", "reviews"), [("done", 0), ("not_done", 1)])
def test_a_promised_day_is_looked_at(
    answered: Report, head_actor: Actor, leader_actor: Actor, outcome: str, reviews: int
) -> None:
    report = actions.reopen(answered, "Làm lại", by=leader_actor)
    plan = answering(kind="planned", done_on=None, planned_on=date(2026, 12, 10))
    report = actions.answer(report, plan, by=head_actor)
    task = ReportTask.objects.get(kind=TaskKind.FOLLOW_UP)
    assert task.due_at == datetime(2026, 12, 10, 17, tzinfo=ZONE)
    with clock.at(task.due_at):
        found = actions.Finding(outcome, "Đã ra xem tận nơi, chụp ảnh lại.")
        actions.finish_task(task, found, by=head_actor)
    assert ReportTask.objects.filter(kind=TaskKind.REVIEW).count() == reviews
    event = ReportEvent.objects.filter(report=report).latest("seq")
    assert (event.kind, event.public_text) == ("check", "Đã ra xem tận nơi, chụp ảnh lại.")


def test_an_answer_sent_back_by_the_gate_is_counted(
    report: Report, unit: Unit, clerk_actor: Actor, head_actor: Actor, town: Commune
) -> None:
    report = actions.accept(report, actions.Accepting(unit_id=unit.pk), by=clerk_actor)
    with pytest.raises(actions.AnswerRefused) as refused:
        actions.answer(report, answering(text="Đã xong."), by=head_actor)
    actions.count_refusal(report, refused.value)
    tomorrow = TODAY + timedelta(days=1)
    dims = {"unit": str(unit.pk)}
    assert measures.total(counting.GATE_REFUSED, town.id, TODAY, tomorrow, dims).n == 1
    by_rule = measures.by_dim("rule", counting.GATE_RULE, town.id, TODAY, tomorrow)
    assert {rule: found.n for rule, found in by_rule.items()} == {"Q1": 1}


def test_nobody_rates_what_was_not_answered(report: Report) -> None:
    with pytest.raises(actions.closing.NothingToRate):
        actions.rate(report, actions.Rating(2), by=RESIDENT)


def test_every_kind_of_task_has_outcomes_and_a_step() -> None:
    assert set(reviewing.OUTCOMES) == set(reviewing.STEPS) == set(TaskKind)
