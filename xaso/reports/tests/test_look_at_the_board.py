"""Everybody reads the published reports: a list, a map, figures, one report at a time."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.working_time import clock
from xaso.reports import actions, queries
from xaso.reports.models import Report
from xaso.reports.queries.finding import MistypedCode
from xaso.reports.tests.conftest import MONDAY, RESIDENT

pytestmark = pytest.mark.django_db
Filled = Callable[..., actions.NewReport]


@pytest.fixture
def published(town: Commune, new_report: Filled, clerk_actor: Actor) -> list[Report]:
    """Twenty-five published reports, one an hour, and one that waits for the moderator."""
    found = []
    for number in range(25):
        with clock.at(MONDAY + timedelta(hours=number)):
            text = f"Đèn đường số {number} bị hỏng. Tối không thấy đường."
            new = new_report(uuid=uuid4(), text=text, category="LIGHT")
            report = actions.receive(new, by=RESIDENT, commune=town).report
            found.append(actions.publish(report, text, by=clerk_actor))
    actions.receive(new_report(text="Chưa ai duyệt tin này cả"), by=RESIDENT, commune=town)
    return found


def test_pages_follow_each_other_without_gap(published: list[Report], town: Commune) -> None:
    first = queries.public_list(town, size=20)
    second = queries.public_list(town, after=first.older, size=20)
    codes = [line.code for line in (*first.lines, *second.lines)]
    assert codes == [report.code for report in reversed(published)]
    assert (first.newer, second.older) == ("", "")
    back = queries.public_list(town, before=second.newer, size=20)
    assert [line.code for line in back.lines] == [line.code for line in first.lines]


@pytest.mark.parametrize("cursor", ["x", "€", "AAAA", "MS4x", "-" * 500])
def test_a_broken_cursor_shows_nothing_and_breaks_nothing(town: Commune, cursor: str) -> None:
    assert queries.public_list(town, after=cursor).lines == []


def test_words_are_found_without_accents(published: list[Report], town: Commune) -> None:
    wanted = queries.Filter(words="den duong so 7")
    assert [line.title for line in queries.public_list(town, wanted).lines] == [
        "Đèn đường số 7 bị hỏng",
        "Đèn đường số 17 bị hỏng",
    ][::-1]
    assert queries.public_list(town, queries.Filter(words="chưa ai duyệt")).lines == []
    assert queries.public_list(town, queries.Filter(words="100% _ \\ '")).lines == []


def test_fifty_published_reports_cost_at_most_five_statements(
    published: list[Report], town: Commune
) -> None:
    with CaptureQueriesContext(connection) as said:
        queries.public_list(town, size=50)
    assert len(said) <= 5


def test_a_search_never_leaves_the_commune(published: list[Report], ban_bo: Commune) -> None:
    from xaso.kernel.tenancy import actions as tenancy

    with tenancy.inside(ban_bo.id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_search(%s, 100)", [["den"]])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM reports_search_public(%s, 100)", [["den"]])
        assert cursor.fetchone() == (0,)


def test_points_are_rounded_and_few(town: Commune, new_report: Filled, clerk_actor: Actor) -> None:
    place = actions.Place(lat=22.31704, lon=103.63021, accuracy_m=12, source="gps")
    report = actions.receive(new_report(place=place), by=RESIDENT, commune=town).report
    actions.publish(report, "Đất sạt lấp đường", by=clerk_actor)
    (point,) = queries.points(town)
    assert (point.lat, point.lon, point.count) == (22.317, 103.63, 1)
    assert point.title == "Đất sạt lấp đường"
    assert report.village is not None
    assert report.village.name == "Chu Va 12"  # the nearest middle, since no border is known


def test_a_sensitive_matter_shows_its_village_only(
    town: Commune, new_report: Filled, clerk_actor: Actor
) -> None:
    place = actions.Place(lat=22.31704, lon=103.63021)
    new = new_report(place=place, category="LIVESTOCK")
    report = actions.receive(new, by=RESIDENT, commune=town).report
    assert (report.public_lat, report.public_lon) == (22.317, 103.63)  # middle of Chu Va 12
    assert report.public_precision_m == 1500
    new = new_report(place=place, category="STAFF")
    report = actions.receive(new, by=RESIDENT, commune=town).report
    assert report.public_lat is None


def test_anybody_sees_dates_the_sender_sees_their_words(report: Report) -> None:
    anybody = queries.public_view(queries.by_code(report.commune_id, report.code))
    assert anybody.text == ""
    assert anybody.actions == frozenset()
    assert anybody.due_at == report.due_at
    assert "Qua cầu treo" not in anybody.place
    sender = queries.public_view(queries.by_code(report.commune_id, report.code), "sender")
    assert sender.text == report.text
    assert "withdraw" in sender.actions


def test_a_mistyped_code_says_so() -> None:
    assert queries.check_code("482 915-709") == "482915709"
    for wrong in ("482 915 708", "48291570", "842915709"):
        with pytest.raises(MistypedCode):
            queries.check_code(wrong)
    with pytest.raises(NotFound):
        queries.check_code("abc")


def test_figures_say_from_what_they_were_counted(
    report: Report, town: Commune, clerk_actor: Actor
) -> None:
    figures = queries.wall_figures(town)
    assert (figures.received_today, figures.waiting, figures.overdue) == (1, 1, 0)
    assert figures.on_time.text == ""
    with clock.at(report.due_at + timedelta(minutes=1)):
        assert queries.desk_counts(town, clerk_actor)["late"] == 1
        assert queries.wall_figures(town).overdue == 1
