"""What others may ask about screens, scores and baselines."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from xaso.ioc.actions import digest
from xaso.ioc.models import Baseline, KpiRun, WallDevice
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock


def screens(commune: Commune) -> Sequence[WallDevice]:
    """Return the screens of a commune, those in use first."""
    rows = WallDevice.objects.filter(commune=commune).select_related("created_by")
    return sorted(rows, key=lambda device: (device.revoked_at is not None, device.name))


def screen_of(token: str, commune: Commune, board: str) -> WallDevice | None:
    """Return the screen that holds this token, if it may show the board now."""
    if not token:
        return None
    device = WallDevice.objects.filter(commune=commune, digest=digest(token)).first()
    return device if device and device.may_look(board, clock.now()) else None


def newest_run(commune: Commune, month: date, source: str) -> KpiRun | None:
    """Return the newest score of a month from one source, with its metrics."""
    rows = KpiRun.objects.filter(commune=commune, month=month, source=source)
    return rows.prefetch_related("scores").first()


def newest_total(commune: Commune, day: date) -> Decimal | None:
    """Return the newest own score of the month of a day, else of the month before."""
    before = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    rows = KpiRun.objects.filter(
        commune=commune, source=KpiRun.Source.OWN, month__gte=before, month__lte=day
    )
    return rows.order_by("-month", "-id").values_list("total", flat=True).first()


def closings(commune: Commune, month: date) -> list[KpiRun]:
    """Return the closing of a month and its corrections, the newest first."""
    return list(KpiRun.objects.filter(commune=commune, month=month, revision__gte=1))


def past_totals(commune: Commune, month: date, months: int = 12) -> list[KpiRun]:
    """Return the newest own score of each month up to `month`, the oldest first."""
    rows = (
        KpiRun.objects.filter(commune=commune, source=KpiRun.Source.OWN, month__lte=month)
        .order_by("-month", "-id")
        .distinct("month")[:months]
    )
    return list(reversed(rows))


def baselines(commune: Commune) -> list[Baseline]:
    """Return the baselines in force, by meter and key."""
    return list(Baseline.objects.filter(commune=commune, taken_back_at=None))
