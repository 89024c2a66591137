"""The wall, the desk and the scorecards read the same counters: they must say the same."""

import json
from datetime import datetime, timedelta

import pytest
from django.test import Client

from xaso.ioc import overview, picture
from xaso.kernel.identity.models import Unit
from xaso.kernel.measures import actions as measures
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.dates import ZONE
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import queries
from xaso.reports.actions import counting
from xaso.reports.queries import scorecards

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 14, tzinfo=ZONE)


def test_thirty_days_on_the_wall_are_thirty_days_of_the_units(binh_lu: Commune) -> None:
    today = NOW.date()
    since, until = today - timedelta(days=overview.DAYS - 1), today + timedelta(days=1)
    with clock.at(NOW), tenancy.inside(binh_lu.id):
        for number in (1, 2):
            unit = Unit.objects.create(commune=binh_lu, code=f"u{number}", name=f"Tổ {number}")
            for back, when, n in ((0, "first", 7), (3, "later", 2), (29, "no", 4), (40, "no", 9)):
                dims = {"unit": str(unit.pk), "on_time": when}
                day = today - timedelta(days=back)
                measures.count(
                    counting.ANSWERED, commune=binh_lu.id, day=day, n=n * number, dims=dims
                )
        place = {"category": "1", "village": ""}
        measures.count(counting.RECEIVED, commune=binh_lu.id, day=today, n=50, dims=place)
        seen = overview.read(binh_lu, NOW)
        found = scorecards.read(binh_lu, since, until)
        share = queries.on_time(binh_lu, since, until)
    assert sum(seen.received.values()) == found.received == 50
    assert sum(seen.answered.values()) == found.whole.answered == 39
    wall, desk, card = seen.answered_on_time, share, found.whole.in_first
    assert (wall.part, wall.whole) == (desk.part, desk.whole) == (card.part, card.whole) == (21, 39)


def test_every_page_says_the_same_of_thirty_days(binh_lu: Commune, client: Client) -> None:
    """One answer in the first promise of today and of 29 days ago; that of 30 days ago is out."""
    with clock.at(NOW), tenancy.inside(binh_lu.id):
        unit = Unit.objects.create(commune=binh_lu, code="u1", name="Tổ 1")
        for back, when, n in ((0, "first", 3), (29, "first", 4), (29, "no", 2), (30, "first", 50)):
            dims = {"unit": str(unit.pk), "on_time": when}
            day = NOW.date() - timedelta(days=back)
            measures.count(counting.ANSWERED, commune=binh_lu.id, day=day, n=n, dims=dims)
        seen = overview.read(binh_lu, NOW)
        board = json.dumps(picture.context(binh_lu, seen), ensure_ascii=False, default=str)
        wall = queries.wall_figures(binh_lu).on_time
        province = queries.headlines([binh_lu.id])[binh_lu.id].on_time
        directory.forget()
        home = client.get("/binh-lu/").content.decode()
    assert (wall.part, wall.whole) == (7, 9)
    assert (seen.answered_on_time.part, seen.answered_on_time.whole) == (7, 9)
    assert "<b>7 trên 9</b> câu trả lời đúng hẹn đầu" in home
    assert (province.part, province.whole) == (7, 9)
    assert "Giữ đúng hẹn" in board
    assert "7/9, 30 ngày, tính cả việc quá hẹn" in board
