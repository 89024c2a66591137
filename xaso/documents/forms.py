"""What administrators type about templates."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.documents.rendering.sheets import MOST_BYTES
from xaso.kernel.identity.models import Official

_MOST_PDF = 30 * 1024 * 1024
_MOST_LIST = 5 * 1024 * 1024


class TemplateFileForm(forms.Form):
    """A template as a file."""

    file = forms.FileField(
        label=_("Tệp mẫu (.toml)"),
        help_text=_("Tải mẫu đang dùng về, sửa bằng trình soạn chữ thường, rồi tải lên đây."),
        widget=forms.ClearableFileInput(attrs={"accept": ".toml,text/plain"}),
    )

    def clean_file(self) -> str:
        """Return the file's text."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("Tệp lớn quá. Mẫu chỉ là chữ, không quá 256 kB."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("Tệp phải lưu ở bảng mã UTF-8.")) from error


class PublishForm(forms.Form):
    """From which day a template is used."""

    valid_from = forms.DateField(
        label=_("Áp dụng từ ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class FileForm(forms.Form):
    """A PDF somebody wants judged."""

    file = forms.FileField(
        label=_("Tệp PDF"),
        help_text=_("Tệp chỉ được đọc rồi bỏ đi, xã không giữ lại."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_file(self) -> Any:  # noqa: ANN401  (an uploaded file)
        """Refuse what is too large or no PDF at first sight."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > _MOST_PDF:
            raise forms.ValidationError(_("Tệp lớn quá 30 MB."))
        start = file.read(5)
        file.seek(0)
        if start != b"%PDF-":
            raise forms.ValidationError(_("Tệp này không phải PDF."))
        return file


class CertificateForm(forms.Form):
    """A certificate, a root or a list of revoked certificates, as a file."""

    OWN, ROOT, LIST = "own", "root", "list"
    what = forms.ChoiceField(
        label=_("Tệp này là gì?"),
        choices=(
            (OWN, _("Chứng thư của người hoặc cơ quan")),
            (ROOT, _("Chứng thư gốc để tin cậy")),
            (LIST, _("Danh sách thu hồi (CRL)")),
        ),
        initial=OWN,
        widget=forms.RadioSelect,
    )
    official = forms.ModelChoiceField(
        queryset=Official.objects.none(),
        label=_("Của ai"),
        empty_label=_("Cơ quan"),
        required=False,
    )
    file = forms.FileField(label=_("Tệp (.cer, .crt, .pem, .crl)"))
    source = forms.CharField(
        label=_("Lấy từ đâu"),
        help_text=_("Với chứng thư gốc: trang công bố của cơ quan cấp, ngày lấy."),
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, people: Iterable[Official], **kwargs: Any) -> None:  # noqa: ANN401
        """Offer those who may sign."""
        super().__init__(*args, **kwargs)
        field = self.fields["official"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Official.objects.filter(pk__in=[person.pk for person in people])

    def clean_file(self) -> Any:  # noqa: ANN401  (an uploaded file)
        """Refuse what is too large for a certificate or a list."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > _MOST_LIST:
            raise forms.ValidationError(_("Tệp lớn quá 5 MB."))
        return file
