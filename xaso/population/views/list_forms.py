"""What an official types about a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.population.lists.wording import FIELDS
from xaso.population.models import ImportBatch, Source
from xaso.population.queries.lists import Column

_SOURCES = [choice for choice in Source.choices if choice[0] != Source.SYSTEM]
ENCODINGS = {"cp1258": _("Windows-1258"), "tcvn3": _("TCVN3 (ABC)"), "utf-8": _("UTF-8 (Unicode)")}


class ListForm(forms.Form):
    """A new list."""

    file = forms.FileField(
        label=_("Tệp danh sách (XLSX hoặc CSV)"),
        max_length=200,
        help_text=_("Tối đa 20 MB. Để nguyên như nơi gửi xuất ra, không cần sửa."),
        error_messages={
            "required": _("Bác chọn tệp danh sách."),
            "empty": _("Tệp trống. Bác chọn tệp khác."),
        },
    )
    sender = forms.CharField(
        label=_("Cơ quan gửi"),
        max_length=80,
        help_text=_("Ví dụ: Công an xã. Lần sau phần mềm nhớ cách đọc cột của nơi này."),
        error_messages={"required": _("Bác ghi cơ quan gửi danh sách.")},
    )
    source = forms.ChoiceField(label=_("Nguồn"), choices=_SOURCES, initial=Source.POLICE)
    as_of = forms.DateField(
        label=_("Số liệu tính đến ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Ngày nơi gửi chốt số liệu. Danh sách mới hơn được đề nghị thay danh sách cũ."),
        error_messages={
            "required": _("Bác chọn ngày chốt số liệu."),
            "invalid": _("Ngày chưa đúng."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer today."""
        super().__init__(*args, **kwargs)
        self.fields["as_of"].initial = dates.local(clock.now()).date()


class ColumnsForm(forms.Form):
    """What each column means."""

    fills_household = forms.BooleanField(
        label=_("Ô mã hộ trống là cùng hộ với dòng trên"),
        required=False,
        help_text=_("Chỉ chọn khi danh sách chỉ ghi mã hộ ở dòng chủ hộ."),
    )
    has_titles = forms.BooleanField(
        label=_("Tên VIẾT HOA TOÀN BỘ thì ghi lại thành Viết Hoa Chữ Đầu"), required=False
    )

    def __init__(  # the options are Django's own
        self,
        *args: Any,  # noqa: ANN401
        batch: ImportBatch,
        columns: list[Column],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer a choice for each column."""
        super().__init__(*args, **kwargs)
        choices = [("", _("Không dùng")), *((k, v) for k, v in FIELDS.items() if k != "row")]
        self.columns = columns
        for column in columns:
            self.fields[f"c{column.at}"] = forms.ChoiceField(
                label=column.head or _("(cột không tên)"), choices=choices, required=False,
                initial=column.field,
            )  # fmt: skip
        for name in ("fills_household", "has_titles"):
            self.fields[name].initial = batch.options.get(name, False)

    def clean(self) -> dict[str, Any]:
        """Refuse two columns of one meaning."""
        cleaned = super().clean() or {}
        chosen = [f for name, f in cleaned.items() if name[0] == "c" and name[1:].isdigit() and f]
        twice = {f for f in chosen if chosen.count(f) > 1}
        for field in sorted(twice):
            raise forms.ValidationError(
                _("Hai cột cùng chọn là “%(name)s”. Bác giữ một cột."),
                params={"name": FIELDS[field]},
            )
        return cleaned

    @property
    def mapping(self) -> dict[int, str]:
        """Return column → field."""
        return {
            column.at: self.cleaned_data[f"c{column.at}"]
            for column in self.columns
            if self.cleaned_data.get(f"c{column.at}")
        }

    @property
    def rows(self) -> list[tuple[Column, forms.BoundField]]:
        """Return each column with its choice."""
        return [(column, self[f"c{column.at}"]) for column in self.columns]
