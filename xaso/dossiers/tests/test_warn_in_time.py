"""Time runs out: whoever holds it hears first, then the head and the leaders, each once."""

from datetime import date, datetime, timedelta

import pytest

from xaso.dossiers import queries
from xaso.dossiers.actions import following_calendar, warning
from xaso.dossiers.models import ClockLine, DueWarning
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.notifications.models import Message
from xaso.kernel.text.dates import ZONE, local
from xaso.kernel.working_time import actions as working_time
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


def told_to(commune) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for level, who in DueWarning.objects.filter(commune=commune).values_list("level", "told"):
        found.setdefault(level, set()).add(int(who))
    return found


def test_holder_then_everybody_once(office, working) -> None:
    with clock.at(at(23, 10)):
        assert warning.warn(office.commune) == 0
    with clock.at(at(25, 15)):  # 1 day 6 hours of three are used up
        assert warning.warn(office.commune) == 1
        assert warning.warn(office.commune) == 0
    with clock.at(at(28, 10)):  # a Saturday: nobody is told
        assert warning.warn(office.commune) == 0
    with clock.at(at(30, 9)):
        assert queries.board(office.commune.id, at(30, 9), 30).overdue == 1
        assert warning.warn(office.commune) == 3  # holder, head of the unit, leader
        assert warning.warn(office.commune) == 0
    assert told_to(office.commune) == {
        "50": {office.officer.pk},
        "100": {office.officer.pk, office.leader.pk, working.unit.head_id},
    }
    said = Message.objects.filter(body__contains=working.code)
    assert not said.filter(body__contains="Mẩy").exists()


def test_a_new_day_off_moves_the_promise_later_and_says_so(office, working) -> None:
    with clock.at(at(23, 15)):
        working_time.draft_year(office.commune.id, 2026, by=SYSTEM)
        working_time.publish(
            office.commune.id, "01/TB-UBND", by=SYSTEM, valid_from=date(2026, 1, 1)
        )
        assert following_calendar.follow_calendar(office.commune.id) == 0
        days, paper = [date(2026, 11, 25)], "02/TB-UBND"
        working_time.add_closure(
            office.commune.id, days, reason="bão", document_no=paper, by=SYSTEM
        )
        assert following_calendar.follow_calendar(office.commune.id) == 1
        assert following_calendar.follow_calendar(office.commune.id) == 0
    working.refresh_from_db()
    assert local(working.promise_at) == datetime(2026, 11, 30, 9, tzinfo=ZONE)
    line = ClockLine.objects.get(dossier=working, effect="calendar")
    assert line.promise_before < working.promise_at
    told = queries.tracked(queries.one(office.commune, working.uuid))
    assert any("Lịch làm việc của xã đổi" in move for move in told.why.moves)
    assert timedelta(days=2) < working.promise_at - working.first_promise_at
