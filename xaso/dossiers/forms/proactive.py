"""What an administrator types about a reminder."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.dossiers import proactive
from xaso.dossiers.forms.steps import day_box
from xaso.dossiers.models import DueKind
from xaso.population.models import FlagKind, Sureness

_LEVELS = ((proactive.REMIND, _("Mức 1: chỉ nhắc")), (proactive.PREPARE, _("Mức 2: soạn nháp")))


class RuleForm(forms.Form):
    """A reminder as it shall be from a day on."""

    valid_from = forms.DateField(label=_("Áp dụng từ ngày"), widget=day_box())
    is_on = forms.BooleanField(label=_("Có nhắc việc này"), required=False)
    amount = forms.IntegerField(
        label=_("Mốc"),
        help_text=_("Số ngày từ khi sinh, hoặc số tuổi. Giấy hết hạn thì ghi 0."),
        min_value=0,
    )
    ahead_days = forms.IntegerField(label=_("Hiện trước mốc, số ngày"), min_value=0)
    behind_days = forms.IntegerField(label=_("Giữ lại sau mốc, số ngày"), min_value=0)
    level = forms.TypedChoiceField(label=_("Làm gì"), coerce=int, choices=_LEVELS)
    procedure = forms.ChoiceField(label=_("Thủ tục để soạn nháp"), required=False)
    source = forms.CharField(label=_("Căn cứ"), max_length=300)
    sureness = forms.ChoiceField(label=_("Chắc chắn đến đâu"), choices=Sureness.choices)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        procedures: Sequence[tuple[str, str]],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer the procedures of the commune."""
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = [("", _("Không soạn")), *procedures]  # type: ignore[attr-defined]


class OwnRuleForm(RuleForm):
    """A reminder of the commune's own making."""

    name = forms.CharField(label=_("Tên việc nhắc"), max_length=120)
    kind = forms.ChoiceField(label=_("Tính mốc từ đâu"), choices=DueKind.choices)
    flag = forms.ChoiceField(
        label=_("Giấy tờ, chế độ nào sắp hết hạn"),
        help_text=_("Chỉ chọn khi mốc là giấy tờ, chế độ sắp hết hạn."),
        choices=[("", _("Không chọn")), *FlagKind.choices],
        required=False,
    )
    field_order = ("name", "kind", "flag")
