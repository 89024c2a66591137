"""Reports for phones with a queue, other systems and developers (JSON, OpenAPI)."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view
from pydantic import AwareDatetime, ConfigDict

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.open_api import caching, problems
from xaso.kernel.refusals import Refusal
from xaso.kernel.web.http import CommuneRequest
from xaso.kernel.working_time import clock
from xaso.reports import actions, catalogue, queries, turns, wire
from xaso.reports.models import Photo, Report
from xaso.reports.views import senders

LARGEST_BODY = 8 * 1024  # words and digests; photos follow one by one
_PICTURES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")
_SHA = r"^[0-9a-f]{64}$"
Run = Callable[..., HttpResponse]

router = Router(tags=["Phản ánh"])
categories = Router(tags=["Phản ánh"])


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class PlaceIn(_Strict):
    """Chỗ xảy ra việc; độ theo WGS 84, sai số theo mét."""

    village: str = Field(default="", max_length=10, description="Mã bản, ví dụ BL-07")
    landmark: str = Field(default="", max_length=200)
    km_post: str = Field(default="", max_length=60)
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    accuracy: int | None = Field(default=None, ge=0, le=1_000_000)
    source: Literal["gps", "map", "village", "none"] = "none"


class ContactIn(_Strict):
    """Cách báo lại cho người gửi; có thể để trống."""

    name: str = Field(default="", max_length=120)
    phone: str = Field(default="", max_length=20)
    preferred: Literal["", "sms", "zalo", "push", "call", "none"] = ""
    anonymous: bool = False


class PhotoIn(_Strict):
    """Một ảnh sẽ gửi sau."""

    sha256: str = Field(pattern=_SHA)
    bytes: int = Field(default=0, ge=0, le=15_000_000)


class ReportIn(_Strict):
    """Một phản ánh, do máy của bà con đặt mã UUID."""

    v: Literal[1] = 1
    category: str = Field(max_length=40)
    text: str = Field(default="", max_length=4_000)
    place: PlaceIn = PlaceIn()
    contact: ContactIn = ContactIn()
    photos: list[PhotoIn] = Field(default_factory=list, max_length=6)
    answers: dict[str, str] = Field(default_factory=dict)
    lang: str = Field(default="vie", pattern=r"^[a-z]{3}$", description="ISO 639-3")
    captured_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None


class ListIn(Schema):
    """Muốn xem những phản ánh nào; để trống là tất cả."""

    q: str = Field(default="", max_length=100, description="Tìm không cần dấu")
    category: str = Field(default="", max_length=40)
    status: Literal["", "open", "done"] = ""
    cursor: str = Field(default="", max_length=200)
    limit: int = Field(default=50, ge=1, le=100)


class MissingOut(Schema):
    """Một ảnh máy chủ chưa có."""

    sha: str
    have: int


class ReceiptOut(Schema):
    """Biên nhận; mọi lần gửi lại nhận cùng một biên nhận."""

    code: str
    track_url: str
    missing: list[MissingOut]
    due_at: datetime
    server_time: datetime


class LineOut(Schema):
    """Một phản ánh đã đăng công khai."""

    code: str
    title: str
    text: str
    category: str
    place: str
    state: str
    state_text: str
    received_at: datetime
    due_at: datetime
    answered_at: datetime | None
    follower_count: int
    lat: float | None
    lon: float | None


class PageOut(Schema):
    """Một trang của danh sách; `next` trống ở trang cuối."""

    items: list[LineOut]
    next: str


class StepOut(Schema):
    """Một bước trong quá trình, bằng lời."""

    title: str
    time: str
    note: str


class ReportOut(Schema):
    """Một phản ánh, như ai có mã cũng xem được."""

    code: str
    title: str
    category: str
    place: str
    text: str
    state: str
    state_text: str
    received_at: datetime
    due_at: datetime
    first_due_at: datetime
    answered_at: datetime | None
    unit: str
    lat: float | None
    lon: float | None
    precision_m: int | None
    answer: str
    steps: list[StepOut]


class CategoryOut(Schema):
    """Một loại việc bà con chọn được."""

    code: str
    name: str
    hint: str
    icon: str
    group: str
    pin: str
    is_after_photo_required: bool
    resolve_unit: str
    resolve_amount: int


class CategoriesOut(Schema):
    """Các loại việc của xã."""

    items: list[CategoryOut]


def ours(run: Run) -> Run:
    """Mark an answer as ours: a phone's queue tells it from a hotel's sign-in page."""

    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        response = run(request, *args, **kwargs)
        response["X-Xaso"] = "1"
        return response

    return marked


@router.put(
    "/{uuid:key}",
    response={200: ReceiptOut, 201: ReceiptOut},
    summary="Gửi một phản ánh (gửi lại không tạo thêm)",
    url_name="put_report",
)
@decorate_view(ours)
def put_report(request: HttpRequest, key: UUID, given: ReportIn) -> Any:  # noqa: ANN401
    """Cùng UUID và nội dung: trả lại biên nhận cũ (200); cùng UUID, nội dung khác: 409."""
    here = _here(request)
    if len(request.body) > LARGEST_BODY:
        return problems.answer(413)
    try:
        done = actions.receive(_new(here, key, given), by=_sender(here), commune=here.commune)
    except actions.OtherContent as refusal:
        return _conflict(here, refusal)
    return (201 if done.is_new else 200), _receipt(here, done.report)


@router.put(
    "/{uuid:key}/photos/{sha256}",
    response={200: ReceiptOut, 201: ReceiptOut},
    summary="Gửi một ảnh của phản ánh",
    openapi_extra={
        "requestBody": {
            "content": {t: {"schema": {"type": "string", "format": "binary"}} for t in _PICTURES}
        }
    },
    url_name="put_photo",
)
@decorate_view(ours)
def put_photo(request: HttpRequest, key: UUID, sha256: str) -> Any:  # noqa: ANN401
    """Nội dung ảnh, đúng mã SHA-256 trong địa chỉ; đã có thì trả 200."""
    here = _here(request)
    if (request.content_type or "") not in _PICTURES:
        return problems.answer(415)
    digest = sha256.lower()
    if not re.fullmatch(_SHA, digest):
        return problems.answer(404)
    report = queries.by_uuid(here.commune, key)
    _photo, is_new = actions.add_photo(report, digest, request.body, by=_sender(here))
    return (201 if is_new else 200), _receipt(here, report)


@router.get(
    "/{uuid:key}",
    response=ReceiptOut,
    summary="Biên nhận của một phản ánh đã gửi",
    url_name="receipt",
)
@decorate_view(ours)
def get_receipt(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Biên nhận và các ảnh còn thiếu; máy của bà con hỏi lại sau khi mất mạng."""
    here = _here(request)
    return _receipt(here, queries.by_uuid(here.commune, key))


@router.get("", response=PageOut, summary="Phản ánh đã đăng công khai", url_name="reports")
@decorate_view(ours)
def list_reports(request: HttpRequest, asked: Query[ListIn]) -> dict[str, Any]:
    """Mới nhất trước; tìm không cần dấu; trang sau theo `next`."""
    here = _here(request)
    wanted = queries.Filter(words=asked.q, category=asked.category, status=asked.status)
    page = queries.public_list(here.commune, wanted, after=asked.cursor, size=asked.limit)
    return {"items": [_line(line) for line in page.lines], "next": page.older}


@router.get("/{code}", response=ReportOut, summary="Một phản ánh theo mã", url_name="report")
@decorate_view(ours)
def get_report(request: HttpRequest, code: str) -> dict[str, Any]:
    """Ai có mã cũng xem được: trạng thái, ngày hẹn, câu trả lời; lời chỉ khi đã đăng."""
    here = _here(request)
    view = queries.public_view(queries.by_code(here.commune, queries.check_code(code)))
    said = {name: getattr(view, name) for name in ReportOut.model_fields if hasattr(view, name)}
    steps = [{"title": s.title, "time": s.time, "note": s.note} for s in view.steps]
    return said | {"answer": view.reply.text if view.reply else "", "steps": steps}


@categories.get("", response=CategoriesOut, summary="Các loại việc", url_name="categories")
@decorate_view(ours)
def list_categories(request: HttpRequest) -> HttpResponse:
    """Có ETag: chưa đổi thì trả 304."""
    kinds = catalogue.of(_here(request).commune.id)
    return caching.answer(
        request,
        lambda: {"items": _categories(kinds)},
        depends_on=(kinds.stamp, get_language(), clock.now().date()),
        seconds=60,
    )


def _here(request: HttpRequest) -> CommuneRequest:
    return cast("CommuneRequest", request)


def _sender(request: CommuneRequest) -> Actor:
    return replace(senders.resident(request), channel="pwa")


def _new(request: CommuneRequest, key: UUID, given: ReportIn) -> actions.NewReport:
    address = identity.address(request)
    device = senders.device_hash(request)
    is_hazard = given.category.startswith("HAZARD")
    place = given.place
    return actions.NewReport(
        uuid=key,
        content_hash=wire.content_hash(json.loads(request.body)),
        category=given.category,
        channel="pwa",
        text=given.text,
        place=actions.Place(
            village_code=place.village,
            landmark=place.landmark,
            km_post=place.km_post,
            lat=place.lat,
            lon=place.lon,
            accuracy_m=place.accuracy,
            source=place.source,
        ),
        contact=actions.Contact(
            name=given.contact.name,
            phone=given.contact.phone,
            preferred=given.contact.preferred,
            is_anonymous=given.contact.anonymous,
        ),
        photos=[actions.Announced(p.sha256, p.bytes) for p in given.photos],
        captured_at=given.captured_at,
        sent_at=given.sent_at,
        lang=given.lang,
        answers=dict(given.answers),
        device_hash=device,
        ip_prefix_hash=senders.address_hash(request, turns.prefix(address)),
        is_held=turns.take(device, address, request.commune.id, is_hazard=is_hazard),
    )


def _receipt(request: CommuneRequest, report: Report) -> dict[str, Any]:
    rows = Photo.objects.filter(report=report, state=Photo.State.EXPECTED)
    missing = [{"sha": sha, "have": 0} for sha in rows.values_list("sha256", flat=True)]
    return {
        "code": report.code,
        "track_url": request.build_absolute_uri(reverse("reports:track", args=[report.code])),
        "missing": missing if report.photo_count else [],
        "due_at": report.due_at,
        "server_time": clock.now(),
    }


def _conflict(request: CommuneRequest, refusal: actions.OtherContent) -> HttpResponse:
    """Answer that these words came before as others, with the receipt of the first."""
    said = json.loads(problems.of(cast("Refusal", refusal)).content)
    said["receipt"] = _receipt(request, refusal.report)
    response = JsonResponse(said, status=409, content_type=problems.TYPE)
    response.refused = True  # type: ignore[attr-defined]  # the transaction is undone
    return response


def _line(line: queries.Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in LineOut.model_fields}


def _categories(kinds: catalogue.Categories) -> list[dict[str, Any]]:
    day = clock.now().date()
    return [
        {
            "code": kind.code,
            "name": kind.name,
            "hint": kind.hint,
            "icon": kind.icon,
            "group": kinds.name(kind.parent_id) if kind.parent_id else "",
            "pin": kind.pin,
            "is_after_photo_required": kind.is_after_photo_required,
            "resolve_unit": kind.term(day).resolve_unit,
            "resolve_amount": kind.term(day).resolve_amount,
        }
        for kind in kinds.choices
    ]
