"""The form of the counter: made of what the version of the procedure asks, nothing more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.dossiers.content.shape import Content, FeeRule
from xaso.dossiers.fees import MOST, Quantity
from xaso.dossiers.forms import questions
from xaso.dossiers.models import ApplicantKind, Channel, Component, Dossier
from xaso.kernel.text import dates

_LARGEST = 30 * 1024 * 1024
NOBODY = "-"  # the register is not asked, or does not know
_PEOPLE = (
    "name", "birth_year", "kind", "id_number", "phone", "person", "address", "village",
)  # fmt: skip
_OF_PAPER = ("file", "kept", "reuse", "waive", "count")
_OF_MONEY = ("fee_", "pages_", "copies_", "free_")


@dataclass(frozen=True)
class PaperFields:
    """The fields of one paper, as the page lays them out together."""

    name: str
    is_mandatory: bool
    condition: str
    file: forms.BoundField
    kept: forms.BoundField  # a file that came with the form before
    reused: forms.BoundField
    waived: forms.BoundField
    originals: forms.BoundField


class ReceptionForm(forms.Form):
    """A dossier at the counter, for one version of a procedure."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    name = forms.CharField(
        label=gettext_lazy("Họ và tên người nộp"),
        max_length=150,
        error_messages={"required": gettext_lazy("Bác ghi họ và tên người nộp.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Người nộp là"),
        choices=ApplicantKind.choices,
        initial=ApplicantKind.CITIZEN,
    )
    id_number = forms.CharField(
        label=gettext_lazy("Số định danh"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("12 chữ số. Không có thì để trống."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Số điện thoại của người nộp"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Không ghi số của cán bộ hay người giúp."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    birth_year = forms.IntegerField(
        label=gettext_lazy("Năm sinh"),
        min_value=1900,
        max_value=2100,
        required=False,
        help_text=gettext_lazy("Chỉ để tìm trong sổ dân cư, không ghi vào hồ sơ."),
    )
    person = forms.ChoiceField(
        label=gettext_lazy("Người trong sổ dân cư"),
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Bác hỏi lại bà con rồi mới chọn. Không có thì để không gắn."),
    )
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), max_length=300, required=False)
    village = forms.ChoiceField(label=gettext_lazy("Bản"), required=False)
    channel = forms.TypedChoiceField(
        label=gettext_lazy("Cách nộp"), choices=Channel.choices, coerce=int, initial=Channel.DIRECT
    )
    sets = forms.IntegerField(
        label=gettext_lazy("Số bộ hồ sơ"), min_value=1, max_value=20, initial=1
    )
    note = forms.CharField(
        label=gettext_lazy("Ghi chú"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        content: Content,
        villages: Iterable[tuple[int, str]],
        *args: Any,  # noqa: ANN401 - what Django's forms take
        earlier: Mapping[str, Component] | None = None,
        people: Iterable[tuple[str, str]] = (),
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Add the papers, questions, fees and exemptions of a version.

        `earlier` are papers the commune already holds of this person, by the code they fit;
        `people` those of the register who may be the applicant.
        """
        super().__init__(*args, **kwargs)
        self.content = content
        village = self.fields["village"]
        if isinstance(village, forms.ChoiceField):
            village.choices = [("", _("Chưa rõ")), *((str(key), name) for key, name in villages)]
        offered = list(people)
        if isinstance(self.fields["person"], forms.ChoiceField) and offered:
            self.fields["person"].choices = [*offered, (NOBODY, _("Không gắn với sổ dân cư"))]
        else:
            del self.fields["person"]
        for paper in content.components:
            self._add_paper(paper.code, (earlier or {}).get(paper.code))
        self.fields |= questions.fields(content)
        for fee in content.fees:
            self._add_fee(fee)
        for rule in content.exemptions:
            label = f"{rule.group} ({rule.law})" if rule.law else rule.group
            self.fields[f"free_{rule.code}"] = forms.BooleanField(
                label=label, required=False, help_text=rule.evidence
            )

    def _add_paper(self, code: str, earlier: Component | None) -> None:
        self.fields[f"file_{code}"] = forms.FileField(
            label=gettext_lazy("Quét hoặc chụp"),
            required=False,
            max_length=200,
            widget=forms.FileInput(
                attrs={"accept": "image/*,.pdf,.docx", "capture": "environment"}
            ),
        )
        self.fields[f"kept_{code}"] = forms.CharField(
            required=False, max_length=600, widget=forms.HiddenInput
        )
        choices = [("", _("Không dùng lại"))]
        if earlier is not None:
            said = {"name": earlier.name, "day": f"{dates.local(earlier.added_at):%d/%m/%Y}"}
            choices.append((str(earlier.pk), _("Dùng lại bản ngày %(day)s: %(name)s") % said))
        self.fields[f"reuse_{code}"] = forms.ChoiceField(
            label=gettext_lazy("Giấy tờ xã đã có"), required=False, choices=choices
        )
        self.fields[f"waive_{code}"] = forms.CharField(
            label=gettext_lazy("Lý do không phải nộp"), required=False, max_length=300
        )
        self.fields[f"count_{code}"] = forms.IntegerField(
            label=gettext_lazy("Số bản giấy"), required=False, min_value=0, max_value=50
        )

    def _add_fee(self, fee: FeeRule) -> None:
        self.fields[f"fee_{fee.code}"] = forms.BooleanField(
            label=fee.name, required=False, initial=True
        )
        if fee.basis in {"per_page", "tiered"}:
            self.fields[f"pages_{fee.code}"] = forms.IntegerField(
                label=gettext_lazy("Số trang"), min_value=1, max_value=MOST, initial=1
            )
        if fee.basis != "per_case":
            self.fields[f"copies_{fee.code}"] = forms.IntegerField(
                label=gettext_lazy("Số bản"), min_value=1, max_value=MOST, initial=1
            )

    def clean(self) -> dict[str, Any]:
        """Refuse files that are too large to be a scan, beside their paper."""
        said = super().clean() or {}
        for name, value in said.items():
            if name.startswith("file_") and value and value.size > _LARGEST:
                self.add_error(name, _("Tệp lớn hơn 30 MB. Bác quét lại nhẹ hơn."))
        return said

    # --- what the page shows ---
    @property
    def people(self) -> list[forms.BoundField]:
        """Return the fields about the applicant."""
        return [self[n] for n in _PEOPLE if n in self.fields]

    @property
    def papers(self) -> list[PaperFields]:
        """Return the papers with their fields, in the order of the version."""
        return [
            PaperFields(
                each.name,
                each.is_mandatory and not each.condition,
                each.condition,
                *(self[f"{kind}_{each.code}"] for kind in _OF_PAPER),
            )
            for each in self.content.components
        ]

    @property
    def questions(self) -> list[forms.BoundField]:
        """Return what the procedure's own form asks."""
        return [self[f"q_{each.code}"] for each in self.content.form]

    @property
    def money(self) -> list[forms.BoundField]:
        """Return the fee lines with their quantities, then the exemptions."""
        return [self[name] for name in self.fields if name.startswith(_OF_MONEY)]

    @property
    def rest(self) -> list[forms.BoundField]:
        """Return what is left: how it came, how many sets, a note."""
        return [self[name] for name in ("channel", "sets", "note")]

    # --- what was said ---
    def quantities(self) -> dict[str, Quantity]:
        """Return how much of each chosen fee line."""
        said = self.cleaned_data
        return {
            fee.code: Quantity(
                said.get(f"pages_{fee.code}") or 1, said.get(f"copies_{fee.code}") or 1
            )
            for fee in self.content.fees
            if said.get(f"fee_{fee.code}")
        }

    def groups(self) -> set[str]:
        """Return the exemptions the person has proof for."""
        rules = self.content.exemptions
        return {each.code for each in rules if self.cleaned_data.get(f"free_{each.code}")}

    def answers(self) -> dict[str, str]:
        """Return the answers of the procedure's own form, as texts."""
        return questions.answers(self.content, self.cleaned_data)


class AcceptForm(ReceptionForm):
    """What a draft still needs to be accepted: answers, missing papers, the money."""

    def __init__(
        self,
        content: Content,
        dossier: Dossier,
        *args: Any,  # noqa: ANN401
        earlier: Mapping[str, Component] | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Leave out what the draft has; its answers stand there to be read once more."""
        super().__init__(content, (), *args, earlier=earlier, **kwargs)
        self.said = dossier.form
        there = dossier.components.filter(replaced_by__isnull=True)
        given = {each.code for each in there if each.is_there}
        self.missing = [each for each in content.components if each.code not in given]
        drop = {"key", "channel", "sets", "note", *_PEOPLE}
        drop |= {f"{kind}_{code}" for code in given for kind in _OF_PAPER}
        if dossier.fees.exists():
            drop |= {name for name in self.fields if name.startswith(_OF_MONEY)}
        for name in drop & set(self.fields):
            del self.fields[name]
        for each in content.form:
            self.fields[f"q_{each.code}"].initial = dossier.form.get(each.code)

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return headings with their fields: first what nobody answered yet."""
        blank = [each for each in self.content.form if not self.said.get(each.code)]
        known = [each for each in self.content.form if self.said.get(each.code)]
        found = [
            (_("Tờ khai: còn chưa trả lời"), [self[f"q_{each.code}"] for each in blank]),
            (_("Tờ khai: đã ghi, bác đọc lại với bà con"), [self[f"q_{e.code}"] for e in known]),
            *(
                (
                    _("Còn thiếu: %(name)s") % {"name": each.name},
                    [
                        self[f"{kind}_{each.code}"]
                        for kind in _OF_PAPER
                        if kind != "reuse" or len(self.fields[f"reuse_{each.code}"].choices) > 1  # type: ignore[attr-defined]
                    ],
                )
                for each in self.missing
            ),
            (_("Phí, lệ phí"), self.money),
        ]
        return [(heading, fields) for heading, fields in found if fields]
