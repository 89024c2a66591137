"""An administrator sets channels up, pauses them, lets them go on, and tries them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.notifications import channels
from xaso.kernel.notifications.actions import telling, tokens
from xaso.kernel.notifications.letters import NotLetIn, TryLater
from xaso.kernel.notifications.models import Account, Message
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.kernel.text.folding import clean_line
from xaso.kernel.working_time import clock


class AccessNotGranted(Refusal):
    """Zalo did not give us tokens for what was typed in."""

    sentence = _("Zalo chưa cấp quyền. Bác xem lại mã ứng dụng, khóa bí mật rồi cấp quyền lại.")


class ZaloIsAway(Refusal):
    """Zalo did not answer."""

    sentence = _("Chưa liên lạc được với Zalo. Bác thử lại sau ít phút.")
    status = 503


@dataclass(frozen=True)
class NewSettings:
    """What an administrator typed in; an empty secret leaves the one there is."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    secret: str = ""
    inbound_secret: str = ""


@transaction.atomic
def set_up(commune: Commune, channel: str, new: NewSettings, *, by: Actor) -> Account:
    """Keep the settings of a channel; the log says which ones changed, never a secret."""
    account = _account(commune.id, channel)
    given = {name: value for name, value in new.settings.items() if value not in ("", None)}
    names = set(given) | set(account.settings)
    changed = sorted(n for n in names if given.get(n) != account.settings.get(n))
    account.settings = given
    if new.secret:
        account.secret = new.secret
        changed.append("secret")
    if new.inbound_secret:
        account.inbound_secret = new.inbound_secret
        changed.append("inbound_secret")
    account.changed_at = clock.now()
    account.last_error, account.last_error_at = "", None
    account.save()
    _log("notifications.channel_set_up", account, by, {"channel": channel, "changed": changed})
    _go_on(account)
    return account


@transaction.atomic
def pause(commune: Commune, channel: str, *, why: str, by: Actor) -> Account:
    """Let nothing leave through a channel until it goes on; messages wait."""
    account = _account(commune.id, channel)
    account.paused_at, account.paused_why = clock.now(), clean_line(why)[:200]
    account.save()
    _log("notifications.channel_paused", account, by, {"channel": channel})
    return account


@transaction.atomic
def go_on(commune: Commune, channel: str, *, by: Actor) -> Account:
    """Let a paused channel send again, what waits first."""
    account = _account(commune.id, channel)
    account.paused_at, account.paused_why = None, ""
    account.save()
    _log("notifications.channel_went_on", account, by, {"channel": channel})
    _go_on(account)
    return account


@transaction.atomic
def send_test(commune: Commune, channel: str, address: str, *, by: Actor) -> Message:
    """Send a test message over a channel to an address the administrator typed in."""
    (message,) = telling.tell(
        "notifications.test",
        subject=commune,
        commune=commune.id,
        recipients=[telling.Recipient(f"official:{by.id}", channel, address)],
        context={"commune": commune.full_name, "address": settings.XASO_ORIGIN},
        key=f"test/{uuid4()}",
        is_urgent=True,
    )
    changes = {"channel": channel}
    audit.record("notifications.tested", message, by=by, commune=commune.id, changes=changes)
    return message


def connect(commune: Commune, channel: str, grant: dict[str, str], *, by: Actor) -> Account:
    """Exchange a code or a refresh token for the first tokens; bound to this installation.

    Refuses with AccessNotGranted and ZaloIsAway. Runs outside the request's transaction where the
    tokens are concerned: what Zalo gave us is kept whatever happens afterwards.
    """
    account = Account.objects.filter(commune=commune, channel=channel).first()
    if account is None or not account.secret:
        raise AccessNotGranted
    try:
        tokens.grant_access(account, grant)
    except NotLetIn as error:
        raise AccessNotGranted from error
    except TryLater as error:
        raise ZaloIsAway from error
    with transaction.atomic():
        account.refresh_from_db()
        account.settings = {**account.settings, "bound_to": settings.XASO_ORIGIN}
        account.save(update_fields=["settings"])
        _log("notifications.channel_connected", account, by, {"channel": channel})
        _go_on(account)
    return account


def _account(commune: UUID, channel: str) -> Account:
    """Return the commune's row of a channel, locked; made when it is not there yet."""
    channels.kind(channel)
    Account.objects.get_or_create(commune_id=commune, channel=channel)
    return Account.objects.select_for_update(no_key=True).get(commune=commune, channel=channel)


def _go_on(account: Account) -> None:
    """Send what waited for this channel."""
    if account.paused_at is not None:
        return
    waiting = Message.objects.filter(
        commune=account.commune_id, channel=account.channel, status=Message.Status.WAITING
    )
    now = clock.now()
    for message in waiting.order_by("next_at")[:5_000]:
        telling.put_off(message, message.next_at if message.next_at > now else None)


def _log(action: str, account: Account, by: Actor, changes: dict[str, Any]) -> None:
    audit.record(action, account, by=by, commune=account.commune_id, changes=changes)
