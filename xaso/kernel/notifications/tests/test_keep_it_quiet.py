"""Nobody is woken or told too often; who cannot be told by a machine is called by a person."""

from datetime import timedelta

import pytest

from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import actions, queries
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.notifications.models import Message
from xaso.kernel.notifications.tests.conftest import hours_pass
from xaso.kernel.working_time import clock

Status = Message.Status
PHONE = "+84912000135"
BY = Actor("official", "7", "desk", frozenset({"one_stop_clerk"}))
pytestmark = pytest.mark.usefixtures("inside_binh_lu")


@pytest.fixture(autouse=True)
def _demo_sms(settings) -> None:
    ways = "xaso.kernel.notifications.adapters."
    settings.XASO_CHANNELS = settings.XASO_CHANNELS | {"push": f"{ways}demo", "zalo": f"{ways}demo"}


def _at(day, hours: float):
    return clock.at(day + timedelta(hours=hours))


def test_within_two_hours_there_is_one_message_and_it_is_the_last(
    inside_binh_lu, tell, daytime
) -> None:
    to = Recipient("reporter:1", "zalo", PHONE)
    made = []
    for n, hours in enumerate((0, 0.5, 1, 1.5)):
        with _at(daytime, hours):
            made += tell(inside_binh_lu, to, key=f"482915709/{n}")
            jobs.do_now()
    for each in made:
        each.refresh_from_db()
    assert [each.status for each in made] == ["sent", "merged", "merged", "waiting"]
    assert made[3].next_at == daytime + timedelta(hours=2)
    with _at(daytime, 2):
        hours_pass(0.1)
        jobs.do_now()
    made[3].refresh_from_db()
    assert made[3].status == Status.SENT


def test_another_report_person_or_channel_is_not_merged(
    inside_binh_lu, binh_lu, tell, daytime, official
) -> None:
    tell(inside_binh_lu, Recipient("reporter:1", "zalo", PHONE))
    tell(inside_binh_lu, Recipient("reporter:2", "zalo", PHONE), key="x/2")
    tell(inside_binh_lu, Recipient("reporter:1", "push", "d"), key="x/3")
    actions.tell(
        "test.answered",
        subject=official("officer", binh_lu),
        commune=binh_lu.id,
        recipients=[Recipient("reporter:1", "zalo", PHONE)],
        context={},
        key="x/4",
    )
    assert {each.status for each in Message.objects.all()} == {"waiting"}
    assert jobs.do_now() == 4


def test_what_is_urgent_neither_waits_nor_is_merged(inside_binh_lu, tell, daytime) -> None:
    to = Recipient("official:1", "zalo", PHONE)
    night = daytime + timedelta(hours=14)
    with clock.at(night):
        (calm,) = tell(inside_binh_lu, to, key="x/1")
        (first,) = tell(inside_binh_lu, to, key="x/2", is_urgent=True)
        (second,) = tell(inside_binh_lu, to, key="x/3", is_urgent=True)
        jobs.do_now()
    for each in (calm, first, second):
        each.refresh_from_db()
    assert (calm.status, first.status, second.status) == ("waiting", "sent", "sent")
    assert calm.next_at == daytime + timedelta(hours=20)  # six in the morning


def test_telling_again_changes_nothing_about_what_was_merged(inside_binh_lu, tell, daytime) -> None:
    to = Recipient("reporter:1", "zalo", PHONE)
    for key in ("x/1", "x/2", "x/1", "x/2"):
        tell(inside_binh_lu, to, key=key)
    assert {each.key: each.status for each in Message.objects.all()} == {
        "x/1": "merged",
        "x/2": "waiting",
    }


def test_a_retry_does_not_ring_at_night(inside_binh_lu, tell, daytime) -> None:
    late = daytime + timedelta(hours=10.99)  # shortly before nine in the evening
    with clock.at(late):
        (message,) = tell(inside_binh_lu, Recipient("reporter:1", "sms", PHONE))
        jobs.do_now()
    message.refresh_from_db()
    assert message.next_at == daytime + timedelta(hours=20)


def _failing_twice(inside_binh_lu, tell) -> Message:
    (message,) = tell(inside_binh_lu, Recipient("reporter:1", "sms", PHONE, fallback=PHONE))
    for _each in range(2):
        jobs.do_now()
        hours_pass(4)
    message.refresh_from_db()
    return message


def test_after_two_failures_a_person_calls_and_the_record_says_so(
    inside_binh_lu, tell, daytime
) -> None:
    (message,) = tell(inside_binh_lu, Recipient("reporter:1", "sms", PHONE, fallback=PHONE))
    jobs.do_now()
    assert queries.calls(inside_binh_lu.id) == []
    hours_pass(4)
    jobs.do_now()
    (call,) = queries.calls(inside_binh_lu.id)
    assert (call.title, call.address) == ("Phản ánh 482 915 709: đã có trả lời", PHONE)
    not_told = queries.not_told([inside_binh_lu], commune=inside_binh_lu.id, recipients="reporter:")
    assert not_told == {str(inside_binh_lu.pk)}
    hours_pass(8)
    jobs.do_now()
    assert len(queries.calls(inside_binh_lu.id)) == 1
    actions.note_call(call, "told", by=BY)
    message.refresh_from_db()
    assert message.status == Status.MERGED
    assert queries.not_told([inside_binh_lu], commune=inside_binh_lu.id) == set()
    hours_pass(8)
    assert jobs.do_now() <= 1
    assert Message.objects.filter(status=Status.WAITING).count() == 0


def test_when_the_message_comes_through_after_all_nobody_has_to_call(
    inside_binh_lu, tell, daytime, settings
) -> None:
    _failing_twice(inside_binh_lu, tell)
    ways = "xaso.kernel.notifications.adapters."
    settings.XASO_CHANNELS = settings.XASO_CHANNELS | {"sms": f"{ways}demo"}
    hours_pass(4)
    jobs.do_now()
    assert queries.calls(inside_binh_lu.id) == []
    assert queries.not_told([inside_binh_lu], commune=inside_binh_lu.id) == set()


def test_without_a_phone_there_is_nobody_to_call(inside_binh_lu, tell, daytime) -> None:
    tell(inside_binh_lu, Recipient("reporter:1", "sms", PHONE))
    for _each in range(3):
        jobs.do_now()
        hours_pass(4)
    assert not Message.objects.filter(channel="call").exists()


@pytest.fixture
def call(inside_binh_lu, tell, daytime) -> Message:
    (made,) = tell(inside_binh_lu, Recipient("reporter:1", "call", PHONE))
    return made


def test_who_wants_a_call_waits_for_a_person_not_for_a_machine(call, inside_binh_lu) -> None:
    assert jobs.do_now() == 0
    assert [each.pk for each in queries.calls(inside_binh_lu.id)] == [call.pk]


def test_a_later_event_is_told_in_the_same_call(call, inside_binh_lu, tell) -> None:
    (later,) = tell(inside_binh_lu, Recipient("reporter:1", "call", PHONE), key="482915709/4")
    assert [each.pk for each in queries.calls(inside_binh_lu.id)] == [later.pk]


def test_nobody_answers_three_times(call, inside_binh_lu, daytime) -> None:
    for n in range(3):
        with _at(daytime, 2 * n):
            assert len(queries.calls(inside_binh_lu.id)) == 1
            actions.note_call(call, "no_answer", by=BY)
            assert queries.calls(inside_binh_lu.id) == []
    call.refresh_from_db()
    assert (call.status, call.handled_by) == (Status.GIVEN_UP, "7")
    assert queries.not_told([inside_binh_lu], commune=inside_binh_lu.id)


def test_a_call_is_made_once_and_each_step_stands_in_the_log(call, inside_binh_lu) -> None:
    assert actions.number_to_call(call, by=BY) == PHONE
    actions.note_call(call, "wrong_number", by=BY)
    with pytest.raises(actions.AlreadyCalled):
        actions.note_call(call, "told", by=BY)
    lines = audit.history(call, commune=inside_binh_lu.id)
    assert [line.action for line in lines] == ["notifications.called"]
    (looked,) = audit.viewers(call, commune=inside_binh_lu.id)
    assert (looked.actor_id, looked.purpose) == ("7", "notifications.call")


def test_a_paused_channel_keeps_everything_and_goes_on(inside_binh_lu, tell, daytime) -> None:
    actions.pause(inside_binh_lu, "zalo", why="Hết tiền", by=SYSTEM)
    for n in range(3):
        tell(inside_binh_lu, Recipient(f"reporter:{n}", "zalo", PHONE), key=f"x/{n}")
    jobs.do_now()
    assert {(m.status, m.attempts) for m in Message.objects.all()} == {("waiting", 0)}
    actions.go_on(inside_binh_lu, "zalo", by=SYSTEM)
    jobs.do_now()
    assert {m.status for m in Message.objects.all()} == {"sent"}


def test_a_test_message_leaves_at_once(inside_binh_lu, daytime) -> None:
    message = actions.send_test(inside_binh_lu, "zalo", PHONE, by=BY)
    jobs.do_now()
    message.refresh_from_db()
    assert message.status == Status.SENT
    assert "Tin thử" in message.title


def test_somebody_who_is_let_go_is_told_nothing_more(call, inside_binh_lu) -> None:
    stopped = actions.forget_recipient(
        "reporter:1", subject=inside_binh_lu, commune=inside_binh_lu.id
    )
    assert stopped == 1
    call.refresh_from_db()
    assert (call.status, call.address) == (Status.MERGED, "")
