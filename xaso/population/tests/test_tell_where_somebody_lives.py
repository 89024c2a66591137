"""The state of a day follows from what happened, in whatever order it was told."""

from datetime import date, timedelta
from itertools import permutations
from random import Random

import pytest

from xaso.population.residence import Happened, Span, is_away, state

MAY = date(2026, 5, 1)
HOME = Span("permanent", date(2025, 1, 1))


@pytest.mark.parametrize(
    ("spans", "events", "said"),
    [
        ([HOME], [], "resident_permanent"),
        ([Span("temporary", MAY)], [], "resident_temporary"),
        ([Span("living_only", MAY)], [], "living_unregistered"),
        ([], [], "unknown"),
        ([Span("permanent", date(2025, 1, 1), MAY)], [], "left"),
        ([HOME], [Happened("absence_declared", MAY)], "absent"),
        ([HOME], [Happened("absence_declared", MAY - timedelta(9), MAY)], "absent"),
        ([HOME], [Happened("absence_declared", MAY - timedelta(9), MAY - timedelta(1))],
         "resident_permanent"),
        ([HOME], [Happened("absence_declared", MAY - timedelta(9)), Happened("absence_end", MAY)],
         "resident_permanent"),
        ([HOME], [Happened("status_unknown", MAY)], "unknown"),
        ([HOME], [Happened("status_unknown", MAY - timedelta(9)), Happened("absence_end", MAY)],
         "resident_permanent"),
        ([HOME], [Happened("death", MAY)], "deceased"),
        ([HOME], [Happened("death", MAY + timedelta(1))], "resident_permanent"),
        ([HOME, Span("temporary", MAY)], [], "resident_permanent"),
    ],
)  # fmt: skip
def test_the_state_of_a_day(spans, events, said) -> None:
    assert state(MAY, spans, events) == said


def test_death_comes_before_everything() -> None:
    assert state(MAY, [HOME], [], MAY) == "deceased"
    assert state(MAY, [HOME], [], MAY + timedelta(1)) == "resident_permanent"


def test_the_order_of_telling_does_not_matter() -> None:
    chance = Random(7)  # noqa: S311 - a repeatable walk
    kinds = ["absence_declared", "absence_end", "status_unknown", "stay", "temporary_renew"]
    for _ in range(300):
        events = [
            Happened(chance.choice(kinds), MAY + timedelta(chance.randrange(5))) for _ in range(4)
        ]
        for day in range(6):
            on = MAY + timedelta(day)
            found = {(state(on, [HOME], o), is_away(on, o)) for o in permutations(events)}
            assert len(found) == 1, events
