"""Forms of signing in, counted against guessing; labels in the words of the house."""

import json
from typing import Any, cast

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity import guessing
from xaso.kernel.refusals import TooMany


def _plain(form: forms.BaseForm) -> None:
    """Take placeholders away: the label says what a field is, and stays when one types."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignInForm(account.LoginForm):  # type: ignore[misc]
    """Name and password; `ve` is a signed ticket that says when the page was asked for."""

    ve = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Name the fields in our words and print a ticket."""
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Tên đăng nhập")
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].label = _("Mật khẩu")
        self.fields["password"].help_text = ""
        _plain(self)

    def ticket(self) -> str:
        """Return a new ticket for each page, also for one that comes back with an error."""
        return guessing.ticket()

    def outside(self) -> str:
        """Return the name of the outside provider, if this installation has one."""
        return settings.XASO_OIDC_NAME if settings.XASO_OIDC_ISSUER else ""

    def demo_accounts(self) -> list[dict[str, Any]]:
        """Return a demo's invented accounts to be shown: of this commune, or of all at the door.

        None anywhere else.
        """
        if not settings.XASO_DEMO or not settings.XASO_DEMO_NOTE.is_file():
            return []
        note = json.loads(settings.XASO_DEMO_NOTE.read_text(encoding="utf-8"))
        here = getattr(getattr(self.request, "commune", None), "slug", "")
        return [
            account
            for account in note.get("accounts", [])
            if account.get("is_shown", True) and here in {"", account.get("commune", here)}
        ]

    def clean_login(self) -> str:
        """Return the name as it is kept: lower case, no spaces around."""
        return cast("str", super().clean_login()).lower()

    def clean(self) -> dict[str, Any]:
        """Check name and password, unless there were too many wrong tries."""
        if self.errors:
            return dict(self.cleaned_data)
        request = cast("HttpRequest", self.request)
        name = self.cleaned_data["login"]
        try:
            guessing.before_password(request, name, self.cleaned_data.get("ve", ""))
        except TooMany as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        try:
            cleaned = cast("dict[str, Any]", super().clean())
        except ValidationError:
            guessing.wrong_password(request)
            raise
        guessing.right_password(name)
        return cleaned


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Name the field in our words."""
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Mật khẩu")
        self.fields["password"].help_text = ""
        _plain(self)


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    """The old password, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Name the fields in our words."""
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Mật khẩu đang dùng")
        _name_new(self)

    def clean_password2(self) -> str:
        """Refuse two new passwords that differ."""
        return _same(self)


class SetPasswordForm(account.SetPasswordForm):  # type: ignore[misc]
    """A first password for someone who signs in from outside."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Name the fields in our words."""
        super().__init__(*args, **kwargs)
        _name_new(self)

    def clean_password2(self) -> str:
        """Refuse two passwords that differ."""
        return _same(self)


class ResetPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    """Where to send the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Name the field in our words."""
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Thư điện tử")
        _plain(self)


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password for someone who came by the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Name the fields in our words."""
        super().__init__(*args, **kwargs)
        _name_new(self)

    def clean_password2(self) -> str:
        """Refuse two passwords that differ."""
        return _same(self)


class SecondFactorForm(mfa.AuthenticateForm):  # type: ignore[misc]
    """A code of the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Name the field in our words."""
        super().__init__(*args, **kwargs)
        _name_code(self)

    def clean_code(self) -> str:
        """Check the code once: a used one is wrong, and so is the sixth try."""
        return guessing.code(self.user, super().clean_code)


class SecondFactorAgainForm(mfa.ReauthenticateForm):  # type: ignore[misc]
    """The code once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Name the field in our words."""
        super().__init__(*args, **kwargs)
        _name_code(self)

    def clean_code(self) -> str:
        """Check the code once: a used one is wrong, and so is the sixth try."""
        return guessing.code(self.user, super().clean_code)


class ActivateTotpForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Name the field in our words."""
        super().__init__(*args, **kwargs)
        _name_code(self)

    def secret_to_type(self) -> str:
        """Return the secret in groups of four, for an app that cannot scan."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))

    def clean_code(self) -> str:
        """Check the code once."""
        return guessing.code(self.user, super().clean_code)


class RecoveryCodesForm(recovery.GenerateRecoveryCodesForm):  # type: ignore[misc]
    """Nothing to fill in; new codes replace the old ones."""


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A name for the key; the key itself comes from the browser."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Name the fields in our words."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Tên gọi của khóa")
        self.fields["name"].max_length = 60
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _("Dùng khóa này để vào thẳng, không cần mật khẩu")
            self.fields["passwordless"].help_text = _("Máy sẽ hỏi vân tay, khuôn mặt hoặc mã PIN.")
            self.fields["passwordless"].initial = True


class RenamePasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Name the field in our words."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Tên gọi của khóa")


def _name_code(form: Any) -> None:  # noqa: ANN401
    field = form.fields["code"]
    field.label = _("Mã xác thực")
    field.widget.attrs |= {"inputmode": "numeric", "class": "input--code"}
    _plain(form)


def _name_new(form: Any) -> None:  # noqa: ANN401
    form.fields["password1"].label = _("Mật khẩu mới")
    form.fields["password1"].help_text = _(
        "Ít nhất 12 ký tự. Viết như một câu ngắn thì dễ nhớ nhất."
    )
    form.fields["password2"].label = _("Mật khẩu mới, nhập lại")
    form.fields["password2"].help_text = ""
    _plain(form)


def _same(form: Any) -> str:  # noqa: ANN401
    first, again = form.cleaned_data.get("password1"), form.cleaned_data["password2"]
    if first and first != again:
        raise ValidationError(_("Hai lần nhập chưa giống nhau."), code="password_mismatch")
    return str(again)
