"""The questions of a version drawn as fields: at the counter, and where a helper files."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _

from xaso.dossiers.content.answers import MOST
from xaso.dossiers.content.shape import Content, Question


def fields(content: Content, *, is_draft: bool = False) -> dict[str, forms.Field]:
    """Return a field for each question, by `q_` and its code; a draft must answer nothing."""
    return {f"q_{each.code}": _field(each, is_draft=is_draft) for each in content.form}


def answers(content: Content, said: Mapping[str, Any]) -> dict[str, str]:
    """Return what was answered as texts; what was left empty is not there."""
    found = {each.code: said.get(f"q_{each.code}") for each in content.form}
    return {code: str(value) for code, value in found.items() if value not in (None, "", False)}


class AnswersForm(forms.Form):
    """The questions a dossier came without, mandatory ones first; one answer is enough."""

    def __init__(
        self,
        content: Content,
        said: Mapping[str, Any],
        *args: Any,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Draw what nobody answered; a mandatory one says so."""
        super().__init__(*args, **kwargs)
        left = [each for each in content.form if not said.get(each.code)]
        self.content = msgspec.structs.replace(
            content, form=sorted(left, key=lambda each: not each.is_mandatory)
        )
        self.fields |= fields(self.content, is_draft=True)
        for each in self.content.form:
            if each.is_mandatory:
                self.fields[f"q_{each.code}"].label = f"{each.label} ({_('bắt buộc')})"

    def answers(self) -> dict[str, str]:
        """Return what was answered as texts."""
        return answers(self.content, self.cleaned_data)


def _field(question: Question, *, is_draft: bool) -> forms.Field:
    given: dict[str, Any] = {
        "label": question.label,
        "required": question.is_mandatory and not is_draft,
        "help_text": question.hint,
    }
    if question.kind == "date":
        box = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=box, **given)
    if question.kind == "number":
        return forms.DecimalField(**given)
    if question.kind == "choice":
        return forms.ChoiceField(choices=[("", "–"), *((c, c) for c in question.choices)], **given)
    if question.kind == "yes":
        return forms.BooleanField(**(given | {"required": False}))
    widget = forms.Textarea(attrs={"rows": 3}) if question.kind == "long" else forms.TextInput()
    return forms.CharField(max_length=MOST, widget=widget, **given)
