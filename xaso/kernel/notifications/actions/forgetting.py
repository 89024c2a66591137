"""People are not to be told any more, or were told long ago: addresses and words go."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q, QuerySet

from xaso.kernel.notifications.models import Message

_OVER = (
    Message.Status.SENT,
    Message.Status.FAILED,
    Message.Status.GIVEN_UP,
    Message.Status.UNKNOWN,
    Message.Status.MERGED,
)


@transaction.atomic
def forget_recipient(recipient: str, *, subject: models.Model, commune: UUID) -> int:
    """Stop what waits for a recipient about a record and blank the addresses; return how many."""
    rows = Message.objects.filter(
        commune=commune,
        recipient=recipient,
        subject_type=subject._meta.label,
        subject_id=str(subject.pk),
    )
    waiting = rows.filter(status=Message.Status.WAITING)
    stopped = waiting.update(status=Message.Status.MERGED)
    rows.update(address="", fallback="")
    return stopped


def forget_addresses(
    model: type[models.Model], keys: Iterable[object], *, commune: UUID, recipients: str
) -> None:
    """Stop what waits about some records for people whose key begins so; blank their addresses."""
    rows = Message.objects.filter(
        commune=commune,
        subject_type=model._meta.label,
        subject_id__in=[str(key) for key in keys],
        recipient__startswith=recipients,
    )
    rows.filter(status=Message.Status.WAITING).update(status=Message.Status.MERGED)
    rows.update(address="", fallback="")


def forget_about(model: type[models.Model], keys: Iterable[object], *, commune: UUID) -> int:
    """Drop every message about some records, told or not; return how many."""
    rows = Message.objects.filter(
        commune=commune, subject_type=model._meta.label, subject_id__in=[str(k) for k in keys]
    )
    return rows.delete()[0]


def told_before(commune: UUID, before: datetime) -> QuerySet[Message]:
    """Return the messages written before a moment that still hold an address or words."""
    rows = Message.objects.filter(commune=commune, created_at__lt=before, status__in=_OVER)
    return rows.exclude(Q(body="") & Q(link="") & Q(address=b"") & Q(fallback=b""))
