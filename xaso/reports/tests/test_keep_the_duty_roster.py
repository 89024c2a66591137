"""Somebody is always on duty: by the roster, else the head of the office, else a leader."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Official, RoleAssignment, Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.reports import actions, queries
from xaso.reports.models import DutyShift
from xaso.reports.tests.conftest import MONDAY

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def _shift(official: Official, **facts: object) -> actions.NewShifts:
    usual: dict[str, object] = {"official_id": official.pk, "first": TODAY, "last": TODAY}
    return actions.NewShifts(**usual | facts)  # type: ignore[arg-type]


def _names(commune: Commune, at: object = MONDAY) -> list[str]:
    return [each.official.full_name for each in queries.on_duty(commune, at)]  # type: ignore[arg-type]


def test_a_shift_lasts_a_day_and_a_night(town: Commune, officer: Official) -> None:
    actions.add_shifts(_shift(officer), commune=town, by=SYSTEM)
    tuesday_early = MONDAY.replace(day=24, hour=7, minute=29)
    assert _names(town) == _names(town, tuesday_early) == ["Vàng Thị Sua"]
    found = queries.on_duty(town, MONDAY)[0]
    assert (found.source, found.unit_id) == ("roster", RoleAssignment.objects.get().unit_id)
    assert queries.on_duty(town, tuesday_early + timedelta(minutes=1)) == []


def test_several_people_are_called_in_their_order(
    town: Commune, officer: Official, leader_actor: Actor
) -> None:
    leader = Official.objects.get(pk=leader_actor.id)
    actions.add_shifts(_shift(officer, order=2), commune=town, by=SYSTEM)
    actions.add_shifts(_shift(leader, phone="0912 000 135"), commune=town, by=SYSTEM)
    first, second = queries.on_duty(town, MONDAY)
    assert (first.official, first.phone) == (leader, "+84912000135")
    assert second.official == officer


def test_who_left_is_passed_over(town: Commune, officer: Official, leader_actor: Actor) -> None:
    actions.add_shifts(_shift(officer), commune=town, by=SYSTEM)
    RoleAssignment.objects.filter(official=officer).update(valid_to=MONDAY)
    found = queries.on_duty(town, MONDAY)
    assert [(f.official.username, f.source) for f in found] == [("chu-tich", "leader")]


def test_an_empty_roster_means_the_head_of_the_office(
    town: Commune, head_actor: Actor, head: Official, leader_actor: Actor
) -> None:
    office = Unit.objects.create(
        commune=town, code="vp", name="Văn phòng UBND", kind="office", head=head
    )
    found = queries.on_duty(town, MONDAY)
    assert [(f.official, f.unit_id, f.source) for f in found] == [
        (head, office.pk, "head_of_office")
    ]


def test_the_same_person_twice_and_bad_days_are_refused(town: Commune, officer: Official) -> None:
    actions.add_shifts(_shift(officer), commune=town, by=SYSTEM)
    with pytest.raises(actions.AlreadyOnDuty):
        actions.add_shifts(_shift(officer, begins=time(20), ends=time(22)), commune=town, by=SYSTEM)
    for wrong, field in (
        ({"last": TODAY - timedelta(days=1)}, "last"),
        ({"last": TODAY + timedelta(days=400)}, "last"),
        ({"official_id": 0}, "official"),
        ({"phone": "12"}, "phone"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.add_shifts(_shift(officer, **wrong), commune=town, by=SYSTEM)
        assert set(refused.value.errors) == {field}
    assert DutyShift.objects.count() == 1


def test_taken_off_the_roster(town: Commune, officer: Official) -> None:
    now, later = actions.add_shifts(
        _shift(officer, last=TODAY + timedelta(days=1)), commune=town, by=SYSTEM
    )
    actions.remove_shift(now.pk, commune=town, by=SYSTEM)
    actions.remove_shift(later.pk, commune=town, by=SYSTEM)
    assert queries.on_duty(town, MONDAY) == []
    assert queries.on_duty(town, MONDAY + timedelta(days=1)) == []
    assert DutyShift.objects.get(pk=now.pk).ends_at == MONDAY  # it did hold until now
    with pytest.raises(NotFound):
        actions.remove_shift(later.pk, commune=town, by=SYSTEM)


def test_asking_costs_one_statement(town: Commune, officer: Official) -> None:
    actions.add_shifts(_shift(officer), commune=town, by=SYSTEM)
    with CaptureQueriesContext(connection) as said:
        assert len(queries.on_duty(town, MONDAY)) == 1
    assert len(said) == 1
