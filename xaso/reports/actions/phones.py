"""Phones of helpers: joined with a password once, good for two weeks, ended by one tap.

A phone keeps no password. What it brings is believed while its token lives, in the browser it was
given to, and while its person may help: both are asked anew at each report.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import keys
from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text.folding import clean_line
from xaso.kernel.working_time import clock
from xaso.reports.models import HelperPhone

LIFE = timedelta(days=14)
PERMISSION = "reports.help"


class PhoneEnded(Refusal):
    """The token is unknown, over, taken back, or comes from another browser."""

    code = "phone_ended"
    status = 401
    sentence = _(
        "Quyền gửi hộ của máy này đã hết. Bác đăng nhập, vào Gửi hộ bà con, bấm Nối máy này. "
        "Việc đã ghi vẫn còn trong máy."
    )


class MayNotHelp(Refusal):
    """The person of this phone holds no role any more that may send for others."""

    code = "may_not_help"
    status = 403
    sentence = _(
        "Bác không còn vai trò gửi hộ ở xã. Việc đã ghi vẫn còn trong máy; bác gọi cho xã để nhờ "
        "người khác nhận."
    )


@transaction.atomic
def join_phone(commune: Commune, device: str, name: str, *, by: Actor) -> tuple[HelperPhone, str]:
    """Join a browser to its helper for two weeks; return the phone and the token, shown once.

    An earlier token of this person on this device ends. Refuses with Invalid without a name.
    """
    called = clean_line(name)[:80]
    if not called or not device:
        raise Invalid(errors={"name": [str(_("Bác đặt tên cho máy, ví dụ: Điện thoại của tôi."))]})
    now, token = clock.now(), keys.new_token()
    old = HelperPhone.objects.filter(commune=commune, helper=int(by.id), device=device)
    old.filter(ended_at__isnull=True).update(ended_at=now, ended_by=by.id)
    phone = HelperPhone.objects.create(
        commune=commune,
        helper_id=int(by.id),
        digest=_digest(token, commune),
        device=device,
        name=called,
        created_at=now,
        until=now + LIFE,
    )
    audit.record("reports.phone_joined", phone, by=by, commune=commune.id)
    return phone, token


@transaction.atomic
def end_phone(commune: Commune, key: int, *, by: Actor, is_own: bool = False) -> HelperPhone:
    """End a phone's token; once more changes nothing. Refuses with NotFound.

    `is_own` keeps to the phones of the one who asks.
    """
    rows = HelperPhone.objects.select_for_update().filter(commune=commune, pk=key)
    found = (rows.filter(helper=int(by.id)) if is_own else rows).first()
    if found is None:
        raise NotFound
    if found.ended_at is None:
        found.ended_at, found.ended_by = clock.now(), by.id
        found.save(update_fields=["ended_at", "ended_by"])
        audit.record("reports.phone_ended", found, by=by, commune=commune.id)
    return found


def holder(commune: Commune, token: str, device: str) -> Actor:
    """Return the helper whose phone this is, with the roles they hold now.

    Refuses with PhoneEnded and MayNotHelp.
    """
    now = clock.now()
    rows = HelperPhone.objects.select_related("helper").filter(
        commune=commune, ended_at__isnull=True, until__gt=now
    )
    phone = rows.filter(digest=_digest(token, commune)).first() if token else None
    if phone is None or not device or not keys.is_same(phone.device, device):
        raise PhoneEnded
    by = identity.official_actor(phone.helper, commune, channel="helper")
    if not (phone.helper.is_active and identity.may(by, PERMISSION)):
        raise MayNotHelp
    HelperPhone.objects.filter(pk=phone.pk).update(last_used_at=now)
    return by


def mark(commune: Commune, helper: str) -> str:
    """Return what tells a phone whose words wait on it, and nobody who that is."""
    return blind(helper, context=f"reports.helper_phone.mark.{commune.id}")[:16]


def _digest(token: str, commune: Commune) -> str:
    return blind(token[:100], context=f"reports.helper_phone.{commune.id}")
