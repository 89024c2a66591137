"""Figures and open data: what is counted, what is hidden, who sees it."""

from datetime import date, timedelta

import pytest
from django.test import Client

from xaso.kernel.working_time import clock
from xaso.population import actions
from xaso.population.actions import Event
from xaso.population.births import Partial
from xaso.population.models import FigureSnapshot, Membership, Person
from xaso.population.tests.conftest import BY, NOW, SAID, START

pytestmark = pytest.mark.django_db
DESK = "/binh-lu/can-bo/dan-cu/so-lieu/"
OPEN = "/binh-lu/du-lieu-dan-cu/"


@pytest.fixture
def crowd(town, person, family, village, other_village):
    """25 Thái and 3 Mông in one village, 24 Thái in the other."""
    for where, code, many in ((village, "03", 25), (village, "08", 3), (other_village, "03", 24)):
        house = family(where=where)
        for number in range(many):
            letters = "".join("abcdefghij"[int(d)] for d in f"{number:02d}")
            someone = person(f"Lò Văn {letters}{code.replace('0', 'o')}".replace("3", "x")
                             .replace("8", "y"), "1990", ethnic_code=code)  # fmt: skip
            role = "head" if number == 0 else "other"
            actions.join(house, actions.Joining(someone, role, START), SAID, by=BY)
    return town


def test_small_cells_never_leave(crowd) -> None:
    made = actions.publish_figures(crowd, by=BY)
    rows = made["ethnic_village"].shown
    by_village = {row["name"]: row for row in rows["rows"]}
    assert by_village["Bản Nà Đon"]["cells"] == ["ẩn", "ẩn"]
    assert by_village["Bản Nà Đon"]["total"] == 28
    text = Client().get(f"{OPEN}ethnic_village.csv").content.decode()
    assert ",3," not in text
    assert "ẩn" in text
    commune = made["ethnic"].shown["rows"][0]  # says no more than the sums of the other table
    assert (commune["cells"], commune["total"]) == (rows["totals"], rows["total"])
    data = Client().get(f"{OPEN}ethnic_village.json").json()
    assert data["table"] == "ethnic_village"
    assert "raw" not in data
    assert "Lò Văn" not in Client().get(OPEN).content.decode()


def test_a_month_is_made_once_and_the_next_stays_steady(crowd) -> None:
    first = actions.publish_figures(crowd, by=BY)["ethnic_village"]
    someone = Person.objects.filter(ethnic_code="03").first()
    actions.record_event(someone, Event("permanent_out", Partial(date(2026, 11, 20), "day")), SAID,
                         by=BY)  # fmt: skip
    assert actions.publish_figures(crowd, by=BY)["ethnic_village"].pk == first.pk
    with clock.at(NOW + timedelta(days=30)):
        later = actions.publish_figures(crowd, by=BY)["ethnic_village"]
    assert later.month > first.month
    assert later.shown == first.shown  # one person moved: the difference would tell who
    assert FigureSnapshot.objects.count() == 10


def test_leaders_see_tables_and_nobody(crowd, official, client_of) -> None:
    for role in ("leader", "province_viewer", "officer", "administrator"):
        answer = client_of(official(role, crowd)).get(DESK)
        page = answer.content.decode()
        assert answer.status_code == 200, role
        assert "Tháp dân số" in page
        assert "Lò Văn" not in page
    for role in ("village_head", "one_stop_clerk"):
        assert client_of(official(role, crowd)).get(DESK).status_code == 403


def test_nothing_published_yet(town) -> None:
    assert "Chưa có bảng nào" in Client().get(OPEN).content.decode()
    assert Client().get(f"{OPEN}ethnic.csv").status_code == 404
    assert Client().get(f"{OPEN}persons.csv").status_code == 404


def test_movements_count_what_stands(crowd) -> None:
    people = [row.person for row in Membership.objects.filter(role="other")[:6]]
    for someone in people:
        event = Event("permanent_out", Partial(date(2026, 10, 5), "day"))
        last = actions.record_event(someone, event, SAID, by=BY)
    actions.reverse(last, "nhầm", by=BY)
    shown = actions.publish_figures(crowd, by=BY)["movements"].shown
    row = next(row for row in shown["rows"] if row["name"] == "10/2026")
    assert row["cells"][shown["columns"].index("permanent_out")] == 5
