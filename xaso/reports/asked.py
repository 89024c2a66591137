"""What a commune asks about one kind of matter, as boxes that residents fill in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.identity.models import Unit
from xaso.kernel.text import clean_line, clean_text, dates
from xaso.reports import catalogue, named
from xaso.reports.models import CategoryQuestion, Stream
from xaso.reports.open311 import attributes
from xaso.reports.routing import reading

Kinds = CategoryQuestion.Datatype
PREFIX = "answers."
MARK = "da_hoi"  # which kind's questions the sender saw
_NAMES_PEOPLE = (Stream.COMPLAINT, Stream.DENUNCIATION)
_MISSING = {"required": gettext_lazy("Bà con trả lời giúp câu này.")}


class Given(Protocol):
    """What a form sent: several values under one name."""

    def getlist(self, key: str) -> list[str]:
        """Return the values under a name."""


def questions(
    kind: catalogue.Kind, now: datetime, units: Callable[[], Sequence[Unit]]
) -> tuple[CategoryQuestion, ...]:
    """Return what is asked about a kind; of a complaint about officials also whom it is about.

    Only then the units are asked for.
    """
    asked = kind.asked(now)
    if not (kind.code.startswith(reading.STAFF) or kind.stream in _NAMES_PEOPLE):
        return asked
    known = {question.code for question in asked}
    return (*asked, *(q for q in _about(units()) if q.code not in known))


def _about(units: Sequence[Unit]) -> list[CategoryQuestion]:
    choices = [{"key": unit.code, "name": unit.name} for unit in units]
    where = CategoryQuestion(
        code=reading.ABOUT,
        datatype=Kinds.ONE,
        text=_("Việc này nói về nơi nào?"),
        hint=_("Nơi đó và người đó không đọc, không xử lý thư này."),
        choices=choices,
    )
    who = CategoryQuestion(
        code=named.PERSON,
        text=_("Nói về ai? Tên hoặc chức vụ"),
        hint=_("Không biết thì để trống."),
    )
    return [where, who] if choices else [who]


class AskedForm(forms.Form):
    """The questions of one kind; `answers()` is what was said, by code."""

    def __init__(
        self,
        given: Given | None = None,
        *,
        asked: Sequence[CategoryQuestion],
        code: str,
        is_strict: bool = True,
    ) -> None:
        """Make a box of each question; a sentence that asks nothing is only shown.

        Without `is_strict` no answer must be there: who fills the form in cannot ask any more.
        """
        super().__init__(given, auto_id=f"{code}-%s")  # type: ignore[arg-type]
        self.asked, self.code, self.is_strict = asked, code, is_strict
        for question in asked:
            if question.is_asked:
                box = self.fields[PREFIX + question.code] = _box(question)
                box.required = box.required and is_strict

    @property
    def rows(self) -> list[Mapping[str, Any]]:
        """Return boxes and sentences in their order."""
        return [
            {"box": self[PREFIX + q.code]} if q.is_asked else {"said": _(q.text)}
            for q in self.asked
        ]

    def clean(self) -> dict[str, Any]:
        """Check the answers by the rules every program's answers are checked by."""
        said = super().clean() or {}
        given = {q.code: _values(q, said.get(PREFIX + q.code)) for q in self.asked if q.is_asked}
        answered = {code: values for code, values in given.items() if values}
        due = [q for q in self.asked if self.is_strict or q.code in answered]
        self.said, _extra, faults = attributes.checked(answered, due)
        for fault in faults:
            name = PREFIX + fault.word.removeprefix("attribute[").removesuffix("]")
            if name in self.fields and name not in self.errors:
                self.add_error(name, str(fault.sentence))
        return said

    def answers(self) -> dict[str, str]:
        """Return the answers by code."""
        return self.said if self.is_bound and self.is_valid() else {}


def from_phone(asked: Sequence[CategoryQuestion], given: Mapping[str, str]) -> dict[str, str]:
    """Return a phone's answers. What does not fit is kept as it was said: nothing gets lost.

    The phone may have asked yesterday's questions, without a network.
    """
    kept = {clean_line(code)[:40]: clean_text(text)[:500] for code, text in given.items()}
    for question in asked:
        text = kept.get(question.code, "")
        if not (question.is_asked and text):
            continue
        values = text.split(",") if question.datatype == Kinds.SEVERAL else [text]
        fitting, _extra, faults = attributes.checked(
            {question.code: _values(question, values)}, [question]
        )
        if not faults:
            kept |= fitting
    return {code: text for code, text in kept.items() if code and text}


def _values(question: CategoryQuestion, said: Any) -> list[str]:  # noqa: ANN401  (of any box)
    """Return what was typed as the standard writes it: decimal dots, moments with their zone."""
    values = said if isinstance(said, list) else [] if said in (None, "") else [said]
    if question.datatype == Kinds.NUMBER:
        return [str(value).strip().replace(",", ".") for value in values]
    if question.datatype == Kinds.DATETIME:
        return [_moment(value) for value in values]
    return [str(value) for value in values]


def _moment(said: Any) -> str:  # noqa: ANN401
    """Return a moment with its zone; what cannot be read stays as it is."""
    try:
        at = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
    except ValueError:
        return str(said)
    return (at if at.tzinfo else at.replace(tzinfo=dates.ZONE)).isoformat()


def _box(question: CategoryQuestion) -> forms.Field:
    common: dict[str, Any] = {
        "label": _(question.text),
        "help_text": _(question.hint) if question.hint else "",
        "required": question.is_required,
        "error_messages": _MISSING,
    }
    choices = [(c["key"], _(c["name"])) for c in question.choices]
    if question.datatype == Kinds.ONE:
        if len(choices) <= _MOST_RADIOS:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        return forms.ChoiceField(choices=[("", _("Không rõ")), *choices], **common)
    if question.datatype == Kinds.SEVERAL:
        ticks = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, widget=ticks, **common)
    widget, most = _WIDGETS.get(question.datatype, (forms.TextInput, attributes.LONGEST_LINE))
    return forms.CharField(max_length=most, widget=widget(), **common)


def _input(kind: str, **attrs: str) -> forms.TextInput:
    widget = forms.TextInput(attrs=attrs)
    widget.input_type = kind
    return widget


_MOST_RADIOS = 5
_WIDGETS: dict[str, tuple[Callable[[], forms.Widget], int]] = {
    Kinds.DATETIME: (partial(_input, "datetime-local"), 40),
    Kinds.NUMBER: (partial(_input, "text", inputmode="decimal"), 40),
    Kinds.TEXT: (partial(forms.Textarea, attrs={"rows": 3}), attributes.LONGEST_TEXT),
}
