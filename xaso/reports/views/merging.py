"""The page on which an official joins a report to another."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.kernel.text import spoken_code
from xaso.reports import alike, catalogue
from xaso.reports.models import Report
from xaso.reports.queries import board


class MergeForm(forms.Form):
    """The report that takes this one in: one that looks alike, or another by its code."""

    found = forms.ChoiceField(
        label=_("Gộp vào việc nào?"), required=False, widget=forms.RadioSelect
    )
    code = forms.CharField(
        label=_("Mã phản ánh gốc"),
        help_text=_("9 số, ví dụ 482 915 709"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--code"}),
    )

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:  # noqa: ANN401
        """Offer what looks alike, as (code, words)."""
        super().__init__(*args, **kwargs)
        if others:
            self.fields["found"].choices = list(others)  # type: ignore[attr-defined]
            self.fields["code"].label = _("Hoặc việc khác: mã 9 số")
        else:
            del self.fields["found"]

    def clean(self) -> dict[str, Any]:
        """Let a typed code count before a ticked one."""
        said: dict[str, Any] = super().clean() or {}
        said["code"] = said.get("code") or said.get("found") or ""
        if not said["code"]:
            first = "found" if "found" in self.fields else "code"
            self.add_error(first, _("Bác chọn một việc, hoặc gõ mã của nó."))
        return said


def likely(report: Report) -> list[tuple[str, str]]:
    """Return what the report may repeat, as (code, words): nobody has to type nine digits."""
    kinds = catalogue.just_read(report.commune_id)
    found = alike.for_officials(report, kinds)
    return [(each.code, _line(each, kinds)) for each in found]


def _line(other: alike.Other, kinds: catalogue.Categories) -> str:
    title = board.title(other.text, kinds.name(other.category_id), other.village)
    return f"{spoken_code.grouped(other.code)} · {title}"
