"""Reports as Open311 shows them: what everybody may see, and a partner's own before that.

Nothing personal, no exact place, nothing sealed: the words come from `showing`, like every page's.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext as _

from xaso.kernel.attachments import queries as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.reports import catalogue, guards, privacy, timeline
from xaso.reports.models import Category, Forward, Report, ReportEvent, State, Stream, Visibility
from xaso.reports.models.words import Sensitivity
from xaso.reports.open311 import moments, statuses
from xaso.reports.open311.asking import Wanted
from xaso.reports.queries import board, showing
from xaso.reports.queries.finding import kinds_of

Document = dict[str, object]
SEALED = (Stream.COMPLAINT, Stream.DENUNCIATION, Stream.SECURITY_TIP)
PUBLIC_STEPS = (*timeline.SHOWN, "publish", "decide", "hide")
COMMUNE_PRECISION_M = 10_000  # only the commune is known
MOST_COUNTED = 1_000  # of more than that nobody is told the number: counting costs with each row
_CODE = re.compile(r"[A-Z0-9-]{1,40}", re.ASCII)
_CLOSED = Q(state__in=statuses.CLOSED_STATES) | Q(parent__state__in=statuses.CLOSED_STATES)


@dataclass(frozen=True)
class Reader:
    """Who asks where: a commune, a partner's key if one was shown, and how addresses begin."""

    commune: Commune
    absolute: Callable[[str], str]
    key: int | None = None

    def owns(self, report: Report) -> bool:
        """Return whether the report came with the reader's key."""
        return self.key is not None and getattr(report, "came_with", None) == self.key


@dataclass(frozen=True)
class Found:
    """One page of requests, whether others follow, and how many there are in all.

    `total` is None above `MOST_COUNTED`, and on a page behind the last one.
    """

    reports: Sequence[Report]
    total: int | None
    has_more: bool = False


def requests(reader: Reader, wanted: Wanted) -> Found:
    """Return the requests asked for, newest first, in one statement."""
    rows = _narrowed(visible(reader), wanted)
    if wanted.codes:
        codes = [code for code in wanted.codes if code.isascii() and code.isdigit()]
        found = {report.code: report for report in _told(rows.filter(code__in=codes))}
        ordered = [found[code] for code in codes if code in found]
        return Found(ordered, len(ordered))
    order = ("-received_at", "-id")
    # The rows of the page first: what is told of each is not looked up for those before it.
    page = rows.order_by(*order).values("pk")[wanted.before : wanted.before + wanted.size + 1]
    told = _told(Report.objects.filter(commune=reader.commune.id, pk__in=page))
    shown = list(told.annotate(total=_counted(rows)).order_by(*order))
    total = getattr(shown[0], "total", 0) if shown else 0 if wanted.page == 1 else None
    if total is not None and total > MOST_COUNTED:
        total = None
    return Found(shown[: wanted.size], total, has_more=len(shown) > wanted.size)


def _counted(rows: QuerySet[Report]) -> Func:
    """Return how many rows there are, as an expression that stops counting when it is enough."""
    keys = ArraySubquery(rows.order_by().values("pk")[: MOST_COUNTED + 1])
    return Func(keys, function="cardinality", output_field=IntegerField())


def one(reader: Reader, code: str) -> Report | None:
    """Return one request with all that `document` needs, if the reader may know of it."""
    if not (code.isascii() and code.isdigit() and len(code) == 9):
        return None
    return _told(visible(reader).filter(code=code)).first()


def by_token(reader: Reader, rows: Q) -> Report | None:
    """Return the visible request that a token stands for."""
    return visible(reader).filter(rows).first()


def visible(reader: Reader) -> QuerySet[Report]:
    """Return what a reader may know of: published reports, and those sent with their key."""
    # Named as what it is not, so that the planner walks along the days and stops when a page is
    # full, instead of gathering each category's reports first.
    private = Category.objects.filter(commune=reader.commune.id, is_publishable=False)
    seen = Q(visibility=Visibility.PUBLIC) & ~Q(category__in=private.values("pk"))
    if reader.key is not None:
        seen |= Q(partner__api_key=reader.key)
    rows = Report.objects.filter(seen, commune=reader.commune.id)
    return rows.exclude(visibility=Visibility.SEALED).exclude(stream__in=SEALED)


def documents(found: Sequence[Report], reader: Reader) -> list[Document]:
    """Return the requests as documents; one statement more for photos, if there are any."""
    covers = board.pictures(reader.commune, [r.cover for r in found if is_published(r)])
    return [document(report, reader, covers.get(report.cover)) for report in found]


def document(report: Report, reader: Reader, cover: Attachment | None) -> Document:
    """Return one request with every field of the standard, in its order."""
    kind = kinds_of(report).by_id[report.category_id]
    lat, lon = point(report, kind, reader.commune)
    return {
        "service_request_id": report.code,
        "status": statuses.of(report),
        "status_notes": _notes(report),
        "service_name": kind.name,
        "service_code": kind.code,
        "description": _words(report, reader),
        "agency_responsible": _agency(report, reader.commune),
        "service_notice": notice(report),
        "requested_datetime": moments.written(report.received_at),
        "updated_datetime": moments.written(updated_at(report)),
        "expected_datetime": None if report.is_paused else moments.written(report.due_at),
        "address": _address(report, kind, reader),
        "address_id": _village_code(report, kind),
        "zipcode": None,
        "lat": lat,
        "long": lon,
        "media_url": picture(cover, reader),
    }


def notice(report: Report) -> str | None:
    """Return the promise in words while the commune owes an answer."""
    if not report.is_open or report.is_paused:
        return None
    at = dates.local(report.due_at)
    said = {"hour": f"{at:%H:%M}", "day": f"{at:%d/%m/%Y}"}
    return _("Hẹn trả lời trước %(hour)s ngày %(day)s") % said


def is_published(report: Report) -> bool:
    """Return whether everybody may read the words and see the photos."""
    return report.visibility == Visibility.PUBLIC


def updated_at(report: Report) -> datetime:
    """Return when something public last happened."""
    if report.state == State.CLOSED and report.closed_at:
        return report.closed_at
    return getattr(report, "public_at", None) or report.received_at


def point(report: Report, kind: catalogue.Kind, commune: Commune) -> tuple[float, float]:
    """Return the coarse point; clients drop a request without one, so the commune's at worst."""
    if report.public_lat is not None and report.public_lon is not None:
        return report.public_lat, report.public_lon
    if report.village is not None and kind.sensitivity != Sensitivity.NEVER:
        return privacy.coarse(report.village.lat, report.village.lon)
    return privacy.coarse(commune.lat, commune.lon)


def picture(cover: Attachment | None, reader: Reader) -> str | None:
    """Return the address of a photo that is public and developed."""
    if cover is None or not cover.is_public:
        return None
    shown = attachments.picture(cover, "")
    return reader.absolute(shown.src) if shown.is_ready else None


def _narrowed(rows: QuerySet[Report], wanted: Wanted) -> QuerySet[Report]:
    if wanted.codes:
        return rows
    rows = rows.filter(received_at__gte=wanted.start, received_at__lte=wanted.end)
    if wanted.services:
        codes = [code for code in wanted.services if _CODE.fullmatch(code)]
        rows = rows.filter(category__code__in=codes)
    if wanted.statuses == {statuses.CLOSED}:
        rows = rows.filter(_CLOSED)
    elif wanted.statuses == {statuses.OPEN}:
        rows = rows.exclude(_CLOSED)
    if wanted.updated_after:
        rows = rows.filter(touched_at__gte=wanted.updated_after)
        rows = rows.filter(GreaterThanOrEqual(_changed(), wanted.updated_after))
    if wanted.updated_before:
        rows = rows.filter(LessThanOrEqual(_changed(), wanted.updated_before))
    return rows


def _told(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Read with each report everything a document needs."""
    rejected = ReportEvent.objects.filter(report=OuterRef("pk"), kind="reject").order_by("-seq")
    forwards = Forward.objects.filter(report=OuterRef("pk")).order_by("-id")
    return (
        rows.select_related("village", "unit", "answer", "parent")
        .defer("fold", "public_fold", "parent__fold", "parent__public_fold", "parent__text")
        .annotate(
            public_at=_last_public(),
            why=Subquery(rejected.values("public_text")[:1]),
            body=Subquery(forwards.values("body__name")[:1]),
            came_with=F("partner__api_key"),
            stamp=catalogue.stamp_of(OuterRef("commune")),
        )
    )


def _last_public() -> Subquery:
    steps = ReportEvent.objects.filter(report=OuterRef("pk"), kind__in=PUBLIC_STEPS)
    return Subquery(steps.order_by("-seq").values("server_time")[:1])


def _changed() -> Coalesce:
    """Return what `updated_at` says, for the database."""
    return Coalesce(_last_public(), F("received_at"))


def _notes(report: Report) -> str:
    answer = showing.reply_of(report)
    if answer is not None:
        return answer.text
    if report.state == State.REJECTED:
        reason = str(guards.REJECT_REASONS.get(report.reason_code, ""))
        return ". ".join(filter(None, (reason, getattr(report, "why", "") or "")))
    if report.state == State.IN_PROGRESS:
        day = f"{dates.local(report.due_at):%d/%m/%Y}"
        return _("Đang xử lý, hẹn trả lời %(day)s") % {"day": day}
    return showing.state_words(report)


def _words(report: Report, reader: Reader) -> str | None:
    """Return the published words; a sender's program reads its own, personal data blanked."""
    if is_published(report):
        return report.public_text or None
    if reader.owns(report) and not report.is_sealed:
        return privacy.mask(report.text or "") or None
    return None


def _agency(report: Report, commune: Commune) -> str:
    body = getattr(report, "body", None)
    if report.state == State.FORWARDED and body:
        return str(body)
    return report.unit.name if report.unit else committee(commune)


def committee(commune: Commune) -> str:
    """Return the office that answers for the commune."""
    return f"UBND {commune.kind} {commune.name}"


def _address(report: Report, kind: catalogue.Kind, reader: Reader) -> str:
    """Return the place from near to far, as near as the category lets everybody know."""
    commune = reader.commune
    parts = [f"{commune.kind} {commune.name}", f"tỉnh {commune.province}"]
    if report.village is not None and kind.sensitivity != Sensitivity.NEVER:
        parts.insert(0, f"{report.village.kind} {report.village.name}")
    if kind.sensitivity == Sensitivity.PUBLIC and (is_published(report) or reader.owns(report)):
        parts[:0] = filter(None, (privacy.mask(report.landmark), report.km_post))
    return ", ".join(parts)


def _village_code(report: Report, kind: catalogue.Kind) -> str | None:
    if report.village is None or kind.sensitivity == Sensitivity.NEVER:
        return None
    return report.village.code
