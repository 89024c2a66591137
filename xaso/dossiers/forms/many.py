"""What is said once for many dossiers."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.forms.steps import Choices, GivenForm, area


class BatchForm(forms.Form):
    """The key of the batch: sent twice, it is done once."""

    batch = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class HandManyForm(BatchForm):
    """To whom the chosen dossiers go; each to the step that follows its own."""

    receiver = forms.TypedChoiceField(
        label=_("Người nhận"), coerce=int, empty_value=None, required=False
    )
    unit = forms.TypedChoiceField(
        label=_("Hoặc giao cho đơn vị"), coerce=int, empty_value=None, required=False
    )
    note = forms.CharField(label=_("Lời nhắn"), widget=area(2), max_length=300, required=False)

    def __init__(self, *args: Any, people: Choices, units: Choices, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the people and units of the commune."""
        super().__init__(*args, **kwargs)
        self.fields["receiver"].choices = [("", _("Chọn người")), *people]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("Không chọn")), *units]  # type: ignore[attr-defined]


class GiveManyForm(BatchForm, GivenForm):
    """How the chosen results were given, each to its holder; a line of its own has its proof."""
