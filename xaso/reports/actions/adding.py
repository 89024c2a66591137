"""The sender's phone adds something to what it sent before: one more line of the same report."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from xaso.kernel.audit.actors import Actor
from xaso.kernel.text import clean_text
from xaso.reports.actions import asking, photographs, steps
from xaso.reports.actions.given import Announced
from xaso.reports.actions.receiving import OtherContent
from xaso.reports.history import Said
from xaso.reports.models import Addition, Photo, Report, State
from xaso.reports.models.photos import MOST_PER_ROLE


@dataclass(frozen=True)
class More:
    """What is added: words and photos that follow, under a key the phone made."""

    uuid: UUID
    content_hash: str
    text: str = ""
    photos: Sequence[Announced] = ()


@transaction.atomic
def add_more(report: Report, more: More, *, by: Actor) -> bool:
    """Add to a report, once however often it is sent; return whether it is new.

    While the commune waits for the sender it is their answer, and the clock goes on. Refuses with
    Withdrawn, OtherContent (the key came with other words), NotAllowed (the report is over).
    """
    current = steps.locked(report)
    photographs.refuse_if_over(current)
    known = Addition.objects.filter(commune=current.commune_id, uuid=more.uuid).first()
    if known is not None:
        if (known.report_id, known.content_hash) != (current.pk, more.content_hash):
            raise OtherContent(current)
        return False
    is_answer = current.state == State.WAITING_INFO
    action = "give_info" if is_answer else "add_info"
    step = steps.take(current, action, by=by, text=more.text, photos=more.photos)
    if is_answer:
        asking.resume(step)
    Addition.objects.create(
        commune_id=current.commune_id,
        report=current,
        uuid=more.uuid,
        content_hash=more.content_hash,
        created_at=step.now,
    )
    count = _announce(current, more.photos, step)
    step.finish(Said(internal=clean_text(more.text)[:4_000], facts={"photos": count}))
    return True


def _announce(report: Report, photos: Sequence[Announced], step: steps.Step) -> int:
    """Write a row for each photo that will follow and is not known yet; return how many."""
    rows = Photo.objects.filter(report=report)
    known = set(rows.values_list("sha256", flat=True))
    room = MOST_PER_ROLE - rows.filter(role=Photo.Role.REPLY).count()
    named = {each.sha256: each for each in photos}.values()  # twice is once, as in a new report
    fresh = [each for each in named if each.sha256 not in known][: max(0, room)]
    Photo.objects.bulk_create(
        Photo(
            commune_id=report.commune_id,
            report=report,
            sha256=each.sha256,
            bytes=each.bytes,
            order=order,
            role=Photo.Role.REPLY,
            created_at=step.now,
        )
        for order, each in enumerate(fresh)
    )
    report.photo_count += len(fresh)
    return len(fresh)
