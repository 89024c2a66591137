"""Officials see what is alike and why, decide with one tap, answer from templates, review."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official, Unit
from xaso.kernel.measures import queries as measures
from xaso.kernel.places.models import Commune
from xaso.kernel.text import spoken_code
from xaso.kernel.web.middleware import directory
from xaso.reports import actions, filling, slips
from xaso.reports.actions import counting
from xaso.reports.models import (
    AnswerTemplate,
    DuplicateSuggestion,
    Follower,
    Report,
    ReportTask,
    State,
)
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_work_on_a_report import GOOD, answering

pytestmark = pytest.mark.django_db
AT = "/binh-lu/can-bo/phan-anh/"
TEMPLATE = "Tổ [tên tổ] đã sửa xong [việc gì] ở [chỗ nào] ngày [ngày]. Bà con đi lại bình thường."


@pytest.fixture(autouse=True)
def _forgotten(town: Commune) -> Iterator[None]:
    directory.forget()
    yield
    directory.forget()


def browser(actor: Actor) -> Client:
    client = Client()
    person = Official.objects.get(pk=actor.id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def clerk(clerk_actor: Actor) -> Client:
    return browser(clerk_actor)


@pytest.fixture
def head_browser(head_actor: Actor) -> Client:
    return browser(head_actor)


@pytest.fixture
def leader(leader_actor: Actor) -> Client:
    return browser(leader_actor)


@pytest.fixture
def twice(town: Commune, new_report: object, report: Report) -> Report:
    """The same matter a second time."""
    return actions.receive(new_report(), by=RESIDENT, commune=town).report  # type: ignore[operator]


def test_the_list_says_why_and_merges_with_one_tap(
    clerk: Client, report: Report, twice: Report
) -> None:
    page = clerk.get(f"{AT}{twice.code}/giong/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    for words in (
        "Rất giống, 95 điểm",
        "cùng bản, cùng chỗ dễ nhận",
        "cùng loại việc",
        "cùng ngày",
    ):
        assert words in page
    given = {"code": report.code, "version": twice.version}
    assert clerk.post(f"{AT}{twice.code}/gop/", given).status_code == 302
    twice.refresh_from_db()
    assert twice.parent == report
    assert float(DuplicateSuggestion.objects.get().score) == 95.0


def test_the_page_without_script_and_the_pages_that_ask_for_it(
    clerk: Client, report: Report, twice: Report
) -> None:
    address = f"{AT}{twice.code}/giong/"
    assert "Gộp vào việc này" in clerk.get(address).content.decode()
    for page in (f"{AT}{twice.code}/", f"{AT}{twice.code}/nhan/", f"{AT}{twice.code}/gop/"):
        assert f'hx-get="{address}"' in clerk.get(page).content.decode()


def test_the_older_takes_the_newer_in_whichever_is_open(
    clerk: Client, report: Report, twice: Report
) -> None:
    Report.objects.filter(pk=report.pk).update(received_at=MONDAY.replace(hour=9))
    page = clerk.get(f"{AT}{report.code}/giong/").content.decode()
    assert "Gộp việc kia vào đây" in page
    assert f'action="{AT}{twice.code}/gop/"' in page


def test_called_different_it_is_not_shown_again(
    clerk: Client, report: Report, twice: Report
) -> None:
    clerk.post(f"{AT}{twice.code}/khac/", {"other": report.code})
    page = clerk.get(f"{AT}{twice.code}/giong/").content.decode()
    assert "Không thấy việc nào giống" in page
    assert clerk.post(f"{AT}{twice.code}/khac/", {"other": "xyz"}).status_code == 404


@pytest.fixture
def template(town: Commune, leader_actor: Actor) -> AnswerTemplate:
    given = actions.Wording("Sửa xong", TEMPLATE)
    return actions.write_template(town, given, by=leader_actor)


@pytest.fixture
def accepted(report: Report, unit: Unit, clerk_actor: Actor) -> Report:
    return actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)


def test_blanks_are_filled_in_their_order() -> None:
    assert filling.blanks(TEMPLATE) == ["tên tổ", "việc gì", "chỗ nào", "ngày"]
    assert filling.filled("[a] và [b], [a]", ["x", ""]) == "x và [b], x"
    assert filling.filled("[[]] [ ] không", ["x"]) == "[[]] x không"


def test_an_officer_picks_a_template_and_fills_it(
    head_browser: Client, accepted: Report, template: AnswerTemplate
) -> None:
    address = f"{AT}{accepted.code}/tra-loi/"
    assert "Sửa xong" in head_browser.get(address).content.decode()
    page = head_browser.get(address, {"mau": template.pk}).content.decode()
    assert page.count('form="dien-mau"') >= 5
    asked = {"mau": template.pk, "o": ["giao thông", "mặt đường", "dốc Chu Va", "23/11"]}
    page = head_browser.get(address, asked).content.decode()
    assert "Tổ giao thông đã sửa xong mặt đường ở dốc Chu Va ngày 23/11" in page
    for odd in ("abc", "99999", "²"):
        assert head_browser.get(address, {"mau": odd}).status_code == 200


def test_the_gate_can_be_asked_first_and_counts_what_it_sends_back(
    head_browser: Client, accepted: Report, town: Commune, template: AnswerTemplate
) -> None:
    address = f"{AT}{accepted.code}/tra-loi/"
    given = {"kind": "fixed", "text": GOOD, "done_by": "Phòng Kinh tế", "done_on": "2026-11-23"}
    page = head_browser.post(address, given | {"xem_thu": "1"}).content.decode()
    assert "Có ảnh sau khi làm" in page
    accepted.refresh_from_db()
    assert accepted.state == State.ACCEPTED
    day = MONDAY.date()

    def sent_back() -> int:
        tomorrow = day.replace(day=day.day + 1)
        return measures.total(counting.GATE_REFUSED, town.id, day, tomorrow).n

    assert sent_back() == 0
    reply = head_browser.post(address, given | {"text": TEMPLATE})
    assert reply.status_code == 422
    assert "Còn chỗ trống của mẫu chưa điền" in reply.content.decode()
    assert sent_back() == 1


def test_only_who_manages_writes_templates(
    leader: Client, clerk: Client, template: AnswerTemplate, town: Commune
) -> None:
    assert clerk.get(f"{AT}mau/").status_code == 403
    assert TEMPLATE.split("[", maxsplit=1)[0] in leader.get(f"{AT}mau/").content.decode()
    again = leader.post(f"{AT}mau/moi/", {"name": "sua XONG", "text": TEMPLATE})
    assert again.status_code == 422
    assert "Đã có mẫu mang tên này" in again.content.decode()
    named = leader.post(f"{AT}mau/moi/", {"name": "Gọi", "text": "Bà con gọi 0912 345 678 để hỏi."})
    assert "bỏ số điện thoại" in named.content.decode()
    edited = {"name": "Sửa xong rồi", "text": TEMPLATE, "category": ""}
    assert leader.post(f"{AT}mau/{template.pk}/", edited).status_code == 302
    assert leader.post(f"{AT}mau/{template.pk}/bo/").status_code == 302
    assert not AnswerTemplate.objects.filter(commune=town, is_active=True).exists()
    assert leader.get(f"{AT}mau/{template.pk}/").status_code == 404


@pytest.fixture
def unhappy(accepted: Report, head_actor: Actor, leader_actor: Actor) -> ReportTask:
    report = actions.answer(accepted, answering(), by=head_actor)
    actions.rate(report, actions.Rating(0, "half_done", "Còn đất"), by=RESIDENT)
    return ReportTask.objects.get()


def test_a_leader_finishes_a_review(leader: Client, unhappy: ReportTask) -> None:
    page = leader.get(f"{AT}xem-lai/").content.decode()
    assert "Giao cho bác" in page
    address = f"{AT}xem-lai/{unhappy.pk}/"
    page = leader.get(address).content.decode()
    assert "Còn đất" in page
    assert "Làm chưa xong" in page
    assert leader.post(address, {"outcome": "stands"}).status_code == 422
    said = {
        "outcome": "reopened",
        "text": "Đúng là còn đất ở rãnh trái, làm tiếp. Gọi 0912 345 678",
    }
    assert leader.post(address, said).status_code == 302
    unhappy.refresh_from_db()
    assert unhappy.report.state == State.IN_PROGRESS
    assert "Việc này đã xong" in leader.get(address).content.decode()
    public = Client().get(f"/binh-lu/phan-anh/{unhappy.report.code}/").content.decode()
    assert "Đúng là còn đất ở rãnh trái" in public
    assert "345 678" not in public


def test_who_answered_reads_that_another_must_review(
    accepted: Report, leader: Client, leader_actor: Actor, town: Commune
) -> None:
    report = actions.answer(accepted, answering(), by=leader_actor)
    actions.rate(report, actions.Rating(0), by=RESIDENT)
    assert "người khác xem" in leader.get(f"{AT}xem-lai/").content.decode()
    task = ReportTask.objects.get()
    given = {"outcome": "stands", "text": "Tôi thấy câu này đúng rồi."}
    reply = leader.post(f"{AT}xem-lai/{task.pk}/", given)
    assert "Lãnh đạo khác xem lại giúp" in reply.content.decode()


def test_the_list_costs_the_same_however_long(
    leader: Client, unhappy: ReportTask, twice: Report, unit: Unit, head_actor: Actor
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as said:
            assert leader.get(f"{AT}xem-lai/").status_code == 200
        return len(said)

    cost()
    before = cost()
    again = actions.reopen(unhappy.report, "Làm lại", by=RESIDENT)
    words = answering(text=GOOD + " Lần này ở đoạn dưới.")
    again = actions.answer(again, words, by=head_actor)
    actions.rate(again, actions.Rating(0), by=RESIDENT)
    assert ReportTask.objects.count() == 2
    assert cost() == before
    assert leader.get(f"{AT}ket-qua/").status_code == 200


def test_who_comes_to_the_counter_gets_a_code(clerk: Client, accepted: Report) -> None:
    address = f"{AT}{accepted.code}/cung-bao/"
    wrong = clerk.post(address, {"kind": "me_too", "phone": "12"})
    assert (wrong.status_code, Follower.objects.count()) == (422, 0)
    page = clerk.post(address, {"kind": "me_too", "name": "Tẩn A Páo", "phone": "0912000888"})
    follower = Follower.objects.get()
    assert spoken_code.grouped(follower.code) in page.content.decode()
    assert slips.secret(follower.code) in page.content.decode()
    assert Report.objects.get(pk=accepted.pk).follower_count == 1
