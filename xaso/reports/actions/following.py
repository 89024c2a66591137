"""People who wait for the same answer: "me too", or only watching. Nobody is ever deleted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.measures import actions as measures
from xaso.kernel.places import actions as places
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports.actions import confirming, contacting, photographs, steps
from xaso.reports.actions.given import Contact
from xaso.reports.models import Follower, FollowKind, Photo, Report, Visibility

FOLLOWED = "reports.followed"
CODE_KIND = "follower"  # what the follower's code names in the table of public codes
MOST_PHOTOS_OF_FOLLOWERS = 30


class NotPublished(Refusal):
    """Residents may join only what everybody can read."""

    sentence = _("Phản ánh này chưa đăng công khai. Bà con cứ gửi phản ánh của mình.")


class IsTheSender(Refusal):
    """Whoever sent it follows it already."""

    sentence = _("Phản ánh này do máy của bà con gửi. Bà con đang theo dõi rồi.")


@dataclass(frozen=True)
class Following:
    """Why somebody follows, how to reach them, and the photos they let the commune use."""

    kind: str = FollowKind.ME_TOO
    device_hash: str = ""
    contact: Contact = field(default_factory=Contact)
    photos: Sequence[Attachment] = ()


@transaction.atomic
def follow(report: Report, given: Following, *, by: Actor) -> tuple[Follower, bool]:
    """Let somebody follow a report; return the follower and whether they are new.

    A device follows once, however often it asks. Following changes nothing an official works from,
    so the report keeps its version. A merged report's parent is followed in its place. Refuses with
    NotPublished, IsTheSender, Invalid (phone) and as every step.
    """
    current = steps.locked(report)
    if current.parent_id is not None:
        current = steps.locked(Report(pk=current.parent_id, commune_id=current.commune_id))
    known = _known(current, given.device_hash)
    if known is not None:
        return _kept(current, known, given), False
    steps.take(current, "follow", by=by)
    _refuse(current, given, by)
    reporter = contacting.contact_of(given.contact, current.commune_id)
    is_proved = by.kind == "official" or not confirming.needs_code(reporter)
    follower = Follower.objects.create(
        commune_id=current.commune_id,
        report=current,
        first_report=current,
        reporter=reporter,
        device_hash=given.device_hash,
        kind=given.kind,
        code=places.reserve_code(CODE_KIND, current.commune_id),
        confirmed_at=clock.now() if is_proved else None,
        created_at=clock.now(),
    )
    if not is_proved:
        confirming.send_code(follower, by=by)
    _add_photos(current, follower, given)
    recount(current)
    audit.record("reports.follow", follower, by=by, commune=current.commune_id)
    _count(current, given.kind)
    steps.announce(current)
    return follower, True


@transaction.atomic
def unfollow(follower: Follower, *, by: Actor) -> Follower:
    """Stop following; the code still opens the page, and following again is one tap."""
    report = steps.locked(Report(pk=follower.report_id, commune_id=follower.commune_id))
    current = Follower.objects.select_for_update().get(pk=follower.pk, report=report)
    if current.ended_at is None:
        current.ended_at = clock.now()
        current.save(update_fields=["ended_at"])
        recount(report)
        audit.record("reports.unfollow", current, by=by, commune=current.commune_id)
    return current


def recount(report: Report) -> None:
    """Set how many others told of a locked report; who only watches did not."""
    rows = Follower.objects.filter(report=report, kind=FollowKind.ME_TOO, ended_at__isnull=True)
    report.follower_count = rows.count()
    Report.objects.filter(pk=report.pk).update(follower_count=report.follower_count)


def _known(report: Report, device: str) -> Follower | None:
    """Return who this device is among the followers: by itself, or by a report merged into it."""
    if not device:
        return None
    rows = Follower.objects.filter(report=report, device_hash=device)
    found = rows.order_by(F("ended_at").desc(nulls_first=True), "-id").first()
    if found is not None:
        return found
    merged = Report.objects.filter(parent=report, device_hash=device).values("code")
    return Follower.objects.filter(report=report, from_code__in=merged).first()


def _kept(report: Report, follower: Follower, given: Following) -> Follower:
    """Keep what a known follower adds: back again, from watching to "me too", more photos."""
    if given.kind == FollowKind.ME_TOO != follower.kind or follower.ended_at:
        follower.kind, follower.ended_at = given.kind, None
        follower.save(update_fields=["kind", "ended_at"])
        recount(report)
    _add_photos(report, follower, given)
    return follower


def _refuse(report: Report, given: Following, by: Actor) -> None:
    if given.device_hash and given.device_hash == report.device_hash:
        raise IsTheSender
    if by.kind == "resident" and report.visibility != Visibility.PUBLIC:
        raise NotPublished


def _add_photos(report: Report, follower: Follower, given: Following) -> None:
    """Take the follower's photos as evidence; a person looks before anybody sees them."""
    there = Photo.objects.filter(report=report, follower__isnull=False).count()
    room = max(0, MOST_PHOTOS_OF_FOLLOWERS - there)
    rows = photographs.keep(report, tuple(given.photos)[:room], Photo.Role.EVIDENCE)
    keys = [photo.pk for photo in rows]
    Photo.objects.filter(pk__in=keys).update(follower=follower)


def _count(report: Report, kind: str) -> None:
    day = dates.local(clock.now()).date()
    measures.count(FOLLOWED, commune=report.commune_id, day=day, dims={"kind": kind})
