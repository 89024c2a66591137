"""Tell a commune's administrators that a channel needs them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from xaso.kernel.identity import queries as identity
from xaso.kernel.notifications.actions import telling


def administrators(
    event: str, *, subject: models.Model, commune: UUID, key: str, context: Mapping[str, Any]
) -> None:
    """Tell each administrator once for this key, at once, by mail or in the demo's inbox."""
    way = "email" if settings.XASO_EMAIL_ON else "demo"
    telling.tell(
        event,
        subject=subject,
        commune=commune,
        recipients=[
            telling.Recipient(f"official:{person.pk}", way, person.email or person.username)
            for person in identity.members(commune, permission="notifications.manage")
            if person.email or way == "demo"
        ],
        context={"address": settings.XASO_ORIGIN, **context},
        key=key,
        is_urgent=True,
    )
