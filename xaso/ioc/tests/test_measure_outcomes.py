"""Outcomes against what was before: like with like, and nothing said without a baseline."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from xaso.dossiers import actions as dossiers
from xaso.dossiers.models import Dossier
from xaso.dossiers.queries import outcomes as counted
from xaso.ioc.kpi import outcomes
from xaso.ioc.models import Baseline
from xaso.kernel.text.dates import ZONE

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def before(key: str, value: str, cases: int, meter: str = Baseline.Meter.HOURS) -> Baseline:
    return Baseline(meter=meter, key=key, value=Decimal(value), cases=cases, evidence="Sổ (hư cấu)")


def test_the_worked_example_of_the_resolution_holds() -> None:
    now = {"a": counted.Hours(60, 10.0), "b": counted.Hours(40, 30.0)}
    found = outcomes.mix(now, [before("a", "16", 75), before("b", "40", 25)])
    assert found.change == pytest.approx(-34.375)


def test_too_few_dossiers_say_nothing() -> None:
    now = {"a": counted.Hours(29, 10.0)}
    found = outcomes.mix(now, [before("a", "16", 75), before("c", "1", 5)])
    assert (found.change, list(found.compared), list(found.too_few)) == (None, [], ["a", "c"])
    assert outcomes.mix(now, []).change is None


@pytest.fixture
def done(centre, clerk, new_dossier):
    """Two dossiers accepted Monday at 9:00: one resolved at 11:00, one on Wednesday at 9:00."""
    for hours in (2, 48):
        row = dossiers.receive(new_dossier(uuid=uuid4()), by=clerk, commune=centre).dossier
        Dossier.objects.filter(pk=row.pk).update(
            state="DA_XU_LY_XONG", resolved_at=MONDAY + timedelta(hours=hours)
        )
    return centre


def test_hours_are_working_hours(done) -> None:
    found = counted.hours(done, FIRST, LAST)["1.004837"]
    assert found.n == 2
    assert 2 < found.median < 10  # 2 hours and a day or so, never 25


def test_meters_compare_only_with_a_baseline(done) -> None:
    alone = outcomes.read(done, FIRST, LAST, [])
    assert (alone.paper.now, alone.paper.change) == (100.0, None)
    assert alone.per_officer.now is not None
    rows = [before("", "80", 1, Baseline.Meter.PAPER)]
    assert outcomes.read(done, FIRST, LAST, rows).paper.change == pytest.approx(25.0)
    empty = outcomes.read(done, date(2026, 1, 1), date(2026, 1, 31), rows)
    assert (empty.paper.now, empty.paper.change) == (None, None)
