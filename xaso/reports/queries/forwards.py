"""Where a report was passed on to, for officials and for the body itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from xaso.kernel.attachments import queries as attachments
from xaso.kernel.attachments.models import Attachment, Kind
from xaso.kernel.attachments.queries import Picture
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import spoken_code
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, deadlines
from xaso.reports.actions import bodies, chasing
from xaso.reports.models import Body, Forward, ForwardFile, Photo, Report, State


@dataclass(frozen=True)
class Passed:
    """One passing on, as officials see it."""

    id: int
    body: str
    phone: str
    asked: str
    paper_no: str
    forwarded_at: datetime
    child_due_at: datetime
    opened_at: datetime | None
    agreed_at: datetime | None
    replied_at: datetime | None
    reply_text: str
    is_declined: bool
    is_late: bool
    reminder_count: int
    over_at: datetime
    has_link: bool
    files: Sequence[tuple[str, str]] = field(default_factory=tuple)  # address, name


@dataclass(frozen=True)
class Asked:
    """What a body reads behind its link: what it is asked, where, and published photos."""

    forward: Forward
    code: str
    category: str
    place: str
    lat: float | None
    lon: float | None
    photos: Sequence[Picture]
    is_over: bool

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.code)


def last(report: Report, now: datetime) -> Passed | None:
    """Return the passing on under way, with the files the body sent; two statements."""
    if report.state != State.FORWARDED:
        return None
    rows = Forward.objects.filter(report=report).select_related("body").order_by("-id")
    row = rows.first()
    if row is None:
        return None
    files = ForwardFile.objects.filter(forward=row).select_related("attachment").order_by("id")
    at = chasing.chases(row, deadlines.frozen(report))
    return Passed(
        id=row.pk,
        body=row.body.name,
        phone=row.body.phone,
        asked=row.asked,
        paper_no=row.paper_no,
        forwarded_at=row.forwarded_at,
        child_due_at=row.child_due_at,
        opened_at=row.opened_at,
        agreed_at=row.agreed_at,
        replied_at=row.replied_at,
        reply_text=row.reply_text,
        is_declined=row.outcome == "declined",
        is_late=row.replied_at is None and row.child_due_at < now,
        reminder_count=row.reminder_count,
        over_at=at.over,
        has_link=bool(row.link_token_hash),
        files=[_file(each.attachment) for each in files],
    )


def _file(file: Attachment) -> tuple[str, str]:
    """Return where officials open a file, and its name."""
    name = file.original_name or str(file.pk)
    if file.kind == Kind.PHOTO:
        picture = attachments.picture(file, name, step=1280)
        return picture.full, name
    return attachments.address(file, name), name


def by_link(commune: Commune, secret: str) -> Forward:
    """Return the passing on a link opens. Refuses with NotFound, as for one that never was."""
    if not 20 <= len(secret) <= 100:
        raise NotFound
    rows = Forward.objects.select_related("body", "report__village", "report__unit")
    row = rows.filter(commune=commune, link_token_hash=bodies.digest(secret)).first()
    if row is None or row.link_expires_at is None or row.link_expires_at <= clock.now():
        raise NotFound
    return row


def asked(forward: Forward) -> Asked:
    """Return what the body may read: nothing of the sender, no words but what it is asked."""
    report = forward.report
    kind = catalogue.of(report.commune_id).by_id[report.category_id]
    photos = Photo.objects.filter(
        report=report, state=Photo.State.RECEIVED, public_file__isnull=False
    ).select_related("public_file")
    village = report.village.full_name if report.village else ""
    return Asked(
        forward=forward,
        code=report.code,
        category=kind.name,
        place=", ".join(filter(None, (report.landmark, report.km_post, village))),
        lat=report.public_lat,
        lon=report.public_lon,
        photos=[
            attachments.picture(
                photo.public_file, kind.name, is_lent=not photo.public_file.is_public
            )
            for photo in photos.order_by("order", "id")
            if photo.public_file is not None
        ],
        is_over=report.state != State.FORWARDED,
    )


def bodies_of(commune: Commune) -> Sequence[Body]:
    """Return the outside bodies of a commune, those in use first."""
    return list(Body.objects.filter(commune=commune).order_by("-is_active", "name"))
