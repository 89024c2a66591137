"""What a phone's queue sends and what it is told: the shapes, and a report made of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Schema
from pydantic import AwareDatetime, ConfigDict

from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import dates
from xaso.kernel.web.http import CommuneRequest
from xaso.kernel.web.middleware import bodies
from xaso.kernel.working_time import clock
from xaso.reports import actions, turns, wire
from xaso.reports.models import Photo, Report, VoiceNote
from xaso.reports.views import senders

SHA = r"^[0-9a-f]{64}$"
_RANGE = re.compile(r"bytes (\d{1,10})-(\d{1,10})/(\d{1,10})")


class Strict(Schema):
    """A shape without room for anything it does not name."""

    model_config = ConfigDict(extra="forbid")


class PlaceIn(Strict):
    """Chỗ xảy ra việc; độ theo WGS 84, sai số theo mét."""

    village: str = Field(default="", max_length=10, description="Mã bản, ví dụ BL-07")
    landmark: str = Field(default="", max_length=200)
    km_post: str = Field(default="", max_length=60)
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    accuracy: int | None = Field(default=None, ge=0, le=1_000_000)
    source: Literal["gps", "map", "village", "none"] = "none"


class ContactIn(Strict):
    """Cách báo lại cho người gửi; có thể để trống."""

    name: str = Field(default="", max_length=120)
    phone: str = Field(default="", max_length=20)
    preferred: Literal["", "sms", "zalo", "push", "call", "none"] = ""
    anonymous: bool = False


class PhotoIn(Strict):
    """Một ảnh sẽ gửi sau."""

    sha256: str = Field(pattern=SHA)
    bytes: int = Field(default=0, ge=0, le=15_000_000)


class VoiceIn(Strict):
    """Một bản ghi tiếng nói sẽ gửi sau; nhiều nhất 120 giây."""

    sha256: str = Field(pattern=SHA)
    bytes: int = Field(default=0, ge=0, le=2_097_152)
    seconds: int = Field(default=0, ge=0, le=120)


class ReportIn(Strict):
    """Một phản ánh, do máy của bà con đặt mã UUID."""

    v: Literal[1] = 1
    category: str = Field(max_length=40)
    text: str = Field(default="", max_length=4_000)
    place: PlaceIn = PlaceIn()
    contact: ContactIn = ContactIn()
    photos: list[PhotoIn] = Field(default_factory=list, max_length=6)
    voice: list[VoiceIn] = Field(default_factory=list, max_length=2)
    answers: dict[str, str] = Field(default_factory=dict)
    lang: str = Field(default="vie", pattern=r"^[a-z]{3}$", description="ISO 639-3")
    captured_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None


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
    due_text: str
    server_time: datetime


class WrongRange(Refusal):
    """The piece is not what its Content-Range says."""

    code = "wrong_range"
    status = 400


@dataclass(frozen=True)
class From:
    """Where a report came from: digests of the device and the neighbourhood, and if it waits."""

    device_hash: str = ""
    ip_prefix_hash: str = ""
    is_held: bool = False


def came_from(request: CommuneRequest, phone: str, *, is_hazard: bool) -> From:
    """Return where a phone's report came from, and count the sending. Refuses with TooMany."""
    address = identity.address(request)
    device = senders.device_hash(request)
    sender = turns.Sender(device, address, phone)
    return From(
        device_hash=device,
        ip_prefix_hash=senders.address_hash(request, identity.prefix(address)),
        is_held=turns.take(sender, request.commune.id, is_hazard=is_hazard),
    )


def report(key: UUID, given: ReportIn, body: dict[str, Any], came: From) -> actions.NewReport:
    """Return the report in `body`, of which `given` is the checked form."""
    place = given.place
    return actions.NewReport(
        uuid=key,
        content_hash=wire.content_hash(body),
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
        voices=[actions.Voice(v.sha256, v.seconds) for v in given.voice],
        captured_at=given.captured_at,
        sent_at=given.sent_at,
        lang=given.lang,
        answers=dict(given.answers),
        device_hash=came.device_hash,
        ip_prefix_hash=came.ip_prefix_hash,
        is_held=came.is_held,
    )


def piece(request: HttpRequest) -> actions.Piece:
    """Return the piece of a photo in a request; without Content-Range it is the whole photo.

    Refuses with WrongRange.
    """
    raw = bodies.raw(request)
    said = request.headers.get("Content-Range", "")
    if not said:
        announced = int(request.META.get("CONTENT_LENGTH") or raw.bytes)
        return actions.Piece(raw.file, 0, announced if not raw.is_whole else raw.bytes)
    found = _RANGE.fullmatch(said)
    if found is None:
        raise WrongRange
    start, last, total = map(int, found.groups())
    fits = start <= last < total and (raw.bytes == last - start + 1 or not raw.is_whole)
    if not fits:
        raise WrongRange
    return actions.Piece(raw.file, start, total)


def receipt(request: HttpRequest, sent: Report) -> dict[str, Any]:
    """Return what a phone is told about a report it sent; the same at every try."""
    return {
        "code": sent.code,
        "track_url": request.build_absolute_uri(reverse("reports:track", args=[sent.code])),
        "missing": _missing(sent),
        "due_at": sent.due_at,
        "due_text": dates.moment(sent.due_at),
        "server_time": clock.now(),
    }


def _missing(sent: Report) -> Sequence[dict[str, object]]:
    found: list[str] = []
    if sent.photo_count:
        photos = Photo.objects.filter(report=sent, state=Photo.State.EXPECTED)
        found += photos.values_list("sha256", flat=True)
    if sent.voice_count:
        voices = VoiceNote.objects.filter(report=sent, state=VoiceNote.State.EXPECTED)
        found += voices.values_list("sha256", flat=True)
    return [{"sha": sha, "have": actions.part_of(sent, sha).have} for sha in found]
