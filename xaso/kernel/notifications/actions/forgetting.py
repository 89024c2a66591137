"""Somebody is not to be told any more: what waits for them stops, and their address goes."""

from uuid import UUID

from django.db import models, transaction

from xaso.kernel.notifications.models import Message


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
