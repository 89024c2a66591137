"""Answers to a category's questions: `attribute[CODE]=…`, read and checked."""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from xaso.kernel.text import clean_line, clean_text
from xaso.reports.models import CategoryQuestion, Report
from xaso.reports.open311 import moments
from xaso.reports.open311.faults import Fault, Faulty

_NAME = re.compile(r"attribute\[([^\[\]]{1,100})\](?:\[\d{0,3}\])?")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?", re.ASCII)
LONGEST_LINE, LONGEST_TEXT = 500, 4_000
Kinds = CategoryQuestion.Datatype


def gathered(form: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return what a form says, by code; an empty value is none."""
    found: dict[str, list[str]] = {}
    for name, values in form.items():
        named = _NAME.fullmatch(name)
        if named:
            found.setdefault(clean_line(named[1]), []).extend(v for v in values if v.strip())
    return {code: values for code, values in found.items() if code and values}


def checked(
    given: Mapping[str, list[str]], questions: Iterable[CategoryQuestion]
) -> tuple[dict[str, str], dict[str, list[str]], list[Fault]]:
    """Return the answers by code, what nobody asked, and what is wrong.

    Keys of several choices are joined by commas. What nobody asked is kept, never refused:
    clients always add codes of their own.
    """
    asked = {question.code: question for question in questions if question.is_asked}
    answers: dict[str, str] = {}
    faults: list[Fault] = []
    for code, question in asked.items():
        values = given.get(code, [])
        try:
            if values:
                answers[code] = _answer(question, values)
            elif question.is_required:
                said = {"text": gettext(question.text)}
                faults.append(_fault(code, _('chưa trả lời câu "%(text)s"') % said))
        except Faulty as error:
            faults.extend(error.faults)
    extra = {code: values for code, values in given.items() if code not in asked}
    return answers, extra, faults


def shown(answer: str, question: CategoryQuestion) -> str:
    """Return an answer in words: the names of what was chosen."""
    if not question.is_list:
        return answer
    return ", ".join(gettext(question.name_of(key)) for key in answer.split(","))


def told(report: Report, questions: Iterable[CategoryQuestion]) -> list[tuple[str, str]]:
    """Return (question, answer) in words, for officials, under the questions of their time."""
    asked = {q.code: q for q in questions if q.is_asked_at(report.received_at)}
    return [
        (_(asked[code].text) if code in asked else code, _said(answer, asked.get(code)))
        for code, answer in report.answers.items()
    ]


def _said(answer: str, question: CategoryQuestion | None) -> str:
    return shown(answer, question) if question else answer


def _answer(question: CategoryQuestion, values: list[str]) -> str:
    if question.datatype == Kinds.SEVERAL:
        chosen = dict.fromkeys(clean_line(value) for value in values)
        return ",".join(_chosen(question, key) for key in chosen)
    value = values[-1].strip()
    if question.datatype == Kinds.ONE:
        return _chosen(question, clean_line(value))
    if question.datatype == Kinds.NUMBER:
        return _number(question, value)
    if question.datatype == Kinds.DATETIME:
        return moments.written(moments.read(f"attribute[{question.code}]", value))
    return _words(question, value)


def _chosen(question: CategoryQuestion, key: str) -> str:
    if key not in {choice["key"] for choice in question.choices}:
        keys = ", ".join(choice["key"] for choice in question.choices)
        raise Faulty(_fault(question.code, _("chọn trong: %(keys)s") % {"keys": keys}))
    return key


def _number(question: CategoryQuestion, value: str) -> str:
    if not _NUMBER.fullmatch(value):
        said = _("cần một con số, dùng dấu chấm thập phân")
        raise Faulty(_fault(question.code, said))
    return value.removeprefix("+")


def _words(question: CategoryQuestion, value: str) -> str:
    is_line = question.datatype == Kinds.STRING
    text = clean_line(value) if is_line else clean_text(value)
    most = LONGEST_LINE if is_line else LONGEST_TEXT
    if len(text) > most:
        said = _("dài quá, nhiều nhất %(most)d chữ cái") % {"most": most}
        raise Faulty(_fault(question.code, said))
    return text


def _fault(code: str, sentence: str) -> Fault:
    return Fault(f"attribute[{code}]", sentence)
