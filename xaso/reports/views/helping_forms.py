"""What helpers type: a report for somebody else, and what stands on a sheet of paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity.models import Consent
from xaso.kernel.identity.queries import Colleague
from xaso.kernel.voices import sentences
from xaso.reports.actions import helping
from xaso.reports.forms import SendForm
from xaso.reports.models import Help, PaperSheet

SELF, OTHER = "self", "other"


class HelperForm(SendForm):
    """A report that an official brings, for a resident who agreed or as what they saw."""

    km_post = forms.CharField(
        label=_("Cột km, nếu trên đường lớn"),
        help_text=_("Ví dụ: QL4D km 72+300"),
        required=False,
        max_length=60,
    )
    whose = forms.ChoiceField(
        label=_("Việc này của ai?"),
        choices=[(OTHER, _("Gửi hộ bà con")), (SELF, _("Tôi tự thấy"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bác chọn gửi hộ bà con hay tự thấy.")},
    )
    has_agreed = forms.BooleanField(
        label=_("Bà con đã nghe câu này và đồng ý"), help_text=helping.TEXT, required=False
    )
    method = forms.ChoiceField(
        label=_("Bà con đồng ý bằng cách nào?"),
        choices=[
            (Consent.Method.VOICE, _("Nói với tôi")),
            (Consent.Method.PAPER, _("Ký, điểm chỉ trên giấy; tôi chụp lại")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    agreed_in = forms.ChoiceField(
        label=_("Đọc bằng tiếng nào?"), choices=[*sentences.LANGUAGES.items()], required=False
    )
    reach = forms.ChoiceField(
        label=_("Báo lại cho bà con bằng cách nào?"),
        choices=Help.Reach.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    may_follow = forms.BooleanField(
        label=_("Bà con cho tôi theo dõi giúp trong 90 ngày"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ask for what a resident's report needs; a helper's own needs nothing of it."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("whose") != OTHER:
            return said
        if not said.get("has_agreed"):
            self.add_error("has_agreed", _("Bác đọc câu này cho bà con nghe rồi đánh dấu giúp."))
        if not said.get("method"):
            self.add_error("method", _("Bác chọn bà con đồng ý bằng cách nào."))
        if not said.get("reach"):
            self.add_error("reach", _("Bác chọn báo lại bằng cách nào."))
        elif said["reach"] in (Help.Reach.OWN, Help.Reach.NEIGHBOUR) and not said.get("phone"):
            self.add_error("phone", _("Bác ghi số điện thoại, hoặc chọn chỉ đưa giấy hẹn."))
        return said


class RowForm(SendForm):
    """One box of a sheet; village and day hold for the whole sheet, sheet and row are the key."""

    uuid = None  # type: ignore[assignment]  # takes the inherited box away
    km_post = forms.CharField(label=_("Cột km"), required=False, max_length=60)
    is_signed = forms.BooleanField(label=_("Có chữ ký hoặc điểm chỉ đồng ý"), required=False)
    is_unsaid = forms.BooleanField(
        label=_("Câu nào trên phiếu không ghi thì để trống"),
        help_text=_("Xã gọi hỏi lại sau. Phiếu có ghi thì bác nhập vào câu hỏi."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the categories as a short list: who types many boxes needs no pictures."""
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        field.widget = forms.Select(choices=[("", _("Chọn chuyện gì")), *field.choices])  # type: ignore[attr-defined]


class CollectForm(forms.Form):
    """Where, when and by whom a sheet was filled in."""

    village = forms.TypedChoiceField(label=_("Bản"), coerce=int, required=False, empty_value=None)
    on = forms.DateField(
        label=_("Ngày thu phiếu"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Bác ghi ngày thu phiếu.")},
    )
    helper = forms.TypedChoiceField(
        label=_("Ai thu phiếu"), coerce=int, required=False, empty_value=None
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        villages: list[tuple[int, str]],
        people: list[Colleague],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer the commune's villages and officials."""
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = [("", _("Nhiều bản")), *villages]  # type: ignore[attr-defined]
        names = [(each.official.pk, each.official.full_name) for each in people]
        self.fields["helper"].choices = [("", _("Không rõ")), *names]  # type: ignore[attr-defined]

    @staticmethod
    def of(sheet: PaperSheet) -> dict[str, Any]:
        """Return what is known of a sheet already."""
        return {"village": sheet.village_id, "on": sheet.collected_on, "helper": sheet.helper_id}
