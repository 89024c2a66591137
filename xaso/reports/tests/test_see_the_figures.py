"""Officials see where and when reports gather, take files along, print the day, keep filters."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from xaso.kernel.audit.actors import Actor
from xaso.kernel.audit.models import Entry
from xaso.kernel.places.models import Commune
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions, catalogue, tables
from xaso.reports.models import Report, SavedFilter
from xaso.reports.queries import exporting, insight
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_work_at_the_desk import cost

DESK = "/binh-lu/can-bo/phan-anh/"
OPEN = "/binh-lu/du-lieu-mo/"
Filled = Callable[..., actions.NewReport]


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def clerk(town: Commune, official: Callable, client_of: Callable) -> Client:
    return client_of(official("one_stop_clerk", town))


@pytest.fixture
def leader(town: Commune, official: Callable, settings: object) -> Client:
    """A chairman who typed the password a moment ago."""
    settings.XASO_SECOND_FACTOR = False  # type: ignore[attr-defined]
    person, client = official("leader", town), Client()
    typed = {"login": person.username, "password": "nuong ngo tren suon nui"}
    assert client.post("/binh-lu/dang-nhap/", typed).status_code == 302
    return client


@pytest.fixture
def reports(town: Commune, new_report: Filled, clerk_actor: Actor, village: object) -> list[Report]:
    """Four reports of one spot within a week, one of them published, and a dangerous landmark."""
    found = []
    for number in range(4):
        with clock.at(MONDAY + timedelta(hours=number)):
            place = actions.Place(
                village_id=village.pk, landmark="=2+5", lat=22.3171, lon=103.6302, accuracy_m=9
            )  # type: ignore[attr-defined]
            new = new_report(uuid=uuid4(), category="WASTE", place=place)
            found.append(actions.receive(new, by=RESIDENT, commune=town).report)
    actions.publish(found[0], "Rác đầy đầu bản.", by=clerk_actor)
    return found


@pytest.mark.django_db
def test_figures_say_when_where_and_what(reports: list[Report], town: Commune) -> None:
    today = MONDAY.date()
    seen = insight.insight(
        town, insight.Period(today - timedelta(days=29), today), catalogue.of(town.id), MONDAY
    )
    assert seen.received == 4
    assert [bar.received for bar in seen.bars][-1] == 4
    assert len(seen.bars) == 30
    assert [(each.name, each.n) for each in seen.villages] == [("Bản Chu Va 12", 4)]
    assert [each.n for each in seen.kinds] == [4]
    assert [(spot.n, spot.is_hot) for spot in seen.spots] == [(4, True)]


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "bars"), [(7, 7), (90, 13), (365, 13)])
def test_longer_periods_have_wider_bars(town: Commune, days: int, bars: int) -> None:
    last = date(2026, 11, 23)
    period = insight.Period(last - timedelta(days=days - 1), last)
    seen = insight.insight(town, period, catalogue.of(town.id), MONDAY)
    assert len(seen.bars) == bars
    assert (seen.bars[0].first, seen.bars[-1].last) == (period.first, last)


@pytest.mark.django_db
def test_the_page_of_figures_costs_the_same_however_many(
    reports: list[Report], town: Commune, new_report: Filled, clerk: Client
) -> None:
    few = cost(clerk, f"{DESK}so-lieu/")
    for _ in range(30):
        actions.receive(new_report(uuid=uuid4()), by=RESIDENT, commune=town)
    many = cost(clerk, f"{DESK}so-lieu/")
    assert len(many) == len(few) <= 10, "\n".join(sql[:90] for sql in many)
    page = clerk.get(f"{DESK}so-lieu/", {"loai": "WASTE", "ngay": "90"}).content.decode()
    assert "4 phản ánh đã nhận" in page
    for odd in ({"ngay": "x"}, {"loai": "'"}, {"ngay": "9" * 50}):
        assert clerk.get(f"{DESK}so-lieu/", odd).status_code == 200


@pytest.mark.django_db
def test_only_a_leader_takes_a_file_and_it_is_written_down(
    reports: list[Report], clerk: Client, leader: Client
) -> None:
    assert clerk.get(f"{DESK}tai-ve/").status_code == 403
    taken = leader.get(f"{DESK}tai-ve/", {"dang": "csv"})
    rows = list(csv.DictReader(StringIO(taken.content.decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == [report.code for report in reversed(reports)]
    assert rows[0]["landmark"] == "'=2+5"  # never a formula
    assert [row["public_text"] for row in rows] == ["", "", "", "Rác đầy đầu bản."]
    assert Entry.objects.filter(action="reports.exported").count() == 1


@pytest.mark.django_db
def test_a_leader_is_asked_again_before_a_file(
    reports: list[Report], town: Commune, official: Callable, client_of: Callable
) -> None:
    reply = client_of(official("leader", town)).get(f"{DESK}tai-ve/")
    assert reply.status_code == 302
    assert "csv" not in reply.headers.get("Content-Type", "")


@pytest.mark.django_db
def test_a_spreadsheet_opens_with_dates_and_without_formulas(
    reports: list[Report], leader: Client
) -> None:
    taken = leader.get(f"{DESK}tai-ve/", {"dang": "xlsx"})
    sheet = load_workbook(BytesIO(taken.content)).active
    head = [cell.value for cell in sheet[1]]
    first = dict(zip(head, sheet[2], strict=True))
    assert head == list(exporting.STAFF)
    assert first["received_at"].value == (MONDAY + timedelta(hours=3)).replace(tzinfo=None)
    assert (first["landmark"].data_type, first["landmark"].value) == ("s", "'=2+5")


@pytest.mark.django_db
def test_a_map_file_holds_coarse_points_alone(reports: list[Report], leader: Client) -> None:
    found = json.loads(leader.get(f"{DESK}tai-ve/", {"dang": "geojson"}).content)
    assert [f["geometry"]["coordinates"] for f in found["features"]] == [[103.63, 22.317]] * 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", [{"dang": "exe"}, {"tu": "31/12"}, {"tu": "2026-12-02", "den": "2026-12-01"}]
)
def test_a_wrong_question_gets_a_sentence(town: Commune, leader: Client, asked: dict) -> None:
    reply = leader.get(f"{DESK}tai-ve/", asked)
    assert reply.status_code in (409, 422)
    assert "Bác chọn" in reply.content.decode()


@pytest.mark.django_db
def test_a_sealed_report_is_in_no_file(
    reports: list[Report], town: Commune, clerk_actor: Actor
) -> None:
    Report.objects.filter(pk=reports[1].pk).update(visibility="sealed", text=None)
    between = exporting.Between(MONDAY.date(), MONDAY.date())
    wanted = exporting.InboxFilter(is_all=True)
    codes = {r["code"] for r in exporting.staff_rows(town, wanted, between, by=clerk_actor)}
    assert codes == {report.code for n, report in enumerate(reports) if n != 1}


@pytest.mark.django_db
def test_open_data_holds_what_is_published_and_nothing_personal(
    reports: list[Report], client: Client
) -> None:
    for form in ("csv", "json", "geojson", "xlsx"):
        reply = client.get(f"{OPEN}phan-anh.{form}")
        assert reply.status_code == 200
        assert reply["Access-Control-Allow-Origin"] == "*"
        assert not reply.cookies
    rows = json.loads(client.get(f"{OPEN}phan-anh.json").content)
    assert [row["code"] for row in rows] == [reports[0].code]
    assert list(rows[0]) == list(exporting.OPEN_DATA)
    said = json.dumps(rows, ensure_ascii=False)
    assert "Đất sạt" not in said
    assert "=2+5" not in said
    assert "22.3171" not in said
    assert client.get(f"{OPEN}phan-anh.exe").status_code == 404
    assert client.get(f"{OPEN}phan-anh.csv", {"nam": "1999"}).status_code == 404
    assert json.loads(client.get(f"{OPEN}danh-muc.json").content)["@type"] == "dcat:Dataset"
    assert "first_due_on" in client.get(OPEN).content.decode()


@pytest.mark.django_db
def test_the_sheet_of_the_day_holds_what_is_new_late_or_due(
    reports: list[Report], clerk: Client, client: Client
) -> None:
    assert client.get(f"{DESK}phieu-ngay/").status_code == 302
    page = clerk.get(f"{DESK}phieu-ngay/", {"cua": "xa"}).content.decode()
    assert page.count('class="paper"') == 4
    assert page.count("<svg") > 4  # a square code each
    assert "Hôm nay không có việc nào phải in" in clerk.get(f"{DESK}phieu-ngay/").content.decode()
    assert len(cost(clerk, f"{DESK}phieu-ngay/?cua=xa")) <= 6


@pytest.mark.django_db
def test_an_official_keeps_a_filter_and_nobody_else_sees_it(
    reports: list[Report], clerk: Client, leader: Client
) -> None:
    kept = {"name": "Rác Chu Va", "query": "loai=WASTE&trang=9&next=//evil"}
    assert clerk.post(f"{DESK}bo-loc/", kept).status_code == 302
    assert SavedFilter.objects.get().query == "loai=WASTE"
    assert "Rác Chu Va" in clerk.get(DESK).content.decode()
    assert "Rác Chu Va" not in leader.get(DESK).content.decode()
    key = SavedFilter.objects.get().pk
    assert leader.post(f"{DESK}bo-loc/{key}/bo/").status_code == 404
    assert clerk.post(f"{DESK}bo-loc/", {"name": " ", "query": ""}).status_code in (409, 422)
    assert clerk.post(f"{DESK}bo-loc/{key}/bo/").status_code == 302
    assert not SavedFilter.objects.exists()


@pytest.mark.django_db
def test_twelve_filters_are_enough(town: Commune, clerk_actor: Actor) -> None:
    for number in range(12):
        actions.keep_filter(f"Bộ {number}", "loai=WASTE", by=clerk_actor, commune=town)
    actions.keep_filter("Bộ 3", "loai=LIGHT", by=clerk_actor, commune=town)
    with pytest.raises(actions.TooManyFilters):
        actions.keep_filter("Thêm nữa", "loai=WASTE", by=clerk_actor, commune=town)


@given(st.text())
def test_no_text_becomes_a_formula_or_breaks_a_file(text: str) -> None:
    rows = [{"a": text, "lat": None, "lon": None}]
    try:
        text.encode()
    except UnicodeEncodeError:
        return  # half a character: the database takes none
    read = list(csv.reader(StringIO(tables.as_csv(["a"], rows).decode("utf-8-sig"), newline="")))
    assert re.match(r"^'[=+\-@\t\r]|^[^=+\-@\t\r]|^$", read[1][0] if read[1:] and read[1] else "")
    book = load_workbook(BytesIO(tables.as_xlsx(["a"], rows)))
    assert book.active["A2"].data_type != "f"
