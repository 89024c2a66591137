"""Officials take a report in, give it to somebody, ask, pass on, answer, reject, merge."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.text.dates import ZONE
from xaso.kernel.workflow.table import GuardRefused, NotAllowed, NotYours
from xaso.kernel.working_time import clock
from xaso.reports import actions, history
from xaso.reports.models import (
    Answer,
    Body,
    ClockEntry,
    Follower,
    Report,
    ReportEvent,
    State,
    Visibility,
)
from xaso.reports.tests.conftest import RESIDENT

pytestmark = pytest.mark.django_db
GOOD = (
    "Tổ sửa chữa đã dọn hết đất đá, san phẳng mặt đường và khơi rãnh nước hai bên. "
    "Xe máy, ô tô con đi lại bình thường."
)
SORRY = "Xin lỗi bà con, mưa lớn nên máy xúc chưa lên được, xã hẹn lại."


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def answering(**facts: object) -> actions.Answering:
    usual: dict[str, object] = {
        "text": GOOD,
        "kind": "fixed",
        "done_by": "Phòng Kinh tế",
        "done_on": date(2026, 11, 23),
        "waiver": "Đoạn này chưa có sóng, chưa gửi ảnh về được.",
    }
    return actions.Answering(**usual | facts)  # type: ignore[arg-type]


@pytest.fixture
def accepted(report: Report, clerk_actor: Actor, unit: Unit) -> Report:
    return actions.accept(report, actions.Accepting(unit_id=unit.pk), by=clerk_actor)


@pytest.fixture
def answered(accepted: Report, head_actor: Actor) -> Report:
    return actions.answer(accepted, answering(), by=head_actor)


def test_from_receipt_to_answer(
    report: Report, unit: Unit, clerk_actor: Actor, officer_actor: Actor, head_actor: Actor
) -> None:
    order = actions.Accepting(unit_id=unit.pk, assignee_id=int(officer_actor.id))
    report = actions.accept(report, order, by=clerk_actor)
    assert (report.state, report.unit, report.acked_at) == (State.ACCEPTED, unit, clock.now())
    report = actions.start(report, by=officer_actor)
    report = actions.note(report, "Đã gọi trưởng bản.", by=officer_actor)
    report = actions.answer(report, answering(), by=head_actor)
    assert report.state == State.ANSWERED
    assert report.outcome == "resolved"
    assert report.answer is not None
    events = list(ReportEvent.objects.filter(report=report))
    assert [e.kind for e in events] == ["receive", "accept", "start", "note", "answer"]
    assert report.version == 5
    assert history.broken_at(events) is None
    assert events[-1].actor_role == "lead"


def test_two_officials_cannot_overwrite_each_other(
    report: Report, unit: Unit, clerk_actor: Actor
) -> None:
    seen = report.version
    actions.accept(report, actions.Accepting(unit_id=unit.pk), by=clerk_actor, version=seen)
    with pytest.raises(actions.Stale):
        actions.note(report, "Ghi chú", by=clerk_actor, version=seen)


def test_only_the_unit_works_on_it(
    accepted: Report, other_unit: Unit, clerk_actor: Actor, leader_actor: Actor
) -> None:
    with pytest.raises(NotYours):
        actions.start(accepted, by=clerk_actor)
    with pytest.raises(GuardRefused, match="lý do đổi đơn vị"):
        actions.assign(accepted, actions.Assigning(unit_id=other_unit.pk), by=leader_actor)
    order = actions.Assigning(unit_id=other_unit.pk, reason="Việc của văn phòng")
    assert actions.assign(accepted, order, by=leader_actor).unit == other_unit


def test_the_clock_pauses_while_the_sender_is_asked(accepted: Report, officer_actor: Actor) -> None:
    before = accepted.due_at
    with clock.at(at(25, 10)):
        report = actions.ask_info(accepted, "Chỗ sạt ở trước hay sau cầu treo?", by=officer_actor)
    assert report.is_paused
    with clock.at(at(30, 8, 30)):
        assert not report.is_overdue(clock.now())
        report = actions.give_info(report, actions.Reply("Sau cầu treo 200 m"), by=RESIDENT)
    pause = ClockEntry.objects.get(report=report, effect="pause")
    assert pause.minutes == 5 * 60 + 30 + 2 * 480 + 60  # Wed from 10:00, Thu, Fri, Mon to 8:30
    assert report.due_at > before
    assert report.first_due_at == before
    assert report.state == State.IN_PROGRESS


def test_pause_moves_the_promise_by_the_working_minutes(
    town: Commune, new_report: Callable[..., actions.NewReport], clerk_actor: Actor
) -> None:
    new = new_report(category="CROPS")  # five working days
    report = actions.receive(new, by=RESIDENT, commune=town).report
    assert report.due_at == at(1, 14, month=12)
    assert report.legal_due_at == at(1, 17, month=12)
    with clock.at(at(25, 10)):
        report = actions.ask_info(report, "Ruộng nào bị sâu, bà con ghi rõ giúp.", by=clerk_actor)
    with clock.at(at(30, 8, 30)):
        report = actions.give_info(report, actions.Reply("Ruộng cạnh suối"), by=RESIDENT)
    assert report.due_at == at(4, 11, month=12)


def test_an_extension_needs_the_head_a_reason_and_an_apology(
    accepted: Report, officer_actor: Actor, head_actor: Actor, leader_actor: Actor
) -> None:
    def order(days: int, reason: str = "weather") -> actions.Extending:
        return actions.Extending(days, reason, SORRY, asked_by=officer_actor.id)

    with pytest.raises(NotYours):
        actions.extend(accepted, order(3), by=officer_actor)
    with pytest.raises(GuardRefused, match="lý do"):
        actions.extend(accepted, order(3, ""), by=head_actor)
    with pytest.raises(GuardRefused, match="một người xin"):
        actions.extend(accepted, actions.Extending(3, "weather", SORRY), by=head_actor)
    before = accepted.due_at
    report = actions.extend(accepted, order(3), by=head_actor)
    assert report.due_at > before
    assert report.first_due_at == before
    with pytest.raises(GuardRefused, match="lãnh đạo"):
        actions.extend(report, order(3), by=head_actor)
    report = actions.extend(report, order(1), by=leader_actor)
    with pytest.raises(GuardRefused, match="hai lần"):
        actions.extend(report, order(1), by=leader_actor)


def test_a_vague_answer_is_refused_beside_each_field(accepted: Report, head_actor: Actor) -> None:
    vague = "Cảm ơn ông/bà đã phản ánh. UBND xã đã tiếp thu và sẽ xử lý theo quy định."
    given = actions.Answering(text=vague, kind="")
    with pytest.raises(actions.AnswerRefused) as refused:
        actions.answer(accepted, given, by=head_actor)
    assert set(refused.value.errors) == {"kind", "text", "done_by", "photos"}
    assert Report.objects.get(pk=accepted.pk).state == State.ACCEPTED


def test_an_answer_without_photo_needs_the_head(accepted: Report, officer_actor: Actor) -> None:
    with pytest.raises(actions.AnswerRefused) as refused:
        actions.answer(accepted, answering(), by=officer_actor)
    assert set(refused.value.errors) == {"waiver"}


def test_the_database_refuses_an_answered_report_without_answer(accepted: Report) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=accepted.pk).update(state=State.ANSWERED)


def test_history_and_answers_cannot_be_rewritten(answered: Report) -> None:
    for row in (ReportEvent, Answer, ClockEntry):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            row.objects.filter(report=answered).update(commune=answered.commune_id)


def test_a_rejection_says_why_and_can_be_objected_to(
    report: Report, clerk_actor: Actor, leader_actor: Actor
) -> None:
    why = "Chỗ này thuộc xã Tân Uyên, bà con gọi 0213 379 9999 giúp."
    with pytest.raises(GuardRefused, match="lãnh đạo"):
        actions.reject(report, "not_in_commune", why, by=clerk_actor)
    report = actions.reject(report, "not_in_commune", why, by=leader_actor)
    assert (report.state, report.reason_code) == (State.REJECTED, "not_in_commune")
    with clock.at(at(24, 9, month=12)), pytest.raises(GuardRefused, match="hết thời gian"):
        actions.object_to(report, "Chỗ này thuộc bản Nà Đon", by=RESIDENT)
    due = report.due_at
    report = actions.object_to(report, "Chỗ này thuộc bản Nà Đon", by=RESIDENT)
    assert (report.state, report.due_at) == (State.ACCEPTED, due)


def test_a_report_passed_on_keeps_its_clock_running(
    accepted: Report, head_actor: Actor, town: Commune
) -> None:
    body = Body.objects.filter(commune=town).first()
    assert body is not None
    order = actions.Forwarding(body.pk, "Đề nghị sửa đoạn đường km 72.")
    report = actions.forward(accepted, order, by=head_actor)
    assert report.state == State.FORWARDED
    assert report.due_at == accepted.due_at
    assert not report.is_paused
    with clock.at(report.due_at + timedelta(hours=1)):
        assert report.is_overdue(clock.now())
    report = actions.take_back(report, "timeout", by=SYSTEM)
    assert report.state == State.IN_PROGRESS


def test_content_closes_not_content_reopens(answered: Report) -> None:
    report = actions.rate(answered, actions.Rating(2), by=RESIDENT)
    assert report.state == State.CLOSED
    bad = actions.Rating(0, "half_done", "Vẫn còn đất ở lề.", wants_reopening=True)
    report = actions.rate(report, bad, by=RESIDENT)
    assert (report.state, report.reopen_count) == (State.IN_PROGRESS, 1)
    assert report.due_at > clock.now()


def test_the_window_closes_by_itself(answered: Report, town: Commune) -> None:
    assert answered.objection_until == at(1, 17, month=12)
    with clock.at(at(1, 17, 1, month=12)):
        actions.close_what_is_over()
    assert Report.objects.get(pk=answered.pk).state == State.CLOSED


def test_duplicates_hang_one_level_deep_and_followers_move(
    town: Commune, new_report: Callable[..., actions.NewReport], clerk_actor: Actor
) -> None:
    a, b, c = (actions.receive(new_report(), by=RESIDENT, commune=town).report for _ in range(3))
    actions.mark_duplicate(b, a, by=clerk_actor)
    actions.mark_duplicate(a, c, by=clerk_actor)
    a, b, c = (Report.objects.get(pk=r.pk) for r in (a, b, c))
    assert (a.parent_id, b.parent_id) == (c.pk, c.pk)
    assert c.follower_count == Follower.objects.filter(report=c).count() == 2
    assert not Follower.objects.filter(report__in=[a, b]).exists()
    with pytest.raises(GuardRefused, match="gốc"):
        actions.mark_duplicate(c, a, by=clerk_actor)
    with pytest.raises(NotAllowed):
        actions.mark_duplicate(b, c, by=clerk_actor)
    a = actions.separate(a, by=clerk_actor)
    assert (a.state, a.parent_id) == (State.ACCEPTED, None)
    assert Report.objects.get(pk=c.pk).follower_count == 1


def test_published_words_hide_personal_data(
    town: Commune, new_report: Callable[..., actions.NewReport], clerk_actor: Actor
) -> None:
    contact = actions.Contact(name="Giàng Thị Mỷ", phone="0912000135")
    text = "Nhà Giàng Thị Mỷ, gọi 0912 000 135. Xe 25B1-234.56 đổ đất."
    new = new_report(text=text, contact=contact)
    report = actions.receive(new, by=RESIDENT, commune=town).report
    report = actions.publish(report, text, by=clerk_actor)
    assert report.visibility == Visibility.PUBLIC
    assert report.public_text == "Nhà •••, gọi •••. Xe ••• đổ đất."
    report = actions.hide(report, by=clerk_actor)
    assert (report.public_text, report.public_fold) == ("", "")


def test_a_new_category_moves_the_date_from_the_receipt(
    report: Report, clerk_actor: Actor, leader_actor: Actor
) -> None:
    received = actions.recategorise(report, "WATER", by=clerk_actor)
    assert received.due_at == at(27, 14)
    with pytest.raises(GuardRefused, match="muộn hơn"):
        actions.recategorise(received, "ROAD-DAMAGE", by=clerk_actor)
    assert actions.recategorise(received, "ROAD-DAMAGE", by=leader_actor).due_at > at(27, 14)
    assert Answer.objects.count() == 0
