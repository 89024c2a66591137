"""People and days these stories start from."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=ZONE)
CLERK = Actor("official", "7", "desk", frozenset({"one_stop_clerk"}))


@pytest.fixture
def monday() -> Iterator[datetime]:
    """It is Monday 23 November 2026, 14:00."""
    with clock.at(MONDAY):
        yield MONDAY


@pytest.fixture
def town(binh_lu: Commune, monday: datetime) -> Iterator[Commune]:
    """Inside Bình Lư on that Monday."""
    with tenancy.inside(binh_lu.id):
        yield binh_lu
