"""What residents and officials type about reports."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Village
from xaso.kernel.refusals import Sentence
from xaso.reports import guards
from xaso.reports.catalogue import Categories
from xaso.reports.models import Body
from xaso.reports.models.words import AnswerKind, FollowKind
from xaso.reports.wishes import ways_to_choose

_UNSURE = ("", _("Tôi không rõ"))


def _phone_box() -> forms.TextInput:
    return forms.TextInput(attrs={"type": "tel"})


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class SendForm(forms.Form):
    """A report, as one long form; the script shows it one screen at a time."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    accuracy = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)
    village = forms.TypedChoiceField(
        label=_("Thuộc bản nào?"), required=False, coerce=int, empty_value=None
    )
    landmark = forms.CharField(
        label=_("Gần cái gì dễ nhận?"),
        help_text=_("Ví dụ: gần cầu, cạnh nhà văn hóa, km 72 quốc lộ 4D"),
        required=False,
        max_length=200,
    )
    category = forms.ChoiceField(
        label=_("Loại việc"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Bà con chọn giúp chuyện gì.")},
    )
    text = forms.CharField(
        label=_("Nói thêm vài câu"), required=False, max_length=4_000, widget=_area(4)
    )
    name = forms.CharField(
        label=_("Tên bà con"),
        help_text=_("Không bắt buộc. Chỉ cán bộ xã thấy."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại để xã báo lại"),
        help_text=_("Không bắt buộc. Chỉ cán bộ xã thấy số này."),
        required=False,
        max_length=20,
        widget=_phone_box(),
    )
    anonymous = forms.BooleanField(
        label=_("Giấu tên, số của tôi với cán bộ; máy báo tin cho tôi"), required=False
    )
    preferred = forms.ChoiceField(
        label=_("Có tin mới, xã báo vào số đó bằng cách nào?"),
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        kinds: Categories,
        villages: Sequence[Village],
        now_open: Collection[str] = ("call",),
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer the commune's own villages and categories."""
        super().__init__(*args, **kwargs)
        ways = ways_to_choose(now_open)
        self.fields["preferred"].choices = ways  # type: ignore[attr-defined]
        self.fields["preferred"].initial = ways[0][0]
        choices = [(v.pk, v.full_name) for v in villages]
        self.fields["village"].choices = [_UNSURE, *choices]  # type: ignore[attr-defined]
        self.fields["category"].choices = [(k.code, k.name) for k in kinds.choices]  # type: ignore[attr-defined]


class FactorForm(forms.Form):
    """Four digits only the sender knows."""

    factor = forms.CharField(
        label=_("4 số cuối điện thoại, hoặc 4 số trên giấy hẹn"),
        min_length=4,
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"min_length": _("Cần đủ 4 số."), "required": _("Bà con gõ 4 số.")},
    )


class FollowForm(forms.Form):
    """Somebody saw the same, or wants to know: how to reach them, if at all."""

    kind = forms.ChoiceField(choices=FollowKind.choices, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Tên bà con"),
        help_text=_("Không bắt buộc. Chỉ cán bộ xã thấy."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại để xã báo lại"),
        help_text=_("Không bắt buộc. Chỉ cán bộ xã thấy số này."),
        required=False,
        max_length=20,
        widget=_phone_box(),
    )
    gui_anh = forms.BooleanField(
        label=_("Cho xã dùng ảnh tôi vừa chụp làm bằng chứng"), required=False
    )


class AcceptForm(forms.Form):
    """Which unit takes a new report, and who in it."""

    unit = forms.TypedChoiceField(
        label=_("Đơn vị phụ trách"),
        coerce=int,
        empty_value=None,
        error_messages={"required": _("Bác chọn đơn vị phụ trách.")},
    )
    assignee = forms.TypedChoiceField(
        label=_("Giao cho ai"), coerce=int, required=False, empty_value=None
    )
    village = forms.TypedChoiceField(
        label=_("Bản (máy đoán, bác xem lại)"), coerce=int, required=False, empty_value=None
    )
    reason = forms.CharField(
        label=_("Lý do, nếu khác đơn vị máy đề nghị hoặc đổi đơn vị"),
        required=False,
        max_length=500,
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        units: list[tuple[int, str]],
        people: list[tuple[int, str]],
        villages: list[tuple[int, str]],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer the open units, the people who work on reports, and villages after a guess."""
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = villages  # type: ignore[attr-defined]
        if not villages:
            del self.fields["village"]
        self.fields["unit"].choices = [("", _("Chọn đơn vị")), *units]  # type: ignore[attr-defined]
        self.fields["assignee"].choices = [("", _("Chưa giao ai")), *people]  # type: ignore[attr-defined]


class TextForm(forms.Form):
    """One box of words: a note, a question, a reply."""

    text = forms.CharField(label=_("Nội dung"), max_length=2_000, widget=_area(3))

    def __init__(self, *args: Any, label: str = "", hint: str = "", **kwargs: Any) -> None:  # noqa: ANN401
        """Name the box for its use."""
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label
        self.fields["text"].help_text = hint


class AnswerForm(forms.Form):
    """The commune's public answer; the gate speaks beside each box."""

    kind = forms.ChoiceField(
        label=_("Kết quả"),
        choices=AnswerKind.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    text = forms.CharField(
        label=_("Câu trả lời bà con đọc được"),
        help_text=_("Đã làm gì, ở đâu, bao giờ, ai làm. Không ghi tên hay số điện thoại."),
        widget=_area(6),
        max_length=4_000,
        required=False,
    )
    done_by = forms.CharField(label=_("Đơn vị đã làm"), max_length=120, required=False)
    done_on = forms.DateField(
        label=_("Làm xong ngày"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    planned_on = forms.DateField(
        label=_("Sẽ làm ngày"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    contact = forms.CharField(
        label=_("Cơ quan, ngày chuyển, số điện thoại để hỏi"),
        help_text=_("Chỉ khi việc thuộc cơ quan khác"),
        required=False,
        max_length=200,
    )
    waiver = forms.CharField(
        label=_("Không có ảnh thì vì sao?"),
        required=False,
        max_length=500,
        widget=_area(2),
    )
    is_repeat_confirmed = forms.BooleanField(
        label=_("Tôi biết câu này đã dùng cho phản ánh khác"), required=False
    )


class RejectForm(forms.Form):
    """Why a report is not handled."""

    reason = forms.ChoiceField(
        label=_("Lý do"), choices=[("", _("Chọn lý do")), *guards.REJECT_REASONS.items()]
    )
    text = forms.CharField(
        label=_("Nói với bà con"),
        help_text=_("Bà con đọc được câu này."),
        widget=_area(3),
        max_length=1_000,
    )


class ExtendForm(forms.Form):
    """How much longer, why, and the apology."""

    days = forms.IntegerField(label=_("Thêm mấy ngày làm việc"), min_value=1, max_value=60)
    reason = forms.ChoiceField(
        label=_("Lý do"), choices=[("", _("Chọn lý do")), *guards.EXTEND_REASONS.items()]
    )
    text = forms.CharField(
        label=_("Lời xin lỗi bà con"),
        help_text=_("Bà con đọc được câu này."),
        widget=_area(3),
        max_length=1_000,
    )


class ForwardForm(forms.Form):
    """To whom a report is passed on, and what they are asked."""

    body = forms.TypedChoiceField(label=_("Chuyển cho"), coerce=int)
    text = forms.CharField(
        label=_("Đề nghị làm gì"),
        help_text=_("Không ghi tên, số điện thoại của người gửi."),
        widget=_area(3),
        max_length=2_000,
    )
    until = forms.DateField(
        label=_("Hẹn trả lời trước ngày"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    paper_no = forms.CharField(label=_("Số công văn, nếu có"), required=False, max_length=60)

    def __init__(self, *args: Any, bodies: list[Body], **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the commune's outside bodies."""
        super().__init__(*args, **kwargs)
        choices = [(body.pk, body.name) for body in bodies]
        self.fields["body"].choices = [("", _("Chọn cơ quan")), *choices]  # type: ignore[attr-defined]


class TaskForm(forms.Form):
    """How a task that followed from an answer went."""

    outcome = forms.ChoiceField(
        label=_("Kết quả"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Bác chọn kết quả.")},
    )
    text = forms.CharField(
        label=_("Nói với bà con"),
        help_text=_("Bà con đọc được câu này. Không ghi tên, số điện thoại."),
        widget=_area(4),
        max_length=1_000,
        error_messages={"required": _("Bác viết một câu cho bà con biết kết quả.")},
    )

    def __init__(self, *args: Any, outcomes: Mapping[str, Sentence], **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the ends this kind of task can have."""
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = list(outcomes.items())  # type: ignore[attr-defined]


class TemplateForm(forms.Form):
    """A text to start answers from."""

    name = forms.CharField(label=_("Tên mẫu"), max_length=80)
    category = forms.ChoiceField(label=_("Dùng cho loại việc"), required=False)
    text = forms.CharField(
        label=_("Câu mẫu"),
        help_text=_("Chỗ cán bộ phải điền viết trong ngoặc vuông: [tên tổ], [ngày], [chỗ nào]."),
        widget=_area(5),
        max_length=2_000,
    )

    def __init__(self, *args: Any, kinds: Categories, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the categories in use, or all of them."""
        super().__init__(*args, **kwargs)
        choices = [(str(k.id), k.name) for k in kinds.choices]
        self.fields["category"].choices = [("", _("Mọi loại việc")), *choices]  # type: ignore[attr-defined]


class TakeBackForm(forms.Form):
    """How a forward ended."""

    outcome = forms.ChoiceField(
        label=_("Cơ quan đó"),
        choices=[
            ("answered", _("Đã trả lời")),
            ("declined", _("Từ chối")),
            ("timeout", _("Quá hẹn chưa trả lời")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("Họ nói gì"), required=False, widget=_area(3), max_length=4_000)


class BodySaysForm(forms.Form):
    """What an outside body said on the phone or on paper."""

    outcome = forms.ChoiceField(
        label=_("Cơ quan đó"),
        choices=[("answered", _("Đã làm hoặc đã trả lời")), ("declined", _("Không nhận việc"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("Họ nói gì"), widget=_area(3), max_length=4_000)


class CategoryForm(forms.Form):
    """Another category."""

    category = forms.ChoiceField(label=_("Loại việc đúng"))

    def __init__(self, *args: Any, kinds: Categories, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the categories in use."""
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [(k.code, k.name) for k in kinds.choices]  # type: ignore[attr-defined]


class TranscriptForm(forms.Form):
    """What a recording says, written down."""

    voice = forms.TypedChoiceField(label=_("Bản thu"), coerce=int)
    text = forms.CharField(
        label=_("Bà con nói gì"),
        help_text=_("Bác nghe rồi chép lại, dịch sang tiếng Việt nếu cần. Bản thu vẫn được giữ."),
        widget=_area(5),
        max_length=4_000,
    )

    def __init__(self, *args: Any, voices: list[tuple[int, str]], **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the recordings of the report."""
        super().__init__(*args, **kwargs)
        self.fields["voice"].choices = voices  # type: ignore[attr-defined]
