"""Signing in with an account from outside: it says who someone is, never what they may do."""

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.actions import sessions
from xaso.kernel.identity.adapters import oidc
from xaso.kernel.identity.models import Official, OutsideIdentity
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.sealing import boxes
from xaso.kernel.working_time import clock

log = structlog.get_logger(__name__)


class OutsideIsAway(Refusal):
    """The provider does not answer now."""

    sentence = _("Hệ thống đăng nhập bên ngoài chưa trả lời. Xin thử lại, hoặc dùng mật khẩu.")
    status = 503


class OutsideNotBelieved(Refusal):
    """The answer from outside does not hold; nothing was done with it."""

    sentence = _("Chưa xác nhận được lần đăng nhập này. Xin bắt đầu lại từ trang đăng nhập.")
    status = 403


class LinkedToSomeoneElse(Refusal):
    """The outside account belongs to another official already."""

    sentence = _("Tài khoản bên ngoài này đã nối với một cán bộ khác.")


def provider() -> oidc.Provider:
    """Return the provider of this installation. Refuses with NotFound when there is none."""
    if not settings.XASO_OIDC_ISSUER:
        raise NotFound
    return oidc.Provider(
        settings.XASO_OIDC_ISSUER,
        settings.XASO_OIDC_CLIENT_ID,
        settings.XASO_OIDC_CLIENT_SECRET,
        settings.XASO_OIDC_NAME,
    )


def ask_outside(redirect_uri: str) -> tuple[str, dict[str, str]]:
    """Return where to send the browser and what its session has to keep. Refuses OutsideIsAway."""
    try:
        address, asked = oidc.ask(provider(), redirect_uri)
    except oidc.Unreachable as error:
        log.warning("outside sign-in is away", reason=str(error))
        raise OutsideIsAway from error
    return address, asked.kept()


def hear_outside(kept: dict[str, str], *, state: str, code: str) -> str:
    """Return the digest of the outside account that came back.

    Refuses with OutsideIsAway and OutsideNotBelieved.
    """
    try:
        asked = oidc.Asked(**kept)
    except TypeError as error:  # no question was asked in this browser
        raise OutsideNotBelieved from error
    if not state or state != asked.state or not code:
        raise OutsideNotBelieved
    try:
        claims = oidc.answer(provider(), asked, code)
    except oidc.Unreachable as error:
        log.warning("outside sign-in is away", reason=str(error))
        raise OutsideIsAway from error
    except oidc.NotTrue as error:
        log.warning("outside sign-in is not believed", reason=str(error))
        raise OutsideNotBelieved from error
    return boxes.blind(f"{claims.issuer}\0{claims.subject}", context="identity.outside")


def recognise(digest: str) -> Official | None:
    """Return the official who linked this outside account, and note its use."""
    found = OutsideIdentity.objects.select_related("official").filter(digest=digest).first()
    if found is None or not found.official.is_active:
        return None
    OutsideIdentity.objects.filter(pk=found.pk).update(last_used_at=clock.now())
    return found.official


@transaction.atomic
def link_outside(official: Official, digest: str, *, by: Actor) -> OutsideIdentity:
    """Let an official sign in with an outside account from now on. Refuses LinkedToSomeoneElse."""
    link, made = OutsideIdentity.objects.select_for_update().get_or_create(
        digest=digest, defaults={"official": official, "provider": provider().name}
    )
    if link.official_id != official.pk:
        raise LinkedToSomeoneElse
    if made:
        sessions.tell("identity.outside_linked", official, by=by)
    return link


@transaction.atomic
def unlink_outside(link: OutsideIdentity, *, by: Actor) -> None:
    """Forget an outside account."""
    official = link.official
    OutsideIdentity.objects.filter(pk=link.pk).delete()
    sessions.tell("identity.outside_unlinked", official, by=by)
