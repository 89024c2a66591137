"""Reports for phones with a queue, other systems and developers (JSON, OpenAPI)."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from xaso.kernel.attachments import parts
from xaso.kernel.audit.actors import Actor
from xaso.kernel.open_api import caching, problems
from xaso.kernel.refusals import Refusal
from xaso.kernel.web.http import CommuneRequest
from xaso.kernel.working_time import clock
from xaso.reports import actions, asked, catalogue, ground, queries
from xaso.reports.models import Report
from xaso.reports.views import arriving, senders
from xaso.reports.views.arriving import ReceiptOut, ReportIn

LARGEST_BODY = 8 * 1024  # words and digests; photos follow one by one
_PICTURES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")
_SOUNDS = ("audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/wav")
Add = Callable[..., actions.Progress]
Run = Callable[..., HttpResponse]

router = Router(tags=["Phản ánh"])
categories = Router(tags=["Phản ánh"])


class ListIn(Schema):
    """Muốn xem những phản ánh nào; để trống là tất cả."""

    q: str = Field(default="", max_length=100, description="Tìm không cần dấu")
    category: str = Field(default="", max_length=40)
    status: Literal["", "open", "done"] = ""
    cursor: str = Field(default="", max_length=200)
    limit: int = Field(default=50, ge=1, le=100)


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
    due_at: datetime | None = Field(description="Trống: đơn giữ kín")
    first_due_at: datetime | None
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


def from_outbox(run: Run) -> Run:
    """Take what a browser sends only with the queue's own header.

    The header makes a browser ask first when another site's page tries; programs, which carry
    nobody's cookies along, need none.
    """

    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        is_browser = "Origin" in request.headers or "Sec-Fetch-Site" in request.headers
        if is_browser and request.headers.get("X-Xaso-Outbox") != "1":
            return problems.answer(403, code="not_from_outbox")
        return run(request, *args, **kwargs)

    return checked


@router.put(
    "/{uuid:key}",
    response={200: ReceiptOut, 201: ReceiptOut},
    summary="Gửi một phản ánh (gửi lại không tạo thêm)",
    url_name="put_report",
)
@decorate_view(from_outbox)
def put_report(request: HttpRequest, response: HttpResponse, key: UUID, given: ReportIn) -> Any:  # noqa: ANN401
    """Cùng UUID và nội dung: trả lại biên nhận cũ (200); cùng UUID, nội dung khác: 409."""
    here = _here(request)
    if len(request.body) > LARGEST_BODY:
        return problems.answer(413)
    is_hazard = given.category.startswith("HAZARD")
    came = arriving.came_from(here, given.contact.phone, is_hazard=is_hazard)
    if "X-Xaso-Outbox" in request.headers:  # a browser's queue: its owner is the sender from now on
        came = replace(came, device_hash=senders.know_device(here, response))
    on = ground.of(here.commune.id, key)
    new = arriving.report(key, given, json.loads(request.body), came)
    if kind := on.kinds.by_code.get(given.category):
        new = replace(new, answers=asked.from_phone(kind.asked(clock.now()), given.answers))
    try:
        done = actions.receive(new, by=_sender(here), commune=here.commune, on=on)
    except actions.OtherContent as refusal:
        return with_receipt(here, refusal, refusal.report)
    return (201 if done.is_new else 200), arriving.receipt(here, done.report)


@router.put(
    "/{uuid:key}/photos/{sha256}",
    response={200: ReceiptOut, 201: ReceiptOut, 202: ReceiptOut},
    summary="Gửi một ảnh của phản ánh, cả ảnh hoặc từng phần",
    openapi_extra={
        "requestBody": {
            "content": {t: {"schema": {"type": "string", "format": "binary"}} for t in _PICTURES}
        }
    },
    url_name="put_photo",
)
@decorate_view(from_outbox)
def put_photo(request: HttpRequest, key: UUID, sha256: str) -> Any:  # noqa: ANN401
    """Nội dung ảnh, đúng mã SHA-256 trong địa chỉ; đã có thì trả 200.

    Gửi từng phần bằng “Content-Range: bytes a-b/tổng”: 202 là đã nhận phần đó, 416 là phần này
    không nối được, “receipt.missing” nói máy chủ đã có bao nhiêu byte. Phần dở được giữ 48 giờ.
    """
    return _file(_here(request), key, sha256, _PICTURES, actions.add_piece)


@router.put(
    "/{uuid:key}/voice/{sha256}",
    response={200: ReceiptOut, 201: ReceiptOut, 202: ReceiptOut},
    summary="Gửi một bản ghi tiếng nói của phản ánh, cả bản hoặc từng phần",
    openapi_extra={
        "requestBody": {
            "content": {t: {"schema": {"type": "string", "format": "binary"}} for t in _SOUNDS}
        }
    },
    url_name="put_voice",
)
@decorate_view(from_outbox)
def put_voice(request: HttpRequest, key: UUID, sha256: str) -> Any:  # noqa: ANN401
    """Như gửi ảnh; bản ghi phải có trong “voice” của phản ánh, nhiều nhất 2 MB."""
    return _file(_here(request), key, sha256, _SOUNDS, actions.add_voice)


@router.get(
    "/{uuid:key}",
    response=ReceiptOut,
    summary="Biên nhận của một phản ánh đã gửi",
    url_name="receipt",
)
def get_receipt(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Biên nhận và các ảnh còn thiếu; máy của bà con hỏi lại sau khi mất mạng."""
    here = _here(request)
    return arriving.receipt(here, queries.by_uuid(here.commune, key))


@router.get("", response=PageOut, summary="Phản ánh đã đăng công khai", url_name="reports")
def list_reports(request: HttpRequest, asked: Query[ListIn]) -> dict[str, Any]:
    """Mới nhất trước; tìm không cần dấu; trang sau theo `next`."""
    here = _here(request)
    wanted = queries.Filter(words=asked.q, category=asked.category, status=asked.status)
    page = queries.public_list(here.commune, wanted, after=asked.cursor, size=asked.limit)
    return {"items": [_line(line) for line in page.lines], "next": page.older}


@router.get("/{code}", response=ReportOut, summary="Một phản ánh theo mã", url_name="report")
def get_report(request: HttpRequest, code: str) -> dict[str, Any]:
    """Ai có mã cũng xem được: trạng thái, ngày hẹn, câu trả lời; lời chỉ khi đã đăng."""
    here = _here(request)
    view = queries.public_view(queries.by_code(here.commune, queries.check_code(code)))
    said = {name: getattr(view, name) for name in ReportOut.model_fields if hasattr(view, name)}
    steps = [{"title": s.title, "time": s.time, "note": s.note} for s in view.steps]
    return said | {"answer": view.reply.text if view.reply else "", "steps": steps}


@categories.get("", response=CategoriesOut, summary="Các loại việc", url_name="categories")
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


def _file(here: CommuneRequest, key: UUID, sha256: str, types: tuple[str, ...], add: Add) -> Any:  # noqa: ANN401
    """Take a photo or a recording, whole or in pieces."""
    if (here.content_type or "") not in types:
        return problems.answer(415)
    digest = sha256.lower()
    if not re.fullmatch(arriving.SHA, digest):
        return problems.answer(404)
    report = queries.by_uuid(here.commune, key)
    try:
        done = add(report, digest, arriving.piece(here), by=_sender(here))
    except parts.Gap as refusal:
        return with_receipt(here, refusal, report)
    status = 202 if not done.is_whole else 201 if done.is_new else 200
    return status, arriving.receipt(here, report)


def _sender(request: CommuneRequest) -> Actor:
    return replace(senders.resident(request), channel="pwa")


def with_receipt(request: CommuneRequest, refusal: Refusal, report: Report) -> HttpResponse:
    """Answer a refusal together with the receipt of what is here."""
    said = json.loads(problems.of(refusal).content)
    said["receipt"] = arriving.receipt(request, report)
    response = JsonResponse(said, status=refusal.status, content_type=problems.TYPE)
    response["Cache-Control"] = "no-store"
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
