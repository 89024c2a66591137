"""What is proposed to be blanked, and what is then left to read."""

import pytest

from xaso.reports import redaction
from xaso.reports.redaction import Known, Mark


def _found(text: str, **known: object) -> list[tuple[str, str]]:
    marks = redaction.marks(text, Known(**known))  # type: ignore[arg-type]
    return [(text[m.start : m.end], m.kind) for m in marks]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0912 345 678", "phone"),
        ("+84 912 345 678", "phone"),
        ("012345678901", "paper"),
        ("123 456 789", "paper"),
        ("19036812345678", "account"),
        ("25B1-234.56", "plate"),
        ("lo.xa@example.org", "email"),
    ],
)
def test_what_names_a_person_is_found(text: str, kind: str) -> None:
    assert _found(f"Bà con gọi {text} giúp.") == [(text, kind)]


def test_names_and_insults_are_words_not_letters() -> None:
    known = {"names": ["Lò Văn Xá"], "insults": ["đồ ngu"]}
    assert _found("LÒ VĂN XÁ nói ĐỒ NGU.", **known) == [("LÒ VĂN XÁ", "name"), ("ĐỒ NGU", "insult")]
    assert _found("lo van xa bao do ngu", **known) == [("lo van xa", "name"), ("do ngu", "insult")]
    assert _found("Lò Văn Xáo ngồi trên đồ ngủ", **known) == []


def test_desk_phones_and_dates_stay() -> None:
    allowed = frozenset({"02133876113"})
    assert _found("Gọi 0213 3876 113 trước 25/11/2026, việc số 12", allowed=allowed) == []


def test_marks_never_overlap_and_the_longest_wins() -> None:
    found = redaction.apart([Mark(5, 9, "name"), Mark(0, 9, "email"), Mark(9, 12, "own")])
    assert found == [Mark(0, 9, "email"), Mark(9, 12, "own")]


@pytest.mark.parametrize(
    ("spans", "left"),
    [
        ([], "abcdef"),
        ([(0, 2)], "•••cdef"),
        ([(1, 3), (2, 4)], "a•••ef"),
        ([(4, 6), (0, 1)], "•••bcd•••"),
        ([(0, 6)], "•••"),
    ],
)
def test_blanked_words_leave_no_letter(spans: list[tuple[int, int]], left: str) -> None:
    assert redaction.masked("abcdef", spans) == left


def test_what_is_added_is_blanked_everywhere() -> None:
    text = "Quán Hoa Ban, đối diện quán hoa ban."
    spans = [mark.span for mark in redaction.added(text, ["Hoa Ban", "", "không có"])]
    assert redaction.masked(text, spans) == "Quán •••, đối diện quán •••."
