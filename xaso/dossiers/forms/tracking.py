"""What residents type to follow a dossier."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TrackForm(forms.Form):
    """A code, and four digits only its owner knows."""

    code = forms.CharField(
        label=_("Mã hồ sơ"),
        help_text=_("In trên giấy hẹn. Ví dụ H35.50.05.13-261008-0975."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input--code"}),
    )
    factor = forms.CharField(
        label=_("4 số cuối điện thoại, hoặc 4 số trên giấy hẹn"),
        min_length=4,
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"min_length": _("Cần đủ 4 số."), "required": _("Bà con gõ 4 số.")},
    )
