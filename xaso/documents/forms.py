"""What administrators type about templates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.documents.rendering.sheets import MOST_BYTES


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
