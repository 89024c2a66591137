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


MOST_PAGES = 10
_LARGEST = 30 * 1024 * 1024
_TOO_LARGE = _("Tệp lớn hơn 30 MB. Bác chụp lại nhẹ hơn.")


class ManyFiles(forms.FileInput):
    """A box that takes several photos at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several photos of one paper, in the order they were chosen."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # noqa: ANN401
        """Return the files; none for an empty box. Refuses too many and too large ones."""
        chosen = [each for each in (data if isinstance(data, list) else [data]) if each]
        if len(chosen) > MOST_PAGES:
            raise forms.ValidationError(_("Mỗi giấy nhiều nhất 10 ảnh."))
        files = [super(ManyFilesField, self).clean(each, initial) for each in chosen]
        if any(each.size > _LARGEST for each in files):
            raise forms.ValidationError(_TOO_LARGE)
        return files


def _evidence_field() -> forms.FileField:
    return forms.FileField(
        label=_("Ảnh giấy bà con đã ký, hoặc ghi âm lời đồng ý"),
        help_text=_("Không có thì để trống."),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "image/*,audio/*"}),
    )


class EvidenceForm(forms.Form):
    """The signed paper or the spoken yes, sent after the agreement was written."""

    evidence = _evidence_field()

    def clean_evidence(self) -> Any:  # noqa: ANN401
        """Refuse a file that is too large, or none."""
        return _not_too_large(self.cleaned_data["evidence"], is_needed=True)


class PapersForm(forms.Form):
    """For each paper of the version: photos, or that the resident brings it."""

    def __init__(self, content: Content, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Draw a box for photos and a tick for each paper of the version's list."""
        super().__init__(*args, **kwargs)
        self.content = content
        for each in content.components:
            self.fields[f"file_{each.code}"] = ManyFilesField(
                label=_("Chụp giấy này, một hoặc nhiều ảnh"),
                required=False,
                max_length=200,
                widget=ManyFiles(attrs={"accept": "image/*,.pdf", "multiple": True}),
            )
            self.fields[f"bring_{each.code}"] = forms.BooleanField(
                label=_("Bà con mang ra xã"), required=False
            )

    @property
    def papers(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Return code, photos and tick of each paper, in the order of the version."""
        return [
            (each.code, self[f"file_{each.code}"], self[f"bring_{each.code}"])
            for each in self.content.components
        ]


def _not_too_large(file: Any, *, is_needed: bool) -> Any:  # noqa: ANN401
    if file and file.size > _LARGEST:
        raise forms.ValidationError(_TOO_LARGE)
    if not file and is_needed:
        raise forms.ValidationError(_("Bác chọn ảnh giấy đã ký, hoặc tệp ghi âm."))
    return file


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
    evidence = _evidence_field()

    def clean_evidence(self) -> Any:  # noqa: ANN401
        """Refuse a file that is too large."""
        return _not_too_large(self.cleaned_data["evidence"], is_needed=False)

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
