"""An administrator keeps the list of matters: what they are, how long they take, what is asked."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.audit.models import Entry
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.working_time import clock
from xaso.reports import actions, catalogue
from xaso.reports.models import Catalogue, Category, CategoryQuestion, CategoryTerm, Report
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.open311_stories import *  # noqa: F403  (fixtures)
from xaso.reports.tests.open311_stories import Ask

pytestmark = pytest.mark.django_db
PAGES = "/binh-lu/can-bo/quan-tri/loai-viec/"


@pytest.fixture
def admin(town: Commune, official: Callable[..., Any], client_of: Callable[..., Any]) -> Client:
    return client_of(official("administrator", town))


@pytest.fixture
def road(town: Commune) -> Category:
    return Category.objects.get(commune=town, code="ROAD-BLOCKED")


def asked(**facts: Any) -> actions.QuestionGiven:
    usual = {"code": "DEPTH", "text": "Nước sâu bao nhiêu?", "datatype": "number"}
    return actions.QuestionGiven(**usual | facts)


def test_a_question_reaches_the_programs_at_once(
    admin: Client, road: Category, get: Ask, post: Ask
) -> None:
    before = get("services/ROAD-BLOCKED.json")
    answer = admin.post(
        f"{PAGES}{road.pk}/cau-hoi/",
        {
            "text": "Đường nào đi vòng được?",
            "code": "DETOUR",
            "datatype": "singlevaluelist",
            "choices": "Không có đường nào\nforest = Đường rừng",
            "order": "1",
            "is_asked": "on",
            "is_required": "on",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    after = get("services/ROAD-BLOCKED.json", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    question = next(a for a in after.json()["attributes"] if a["code"] == "DETOUR")
    assert question["values"] == [
        {"key": "khong-co-duong-nao", "name": "Không có đường nào"},
        {"key": "forest", "name": "Đường rừng"},
    ]
    assert question["required"] is True
    assert post().status_code == 400
    assert post({"attribute[DETOUR]": "forest"}).status_code == 200
    assert "ROAD-BLOCKED" in admin.get(PAGES).content.decode()
    assert Entry.objects.filter(action="reports.question_set").count() == 1


def test_a_changed_question_leaves_the_old_answer_under_the_old_words(
    town: Commune, road: Category, post: Ask, client_of: Any, official: Any
) -> None:
    post()
    old = CategoryQuestion.objects.get(code="PASSABLE")
    with clock.at(MONDAY + timedelta(hours=1)):
        new = actions.ask(
            road,
            asked(
                code="PASSABLE",
                text="Xe gì qua được?",
                datatype="singlevaluelist",
                choices=[("motorbike", "Xe hai bánh"), ("truck", "Xe tải")],
            ),
            by=SYSTEM,
            instead=old,
        )
    old.refresh_from_db()
    assert (old.valid_to, new.valid_from) == (MONDAY + timedelta(hours=1),) * 2
    report = Report.objects.get()
    page = client_of(official("one_stop_clerk", town)).get(
        f"/binh-lu/can-bo/phan-anh/{report.code}/"
    )
    text = page.content.decode()
    assert "Xe nào còn đi được?" in text
    assert "Xe máy" in text
    assert "Học sinh, Hàng hóa" in text


def test_a_question_of_another_day_waits_for_it(town: Commune, road: Category, get: Ask) -> None:
    later = MONDAY + timedelta(days=2)
    first = get("discovery.json").json()["changeset"]
    with clock.at(MONDAY + timedelta(minutes=5)):
        actions.ask(road, asked(valid_from=later), by=SYSTEM)
        codes = [a["code"] for a in get("services/ROAD-BLOCKED.json").json()["attributes"]]
        second = get("discovery.json").json()["changeset"]
        assert "DEPTH" not in codes
    with clock.at(later):
        codes = [a["code"] for a in get("services/ROAD-BLOCKED.json").json()["attributes"]]
        third = get("discovery.json").json()["changeset"]
        assert "DEPTH" in codes
    assert first < second < third
    assert third == "2026-11-25 14:00"


def test_what_is_no_longer_asked_is_kept(admin: Client, road: Category, get: Ask) -> None:
    question = CategoryQuestion.objects.get(code="PASSABLE")
    address = f"{PAGES}{road.pk}/cau-hoi/{question.pk}/thoi/"
    assert admin.get(address).status_code == 405
    assert admin.post(address).status_code == 302
    assert admin.post(address).status_code == 404
    codes = [a["code"] for a in get("services/ROAD-BLOCKED.json").json()["attributes"]]
    assert codes == ["AFFECTED", "CALL"]
    assert CategoryQuestion.objects.filter(pk=question.pk).exists()
    assert "Câu hỏi đã thôi" in admin.get(f"{PAGES}{road.pk}/").content.decode()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "có dấu"}, "code"),
        ({"code": "AFFECTED"}, "code"),
        ({"datatype": "singlevaluelist", "choices": [("a", "A")]}, "choices"),
        ({"datatype": "multivaluelist", "choices": [("a", "A"), ("a", "B")]}, "choices"),
        ({"datatype": "singlevaluelist", "choices": [("a,b", "A"), ("c", "B")]}, "choices"),
        ({"valid_from": MONDAY - timedelta(days=1)}, "valid_from"),
    ],
)
def test_questions_that_cannot_be_are_refused(
    road: Category, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.ask(road, asked(**facts), by=SYSTEM)
    assert set(refused.value.errors) == {field}


def test_thirteen_questions_are_too_many(road: Category) -> None:
    for number in range(9):
        actions.ask(road, asked(code=f"Q{number}"), by=SYSTEM)
    with pytest.raises(Invalid):
        actions.ask(road, asked(code="Q9"), by=SYSTEM)


def test_a_new_term_holds_for_what_comes_after(
    admin: Client, town: Commune, road: Category, new_report: Any
) -> None:
    first = actions.receive(
        new_report(category="ROAD-BLOCKED", place=actions.Place(lat=22.317, lon=103.63)),
        by=RESIDENT,
        commune=town,
    ).report
    typed = {
        "valid_from": "2026-11-23",
        "ack_minutes": "30",
        "resolve_amount": "3",
        "resolve_unit": "NGAY_LV",
        "source": "law",
        "note": "Quyết định 12/QĐ-UBND",
    }
    assert admin.post(f"{PAGES}{road.pk}/thoi-han/", typed).status_code == 302
    second = actions.receive(
        new_report(category="ROAD-BLOCKED", place=actions.Place(lat=22.317, lon=103.63)),
        by=RESIDENT,
        commune=town,
    ).report
    first.refresh_from_db()
    assert (first.term.resolve_amount, second.term.resolve_amount) == (1, 3)
    assert second.due_at > first.due_at
    again = admin.post(f"{PAGES}{road.pk}/thoi-han/", typed | {"resolve_amount": "9"})
    assert again.status_code == 422
    assert "Bác chọn ngày sau" in again.content.decode()
    past = admin.post(f"{PAGES}{road.pk}/thoi-han/", typed | {"valid_from": "2026-11-01"})
    assert past.status_code == 422
    assert "không lùi ngày" in past.content.decode()
    assert CategoryTerm.objects.filter(category=road).count() == 2


def test_a_kind_is_added_and_changed(admin: Client, town: Commune, get: Ask) -> None:
    typed = {
        "name": "Cây đổ",
        "code": "cây đổ",
        "group": "ENVIRONMENT",
        "keywords": "cây gãy, cành khô",
        "stream": "field",
        "pin": "yes",
        "sensitivity": "public",
        "is_publishable": "on",
        "is_active": "on",
        "valid_from": "2026-11-23",
        "ack_minutes": "60",
        "resolve_amount": "2",
        "resolve_unit": "NGAY_LV",
        "source": "design",
    }
    assert admin.get(f"{PAGES}them/").status_code == 200
    added = admin.post(f"{PAGES}them/", typed)
    assert added.status_code == 302, added.content.decode()
    row = Category.objects.get(code="CAY-DO")
    offered = {s["service_code"]: s for s in get("services.json").json()}
    assert offered["CAY-DO"]["keywords"] == "cây gãy, cành khô"
    assert offered["CAY-DO"]["group"] == "Rác, môi trường"
    assert admin.post(f"{PAGES}them/", typed).status_code == 422
    changed = {k: v for k, v in typed.items() if k not in ("is_publishable", "code")}
    assert admin.post(f"{PAGES}{row.pk}/", changed | {"name": "Cây gãy"}).status_code == 302
    assert "CAY-DO" not in {s["service_code"] for s in get("services.json").json()}
    assert catalogue.of(town.id).by_code["CAY-DO"].name == "Cây gãy"
    lines = audit.history(row, commune=town.id)
    line = next(line for line in lines if line.action == "reports.kind_changed")
    assert set(line.changes) == {"name", "is_publishable"}
    empty = admin.post(f"{PAGES}{row.pk}/", changed | {"name": ""})
    assert empty.status_code == 422


def test_regulations_are_switched_on_by_hand(admin: Client, town: Commune) -> None:
    assert admin.post(PAGES, {"regulations": "on"}).status_code == 302
    assert Catalogue.objects.get(commune=town).offers_regulations
    assert admin.post(PAGES, {}).status_code == 302
    assert not Catalogue.objects.get(commune=town).offers_regulations


def test_the_list_costs_the_same_however_long(admin: Client, town: Commune) -> None:
    admin.get(PAGES)
    with CaptureQueriesContext(connection) as few:
        admin.get(PAGES)
    for number in range(8):
        kind = actions.KindGiven(name=f"Việc {number}", group="OTHERS")
        term = actions.TermGiven(date(2026, 11, 23), 60, "NGAY_LV", 5)
        actions.add_kind(town, f"VIEC-{number}", kind, term, by=SYSTEM)
    admin.get(PAGES)
    with CaptureQueriesContext(connection) as many:
        assert "VIEC-7" in admin.get(PAGES).content.decode()
    assert len(many) == len(few)


@pytest.mark.parametrize("role", ["one_stop_clerk", "officer", "village_head"])
def test_only_administrators_and_leaders_keep_it(
    town: Commune, road: Category, official: Any, client_of: Any, role: str
) -> None:
    someone = client_of(official(role, town))
    for path in ("", "them/", f"{road.pk}/", f"{road.pk}/cau-hoi/"):
        assert someone.get(f"{PAGES}{path}").status_code == 403
    assert someone.post(f"{PAGES}{road.pk}/thoi-han/").status_code == 403


def test_defaults_set_up_twice_ask_once(town: Commune) -> None:
    count = CategoryQuestion.objects.count()
    actions.set_up(town, by=SYSTEM, on=date(2026, 1, 1))
    assert CategoryQuestion.objects.count() == count == 5
    assert isinstance(Catalogue.objects.get(commune=town).changed_at, datetime)


def test_set_up_again_adds_what_is_missing_and_leaves_the_rest(
    town: Commune, road: Category, unit: Any, django_assert_max_num_queries: Any
) -> None:
    def kinds() -> list[Any]:
        return list(Category.objects.order_by("code").values_list("code", "name", "order"))

    Category.objects.filter(pk=road.pk).update(name="Đường xã")
    before, gone = kinds(), Category.objects.exclude(pk=road.pk).filter(parent__isnull=False)[0]
    CategoryTerm.objects.filter(category=gone).delete()
    CategoryQuestion.objects.filter(category=gone).delete()
    gone.delete()
    with django_assert_max_num_queries(30):
        actions.set_up(
            town, by=SYSTEM, on=date(2026, 2, 1), units={road.code: unit, "NO-SUCH": unit}
        )
    assert kinds() == before
    new = Category.objects.get(code=gone.code)
    assert CategoryTerm.objects.get(category=new).valid_from == date(2026, 2, 1)
    assert CategoryTerm.objects.get(category=road).valid_from == date(2026, 1, 1)
    road.refresh_from_db()
    assert (road.name, road.unit) == ("Đường xã", unit)
