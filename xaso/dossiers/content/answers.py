"""Answers to a version's questions: read by the question's type, kept as text, shown for reading.

Kept are: a day as ISO, a number with a point, one of the choices as it is written, `True` for yes.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from xaso.dossiers.content.shape import Content, Question
from xaso.kernel.text import clean_text, so

MOST = 2_000  # characters of one answer
YES = "True"


def faults(content: Content, said: Mapping[str, object]) -> dict[str, list[str]]:
    """Return what is wrong by field (`q_` and the question's code): an unknown one, another type.

    What is not answered is no fault here: a draft may be half filled in.
    """
    asked = {each.code: each for each in content.form}
    errors: dict[str, list[str]] = {}
    for code, value in said.items():
        if code not in asked:
            errors["form"] = [_("Thủ tục này không có câu hỏi: %s.") % code[:60]]
        elif why := _fault(asked[code], str(value)):
            errors[f"q_{code}"] = [why]
    return errors


def unanswered(content: Content, said: Mapping[str, object]) -> list[str]:
    """Return the mandatory questions without an answer; "no" is left empty and is an answer."""
    return [
        each.label
        for each in content.form
        if each.is_mandatory and each.kind != "yes" and not str(said.get(each.code) or "").strip()
    ]


def shown(content: Content, said: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the questions that were answered, with the answers as people read them."""
    return [
        (each.label, read_out(each, str(said[each.code])))
        for each in content.form
        if said.get(each.code)
    ]


def read_out(question: Question, text: str) -> str:
    """Return one kept answer for reading; what does not fit its type is shown as it is."""
    if question.kind == "yes":
        return _("Có") if text == YES else text
    try:
        if question.kind == "date":
            day = date.fromisoformat(text)
            return f"{day.day:02}/{day.month:02}/{day.year}"
        return so(Decimal(text)) if question.kind == "number" else text
    except (ValueError, InvalidOperation):
        return text


def _fault(question: Question, text: str) -> str:
    if len(clean_text(text)) > MOST:
        return _("Câu trả lời dài quá 2.000 chữ cái.")
    if question.kind == "choice" and text not in question.choices:
        return _("Chọn một trong các câu có sẵn.")
    if question.kind == "yes" and text != YES:
        return _("Chỉ trả lời có, hoặc để trống.")
    try:
        if question.kind == "date":
            date.fromisoformat(text)
        if question.kind == "number" and not Decimal(text).is_finite():
            return _("Ghi một số.")
    except (ValueError, InvalidOperation):
        return _("Ghi ngày, ví dụ 12/03/1950.") if question.kind == "date" else _("Ghi một số.")
    return ""
