"""What the chairman sees, how fresh it is, and how little it costs."""

import json
from dataclasses import replace
from datetime import timedelta
from time import sleep
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.dossiers import actions as dossiers
from xaso.ioc import overview, picture, snapshots
from xaso.ioc.overview import Share
from xaso.kernel.identity import queries as identity
from xaso.kernel.working_time import clock
from xaso.reports import actions as reports
from xaso.reports.models import Report, Visibility

WALL = "/binh-lu/ioc/man-hinh/"
FIGURES = "/binh-lu/api/v1/ioc/boards/tong-quan/snapshot"


def _parts(answer) -> dict[str, str]:
    return json.loads(answer.content)["parts"]


def test_every_figure_is_what_a_recount_gives(town, send, answer, monday) -> None:
    for days in (1, 2, 40):
        answer(send(days_ago=days), words=str(days))
    answer(send(days_ago=20), after_hours=24 * 9, words="muộn")  # late
    send(days_ago=25)  # open and late
    send("BL-02")
    seen = overview.read(town, monday)
    assert (seen.open, seen.late) == (2, 1)
    assert seen.received[seen.today] == 1
    assert sum(seen.received.values()) == 5  # one of 40 days ago is out
    assert sum(seen.answered.values()) == 3
    assert seen.on_time == Share(2, 4)  # two of three answers, and one promise broken today
    assert seen.units == [("Tổ vệ sinh", Share(3, 4))]


def test_a_share_of_fewer_than_ten_says_nothing(town, send, answer, monday) -> None:
    answer(send(days_ago=1))
    shown = picture.context(town, overview.read(town, monday))
    tile = next(t for t in shown["tiles"] if t["key"] == "on-time")
    assert (tile["value"], tile["of"]) == ("–", "1/1, 30 ngày, tính cả việc quá hẹn")
    assert shown["rank"][0]["value"] == "–"
    assert Share(9, 10).percent == 90
    assert Share(9, 9).percent is None


def test_the_trend_compares_answers_with_answers(town, monday) -> None:
    seen = overview.read(town, monday)
    better = replace(seen, answered_on_time=Share(19, 20), answered_on_time_before=Share(16, 20))
    assert picture.context(town, better)["tiles"][-1]["trend"] == {"dir": "up", "text": "+15 điểm"}
    few = replace(seen, answered_on_time=Share(9, 9), answered_on_time_before=Share(16, 20))
    assert picture.context(town, few)["tiles"][-1]["trend"] is None


def test_a_hazard_rings_on_the_wall_until_somebody_takes_it(town, send, official, monday) -> None:
    report = send(category="HAZARD-LANDSLIDE")
    part = picture.parts(town, overview.read(town, monday))["alarm"]
    assert "data-chuong" in part
    assert "Sạt lở đất đá" in part
    clerk = identity.official_actor(official("one_stop_clerk", town), town)
    reports.take_alarm(report, by=clerk)
    assert "data-chuong" not in picture.parts(town, overview.read(town, monday))["alarm"]


def test_the_wall_says_how_many_dangers_do_not_fit(town, send, monday) -> None:
    for kind in ("LANDSLIDE", "FIRE", "BRIDGE"):
        send(category=f"HAZARD-{kind}")
    send(category="HAZARD-FIRE")
    part = picture.parts(town, overview.read(town, monday))["alarm"]
    assert part.count("data-chuong") == 3
    assert "2 lần báo" in part
    assert "nơi khác" not in part
    send("BL-02", category="HAZARD-FIRE")
    assert "Còn 1 nơi khác" in picture.parts(town, overview.read(town, monday))["alarm"]


def test_a_sealed_report_has_no_place_on_the_map(town, send, monday) -> None:
    sealed, plain = send("BL-01"), send("BL-02")
    Report.objects.filter(pk=sealed.pk).update(visibility=Visibility.SEALED, text=None)
    seen = overview.read(town, monday)
    assert {s.village_id: s.open for s in seen.spots} == {plain.village_id: 1}
    assert sealed.village.name not in str(picture.parts(town, seen))


def test_the_board_shows_the_map_the_words_and_the_time(screen, send, town) -> None:
    send("BL-02", days_ago=20)
    page = screen.get(WALL)
    body = page.content.decode()
    assert page.status_code == 200
    assert "Chu Va 12: 1 việc quá hạn" in body
    assert "Bản đồ phản ánh đang mở: Chu Va 12 (1, quá hạn 1)." in body
    assert "14:00" in body
    assert "Dữ liệu mẫu" in body
    assert "style=" not in body


def test_a_change_gives_another_etag_and_no_change_none(screen, send, monday) -> None:
    send()
    first = screen.get(FIGURES)
    assert len(first.content) <= 30_000
    same = screen.get(FIGURES, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    with clock.at(monday + timedelta(minutes=3)):
        snapshots.forget()
        later = screen.get(FIGURES, headers={"If-None-Match": first["ETag"]})
        assert later.status_code == 304
        assert later["X-Xaso-As-Of"] > first["X-Xaso-As-Of"]
        send("BL-02")
        told = screen.get(f"{FIGURES}?moi=1", headers={"If-None-Match": first["ETag"]})
        assert told["X-Xaso-Again"] == "1000"  # built this very moment: ask again in a second
    with clock.at(monday + timedelta(minutes=3, seconds=1.1)):
        sleep(1.05)
        told = screen.get(f"{FIGURES}?moi=1", headers={"If-None-Match": first["ETag"]})
        assert told.status_code == 200
        assert "X-Xaso-Again" not in told
        assert "2 việc ở 2 bản" in _parts(told)["map"]


def test_many_screens_cost_one_building(screen, send, monkeypatch) -> None:
    built = []
    real = overview.read
    monkeypatch.setattr(overview, "read", lambda *a: built.append(1) or real(*a))
    send()
    for _look in range(50):
        assert screen.get(FIGURES).status_code == 200
    assert len(built) == 1


def test_screens_that_name_the_same_change_share_one_look(screen, send) -> None:
    send()
    screen.get(FIGURES)
    first = _statements(lambda: screen.get(f"{FIGURES}?moi=7.2"))
    others = _statements(lambda: screen.get(f"{FIGURES}?moi=7.2"))
    another = _statements(lambda: screen.get(f"{FIGURES}?moi=7.3"))
    assert len(first) == len(another) == 2
    assert others == []


def test_gzip_for_those_who_can(screen, send) -> None:
    send()
    packed = screen.get(FIGURES, headers={"Accept-Encoding": "gzip"})
    plain = screen.get(FIGURES)
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content)
    assert packed["ETag"] == plain["ETag"]


def _statements(run) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        run()
    skip = ("SELECT set_config", "SAVEPOINT", "RELEASE")
    return [q["sql"] for q in seen if not q["sql"].startswith(skip)]


def test_a_look_that_finds_nothing_new_asks_the_database_nothing(screen, send) -> None:
    send()
    screen.get(FIGURES)
    assert _statements(lambda: screen.get(FIGURES)) == []


@pytest.mark.parametrize("reports", [1, 30])
def test_building_costs_the_same_for_many_reports(screen, send, reports) -> None:
    for _one in range(reports):
        send()
    assert len(_statements(lambda: screen.get(FIGURES))) <= 21


def test_an_empty_commune_says_so(screen) -> None:
    parts = _parts(screen.get(FIGURES))
    assert "Chưa có việc nào" in parts["side"]
    assert "Không có việc quá hạn" in parts["warnings"]


def test_officials_who_may_see_the_same_board(town, official, client_of) -> None:
    leader, head = official("leader", town), official("village_head", town)
    assert client_of(leader).get("/binh-lu/can-bo/dieu-hanh/").status_code == 200
    assert client_of(leader).get(FIGURES).status_code == 200
    assert client_of(head).get("/binh-lu/can-bo/dieu-hanh/").status_code == 403
    assert client_of(head).get(FIGURES).status_code == 403


def test_a_screen_hears_changes_of_its_commune_only(screen, town) -> None:
    from django.conf import settings

    from xaso.kernel.live import tokens

    url = screen.get(f"{WALL}dong/").json()["url"]
    given = tokens.read(url.partition("token=")[2], key=settings.SECRET_KEY)
    assert (given.commune, given.topics) == (town.id, {"reports"})


def test_the_counter_stands_on_the_wall_as_the_register_counts_it(
    centre, clerk, new_dossier, monday
) -> None:
    assert overview.read(centre, monday).counter is None
    for _n in range(2):
        dossiers.receive(new_dossier(uuid=uuid4()), by=clerk, commune=centre)
    seen = overview.read(centre, monday).counter
    assert seen is not None
    assert (seen.board.running, seen.board.received, seen.board.overdue) == (2, 2, 0)
    late = overview.read(centre, monday + timedelta(days=9)).counter
    assert late is not None
    assert (late.board.overdue, late.board.received) == (2, 0)
    tiles = {
        tile["key"]: tile
        for tile in picture.context(centre, overview.read(centre, monday))["tiles"]
    }
    assert tiles["dossiers"]["value"] == "2"
    assert "2 nhận hôm nay" in tiles["dossiers"]["of"]
    assert tiles["dossiers-on-time"]["value"] == "–"


def test_a_commune_of_few_people_is_not_counted_out_loud(town) -> None:
    assert picture.people(town) == ""


def test_the_wall_says_how_many_wait_for_a_look(town, send, monday) -> None:
    for _one in range(2):
        send()
    seen = overview.read(town, monday)
    assert seen.looks == Report.objects.filter(look_since__isnull=False).count() == 2
    said = [each["title"] for each in picture.context(town, seen)["warnings"]]
    assert "2 phản ánh có lời, ảnh chờ duyệt đăng" in said
    none = picture.context(town, replace(seen, looks=0))["warnings"]
    assert not any("chờ duyệt đăng" in each["title"] for each in none)
