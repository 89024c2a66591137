"""An official opens the desk in the morning; what each role may manage."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.models import UnitKind
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions as reports
from xaso.reports.models import Report

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=ZONE)
DESK = "/binh-lu/can-bo/"
ADMINISTRATION = f"{DESK}quan-tri/"


@pytest.fixture
def town(binh_lu: Commune) -> Iterator[Commune]:
    directory.forget()
    with tenancy.inside(binh_lu.id), clock.at(MONDAY):
        reports.set_up(binh_lu, by=SYSTEM, on=date(2026, 1, 1))
        yield binh_lu
    directory.forget()


def _send(town: Commune, text: str = "Loa hát mở đến nửa đêm") -> Report:
    new = reports.NewReport(
        uuid=uuid4(),
        content_hash=uuid4().hex * 2,
        category="NOISE",
        channel="web_plain",
        text=text,
        place=reports.Place(landmark="Đầu bản"),
    )
    return reports.receive(new, by=Actor("resident", "", "web"), commune=town).report


def test_who_has_nothing_of_their_own_sees_what_is_open(town, official, client_of) -> None:
    report = _send(town)
    body = client_of(official("officer", town)).get(DESK).content.decode()
    assert "Chưa có việc nào giao riêng cho bác" in body
    assert "Loa hát mở đến nửa đêm" in body
    assert f"{DESK}phan-anh/{report.code}/" in body


def test_who_was_given_a_report_sees_it_and_not_the_others(town, official, client_of) -> None:
    mine, _other = _send(town, "Việc của tôi đây"), _send(town, "Việc của người khác")
    unit = identity.add_unit(town, "kinh-te", "Phòng Kinh tế", by=SYSTEM, kind=UnitKind.DEPARTMENT)
    person = official("one_stop_clerk", town)
    identity.give_role(person, identity.NewRole("officer", unit), commune=town, by=SYSTEM)
    by = Actor("official", str(person.pk), "desk", frozenset({"one_stop_clerk"}))
    reports.accept(mine, reports.Accepting(unit_id=unit.pk, assignee_id=person.pk), by=by)
    body = client_of(person).get(DESK).content.decode()
    assert "Việc của tôi đây" in body
    assert "Việc của người khác" not in body


def test_a_full_desk_costs_as_many_statements_as_an_empty_one(town, official, client_of) -> None:
    desk = client_of(official("officer", town))
    desk.get(DESK)
    counts = []
    for sent in (1, 30):
        for number in range(sent):
            _send(town, f"Việc số {number}")
        with CaptureQueriesContext(connection) as seen:
            desk.get(DESK)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= 14


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("administrator", {"Màn hình tường": True, "Việc chạy nền bị hỏng": True}),
        ("officer", {"Máy chủ có khỏe không": True, "Màn hình tường": False}),
        ("leader", {"Nhật ký niêm phong": True, "Việc chạy nền bị hỏng": False}),
    ],
)
def test_administration_lists_only_what_a_role_may(town, official, client_of, role, words) -> None:
    body = client_of(official(role, town)).get(ADMINISTRATION).content.decode()
    main = body.partition("<main")[2]
    assert {word: word in main for word in words} == words


def test_an_administrator_without_reports_starts_at_administration(
    town, official, client_of
) -> None:
    assert client_of(official("administrator", town)).get(DESK)["Location"] == ADMINISTRATION


def test_strangers_are_asked_to_sign_in(town, client) -> None:
    answer = client.get(DESK)
    assert answer.status_code == 302
    assert "dang-nhap" in answer["Location"]


def test_the_log_book_is_checked_by_a_button(town, official, client_of) -> None:
    desk = client_of(official("leader", town))
    page = f"{ADMINISTRATION}nhat-ky/"
    assert desk.get(page).status_code == 200
    checked = desk.post(page)
    assert checked.status_code == 200
    assert checked.context["faults"] == []


def test_health_is_told_in_plain_words(town, official, client_of) -> None:
    page = client_of(official("officer", town)).get(f"{ADMINISTRATION}suc-khoe/")
    assert page.status_code == 200
    assert "Việc chạy nền" in page.content.decode()


def test_letting_a_dead_job_run_again_is_logged(town, official, client_of) -> None:
    jobs.later("notifications.send", commune=town.id, args={"message": str(uuid4())})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' RETURNING id")
        (number,) = cursor.fetchone()
    administrator = official("administrator", town)
    page = f"{ADMINISTRATION}viec-hong/"
    assert client_of(administrator).post(page, {"job": str(number)}).status_code == 302
    (line,) = audit.history(ProcrastinateJob(pk=number), commune=town.id)
    assert (line.action, line.actor_id) == ("jobs.retried", str(administrator.pk))
    refused = client_of(administrator).post(page, {"job": str(number)})
    assert refused.status_code == 404
    assert len(audit.history(ProcrastinateJob(pk=number), commune=town.id)) == 1


def test_the_administrators_menu_leads_to_what_was_sent(town, official, client_of) -> None:
    body = client_of(official("administrator", town)).get(ADMINISTRATION).content.decode()
    assert f'href="{ADMINISTRATION}tin-nhan/"' in body
