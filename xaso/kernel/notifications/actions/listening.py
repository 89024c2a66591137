"""Browsers that agreed to be told: they come, are told, and go."""

import json
import re
from dataclasses import dataclass
from types import ModuleType
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.notifications.adapters import web_push
from xaso.kernel.notifications.letters import Gone, Letter, NotLetIn, TryLater, Undeliverable
from xaso.kernel.notifications.models import Message, Subscription
from xaso.kernel.refusals import Refusal
from xaso.kernel.sealing.boxes import blind

_MOST = 5  # browsers of one device token; the oldest leaves
_LONGEST = 1_000
_KEY = re.compile(r"[A-Za-z0-9_-]{20,100}={0,2}")


class NotASubscription(Refusal):
    """What the browser sent is not a subscription of the Push API."""

    sentence = _("Trình duyệt này chưa bật được thông báo. Bà con chọn cách báo khác giúp.")


@dataclass(frozen=True)
class Browser:
    """What a browser hands over after its owner agreed."""

    endpoint: str
    p256dh: str
    auth: str


def push_key() -> str:
    """Return the public key a browser needs to subscribe, base64url; nothing without a key."""
    return web_push.public_key() if settings.XASO_PUSH_KEY else ""


@transaction.atomic
def listen(device: str, browser: Browser, *, commune: UUID) -> Subscription:
    """Remember a browser of a device; the same one again changes nothing. NotASubscription."""
    _check(browser)
    digest = blind(browser.endpoint, context=f"notifications.push.{commune}")
    kept = {"device": device, "p256dh": browser.p256dh, "auth": browser.auth}
    found, _made = Subscription.objects.update_or_create(
        commune_id=commune, digest=digest, defaults={**kept, "endpoint": browser.endpoint}
    )
    rows = Subscription.objects.filter(commune=commune, device=device).order_by("-id")
    too_old = list(rows.values_list("pk", flat=True)[_MOST:])
    Subscription.objects.filter(pk__in=too_old).delete()
    return found


@transaction.atomic
def listen_anew(old: str, browser: Browser, *, device: str, commune: UUID) -> bool:
    """Take a browser's new subscription in the place of its old one; return whether it was known.

    Known is who names the old endpoint, which only the browser and its push service know, or whose
    device listens already. Anybody else changes nothing. NotASubscription.
    """
    rows = Subscription.objects.select_for_update().filter(commune=commune)
    digest = blind(old, context=f"notifications.push.{commune}") if old else ""
    found = rows.filter(digest=digest).first() or rows.filter(device=device or "-").first()
    if found is None:
        return False
    device = found.device
    if old:
        rows.filter(digest=digest).delete()
    listen(device, browser, commune=commune)
    return True


@transaction.atomic
def stop_listening(device: str, *, commune: UUID) -> int:
    """Forget every browser of a device; return how many."""
    gone, _by_table = Subscription.objects.filter(commune=commune, device=device).delete()
    return gone


def send_to_all(letter: Letter, message: Message, serves: ModuleType) -> str:
    """Tell every browser of a device; one that is gone is forgotten.

    Raises Undeliverable when none is left, else what the last of those that are left said.
    """
    rows = Subscription.objects.filter(commune=message.commune_id, device=message.address)
    told, failed = 0, None
    for row in rows:
        keys = json.dumps([row.endpoint, row.p256dh, row.auth])
        one = Letter(letter.id, keys, letter.title, letter.body, letter.link, letter.tag)
        try:
            serves.send(one)
        except Gone:
            row.delete()
        except (Undeliverable, TryLater, NotLetIn) as error:
            failed = error
        else:
            told += 1
    if told:
        return f"{told}"
    raise failed or Undeliverable("no browser listens any more")


def _check(browser: Browser) -> None:
    try:
        parts = urlsplit(browser.endpoint)
    except ValueError as error:
        raise NotASubscription from error
    is_fine = (
        (parts.scheme == "https" or parts.hostname in settings.XASO_PRIVATE_HOSTS)
        and len(browser.endpoint) <= _LONGEST
        and _KEY.fullmatch(browser.p256dh)
        and _KEY.fullmatch(browser.auth)
    )
    if not is_fine:
        raise NotASubscription
    try:
        web_push.encrypt(b"", browser.p256dh, browser.auth)
    except ValueError as error:
        raise NotASubscription from error
