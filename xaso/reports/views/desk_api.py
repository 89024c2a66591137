"""What officials see of reports, for machines that hold a key with `reports.read`."""

from datetime import datetime
from typing import Any, Literal, cast

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from xaso.kernel.open_api import guards, paging
from xaso.kernel.refusals import NotFound
from xaso.kernel.web.http import CommuneRequest
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, queries
from xaso.reports.actions import looking
from xaso.reports.models import OPEN, Report, ReportEvent, Visibility

desk = Router(tags=["Phản ánh: cán bộ"], auth=guards.MachineKey("reports.read"))
_STATES = Literal[
    "",
    "new",
    "accepted",
    "in_progress",
    "waiting_info",
    "forwarded",
    "answered",
    "closed",
    "rejected",
    "duplicate",
]


class JobsIn(Schema):
    """Muốn xem những việc nào; trống là mọi việc đang mở."""

    state: _STATES = ""
    cursor: str = Field(default="", max_length=1_000)
    limit: int = Field(default=paging.USUAL, ge=1, le=paging.MOST)


class JobOut(Schema):
    """Một phản ánh trong danh sách của cán bộ; không có tên, số điện thoại."""

    code: str
    state: str
    version: int
    category: str
    village: str
    unit: str
    received_at: datetime
    due_at: datetime
    first_due_at: datetime
    answered_at: datetime | None
    is_overdue: bool
    visibility: str


class JobsOut(Schema):
    """Một trang của danh sách; `next` trống ở trang cuối."""

    items: list[JobOut]
    next: str


class EventOut(Schema):
    """Một bước đã làm."""

    seq: int
    kind: str
    from_state: str
    to_state: str
    actor_role: str
    server_time: datetime
    public_text: str
    internal_text: str
    hash: str


class FileOut(JobOut):
    """Một phản ánh với mọi điều cán bộ thấy, trừ người gửi."""

    text: str
    landmark: str
    lat: float | None
    lon: float | None
    accuracy_m: int | None
    answer: str
    events: list[EventOut]


@desk.get("", response=JobsOut, summary="Danh sách phản ánh của cán bộ", url_name="desk_reports")
def list_jobs(request: HttpRequest, response: HttpResponse, asked: Query[JobsIn]) -> dict[str, Any]:
    """Việc đang mở xếp theo hạn, việc khác mới nhất trước."""
    here = _here(request)
    state = asked.state
    rows = Report.objects.filter(commune=here.commune).select_related("village", "unit")
    rows = rows.exclude(visibility=Visibility.SEALED)
    rows = rows.filter(state=state) if state else rows.filter(state__in=OPEN)
    by = ("due_at", "id") if not state or state in OPEN else ("-received_at", "-id")
    found = paging.page(rows, request, by=by, cursor=asked.cursor, limit=asked.limit)
    paging.link_next(request, response, found.next)
    kinds = catalogue.of(here.commune.id)
    return {"items": [_job(row, kinds) for row in found.rows], "next": found.next}


@desk.get("/{code}", response=FileOut, summary="Một phản ánh của cán bộ", url_name="desk_report")
def one_job(request: HttpRequest, code: str) -> dict[str, Any]:
    """Lời, chỗ, câu trả lời và các bước đã làm; không có tên, số điện thoại người gửi."""
    here = _here(request)
    report = queries.by_code(here.commune, queries.check_code(code))
    if report.is_sealed:  # no machine reads these
        raise NotFound
    looking.opened(report, by=request.auth)  # type: ignore[attr-defined]
    events = ReportEvent.objects.filter(report=report).order_by("seq")
    return _job(report, catalogue.of(here.commune.id)) | {
        "text": report.text or "",
        "landmark": report.landmark,
        "lat": report.lat,
        "lon": report.lon,
        "accuracy_m": report.accuracy_m,
        "answer": report.answer.text if report.answer else "",
        "events": [_event(event) for event in events],
    }


def _job(row: Report, kinds: catalogue.Categories) -> dict[str, Any]:
    return {
        "code": row.code,
        "state": row.state,
        "version": row.version,
        "category": kinds.by_id[row.category_id].code,
        "village": row.village.code if row.village else "",
        "unit": row.unit.name if row.unit else "",
        "received_at": row.received_at,
        "due_at": row.due_at,
        "first_due_at": row.first_due_at,
        "answered_at": row.answered_at,
        "is_overdue": row.is_overdue(clock.now()),
        "visibility": row.visibility,
    }


def _event(event: ReportEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in EventOut.model_fields}


def _here(request: HttpRequest) -> CommuneRequest:
    return cast("CommuneRequest", request)
