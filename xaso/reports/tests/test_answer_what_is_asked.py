"""Residents answer what the commune asks about one kind of matter, with and without script."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.web.middleware import directory
from xaso.reports import actions
from xaso.reports.models import Category, Report
from xaso.reports.tests.test_use_the_pages import FORM, filled

pytestmark = pytest.mark.django_db
SHEET = "/binh-lu/phan-anh/gui/hoi/"


@pytest.fixture(autouse=True)
def forgotten(town: Commune) -> Any:
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def asks(town: Commune) -> Callable[..., None]:
    """Return a function that asks something about damaged roads."""
    road = Category.objects.get(commune=town, code="ROAD-DAMAGE")

    def ask(code: str, datatype: str, **facts: Any) -> None:
        given = actions.QuestionGiven(code=code, text=f"Hỏi {code}?", datatype=datatype, **facts)
        actions.ask(road, given, by=SYSTEM)

    return ask


@pytest.fixture
def every_type(asks: Callable[..., None]) -> None:
    pair = (("a", "Ý một"), ("b", "Ý hai"))
    asks("LINE", "string", order=1)
    asks("WORDS", "text", order=2)
    asks("NUM", "number", order=3, is_required=True)
    asks("WHEN", "datetime", order=4)
    asks("ONE", "singlevaluelist", order=5, choices=pair)
    asks("MANY", "multivaluelist", order=6, choices=pair)
    asks("NOTE", "string", order=7, is_asked=False)


def test_without_script_the_form_comes_back_with_the_questions(
    client: Client, village: Village, every_type: None
) -> None:
    typed = filled(village)
    first = client.post(FORM, typed)
    page = first.content.decode()
    assert first.status_code == 422
    assert "Xã hỏi thêm về việc này" in page
    assert page.index("Hỏi LINE?") < page.index("Hỏi NUM?") < page.index("Hỏi NOTE?")
    assert "Đất sạt lấp nửa đường." in page
    assert 'type="datetime-local"' in page
    assert not Report.objects.exists()
    missing = client.post(FORM, typed | {"da_hoi": "ROAD-DAMAGE", "answers.LINE": "x"})
    assert "Bà con trả lời giúp câu này." in missing.content.decode()
    said = {
        "da_hoi": "ROAD-DAMAGE",
        "answers.LINE": "Cạnh  cầu",
        "answers.WORDS": "Dài\r\nhai dòng",
        "answers.NUM": "2,5",
        "answers.WHEN": "2026-11-23T08:30",
        "answers.ONE": "b",
        "answers.MANY": ["a", "b"],
        "answers.NOTE": "không ai hỏi",
    }
    assert client.post(FORM, typed | said).status_code == 302
    assert Report.objects.get().answers == {
        "LINE": "Cạnh cầu",
        "WORDS": "Dài\nhai dòng",
        "NUM": "2.5",
        "WHEN": "2026-11-23T08:30:00+07:00",
        "ONE": "b",
        "MANY": "a,b",
    }


@pytest.mark.parametrize(
    ("code", "value"),
    [("NUM", "nhiều"), ("WHEN", "hôm qua"), ("ONE", "c"), ("MANY", ["a", "z"])],
)
def test_a_wrong_answer_is_said_beside_its_box(
    client: Client, village: Village, every_type: None, code: str, value: Any
) -> None:
    said = {"da_hoi": "ROAD-DAMAGE", "answers.NUM": "1", f"answers.{code}": value}
    reply = client.post(FORM, filled(village) | said)
    assert reply.status_code == 422
    assert f'id="ROAD-DAMAGE-answers.{code}_error"' in reply.content.decode()
    assert not Report.objects.exists()


def test_a_kind_without_questions_is_sent_at_once(client: Client, village: Village) -> None:
    assert client.post(FORM, filled(village)).status_code == 302


def test_the_sheet_holds_the_questions_of_every_kind(
    client: Client, unit: Unit, django_assert_max_num_queries: Any
) -> None:
    client.get(SHEET)
    with django_assert_max_num_queries(5):  # commune, categories, units
        page = client.get(SHEET).content.decode()
    assert 'data-cua="ROAD-BLOCKED"' in page
    assert "Xe nào còn đi được?" in page
    assert "Nguy hiểm tính mạng: gọi 112" in page
    staff = page[page.index('data-cua="STAFF"') :]
    assert unit.name in staff
    assert "about_person" in staff


def test_a_complaint_asks_which_unit_and_goes_elsewhere(
    client: Client, village: Village, unit: Unit, other_unit: Unit
) -> None:
    typed = filled(village, category="STAFF")
    assert "Việc này nói về nơi nào?" in client.post(FORM, typed).content.decode()
    said = {"da_hoi": "STAFF", "answers.about_unit": unit.code, "answers.about_person": ""}
    assert client.post(FORM, typed | said).status_code == 302
    report = Report.objects.get()
    assert report.answers == {"about_unit": unit.code}
    assert [row.unit_id for row in report.kept_from.all()] == [unit.pk]


def test_a_phones_answers_are_read_the_same_and_never_lost(
    client: Client, village: Village, every_type: None
) -> None:
    answers = {"NUM": "2,5", "WHEN": "2026-11-23T08:30", "MANY": "a,b", "ONE": "hôm qua hỏi khác"}
    body = {
        "v": 1,
        "category": "ROAD-DAMAGE",
        "text": "Đất sạt.",
        "place": {"village": village.code},
        "answers": answers | {"OLD": "câu cũ"},
    }
    path = f"/binh-lu/api/v1/reports/{uuid4()}"
    for status in (201, 200):
        reply = client.put(path, json.dumps(body), content_type="application/json")
        assert reply.status_code == status
    assert Report.objects.get().answers == {
        "NUM": "2.5",
        "WHEN": "2026-11-23T08:30:00+07:00",
        "MANY": "a,b",
        "ONE": "hôm qua hỏi khác",
        "OLD": "câu cũ",
    }
