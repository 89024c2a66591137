"""What was told, to whom it has not come through, and how the channels do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from xaso.kernel.notifications import accounts, channels
from xaso.kernel.notifications.models import Account, Message, Subscription, Tariff
from xaso.kernel.working_time import clock

Status = Message.Status
_NOT_TOLD = (Status.FAILED, Status.GIVEN_UP, Status.UNKNOWN)
_WITH_ACCOUNT = tuple(kind.name for kind in channels.KINDS.values() if kind.has_account)


@dataclass(frozen=True)
class Wanted:
    """Which messages of the outbox; empty texts stand for all."""

    channel: str = ""
    status: str = ""
    before: datetime | None = None


@dataclass(frozen=True)
class ChannelState:
    """How a channel does, fit for a screen: no secret, no token."""

    kind: channels.Kind
    account: Account
    is_open: bool
    waiting: int
    failed: int
    is_demo: bool

    @property
    def has_secret(self) -> bool:
        """Return whether a secret is kept; what it is nobody is shown."""
        return bool(self.account.secret)


def newest(
    commune: UUID, limit: int = 100, *, before: datetime | None = None, wanted: Wanted | None = None
) -> list[Message]:
    """Return a commune's messages, newest first."""
    wanted = wanted or Wanted(before=before)
    found = Message.objects.filter(commune=commune).order_by("-created_at", "-id")
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    if wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.before:
        found = found.filter(created_at__lt=wanted.before)
    return list(found[:limit])


def about(subject: models.Model, *, commune: UUID) -> list[Message]:
    """Return what was told about a record, oldest first."""
    return list(
        Message.objects.filter(
            commune=commune, subject_type=subject._meta.label, subject_id=str(subject.pk)
        ).order_by("created_at")
    )


def not_told(subjects: Sequence[models.Model], *, commune: UUID, recipients: str = "") -> set[str]:
    """Return the keys of those records about which somebody knows less than they should.

    A message did not come through, and neither a call nor a later message about the record did.
    `recipients` narrows to keys that begin so (`reporter:`).
    """
    told = Message.objects.filter(
        commune=commune,
        subject_type=OuterRef("subject_type"),
        subject_id=OuterRef("subject_id"),
        recipient=OuterRef("recipient"),
        status=Status.SENT,
        created_at__gte=OuterRef("created_at"),
    )
    found = Message.objects.filter(
        Q(status__in=_NOT_TOLD) | Q(status=Status.WAITING, attempts__gte=2),
        ~Exists(told),
        commune=commune,
        subject_type__in={each._meta.label for each in subjects},
        subject_id__in=[str(each.pk) for each in subjects],
        recipient__startswith=recipients,
    )
    return set(found.values_list("subject_id", flat=True))


def open_channels(commune: UUID) -> frozenset[str]:
    """Return the ways by which a commune reaches people now; a paused one counts, it only waits."""
    known = accounts.of_all(commune, _WITH_ACCOUNT)
    found = {"call"}
    for name, path in settings.XASO_CHANNELS.items():
        if _is_open(name, path, known.get(name)):
            found.add(name)
    return frozenset(found)


def states(commune: UUID) -> list[ChannelState]:
    """Return every channel with how it does, in three statements."""
    names = tuple(name for name in channels.KINDS if name != "demo")
    known = accounts.of_all(commune, names)
    now_open = open_channels(commune)
    rows = Message.objects.filter(commune=commune).values("channel").order_by()
    counts = {
        row["channel"]: row
        for row in rows.annotate(
            waiting=models.Count("id", filter=Q(status=Status.WAITING)),
            failed=models.Count("id", filter=Q(status__in=_NOT_TOLD)),
        )
    }
    nothing = {"waiting": 0, "failed": 0}
    return [
        ChannelState(
            kind=channels.KINDS[name],
            account=known[name],
            is_open=name in now_open,
            waiting=counts.get(name, nothing)["waiting"],
            failed=counts.get(name, nothing)["failed"],
            is_demo=_is_demo(name, known[name]),
        )
        for name in names
    ]


def calls(commune: UUID, limit: int = 100) -> list[Message]:
    """Return the calls that are due, urgent ones first, then the oldest."""
    rows = Message.objects.filter(commune=commune, channel="call", status=Status.WAITING)
    due = rows.filter(Q(next_at__lte=clock.now()) | Q(is_urgent=True))
    return list(due.order_by("-is_urgent", "next_at")[:limit])


def call(commune: UUID, key: UUID) -> Message | None:
    """Return one call of a commune."""
    return Message.objects.filter(commune=commune, pk=key, channel="call").first()


def does_listen(device: str, commune: UUID) -> bool:
    """Return whether a browser of this device agreed to be told."""
    return bool(device) and Subscription.objects.filter(commune=commune, device=device).exists()


def tariffs(commune: UUID, limit: int = 30) -> list[Tariff]:
    """Return what was written down about prices and caps, the newest day first."""
    rows = Tariff.objects.filter(commune=commune)
    return list(rows.order_by("-valid_from", "item")[:limit])


def listeners(commune: UUID) -> int:
    """Return how many browsers agreed to be told."""
    return Subscription.objects.filter(commune=commune).count()


def _is_open(name: str, path: str, account: Account | None) -> bool:
    if account is None:
        return not path.endswith(".absent")
    if not account.is_on or account.login == Account.Login.NEEDED:
        return False
    if path.endswith((".sms_gateway", ".zalo_oa")) and not account.settings:
        return bool(settings.XASO_CHANNEL_TWIN.endswith(".demo"))
    return not path.endswith(".absent")


def _is_demo(name: str, account: Account) -> bool:
    path = settings.XASO_CHANNELS.get(name, "")
    if channels.KINDS[name].has_account:
        return not account.settings and settings.XASO_CHANNEL_TWIN.endswith(".demo")
    return bool(path.endswith(".demo"))
