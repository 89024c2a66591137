"""A resident sends a report; however often the phone sends it, the commune has one."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import spoken_code
from xaso.reports import actions, history
from xaso.reports.models import ClockEntry, Report, ReportEvent, State
from xaso.reports.tests.conftest import RESIDENT

pytestmark = pytest.mark.django_db
Filled = Callable[..., actions.NewReport]


def test_the_sender_gets_a_code_to_read_aloud_and_a_promised_date(report: Report) -> None:
    assert spoken_code.is_valid(report.code)
    assert report.state == State.NEW
    assert report.due_at > report.received_at
    assert report.due_at == report.first_due_at <= report.legal_due_at
    assert report.ack_due_at is not None
    assert {e.clock for e in ClockEntry.objects.filter(report=report)} == {"ack", "resolve"}


def test_the_same_report_twice_is_one(town: Commune, new_report: Filled) -> None:
    new = new_report()
    first = actions.receive(new, by=RESIDENT, commune=town)
    again = actions.receive(new, by=RESIDENT, commune=town)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.report.code == first.report.code
    assert Report.objects.count() == ReportEvent.objects.count() == 1


def test_other_words_under_the_same_key_are_refused(town: Commune, new_report: Filled) -> None:
    new = new_report()
    first = actions.receive(new, by=RESIDENT, commune=town)
    with pytest.raises(actions.OtherContent) as refused:
        actions.receive(replace(new, content_hash="b" * 64), by=RESIDENT, commune=town)
    assert refused.value.report.code == first.report.code


def test_every_fault_is_named_beside_its_field(town: Commune, new_report: Filled) -> None:
    empty = new_report(text=" ", place=actions.Place(), contact=actions.Contact(phone="12"))
    with pytest.raises(Invalid) as refused:
        actions.receive(empty, by=RESIDENT, commune=town)
    assert set(refused.value.errors) == {"text", "place", "phone"}
    with pytest.raises(Invalid) as unknown:
        actions.receive(new_report(category="NOPE"), by=RESIDENT, commune=town)
    assert set(unknown.value.errors) == {"category"}


def test_a_create_costs_at_most_twelve_statements(town: Commune, new_report: Filled) -> None:
    contact = actions.Contact(name="Giàng Thị Mỷ", phone="0912 000 135")
    actions.receive(new_report(), by=RESIDENT, commune=town)  # categories are in memory now
    with CaptureQueriesContext(
        connection,
    ) as said:
        actions.receive(new_report(contact=contact), by=RESIDENT, commune=town)
    real = [q["sql"] for q in said if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(real) <= 12, "\n".join(sql[:120] for sql in real)


def test_the_sender_stays_sealed(town: Commune, new_report: Filled) -> None:
    contact = actions.Contact(name="Giàng Thị Mỷ", phone="0912 000 135")
    report = actions.receive(new_report(contact=contact), by=RESIDENT, commune=town).report
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM reports_reporter")
        name, phone = cursor.fetchone()
    assert "Giàng".encode() not in bytes(name)
    assert b"912000135" not in bytes(phone)
    report = Report.objects.get(pk=report.pk)
    assert report.reporter is not None
    assert report.reporter.phone == "+84912000135"


def test_the_history_is_a_chain(report: Report) -> None:
    events = list(ReportEvent.objects.filter(report=report))
    assert history.broken_at(events) is None
    events[0].internal_text = "sửa lén"
    assert history.broken_at(events) == 1
