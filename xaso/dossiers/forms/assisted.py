"""What a helper writes: first that the resident agreed, then who it is for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.content.shape import Content
from xaso.dossiers.forms import questions
from xaso.dossiers.forms.steps import area
from xaso.dossiers.models import HelpScope
from xaso.kernel.identity.models import Consent

_LANGUAGES = (
    ("vie", _("Tiếng Việt")),
    ("hmn", _("Tiếng Mông")),
    ("tha", _("Tiếng Thái")),
    ("zzz", _("Tiếng khác")),
)


class AgreementForm(forms.Form):
    """That a resident agreed; nothing personal of theirs is asked yet."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    procedure = forms.ChoiceField(label=_("Bà con cần làm việc gì?"))
    village = forms.TypedChoiceField(label=_("Ở bản nào"), coerce=int)
    scopes = forms.MultipleChoiceField(
        label=_("Bà con nhờ những gì"),
        choices=HelpScope.choices,
        initial=[HelpScope.PREPARE],
        widget=forms.CheckboxSelectMultiple,
    )
    method = forms.ChoiceField(label=_("Bà con đồng ý bằng cách nào"), choices=Consent.Method)
    language = forms.ChoiceField(label=_("Đọc cho bà con nghe bằng tiếng gì"), choices=_LANGUAGES)
    is_read_aloud = forms.BooleanField(label=_("Bà con không đọc được chữ"), required=False)
    witness = forms.CharField(
        label=_("Người chứng kiến"),
        help_text=_("Cần khi bà con không đọc được chữ, hoặc đồng ý bằng lời."),
        max_length=150,
        required=False,
    )
    helper_phone = forms.CharField(
        label=_("Số điện thoại của bác (người giúp)"),
        help_text=_(
            "Chỉ để không ghi nhầm vào số của bà con. Xã không giữ số này ở dạng đọc được."
        ),
        max_length=20,
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        procedures: Sequence[tuple[str, str]],
        villages: Sequence[tuple[int, str]],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer what can be asked for today, and the helper's villages."""
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = procedures  # type: ignore[attr-defined]
        self.fields["village"].choices = villages  # type: ignore[attr-defined]


class DraftForm(forms.Form):
    """Who it is for and what the procedure asks; papers are brought to the counter."""

    name = forms.CharField(label=_("Họ tên bà con"), max_length=150)
    phone = forms.CharField(
        label=_("Số điện thoại của bà con"),
        help_text=_("Không có thì để trống. Không ghi số của người giúp."),
        max_length=20,
        required=False,
    )
    address = forms.CharField(label=_("Chỗ ở"), max_length=300, required=False)
    note = forms.CharField(
        label=_("Dặn bộ phận một cửa"), widget=area(), max_length=2_000, required=False
    )

    def __init__(self, content: Content, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Add the version's questions; what the helper does not know may stay empty."""
        super().__init__(*args, **kwargs)
        self.content = content
        self.fields |= questions.fields(content, is_draft=True)

    def answers(self) -> dict[str, str]:
        """Return the answers of the procedure's own form, as texts."""
        return questions.answers(self.content, self.cleaned_data)
