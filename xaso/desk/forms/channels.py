"""What an administrator enters to connect a channel. A secret is never shown again."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from xaso.kernel.notifications.actions import NewSettings
from xaso.kernel.notifications.channels import INBOUND_HEADER
from xaso.kernel.notifications.models import Account
from xaso.kernel.text import phone

_FIELDS = "to = {phone}\ncontent = {text}"


class _Secret(forms.PasswordInput):
    """A box for a secret: the browser keeps nothing, the page shows nothing."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off"}, render_value=False)


def _secret_field(label: Any) -> forms.CharField:  # noqa: ANN401
    return forms.CharField(
        label=label,
        required=False,
        max_length=4_000,
        strip=True,
        widget=_Secret,
        help_text=_("Để trống thì giữ khóa đang có. Khóa đã lưu không hiện lại."),
    )


class SmsForm(forms.Form):
    """An SMS gateway that is spoken to over HTTP."""

    url = forms.CharField(
        label=_("Địa chỉ cổng tin nhắn"), max_length=500, help_text=_("Bắt đầu bằng https://")
    )
    method = forms.ChoiceField(label=_("Cách gọi"), choices=[("POST", "POST"), ("GET", "GET")])
    format = forms.ChoiceField(
        label=_("Gửi trường ở đâu"),
        choices=[
            ("form", _("Trong thân, kiểu biểu mẫu")),
            ("json", _("Trong thân, kiểu JSON")),
            ("query", _("Trên địa chỉ")),
        ],
    )
    fields_text = forms.CharField(
        label=_("Các trường, mỗi dòng một trường"),
        initial=_FIELDS,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_(
            "Viết: tên = giá trị. Dùng được {phone} (84912…), {local} (0912…), {text} và {id} "
            "(mã để cổng nhận ra tin gửi lại)."
        ),
    )
    header = forms.CharField(
        label=_("Tên đầu mục chứa khóa"), required=False, max_length=60, initial="Authorization"
    )
    secret = _secret_field(_("Khóa bí mật"))
    path = forms.CharField(
        label=_("Chỗ báo thành công trong trả lời"),
        required=False,
        max_length=100,
        help_text=_("Ví dụ: CodeResult hoặc data.code. Để trống: mã 2xx là thành công."),
    )
    equals = forms.CharField(label=_("Giá trị khi thành công"), required=False, max_length=100)

    inbound_secret = _secret_field(_("Khóa của cửa nhận tin"))
    in_header = forms.CharField(
        label=_("Cổng gửi khóa ở đầu mục nào"),
        required=False,
        max_length=60,
        initial=INBOUND_HEADER,
    )
    in_proof = forms.ChoiceField(
        label=_("Cổng chứng minh bằng cách nào"),
        required=False,
        choices=[
            ("secret", _("Gửi nguyên khóa")),
            ("hmac", _("Ký nội dung bằng khóa (HMAC-SHA256)")),
        ],
    )
    in_sender = forms.CharField(
        label=_("Trường có số người gửi"), required=False, max_length=60, initial="from"
    )
    in_text = forms.CharField(
        label=_("Trường có lời nhắn"), required=False, max_length=60, initial="text"
    )
    in_id = forms.CharField(
        label=_("Trường có mã tin, để tin gửi lại không tính hai lần"),
        required=False,
        max_length=60,
        initial="id",
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:  # noqa: ANN401
        """Start from what is kept, without the secret."""
        known = dict(account.settings)
        rows = known.pop("fields", None)
        if rows:
            known["fields_text"] = "\n".join(f"{name} = {text}" for name, text in rows.items())
        super().__init__(*args, **kwargs)
        self.initial.update(known)

    def clean_url(self) -> str:
        """Refuse what is not an address of the web."""
        url = str(self.cleaned_data["url"]).strip()
        try:
            parts = urlsplit(url)
            is_fine = parts.scheme in {"https", "http"} and bool(parts.hostname)
        except ValueError:
            is_fine = False
        if not is_fine:
            raise ValidationError(_("Địa chỉ chưa đúng. Ví dụ: https://sms.example.vn/gui"))
        return url

    def clean_fields_text(self) -> dict[str, str]:
        """Read the fields; one of them has to carry the text, one the number."""
        found: dict[str, str] = {}
        for line in str(self.cleaned_data["fields_text"]).splitlines():
            name, sign, text = line.partition("=")
            if line.strip() and (not sign or not name.strip()):
                raise ValidationError(_("Dòng “%(line)s” thiếu dấu =.") % {"line": line[:60]})
            if line.strip():
                found[name.strip()] = text.strip()
        said = " ".join(found.values())
        if "{text}" not in said or not ("{phone}" in said or "{local}" in said):
            raise ValidationError(_("Cần một trường có {text} và một trường có {phone}."))
        return found

    def new_settings(self) -> NewSettings:
        """Return what was entered."""
        said = dict(self.cleaned_data)
        secret, inbound = str(said.pop("secret")), str(said.pop("inbound_secret"))
        said["fields"] = said.pop("fields_text")
        return NewSettings(said, secret, inbound)


class ZaloForm(forms.Form):
    """A Zalo Official Account: the application that speaks for it, and the approved template."""

    app_id = forms.CharField(label=_("Mã ứng dụng"), max_length=40)
    oa_id = forms.CharField(label=_("Mã trang Zalo OA"), max_length=40)
    secret = _secret_field(_("Khóa bí mật của ứng dụng"))
    template_id = forms.CharField(
        label=_("Mã mẫu tin đã duyệt"),
        required=False,
        max_length=40,
        help_text=_("Cần có để nhắn theo số điện thoại. Tên mẫu không dấu."),
    )
    title_field = forms.CharField(
        label=_("Tên chỗ trống cho nội dung"), max_length=40, initial="noi_dung"
    )
    link_field = forms.CharField(
        label=_("Tên chỗ trống cho đường dẫn"), max_length=40, initial="duong_dan"
    )
    inbound_secret = _secret_field(_("Khóa bí mật của trang OA (OA Secret Key)"))
    in_formula = forms.ChoiceField(
        label=_("Zalo ký sự kiện bằng cách nào"),
        required=False,
        choices=[
            ("app", _("Mã ứng dụng + nội dung + thời điểm + khóa")),
            ("oa", _("Mã trang OA + nội dung + thời điểm + khóa")),
            ("header", _("Như cách đầu, thời điểm lấy ở đầu mục")),
        ],
        help_text=_("Để cách đầu. Chỉ đổi khi sự kiện thật bị từ chối."),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:  # noqa: ANN401
        """Start from what is kept, without the secret."""
        known = dict(account.settings)
        names = known.get("template_fields") or {}
        known |= {f"{name}_field": text for name, text in names.items()}
        self.kept = known
        super().__init__(*args, **kwargs)
        self.initial.update(known)

    def new_settings(self) -> NewSettings:
        """Return what was entered; addresses that only a test changes stay."""
        said = dict(self.cleaned_data)
        secret, inbound = str(said.pop("secret")), str(said.pop("inbound_secret"))
        names = {"title": said.pop("title_field"), "link": said.pop("link_field")}
        stays = ("token_url", "message_url", "template_url", "bound_to")
        said |= {name: self.kept[name] for name in stays if name in self.kept}
        return NewSettings(said | {"template_fields": names}, secret, inbound)


class RefreshTokenForm(forms.Form):
    """A refresh token that somebody made on Zalo's own page."""

    refresh_token = forms.CharField(
        label=_("Mã làm mới (refresh token)"), max_length=4_000, widget=_Secret
    )


class TestForm(forms.Form):
    """Where a test message goes."""

    address = forms.CharField(label=_("Gửi thử tới"), max_length=200)

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:  # noqa: ANN401
        """Say what kind of address the channel has."""
        super().__init__(*args, **kwargs)
        self.channel = channel
        is_mail = channel == "email"
        self.fields["address"].help_text = (
            _("Địa chỉ thư, ví dụ: bac@example.vn") if is_mail else _("Ví dụ: 0912 345 678")
        )

    def clean_address(self) -> str:
        """Return the address as channels keep it."""
        text = str(self.cleaned_data["address"]).strip()
        if self.channel == "email":
            return str(forms.EmailField().clean(text))
        try:
            return phone.normalise(text)
        except ValueError as error:
            raise ValidationError(_("Số điện thoại chưa đúng. Ví dụ: 0912 345 678.")) from error


FORMS: dict[str, type[SmsForm] | type[ZaloForm]] = {"sms": SmsForm, "zalo": ZaloForm}
