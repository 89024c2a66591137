"""Giving a result: to its holder, to who helped, or to somebody with a paper of authority."""

from collections.abc import Sequence
from copy import copy
from typing import Any, cast

from django import forms
from django.core import signing
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.forms.steps import WAYS_TO_PAY, Choices, GivenForm, PaidForm, day_box
from xaso.dossiers.models import Certifying, Procedure, Relation, Sureness
from xaso.kernel.text import numbers

HOLDER, AUTHORITY = "", "uy-quyen"
_PAPER = (
    "name", "relation", "id_number", "authorised_on", "valid_until", "is_certified",
    "evidence",
)  # fmt: skip
_KEPT = "dossiers.authority"  # of what names a photo that was sent already; and whose it is
_HOURS = 12


class ReturnForm(GivenForm):
    """How a result was given, and who fetched it; of a paper of authority what it says.

    While money is owed it is paid here, or the result is not given.
    A photo that came with a refused try is kept: `keep` names it in the page that is drawn again.
    """

    photo_faults: Sequence[str] = ()
    with_paper = AUTHORITY  # the choice that opens the paper's fields
    pay_way = forms.ChoiceField(
        label=_("Khoản còn phải nộp: nộp bằng gì"),
        choices=[("", _("Chưa nộp")), *WAYS_TO_PAY],
        required=False,
    )
    receipt = copy(PaidForm.base_fields["receipt"])
    fetcher = forms.ChoiceField(label=_("Ai đến nhận"), required=False)
    name = forms.CharField(label=_("Họ tên người đến nhận"), max_length=150, required=False)
    relation = forms.ChoiceField(
        label=_("Là gì của người nộp"), choices=[("", "–"), *Relation.choices], required=False
    )
    id_number = forms.CharField(
        label=_("Số giấy tờ của người đến nhận"),
        help_text=_("Căn cước 12 số hoặc chứng minh nhân dân 9 số. Màn hình chỉ hiện ba số cuối."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    authorised_on = forms.DateField(
        label=_("Ngày viết giấy ủy quyền"), widget=day_box(), required=False
    )
    valid_until = forms.DateField(
        label=_("Giấy có giá trị đến hết ngày"),
        help_text=_("Giấy không ghi thì để trống."),
        widget=day_box(),
        required=False,
    )
    is_certified = forms.BooleanField(
        label=_("Giấy ủy quyền có chứng thực hoặc công chứng"), required=False
    )
    evidence = forms.FileField(
        label=_("Chụp giấy ủy quyền"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf", "capture": "environment"}),
    )
    kept = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        helpers: Choices = (),
        asks: str = "",
        owed: int = 0,
        whose: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer the holder, who helped, and somebody with a paper; `asks`: what it must be.

        `owed`: đồng that are still to pay. `whose`: the dossier and the official a kept photo is
        bound to; a word signed for others names no photo here.
        """
        super().__init__(*args, **kwargs)
        self._salt = f"{_KEPT}/{whose}"
        self.owed = owed
        if not owed:
            del self.fields["pay_way"], self.fields["receipt"]
        else:
            said = _("Còn phải nộp: %(n)s đồng") % {"n": numbers.so(owed)}
            self.fields["pay_way"].help_text = said
        bearer = (AUTHORITY, _("Người có giấy ủy quyền"))
        self.fields["fetcher"].choices = [(HOLDER, _("Chính người nộp")), *helpers, bearer]  # type: ignore[attr-defined]
        self.fields["is_certified"].help_text = asks
        self._say_what_is_kept()

    def clean(self) -> dict[str, Any]:
        """Refuse a debt, a paper nobody is said to have come with, a photo that was not kept."""
        said = super().clean() or {}
        if self.owed and "pay_way" in said and not said["pay_way"]:
            text = _("Hồ sơ còn %(amount)s đồng chưa nộp. Bác thu rồi chọn cách nộp.")
            self.add_error("pay_way", text % {"amount": numbers.so(self.owed)})
        if said.get("fetcher") != AUTHORITY and any(said.get(name) for name in _PAPER):
            self.add_error("fetcher", _("Bác chọn “Người có giấy ủy quyền”, hoặc xóa phần giấy."))
        for fault in self.photo_faults:
            self.add_error("evidence", fault)
        return said

    def keep(self, photo: int) -> None:
        """Name a photo that is stored, so that a refused page need not send it again."""
        said = cast("MultiValueDict[str, Any]", self.data).copy()
        said["kept"] = signing.dumps(photo, salt=self._salt)
        self.data = said
        self._say_what_is_kept()

    def _say_what_is_kept(self) -> None:
        if self.kept_photo is not None:
            self.fields["evidence"].help_text = _("Ảnh lúc nãy đã giữ, không phải chụp lại.")

    @property
    def kept_photo(self) -> int | None:
        """Return the key of the photo an earlier try sent; None for none, or another's words."""
        try:
            key = signing.loads(self.data.get("kept", ""), salt=self._salt, max_age=_HOURS * 3_600)
        except signing.BadSignature:
            return None
        return key if isinstance(key, int) else None

    # --- what the page shows ---
    @property
    def plain(self) -> list[forms.BoundField]:
        """Return the fields everybody fills in."""
        money = ("pay_way", "receipt") if self.owed else ()
        return [self[name] for name in (*money, "way", "proof", "fetcher", "kept")]

    @property
    def paper(self) -> list[forms.BoundField]:
        """Return the fields of the paper of authority."""
        return [self[name] for name in _PAPER]

    @property
    def is_paper_open(self) -> bool:
        """Return whether the paper's fields stand open: somebody fetches with one, or wrote in."""
        is_written = any(self.data.get(name) for name in _PAPER)
        return self.is_bound and (self.data.get("fetcher") == AUTHORITY or is_written)


class AuthorityRuleForm(forms.Form):
    """What the paper of authority must be, from a day on."""

    procedure = forms.ChoiceField(label=_("Cho thủ tục"), required=False)
    field = forms.ChoiceField(label=_("Hoặc cho cả lĩnh vực"), required=False)
    certifying = forms.ChoiceField(label=_("Giấy có phải chứng thực không"), choices=Certifying)
    near = forms.MultipleChoiceField(
        label=_("Ai thì không phải chứng thực"),
        choices=Relation.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    valid_from = forms.DateField(label=_("Áp dụng từ ngày"), widget=day_box())
    sureness = forms.ChoiceField(label=_("Chắc đến đâu"), choices=Sureness.choices)
    source = forms.CharField(label=_("Theo văn bản nào"), max_length=300)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        procedures: list[Procedure],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer the procedures of the commune and their fields."""
        super().__init__(*args, **kwargs)
        named = [(each.code, each.name) for each in procedures]
        fields = sorted({(p.field_code, p.field_name) for p in procedures if p.field_code})
        self.fields["procedure"].choices = [("", _("Mọi thủ tục khác")), *named]  # type: ignore[attr-defined]
        self.fields["field"].choices = [("", _("Không chọn")), *fields]  # type: ignore[attr-defined]
