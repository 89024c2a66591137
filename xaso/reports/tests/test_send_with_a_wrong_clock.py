"""Clocks wrong by years, at every door: each gets a sentence or is put right, nothing is lost."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import Invalid
from xaso.reports import actions
from xaso.reports.models import Report, ReportEvent
from xaso.reports.tests.conftest import MONDAY
from xaso.reports.tests.open311_stories import *  # noqa: F403  (fixtures)
from xaso.reports.tests.open311_stories import Ask
from xaso.reports.tests.test_take_in_a_card import card, give

pytestmark = pytest.mark.django_db
FLAG = "Đồng hồ của máy gửi sai nhiều"
FAR = "9999-12-31T23:59:59Z"
OLD = "0001-01-01T00:00:00+14:00"


def put(client: Client, village: Village, **facts: Any) -> Any:
    body = {"v": 1, "category": "ROAD-DAMAGE", "text": "Đất sạt lấp nửa đường."}
    body |= {"place": {"village": village.code}} | facts
    path = f"/binh-lu/api/v1/reports/{uuid4()}"
    return client.put(path, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize(
    ("captured", "sent", "is_flagged"),
    [
        (FAR, None, True),
        (OLD, None, True),
        (FAR, OLD, True),
        (OLD, FAR, True),
        ("1970-01-01T00:00:00Z", MONDAY.isoformat(), True),
        ("2024-11-23T13:00:00+07:00", None, True),
        ("2026-11-23T13:00:00+07:00", None, False),
    ],
)
def test_a_phones_moment_that_cannot_be_is_left_out_and_said(
    client: Client, village: Village, captured: str, sent: str | None, is_flagged: bool
) -> None:
    facts = {"captured_at": captured} | ({"sent_at": sent} if sent else {})
    assert put(client, village, **facts).status_code == 201
    report = Report.objects.get()
    assert report.received_at == MONDAY
    assert (report.captured_at is None) == is_flagged
    assert (FLAG in ReportEvent.objects.get(report=report).internal_text) == is_flagged


@pytest.mark.parametrize("year", [1970, 2001, 2019, 2038, 9999])
def test_a_clock_wrong_by_years_that_agrees_with_itself_is_put_right(
    client: Client, village: Village, year: int
) -> None:
    """The phone says when it took the photo and when it sends: the difference is true."""
    seen, now = f"{year}-06-01T10:00:00+07:00", f"{year}-06-01T11:30:00+07:00"
    assert put(client, village, captured_at=seen, sent_at=now).status_code == 201
    assert Report.objects.get().captured_at == MONDAY - timedelta(minutes=90)


@pytest.mark.parametrize("wrong", ["hôm qua", "2026-11-23T13:00:00", "10000-01-01T00:00:00Z"])
def test_what_is_no_moment_is_refused_in_words(
    client: Client, village: Village, wrong: str
) -> None:
    reply = put(client, village, captured_at=wrong)
    assert reply.status_code == 422
    assert "captured_at" in reply.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize("moment", [FAR, OLD])
def test_a_card_with_such_a_clock_is_taken_in(
    town: Commune, official: Callable, client_of: Callable, moment: str
) -> None:
    clerk = client_of(official("one_stop_clerk", town))
    whole = card()
    whole["items"][0]["body"]["captured_at"] = moment
    assert "Mới nhận" in give(clerk, whole).content.decode()
    report = Report.objects.get()
    assert (report.captured_at, report.received_at) == (None, MONDAY)


@pytest.mark.parametrize(
    "day", [date(1, 1, 1), date(2020, 1, 1), date(2027, 1, 1), date(9999, 12, 31)]
)
def test_a_sheet_of_paper_of_such_a_day_is_asked_about(
    town: Commune, village: Village, clerk_actor: Actor, day: date
) -> None:
    (sheet,) = actions.print_sheets(1, by=clerk_actor, commune=town)
    with pytest.raises(Invalid) as refused:
        actions.collect(sheet, actions.Collected(village, day, None), by=clerk_actor)
    assert "chọn lại ngày thu phiếu" in refused.value.errors["on"][0]


@pytest.mark.parametrize("moment", [FAR, OLD, "0000-00-00T00:00:00Z", "99999-01-01T00:00:00Z"])
@pytest.mark.parametrize("name", ["start_date", "end_date", "updated_after", "updated_before"])
def test_open311_names_the_parameter(get: Ask, name: str, moment: str) -> None:
    reply = get("requests.json", **{name: moment})
    assert reply.status_code == 400
    assert reply.json()[0]["description"].startswith(name)


def test_a_form_has_no_clock_of_its_own(client: Client, village: Village) -> None:
    """The plain form and Open311's POST take no moment: theirs is the server's."""
    from xaso.reports.tests.test_use_the_pages import send

    report = send(client, village, captured_at=FAR, sent_at=OLD, requested_datetime=FAR)
    assert (report.captured_at, report.received_at) == (None, MONDAY)
    assert isinstance(report.due_at, datetime)
