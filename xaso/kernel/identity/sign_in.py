"""How django-allauth signs officials in here: its hooks, answered by this room's own rules."""

import base64
import ipaddress
import time
from typing import Any, cast
from urllib.parse import quote

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity import actions, asking, middleware, queries
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.sealing import boxes
from xaso.kernel.tenancy import actions as tenancy

_SECRETS = "mfa.authenticator"


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by an administrator, never by signing up."""

    # One sentence for an unknown name and for a wrong password.
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("Tên đăng nhập hoặc mật khẩu chưa đúng. Bác xem lại giúp."),
        "incorrect_password": _("Mật khẩu chưa đúng."),
        "enter_current_password": _("Mật khẩu đang dùng chưa đúng."),
        "incorrect_code": _("Mã chưa đúng hoặc đã dùng rồi. Xin chờ mã mới rồi nhập lại."),
        "account_inactive": _("Tài khoản này đang tạm khóa."),
        "invalid_password_reset": _("Đường dẫn này đã dùng rồi hoặc đã hết hạn."),
        "too_many_login_attempts": _("Nhiều lần chưa đúng quá. Bác chờ một lát rồi thử lại."),
        "rate_limited": _("Thao tác hơi nhanh quá. Bác chờ một lát rồi thử lại."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: there is no sign-up."""
        return False

    def login(self, request: HttpRequest, user: Official) -> None:
        """Begin the session: Django rotates its key; our clocks start."""
        super().login(request, user)
        now = time.time()
        request.session[middleware.SIGNED_IN_AT] = request.session[middleware.SEEN_AT] = now
        if settings.XASO_SECOND_FACTOR and not is_mfa_enabled(user):
            request.session[middleware.MUST_ENROL] = True
        actions.note_sign_in(user, by=_as_themselves(user))

    def logout(self, request: HttpRequest) -> None:
        """End the session and note it."""
        if isinstance(request.user, Official):
            actions.note_sign_out(request.user, by=_as_themselves(request.user))
        super().logout(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the desk of the address's commune, else of the official's own."""
        official = cast("Official", request.user)
        if official.must_change_password:
            return reverse("account_change_password")
        return desk_of(official, getattr(request, "commune", None)) or reverse(
            "identity_not_granted"
        )

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the commune's first page, or the list of communes."""
        return get_script_prefix()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to work."""
        return self.get_login_redirect_url(request)

    def set_password(self, user: Official, password: str) -> None:
        """Keep the chosen password through the room's own door."""
        actions.change_password(user, password, by=_as_themselves(user))

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask again when the last proof is older than five minutes."""
        return not asking.is_fresh(context.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the browser's address as this room reads it."""
        try:
            return str(ipaddress.ip_address(queries.address(request)))
        except ValueError:
            return "0.0.0.0"  # noqa: S104  (a local socket has no address)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing but the reset link, and that one from the background (see actions)."""

    def send_password_reset_mail(
        self,
        user: Official,
        email: str,
        context: dict[str, Any],
    ) -> None:
        """Let the background write the mail, so that a known address answers as fast."""
        actions.send_reset_link(user)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps are sealed; the host names the site."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": Accounts.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _("Không tắt được bước xác thực này."),
        "cannot_generate_recovery_codes": _(
            "Xin bật ứng dụng mã hoặc khóa bảo mật trước, rồi mới tạo mã dự phòng."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret under the field key."""
        return base64.b64encode(boxes.seal(text, context=_SECRETS)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return boxes.unseal(base64.b64decode(encrypted_text), context=_SECRETS)

    def get_totp_issuer(self) -> str:
        """Return the name the authenticator app shows."""
        return "Xã Số"

    def get_totp_label(self, user: Official) -> str:
        """Return the sign-in name, never an e-mail address."""
        return user.username

    def generate_authenticator_name(self, user: Official, type: str) -> str:
        """Return a first name for a new key."""
        known = Authenticator.objects.filter(user=user, type=type).count()
        return str(_("Khóa thứ %(n)d") % {"n": known + 1})

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code without a style of its own."""
        drawn = segno.make(url, error="m").svg_inline(scale=4, border=2, light="#fff")
        return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)

    def _get_site_name(self) -> str:
        return "Xã Số"


def desk_of(official: Official, here: Commune | None) -> str:
    """Return the desk's address for an official: here, else at home; empty when there is none."""
    if here is not None and queries.roles(official, here.id):
        return f"{get_script_prefix()}can-bo/"
    home = official.home or next(iter(queries.province_communes(official)), None)
    if home is None or home == here or not _has_role(official, home):
        return ""
    return address_of(home) + "can-bo/"


def address_of(commune: Commune) -> str:
    """Return where a commune's pages begin: its own host, else its segment of this one."""
    if commune.host:
        return f"{'https' if settings.XASO_HTTPS else 'http'}://{commune.host}/"
    return f"/{quote(commune.slug)}/"


def _has_role(official: Official, commune: Commune) -> bool:
    with tenancy.inside(commune.id):
        return bool(queries.roles(official, commune.id))


def _as_themselves(official: Official) -> Any:  # noqa: ANN401
    return queries.official_actor(official, None)
