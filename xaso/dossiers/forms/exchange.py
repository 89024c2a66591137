"""What officials type to exchange lists with other systems."""

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.forms.steps import area, day_box
from xaso.dossiers.models import System

_OTHERS = [(s.value, s.label) for s in System if s is not System.XASO]


class SpanForm(forms.Form):
    """From one day to another, and in which form."""

    since = forms.DateField(label=_("Từ ngày"), widget=day_box())
    until = forms.DateField(label=_("Đến hết ngày"), widget=day_box())
    kind = forms.ChoiceField(label=_("Dạng tệp"), choices=[("json", "JSON"), ("xlsx", "XLSX")])


class ListForm(forms.Form):
    """A list of another system."""

    target = forms.ChoiceField(label=_("Danh sách của"), choices=_OTHERS)
    file = forms.FileField(label=_("Tệp JSON hoặc XLSX"))


class CompareForm(ListForm):
    """A list of another system for one day."""

    day = forms.DateField(label=_("Ngày đối soát"), widget=day_box())


class ExplainForm(forms.Form):
    """Why a difference is there."""

    note = forms.CharField(label=_("Vì sao khác, đã làm gì"), widget=area(2), max_length=2_000)
