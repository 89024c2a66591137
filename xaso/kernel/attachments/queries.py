"""What others may ask about attachments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import BinaryIO
from urllib.parse import quote
from uuid import UUID

from django.core import signing
from django.db.models import (
    Exists,
    F,
    ForeignObjectRel,
    Func,
    IntegerField,
    Model,
    OuterRef,
    QuerySet,
    Value,
)
from django.urls import get_script_prefix

from xaso.kernel.attachments.models import Attachment, Kind, Rendition, State
from xaso.kernel.attachments.stores import choosing
from xaso.kernel.attachments.stores.receiving import Key
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound

LENT_FOR = timedelta(minutes=5)
_SALT = "attachments.lent"
TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "avif": "image/avif"}
_ALIKE = 10  # of 64 bits may differ in two pictures of one thing
THUMBNAIL = 160


@dataclass(frozen=True)
class Picture:
    """A photo as a page shows it; plain values for the part `web/parts/_picture.html`.

    `src` is a JPEG every browser shows; `srcset` (WebP) and `avif` (where it pays) are ready
    `srcset` texts; width and height are pixels of `src`. When `is_ready` is false there is nothing
    to show yet (or ever, when `is_refused`), and all addresses are empty.
    """

    alt: str
    src: str = ""
    srcset: str = ""
    avif: str = ""
    width: int = 0
    height: int = 0
    full: str = ""  # address of the largest one, for a link
    is_ready: bool = False
    is_refused: bool = False


def picture(attachment: Attachment, alt: str, *, step: int = 800, is_lent: bool = False) -> Picture:
    """Return a photo for a page, without any SQL.

    `step` (160, 320, 800, 1280) is the width `src` has; 160 is a thumbnail of a list, which
    offers no larger one: fifty of them must not weigh on a weak line. `is_lent` signs the
    addresses for five minutes: for a person who may see a photo that is not public (its sender,
    the wall).
    """
    if attachment.kind != Kind.PHOTO or attachment.state != State.READY:
        return Picture(alt, is_refused=attachment.state == State.REFUSED)
    ticket = f"?xem={lend(attachment)}" if is_lent else ""
    steps = [s for s in attachment.steps if (s <= THUMBNAIL) == (step <= THUMBNAIL)]
    sized = [(s, min(s, attachment.width or s)) for s in steps or attachment.steps]

    def srcset(extension: str) -> str:
        return ", ".join(
            f"{address(attachment, f'{s}.{extension}')}{ticket} {width}w" for s, width in sized
        )

    shown, width = max((p for p in sized if p[0] <= step), default=sized[0])
    return Picture(
        alt=alt,
        src=address(attachment, f"{shown}.jpg") + ticket,
        srcset=srcset("webp"),
        avif=srcset("avif") if attachment.has_avif else "",
        width=width,
        height=max(1, round(width * (attachment.height or 1) / (attachment.width or 1))),
        full=address(attachment, f"{sized[-1][0]}.jpg") + ticket,
        is_ready=True,
    )


def address(attachment: Attachment, name: str = "") -> str:
    """Return the address of a file, or of one picture of a photo (`800.webp`)."""
    return f"{get_script_prefix()}tep/{attachment.sha256}/{quote(name or attachment.original_name)}"


def lend(attachment: Attachment) -> str:
    """Return a ticket that opens a private file for five minutes to whoever holds it."""
    return signing.TimestampSigner(salt=_SALT).sign(f"{attachment.commune_id}/{attachment.sha256}")


def opens(ticket: str, attachment: Attachment) -> bool:
    """Return whether a ticket opens this file now."""
    try:
        named = signing.TimestampSigner(salt=_SALT).unsign(ticket, max_age=LENT_FOR)
    except signing.BadSignature:
        return False
    return named == f"{attachment.commune_id}/{attachment.sha256}"


def by_sha256(commune: Commune | UUID, sha256: str) -> Attachment | None:
    """Return the file of a commune with this hash, if it has one."""
    return Attachment.objects.filter(commune=commune, sha256=sha256.lower()).first()


def unnamed(files: Iterable[int]) -> set[int]:
    """Return which of some files (keys) no row of any room names; one statement per naming table.

    Read from the models, so a room that starts to keep files is asked too. What rooms keep by hash
    alone they have to spare themselves.
    """
    left = set(files)
    for model, field in _naming():
        if not left:
            break
        rows: QuerySet[Model] = QuerySet(model).filter(**{f"{field}__in": left})
        left -= set(rows.order_by().values_list(field, flat=True))
    return left


def orphans(commune: UUID, before: datetime) -> QuerySet[Attachment]:
    """Return the files received before a moment that no row of any room names."""
    rows = Attachment.objects.filter(commune=commune, received_at__lt=before)
    for model, field in _naming():
        named: QuerySet[Model] = QuerySet(model).filter(**{field: OuterRef("pk")})
        rows = rows.exclude(Exists(named))
    return rows


@lru_cache(maxsize=1)
def _naming() -> tuple[tuple[type[Model], str], ...]:
    return tuple(
        (each.related_model, each.field.name)
        for each in Attachment._meta.get_fields(include_hidden=True)
        if isinstance(each, ForeignObjectRel) and each.related_model is not Rendition
    )


def rendition(attachment: Attachment, step: int, media_type: str) -> Rendition | None:
    """Return one clean picture of a photo."""
    return attachment.renditions.filter(step=step, media_type=media_type).first()


def opened(attachment: Attachment) -> BinaryIO:
    """Return a file as it was given, for reading. Refuses with NotFound when it is not kept."""
    return _opened(Key(attachment.commune_id, attachment.sha256))


def content(attachment: Attachment) -> bytes:
    """Return a file as it was given. Refuses with NotFound when it is no longer kept."""
    with opened(attachment) as file:
        return file.read()


def clean_content(rendition: Rendition) -> bytes:
    """Return the bytes of one clean picture. Refuses with NotFound when they are lost."""
    with _opened(Key(rendition.commune_id, rendition.sha256, "made")) as file:
        return file.read()


def position(attachment: Attachment) -> tuple[float, float] | None:
    """Return where the camera says it was (latitude, longitude), for officials and the sender."""
    if not attachment.position:
        return None
    lat, lon = attachment.position.split(",")
    return float(lat), float(lon)


def taken_at(attachment: Attachment) -> datetime | None:
    """Return when the camera says the photo was taken, aware; for officials and the sender."""
    return datetime.fromisoformat(attachment.taken_at) if attachment.taken_at else None


def alike(attachment: Attachment) -> QuerySet[Attachment]:
    """Return other photos of the commune that look nearly the same, the nearest first."""
    photos = Attachment.objects.filter(commune=attachment.commune_id, phash__isnull=False)
    distance = Func(
        F("phash"),
        Value(attachment.phash),
        template="bit_count((%(expressions)s)::bit(64))",
        arg_joiner=" # ",
        output_field=IntegerField(),
    )
    near = photos.exclude(pk=attachment.pk).annotate(distance=distance)
    return near.filter(distance__lte=_ALIKE).order_by("distance", "id")


def _opened(key: Key) -> BinaryIO:
    try:
        return choosing.store().open(key)
    except FileNotFoundError as error:
        raise NotFound from error
