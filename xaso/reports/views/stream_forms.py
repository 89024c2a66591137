"""What officials type about streams, receiving days and rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext as now_in
from django.utils.translation import gettext_lazy as _

from xaso.reports import actions
from xaso.reports.models import Stream, Sureness
from xaso.reports.rule_defaults import PUBLICITY, Known

_STREAMS = (
    (Stream.FIELD, _("Việc ở một chỗ: đường, rác, điện, nước, đèn")),
    (Stream.REGULATION, _("Góp ý về thủ tục, quy định")),
    (Stream.COMPLAINT, _("Khiếu nại: không đồng ý quyết định của xã với chính mình (giữ kín)")),
    (Stream.DENUNCIATION, _("Tố cáo: có người làm trái pháp luật (giữ kín)")),
    (Stream.SECURITY_TIP, _("Tin an ninh, trật tự: chuyển công an ngay (giữ kín)")),
    (Stream.HAZARD, _("Nguy hiểm đến người, cần báo động")),
)


def _day(label: Any) -> forms.DateField:  # noqa: ANN401  (a sentence, also a lazy one)
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class StreamForm(forms.Form):
    """Under which rules a report is handled, in words nobody needs law for."""

    stream = forms.ChoiceField(
        label=_("Đây là việc gì?"), choices=_STREAMS, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Vì sao đổi, nếu cần ghi"),
        help_text=_("Đơn giữ kín thì không ghi được ở đây."),
        required=False,
        max_length=500,
    )


class DayForm(forms.Form):
    """A day on which leaders receive citizens."""

    on = _day(_("Ngày tiếp dân"))
    begins = forms.TimeField(
        label=_("Bắt đầu lúc"),
        initial="08:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    count = forms.IntegerField(label=_("Mấy lượt"), initial=6, min_value=1, max_value=40)
    minutes = forms.IntegerField(
        label=_("Mỗi lượt mấy phút"), initial=30, min_value=5, max_value=240
    )
    room = forms.CharField(label=_("Ở phòng nào"), required=False, max_length=120)
    host = forms.CharField(label=_("Ai tiếp"), required=False, max_length=120)

    def day(self) -> actions.Day:
        """Return what was typed."""
        return actions.Day(**self.cleaned_data)


class RuleForm(forms.Form):
    """A rule's value from a day on."""

    amount = forms.IntegerField(label=_("Con số"), min_value=1)
    text = forms.CharField(
        label=_("Giá trị"), required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    valid_from = _day(_("Áp dụng từ ngày"))
    sureness = forms.ChoiceField(label=_("Chắc đến đâu"), choices=Sureness.choices)
    source = forms.CharField(
        label=_("Theo văn bản nào"),
        help_text=_("Số, ngày, cơ quan ban hành. Xã tự định thì ghi ai quyết."),
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, known: Known, **kwargs: Any) -> None:  # noqa: ANN401
        """Keep the box that this rule is written in."""
        super().__init__(*args, **kwargs)
        del self.fields["text" if known.amount is not None else "amount"]
        if known.unit == "publicity":
            choices = [(value, now_in(said)) for value, said in PUBLICITY.items()]
            self.fields["text"] = forms.ChoiceField(
                label=_("Giá trị"), choices=choices, widget=forms.RadioSelect
            )
        elif known.unit in ("phone", "unit"):
            self.fields["text"].widget = forms.TextInput()
        self.order_fields(["amount", "text", "valid_from", "sureness", "source"])
