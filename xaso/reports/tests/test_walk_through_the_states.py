"""Whatever people do, in whatever order: the table, the clock and the history stay sound."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.kernel.workflow import rendering, walks
from xaso.kernel.working_time import clock
from xaso.reports import actions, deadlines, hats, history, states
from xaso.reports.actions.asking import wait_until
from xaso.reports.models import (
    FINAL,
    OPEN,
    Body,
    ClockEntry,
    Follower,
    Report,
    ReportEvent,
    State,
    Visibility,
)
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_work_on_a_report import GOOD, SORRY

Filled = Callable[..., actions.NewReport]


def test_the_table_is_sound() -> None:
    assert states.TABLE.check() == []
    assert set(states.TABLE.states) == set(State.values)
    for state in OPEN:
        assert states.TABLE.from_state(state), state


def test_every_hat_of_the_table_can_be_worn() -> None:
    worn = {
        hats.RESIDENT, hats.HELPER, hats.DUTY, hats.UNIT, hats.LEAD, hats.SUPERVISOR, hats.SYSTEM,
        hats.BODY,
    }  # fmt: skip
    assert {hat for row in states.TABLE.transitions for hat in row.who} <= worn


def test_random_walks_stay_inside_the_table() -> None:
    for walk in walks.random_walks(states.TABLE, seed=11, count=300, length=40):
        assert walk[0].transition.action == "receive"
        assert all(step.target in states.TABLE.states for step in walk)
        paused = [s for s in walk if s.target == State.WAITING_INFO and s.source != s.target]
        assert all(s.transition.clock == "pause" for s in paused)


def test_the_table_reads_as_a_page() -> None:
    page = rendering.markdown(states.TABLE)
    assert "| `ask_info` | new, accepted, in_progress | waiting_info |" in page
    assert "Need a unit" in page


@pytest.fixture
def people(clerk_actor: Actor, head_actor: Actor, leader_actor: Actor) -> tuple[Actor, ...]:
    return clerk_actor, head_actor, leader_actor, RESIDENT, SYSTEM


@pytest.fixture
def units(unit: Unit, other_unit: Unit) -> tuple[Unit, ...]:
    return unit, other_unit


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_whatever_people_do_the_report_stays_sound(
    seed: int, town: Commune, new_report: Filled, people: tuple[Actor, ...], units: tuple[Unit, ...]
) -> None:
    chance = Random(seed)  # noqa: S311  (repeatable, nothing secret)
    now = MONDAY
    other = actions.receive(new_report(uuid=uuid4()), by=RESIDENT, commune=town).report
    report = actions.receive(new_report(uuid=uuid4()), by=RESIDENT, commune=town).report
    taken: list[str] = []
    for number in range(60):
        now += timedelta(hours=chance.choice((1, 7, 30)))
        before = Report.objects.get(pk=report.pk)
        deed = chance.choice(sorted(_DEEDS))
        if deed in _ENDS and chance.random() < 0.8:
            continue
        with clock.at(now):
            try:
                _DEEDS[deed](before, chance.choice(people), chance, number, (*units, other))
            except (Refusal, ObjectDoesNotExist):
                assert Report.objects.get(pk=report.pk).version == before.version, deed
                continue
        taken.append(deed)
        _check(before, Report.objects.get(pk=report.pk))
    assert len(set(taken)) >= 4
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _check(before: Report, after: Report) -> None:
    events = list(ReportEvent.objects.filter(report=after).order_by("seq"))
    assert [e.seq for e in events] == list(range(1, after.version + 1))
    assert history.broken_at(events) is None
    assert events[-1].to_state == after.state
    for earlier, later in pairwise(events):
        assert later.from_state == earlier.to_state
    assert after.first_due_at == before.first_due_at
    if after.due_at < before.due_at:
        assert events[-1].kind in ("reopen", "recategorise")
    if after.state == State.DUPLICATE:
        assert not Follower.objects.filter(report=after).exists()
    if after.state in (State.ANSWERED, State.CLOSED) and after.outcome != "withdrawn":
        assert after.answer is not None
        assert after.answer.gate_result
    if after.state in FINAL and before.state in OPEN:
        assert not after.is_overdue(after.touched_at)
    _check_pauses(after, events)


def _check_pauses(report: Report, events: list[ReportEvent]) -> None:
    by = deadlines.calendar(report.commune_id)
    waited = 0
    for asked, ended in pairwise(events):
        if asked.to_state == State.WAITING_INFO:
            waited += deadlines.engine.between(
                by, deadlines.naive(asked.server_time), deadlines.naive(ended.server_time)
            )
    entries = ClockEntry.objects.filter(report=report, effect="pause")
    assert sum(entry.minutes or 0 for entry in entries) <= waited


def _answer(report: Report, by: Actor, number: int) -> None:
    given = actions.Answering(
        text=f"{GOOD} Lần thứ {number}.",
        kind="explained",
        done_by="Phòng Kinh tế",
        waiver="Đoạn này chưa có sóng, chưa gửi ảnh về được.",
    )
    actions.answer(report, given, by=by)


_DEEDS: dict[str, Callable[..., object]] = {
    "accept": lambda r, by, c, n, p: actions.accept(r, actions.Assigning(p[0].pk), by=by),
    "start": lambda r, by, c, n, p: actions.start(r, by=by),
    "assign": lambda r, by, c, n, p: actions.assign(
        r, actions.Assigning(c.choice(p[:2]).pk, reason="Đúng việc"), by=by
    ),
    "ask_info": lambda r, by, c, n, p: actions.ask_info(r, "Chỗ này ở đâu vậy bà con?", by=by),
    "tell": lambda r, by, c, n, p: actions.give_info(r, actions.Reply("Ở đầu bản"), by=by),
    "go_on": lambda r, by, c, n, p: actions.go_on(r, by=by),
    "answer": lambda r, by, c, n, p: _answer(r, by, n),
    "rate": lambda r, by, c, n, p: actions.rate(
        r, actions.Rating(c.choice((0, 1, 2)), "half_done", wants_reopening=True), by=by
    ),
    "close": lambda r, by, c, n, p: actions.close(r, by=by),
    "reopen": lambda r, by, c, n, p: actions.reopen(r, "Vẫn chưa xong", by=by),
    "reject": lambda r, by, c, n, p: actions.reject(
        r, "test", "Tin này gửi thử thôi bà con.", by=by
    ),
    "object": lambda r, by, c, n, p: actions.object_to(r, "Không phải gửi thử", by=by),
    "forward": lambda r, by, c, n, p: actions.forward(
        r, actions.Forwarding(Body.objects.all()[0].pk, "Đề nghị sửa giúp xã"), by=by
    ),
    "take_back": lambda r, by, c, n, p: actions.take_back(r, "declined", by=by),
    "ask": lambda r, by, c, n, p: actions.ask_approval(
        r, actions.Asking(c.choice(("extend", "reject", "give_up")), SORRY, "weather", 2), by=by
    ),
    "approve": lambda r, by, c, n, p: actions.approve(r.approvals.latest("id"), by=by),
    "decline": lambda r, by, c, n, p: actions.decline(r.approvals.latest("id"), "Chưa", by=by),
    "remind": lambda r, by, c, n, p: actions.remind(r),
    "give_up": lambda r, by, c, n, p: actions.give_up_waiting(r, SORRY, by=by),
    "body_says": lambda r, by, c, n, p: actions.body_replies(
        r.forwards.latest("id"), actions.BodyReply("Đã cử thợ đến sửa xong."), by=by
    ),
    "extend": lambda r, by, c, n, p: actions.extend(
        r, actions.Extending(2, "weather", SORRY, asked_by="0"), by=by
    ),
    "recategorise": lambda r, by, c, n, p: actions.recategorise(
        r, c.choice(("WATER", "CROPS", "ROAD-DAMAGE")), by=by
    ),
    "merge": lambda r, by, c, n, p: actions.mark_duplicate(r, p[2], by=by),
    "separate": lambda r, by, c, n, p: actions.separate(r, by=by),
    "publish": lambda r, by, c, n, p: actions.publish(r, "Đường sạt", by=by),
    "hide": lambda r, by, c, n, p: actions.hide(r, by=by),
    "note": lambda r, by, c, n, p: actions.note(r, "Đã gọi trưởng bản", by=by),
}
_ENDS = ("reject", "merge", "close")


@pytest.mark.django_db
def test_waiting_ends_after_ten_working_days(
    report: Report, clerk_actor: Actor, head_actor: Actor, unit: Unit
) -> None:
    report = actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    report = actions.ask_info(report, "Chỗ này ở đâu vậy bà con?", by=head_actor)
    until = wait_until(report, report.state_since)
    assert deadlines.naive(until).date() == date(2026, 12, 8)
    with pytest.raises(Refusal, match="Chưa hết thời gian chờ"):
        actions.go_on(report, by=head_actor)
    with clock.at(until):
        assert actions.go_on(report, by=head_actor).state == State.IN_PROGRESS
    assert report.visibility == Visibility.PENDING
