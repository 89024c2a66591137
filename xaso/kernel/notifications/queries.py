"""What was told, and to whom it has not come through."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import models

from xaso.kernel.notifications.models import Message

_NOT_TOLD = (Message.Status.FAILED, Message.Status.GIVEN_UP)


def newest(commune: UUID, limit: int = 100, *, before: datetime | None = None) -> list[Message]:
    """Return a commune's messages, newest first."""
    found = Message.objects.filter(commune=commune).order_by("-created_at", "-id")
    return list((found.filter(created_at__lt=before) if before else found)[:limit])


def about(subject: models.Model, *, commune: UUID) -> list[Message]:
    """Return what was told about a record, oldest first."""
    return list(
        Message.objects.filter(
            commune=commune, subject_type=subject._meta.label, subject_id=str(subject.pk)
        ).order_by("created_at")
    )


def not_told(subjects: Sequence[models.Model], *, commune: UUID) -> set[str]:
    """Return the keys of those records about which a message did not come through."""
    found = Message.objects.filter(
        commune=commune,
        subject_type__in={each._meta.label for each in subjects},
        subject_id__in=[str(each.pk) for each in subjects],
        status__in=_NOT_TOLD,
    )
    return set(found.values_list("subject_id", flat=True))
