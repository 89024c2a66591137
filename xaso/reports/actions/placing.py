"""Where a report lies: the exact place for officials, the coarse one for everybody."""

from django.utils.translation import gettext as _

from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line, dates
from xaso.kernel.text import phone as phones
from xaso.kernel.working_time import clock
from xaso.reports import privacy
from xaso.reports.actions.given import Place
from xaso.reports.models import PointSource, Report
from xaso.reports.models.words import Sensitivity, VillageSource

FARTHEST_KM = 2.0  # a point farther outside the commune may belong to a neighbour: named
VILLAGE_PRECISION_M = 1_500


def place(report: Report, given: Place, sensitivity: str, commune: Commune) -> None:
    """Set where a report lies. Refuses with Invalid for a place that cannot be.

    Without a village the one around the point is taken; officials see whether it was guessed. A
    point outside the commune is kept and flagged; far outside, the neighbour is named too.
    """
    report.landmark = clean_line(given.landmark)[:200]
    report.km_post = clean_line(given.km_post)[:60]
    if given.lat is not None and given.lon is not None:
        _pin(report, given, commune)
    report.village, report.village_source = _village(given, commune)
    coarsen(report, sensitivity)


def coarsen(report: Report, sensitivity: str) -> None:
    """Set the only point that leaves the room: rounded, the village's middle, or none."""
    report.public_lat = report.public_lon = report.public_precision_m = None
    if sensitivity == Sensitivity.NEVER:
        return
    if sensitivity == Sensitivity.PUBLIC and report.lat is not None and report.lon is not None:
        report.public_lat, report.public_lon = privacy.coarse(report.lat, report.lon)
        report.public_precision_m = privacy.PRECISION_M
    elif report.village is not None:
        report.public_lat, report.public_lon = privacy.coarse(
            report.village.lat, report.village.lon
        )
        report.public_precision_m = VILLAGE_PRECISION_M


def _pin(report: Report, given: Place, commune: Commune) -> None:
    lat, lon = float(given.lat or 0), float(given.lon or 0)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Invalid(errors={"place": [_("Vị trí máy gửi không đúng. Bà con chọn bản giúp.")]})
    outside = places.distance_outside_km(commune, lat, lon)
    report.outside_m = round(outside * 1_000) or None
    if outside > FARTHEST_KM:
        report.neighbour = _neighbour(commune, lat, lon)
    report.lat, report.lon = lat, lon
    report.accuracy_m = given.accuracy_m
    report.point_source = given.source or PointSource.GPS


def _neighbour(commune: Commune, lat: float, lon: float) -> str:
    """Return whose the point most likely is, with the phone where that commune is served too."""
    found = places.neighbour_at(commune, lat, lon, dates.local(clock.now()).date())
    if found is None:
        return ""
    version, served = found
    number = phones.grouped(served.phone) if served and served.phone else ""
    return " · ".join(filter(None, (version.name, number)))[:120]


def _village(given: Place, commune: Commune) -> tuple[Village | None, str]:
    """Return the village and how it is known."""
    if given.village_id or given.village_code:
        return _chosen(given, commune), VillageSource.CHOSEN
    if given.lat is None or given.lon is None:
        return None, ""
    around = places.village_at(commune, given.lat, given.lon)
    if around is None:
        return None, ""
    return around[0], VillageSource(around[1])


def _chosen(given: Place, commune: Commune) -> Village:
    rows = Village.objects.filter(commune=commune).defer("polygon")  # large, and not needed
    is_by_key = bool(given.village_id)
    key = {"pk": given.village_id} if is_by_key else {"code": clean_line(given.village_code)}
    found = rows.filter(**key).first()
    if found is None:
        raise Invalid(errors={"place": [_("Bản này không thuộc xã. Bà con chọn lại giúp.")]})
    return found
