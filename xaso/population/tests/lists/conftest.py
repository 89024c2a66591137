"""Send a list, have it compared, have it written."""

from collections.abc import Callable

import pytest

from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune
from xaso.population.actions import importing, importing_deciding
from xaso.population.models import BatchState, ImportBatch
from xaso.population.tests.conftest import BY, TODAY


@pytest.fixture
def send(town: Commune) -> Callable[..., ImportBatch]:
    """Return a function that sends a file and has it read."""

    def sent(body: bytes, name: str = "ds.xlsx", **more) -> ImportBatch:
        new = importing.NewList(
            name, body, more.get("sender", "Công an xã"), more.get("source", "police_export"),
            more.get("as_of", TODAY),
        )  # fmt: skip
        batch = importing.take_list(new, commune=town, by=BY)
        jobs.do_now()
        batch.refresh_from_db()
        return batch

    return sent


@pytest.fixture
def compare(send) -> Callable[..., ImportBatch]:
    """Return a function that sends a file and compares it as it is proposed."""

    def compared(body: bytes, name: str = "ds.xlsx", **more) -> ImportBatch:
        batch = send(body, name, **more)
        assert batch.state == BatchState.PARSED, batch.failure
        plan = importing.Plan({int(c): f for c, f in batch.mapping.items()})
        importing.map_columns(batch, plan, by=BY)
        jobs.do_now()
        batch.refresh_from_db()
        return batch

    return compared


@pytest.fixture
def write(compare) -> Callable[..., ImportBatch]:
    """Return a function that sends a file and writes what is new and changed."""

    def written(body: bytes, name: str = "ds.xlsx", **more) -> ImportBatch:
        batch = compare(body, name, **more)
        assert batch.state == BatchState.COMPARED, batch.failure
        for kind in ("new", "changed"):
            importing_deciding.decide_kind(batch, kind, "take", by=BY)
        importing.approve(batch, by=BY)
        jobs.do_now()
        batch.refresh_from_db()
        return batch

    written.compare = compare
    return written
