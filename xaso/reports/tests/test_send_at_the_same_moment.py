"""A phone sends the same report twice at the same moment, and a thousand retries come at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from random import Random
from uuid import UUID, uuid4

from django.db import connections

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.reports import actions
from xaso.reports.models import ClockEntry, Report, ReportEvent
from xaso.reports.tests.conftest import RESIDENT

KEYS = 60


def test_replayed_three_times_in_any_order_each_report_is_one(
    committed: str, binh_lu: Commune
) -> None:
    with tenancy.inside(binh_lu.id):
        actions.set_up(binh_lu, by=SYSTEM, on=date(2026, 1, 1))
        new = places.NewVillage("BL-01", "bản", "Nà Đon", 22.34, 103.62)
        village = places.add_village(binh_lu, new, by=SYSTEM)

    def send(key: UUID) -> tuple[str, bool]:
        new = actions.NewReport(
            uuid=key,
            content_hash="a" * 64,
            category="LIGHT",
            channel="pwa",
            text="Đèn đường hỏng",
            place=actions.Place(village_id=village.pk),
            contact=actions.Contact(phone="0912000135"),
        )
        try:
            with tenancy.inside(binh_lu.id):
                done = actions.receive(new, by=RESIDENT, commune=binh_lu)
                return done.report.code, done.is_new
        finally:
            connections.close_all()

    queue = [uuid4() for _ in range(KEYS)] * 3
    Random(5).shuffle(queue)  # noqa: S311  (repeatable, nothing secret)
    with ThreadPoolExecutor(8) as phones:
        answers = list(phones.map(send, queue))
    assert sum(is_new for _code, is_new in answers) == KEYS
    assert len({code for code, _is_new in answers}) == KEYS
    with tenancy.inside(binh_lu.id):
        assert Report.objects.count() == KEYS
        assert ReportEvent.objects.count() == KEYS
        assert ClockEntry.objects.count() == 2 * KEYS
