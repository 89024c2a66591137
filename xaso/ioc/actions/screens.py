"""Everything that changes screens."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.ioc.models import OVERVIEW, Snapshot, WallDevice
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock

LONGEST_DAYS = 730
QUIET = timedelta(minutes=5)  # a screen that has not looked for so long is out of touch
_SEEN_EVERY = timedelta(minutes=1)  # one write a minute per screen, not one per look
_CONTEXT = "ioc_walldevice.token"


class AlreadyTakenDown(Refusal):
    """The screen was revoked before."""

    sentence = _("Màn hình này đã bị thu hồi từ trước.")


class Hung(NamedTuple):
    """A new screen and its token, which is never shown again."""

    device: WallDevice
    token: str


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return blind(token, context=_CONTEXT)


@transaction.atomic
def hang_screen(
    name: str, *, commune: Commune, by: Actor, theme: str = WallDevice.Theme.DARK, days: int = 365
) -> Hung:
    """Allow a new screen to look at the overview for a number of days.

    Refuses with Invalid (errors by field).
    """
    name = clean_line(name)[:80]
    if not name:
        raise Invalid(errors={"name": [str(_("Bác ghi màn hình treo ở đâu."))]})
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(errors={"days": [str(_("Số ngày từ 1 đến 730."))]})
    token = secrets.token_urlsafe(32)
    now = clock.now()
    device = WallDevice.objects.create(
        commune=commune,
        name=name,
        digest=digest(token),
        boards=[OVERVIEW],
        theme=theme,
        created_at=now,
        created_by_id=int(by.id) if by.kind == "official" else None,
        expires_at=now + timedelta(days=days),
    )
    audit.record("ioc.screen_hung", device, by=by, commune=commune.id, changes={"days": days})
    return Hung(device, token)


@transaction.atomic
def take_down(device_id: int, *, commune: Commune, by: Actor) -> WallDevice:
    """Revoke a screen: it goes dark at its next look. Refuses with AlreadyTakenDown.

    Raises WallDevice.DoesNotExist for a screen of another commune.
    """
    device = WallDevice.objects.select_for_update().get(commune=commune, pk=device_id)
    if device.revoked_at is not None:
        raise AlreadyTakenDown
    device.revoked_at = clock.now()
    device.save(update_fields=["revoked_at"])
    audit.record("ioc.screen_taken_down", device, by=by, commune=commune.id)
    return device


def seen(device: WallDevice) -> None:
    """Note that a screen looked, at most once a minute."""
    now = clock.now()
    if device.last_seen_at and now - device.last_seen_at < _SEEN_EVERY:
        return
    WallDevice.objects.filter(
        Q(last_seen_at=None) | Q(last_seen_at__lt=now - _SEEN_EVERY), pk=device.pk
    ).update(last_seen_at=now)


class Built(Protocol):
    """A snapshot that was just built."""

    @property
    def etag(self) -> str:
        """Return the digest of the content."""

    @property
    def body(self) -> bytes:
        """Return gzipped JSON."""

    @property
    def as_of(self) -> datetime:
        """Return when the figures were true."""


def keep_snapshot(commune: Commune, board: str, stamp: str, built: Built) -> None:
    """Keep the last snapshot of a board for every screen and process."""
    values = {"stamp": stamp, "etag": built.etag, "body": built.body, "built_at": built.as_of}
    Snapshot.objects.update_or_create(commune=commune, board=board, defaults=values)
