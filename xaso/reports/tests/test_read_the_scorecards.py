"""A unit's month for everybody: both numbers beside each share, nobody named, no report scanned."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.measures import actions as measures
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.actions import counting
from xaso.reports.models import Report
from xaso.reports.queries import scorecards
from xaso.reports.queries.scorecards import Share
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_work_on_a_report import SORRY, answering

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def worked(
    town: Commune,
    new_report: Callable[..., actions.NewReport],
    unit: Unit,
    clerk_actor: Actor,
    head_actor: Actor,
) -> list[Report]:
    """Six answered reports: one extended before, five rated, one reopened."""
    done = []
    for number in range(6):
        with clock.at(MONDAY + timedelta(minutes=number)):
            new = new_report(category="CROPS")
            report = actions.receive(new, by=RESIDENT, commune=town).report
        with clock.at(MONDAY + timedelta(minutes=60 + number)):
            report = actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
            if number == 0:
                order = actions.Extending(2, "weather", SORRY, asked_by=clerk_actor.id)
                report = actions.extend(report, order, by=head_actor)
        with clock.at(MONDAY + timedelta(minutes=150)):
            words = answering(text=answering().text + f" Việc số {number}.")
            report = actions.answer(report, words, by=head_actor)
        done.append(report)
    with clock.at(MONDAY + timedelta(days=3)):
        for report, score in zip(done, (2, 2, 2, 1, 0), strict=False):
            given = actions.Rating(score, "not_done", wants_reopening=score == 0)
            actions.rate(report, given, by=RESIDENT)
    return done


def test_a_units_month(town: Commune, worked: list[Report], unit: Unit) -> None:
    found = scorecards.read(town, SINCE, UNTIL)
    (card,) = found.units
    assert (card.name, card.given, card.answered) == (unit.name, 6, 6)
    assert card.in_first == card.in_time == Share(6, 6)
    assert card.extended == Share(1, 6)
    assert (card.content, card.accepting) == (Share(3, 5), Share(4, 5))
    assert card.responding == Share(5, 6)
    assert card.reopened == Share(1, 6)
    assert (card.acknowledged_in.hours, card.acknowledged_in.n) == (1.0, 6)
    assert (card.answered_in.hours, card.answered_in.n) == (2.45, 6)
    assert (card.content.text, card.content.of) == ("60%", "3/5")
    assert found.received == 6


def test_what_was_not_handled_says_why(
    town: Commune, new_report: Callable[..., actions.NewReport], leader_actor: Actor
) -> None:
    why = "Chỗ này thuộc xã Tân Uyên, bà con gọi xã bên đó giúp."
    for reason in ("test", "test", "not_in_commune"):
        report = actions.receive(new_report(), by=RESIDENT, commune=town).report
        actions.reject(report, reason, why, by=leader_actor)
    found = scorecards.read(town, SINCE, UNTIL)
    assert found.screened_out == Share(3, 3)
    assert [n for _, n in found.reasons] == [2, 1]
    assert scorecards.published(found).reasons == []


def test_two_statements_and_no_report(town: Commune, worked: list[Report]) -> None:
    with CaptureQueriesContext(connection) as said:
        scorecards.read(town, SINCE, UNTIL)
    assert len(said) == 2
    assert not [q for q in said if "reports_" in q["sql"]]


def _give(town: Commune, sizes: dict[int, int]) -> None:
    for number, size in sizes.items():
        unit = Unit.objects.create(commune=town, code=f"u{number}", name=f"Đơn vị {number}")
        dims = {"unit": str(unit.pk), "on_time": "first"}
        measures.count(counting.ANSWERED, commune=town.id, day=SINCE, n=size, dims=dims)


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ({1: 9, 2: 8}, set()),
        ({1: 9, 2: 8, 3: 2}, {2, 3}),  # alone, it could be worked out from the total
        ({1: 9, 2: 8, 3: 2, 4: 4}, {3, 4}),  # together six: nobody can be told apart
        ({1: 9, 2: 8, 3: 1, 4: 1}, {2, 3, 4}),
        ({1: 3}, {1}),
    ],
)
def test_few_cases_are_not_published(
    town: Commune, sizes: dict[int, int], hidden: set[int]
) -> None:
    _give(town, sizes)
    found = scorecards.published(scorecards.read(town, SINCE, UNTIL))
    names = {int(card.name[-1]) for card in found.units if card.in_first.is_hidden}
    assert names == hidden
    for card in found.units:
        if card.in_first.is_hidden:
            assert card.in_first.text == card.in_first.of == ""


def test_a_report_moved_to_another_unit_is_given_again(
    town: Commune, report: Report, unit: Unit, other_unit: Unit, clerk_actor: Actor
) -> None:
    report = actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    same = actions.Assigning(unit.pk)
    report = actions.assign(report, same, by=clerk_actor)
    actions.assign(report, actions.Assigning(other_unit.pk, reason="Đúng việc"), by=clerk_actor)
    given = {card.unit_id: card.given for card in scorecards.read(town, SINCE, UNTIL).units}
    assert given == {unit.pk: 1, other_unit.pk: 1}
