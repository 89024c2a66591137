"""What a phone does with a report it sent: adds to it, and learns what is alike (JSON)."""

import json
from dataclasses import replace
from typing import Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Router, Schema
from ninja.decorators import decorate_view
from pydantic import AwareDatetime, ConfigDict

from xaso.kernel.identity import queries as identity
from xaso.kernel.open_api import problems
from xaso.kernel.web.http import CommuneRequest
from xaso.reports import actions, alike, catalogue, queries, turns, wire
from xaso.reports.models import Report, Severity
from xaso.reports.queries import board
from xaso.reports.views import arriving, senders
from xaso.reports.views.api import LARGEST_BODY, from_outbox, with_receipt
from xaso.reports.views.arriving import PhotoIn, ReceiptOut

added = Router(tags=["Phản ánh"])
_MOST = 3  # on a phone


class MoreIn(Schema):
    """Lời và ảnh gửi thêm cho một phản ánh đã gửi."""

    model_config = ConfigDict(extra="forbid")

    v: Literal[1] = 1
    text: str = Field(default="", max_length=4_000)
    photos: list[PhotoIn] = Field(default_factory=list, max_length=6)
    captured_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None


class AlikeOut(Schema):
    """Một phản ánh đã đăng, có thể là cùng việc."""

    code: str
    title: str
    people: int
    url: str = Field(description="Trang “Tôi cũng gặp”")


class AlikesOut(Schema):
    """Giống nhất trước, nhiều nhất 3."""

    items: list[AlikeOut]


@added.put(
    "/{uuid:key}/additions/{uuid:more}",
    response={200: ReceiptOut, 201: ReceiptOut},
    summary="Gửi thêm cho một phản ánh đã gửi (gửi lại không tạo thêm)",
    url_name="put_addition",
)
@decorate_view(from_outbox)
def put_addition(request: HttpRequest, key: UUID, more: UUID, given: MoreIn) -> Any:  # noqa: ANN401
    """Trả biên nhận của phản ánh gốc; ảnh gửi thêm đi theo địa chỉ ảnh của phản ánh gốc."""
    here = cast("CommuneRequest", request)
    if len(request.body) > LARGEST_BODY:
        return problems.answer(413)
    report = queries.by_uuid(here.commune, key)
    sender = turns.Sender(senders.device_hash(here), identity.address(here))
    turns.take(sender, here.commune.id, is_hazard=report.severity == Severity.HAZARD)
    new = actions.More(
        uuid=more,
        content_hash=wire.content_hash(json.loads(request.body)),
        text=given.text,
        photos=[actions.Announced(p.sha256, p.bytes) for p in given.photos],
    )
    by = replace(senders.resident(here), channel="pwa")
    try:
        is_new = actions.add_more(report, new, by=by)
    except actions.OtherContent as refusal:
        return with_receipt(here, refusal, report)
    now = queries.by_uuid(here.commune, key)
    return (201 if is_new else 200), arriving.receipt(here, now)


@added.get(
    "/{uuid:key}/alike",
    response=AlikesOut,
    summary="Việc đã đăng có thể giống phản ánh này",
    url_name="alike_of",
)
def get_alike(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Máy hỏi sau khi gửi, nếu lúc viết không có mạng; không gộp, không xóa gì."""
    here = cast("CommuneRequest", request)
    report = queries.by_uuid(here.commune, key)
    return {"items": [_item(here, each) for each in _found(here, report)]}


def _found(request: CommuneRequest, report: Report) -> list[alike.Other]:
    """Return what may be the same; nothing for what is never public, or hurries."""
    kinds = catalogue.of(request.commune.id)
    is_open = kinds.by_id[report.category_id].is_publishable and not report.is_sealed
    if not is_open or report.severity == Severity.HAZARD:
        return []
    found = alike.for_residents(request.commune.id, alike.of_report(report), kinds)
    return [each for each in found if each.code != report.code][:_MOST]


def _item(request: CommuneRequest, other: alike.Other) -> dict[str, Any]:
    name = catalogue.of(request.commune.id).name(other.category_id)
    return {
        "code": other.code,
        "title": board.title(other.text, name, other.village),
        "people": other.people,
        "url": request.build_absolute_uri(reverse("reports:follow", args=[other.code])),
    }
