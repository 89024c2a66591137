"""Another program reads: services, questions, requests by filter and by number, discovery."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from defusedxml import ElementTree
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.models import Catalogue, Category, Report, SealedContent
from xaso.reports.queries import open311
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.open311_stories import *  # noqa: F403  (fixtures)
from xaso.reports.tests.open311_stories import ROOT, V2, Ask, Office
from xaso.reports.tests.test_work_on_a_report import answering

pytestmark = pytest.mark.django_db
Filled = Callable[..., actions.NewReport]


def spent(said: CaptureQueriesContext) -> list[str]:
    return [q["sql"] for q in said if "set_config" not in q["sql"] and "POINT" not in q["sql"]]


@pytest.fixture
def published(report: Report, clerk_actor: Actor) -> Report:
    return actions.publish(report, "Đất sạt lấp nửa đường", by=clerk_actor)


@pytest.fixture
def send(town: Commune, new_report: Filled, clerk_actor: Actor) -> Callable[..., Report]:
    """Return a function that has a report sent at a moment and published."""

    def sent(at: datetime = MONDAY, **facts: Any) -> Report:
        from uuid import uuid4

        with clock.at(at):
            new = new_report(uuid=uuid4(), **facts)
            report = actions.receive(new, by=RESIDENT, commune=town).report
            return actions.publish(report, "Lời đã duyệt", by=clerk_actor)

    return sent


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return [line["service_request_id"] for line in answer.json()]


def test_services_are_what_the_public_may_send(get: Ask) -> None:
    get("services.json")
    with CaptureQueriesContext(connection) as said:
        answer = get("services.json")
    assert len(spent(said)) <= 2
    rows = answer.json()
    names = [row["service_code"] for row in rows]
    assert {"ROAD-BLOCKED", "WASTE", "NOISE"} <= set(names)
    assert not {"STAFF", "REGULATION", "HAZARD-GENERAL", "ROADS"} & set(names)
    road = next(row for row in rows if row["service_code"] == "ROAD-BLOCKED")
    assert road == {
        "service_code": "ROAD-BLOCKED",
        "service_name": "Đường tắc, sạt lở nhỏ",
        "description": "Xe không qua được",
        "metadata": True,
        "type": "realtime",
        "keywords": "sạt lở, cây đổ, tắc đường",
        "group": "Đường, cầu",
    }
    assert "groups" not in road
    assert get("services.json", extensions="true").json()[0]["groups"] == [rows[0]["group"]]


def test_regulations_are_offered_once_the_commune_says_so(get: Ask, town: Commune) -> None:
    from uuid import uuid4

    Category.objects.filter(code="REGULATION").update(is_publishable=True)
    Catalogue.objects.filter(commune=town).update(offers_regulations=True, stamp=uuid4())
    assert "REGULATION" in {row["service_code"] for row in get("services.json").json()}


def test_what_has_not_changed_is_not_sent_again(get: Ask) -> None:
    for path in ("services.json", "services.xml", "services/ROAD-BLOCKED.json", "discovery.xml"):
        first = get(path)
        assert first["Cache-Control"] == "public, max-age=300"
        again = get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert get("services.xml", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_definition_lists_the_questions(get: Ask) -> None:
    said = get("services/ROAD-BLOCKED.json").json()
    first, second, third = said["attributes"]
    assert said["service_code"] == "ROAD-BLOCKED"
    assert first == {
        "variable": True,
        "code": "PASSABLE",
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": None,
        "order": 1,
        "description": "Xe nào còn đi được?",
        "values": [
            {"key": "none", "name": "Không xe nào"},
            {"key": "motorbike", "name": "Xe máy"},
            {"key": "all", "name": "Mọi xe"},
        ],
    }
    assert second["datatype_description"] == "Chọn được nhiều ý"
    assert (third["variable"], third["values"], third["order"]) == (False, [], 3)
    assert get("services/WASTE.json").json() == {"service_code": "WASTE", "attributes": []}
    assert (
        get("services/WASTE.xml")
        .content.decode()
        .endswith(
            "<service_definition><service_code>WASTE</service_code><attributes/></service_definition>"
        )
    )
    assert get("services/NOPE.json").status_code == 404
    assert get("services/STAFF.json").status_code == 404
    assert get("services/.json").status_code == 400


def test_one_request_holds_every_field_and_nothing_personal(
    get: Ask, published: Report, unit: Unit, clerk_actor: Actor
) -> None:
    actions.accept(published, actions.Accepting(unit.pk), by=clerk_actor)
    get(f"requests/{published.code}.json")
    with CaptureQueriesContext(connection) as said:
        answer = get(f"requests/{published.code}.json")
    assert len(spent(said)) <= 2
    (row,) = answer.json()
    report = Report.objects.get()
    assert row == {
        "service_request_id": report.code,
        "status": "open",
        "status_notes": "Đã tiếp nhận, giao cho Phòng Kinh tế",
        "service_name": "Đường, cầu hỏng",
        "service_code": "ROAD-DAMAGE",
        "description": "Đất sạt lấp nửa đường",
        "agency_responsible": "Phòng Kinh tế",
        "service_notice": row["service_notice"],
        "requested_datetime": "2026-11-23T14:00:00+07:00",
        "updated_datetime": "2026-11-23T14:00:00+07:00",
        "expected_datetime": row["expected_datetime"],
        "address": "Qua cầu treo 200 m, bản Chu Va 12, xã Bình Lư, tỉnh Lai Châu",
        "address_id": "BL-02",
        "zipcode": None,
        "lat": 22.317,
        "long": 103.63,
        "media_url": None,
    }
    assert row["service_notice"].startswith("Hẹn trả lời trước ")
    assert answer["Cache-Control"] == "public, max-age=30"


def test_an_unpublished_report_is_known_to_its_sender_alone(
    get: Ask, post: Ask, key: str, make_key: Callable[..., str]
) -> None:
    code = post().json()[0]["service_request_id"]
    path = f"requests/{code}.json"
    missing = get("requests/482915709.json")
    assert get(path).status_code == 404
    assert get(path).content == missing.content
    assert get(path, api_key=make_key()).status_code == 404
    assert get(path, api_key=make_key("open311.write")).status_code == 404
    own = get(path, api_key=key)
    assert own.json()[0]["description"].startswith("Đường sạt lở")
    assert own["Cache-Control"] == "no-store"
    assert get(f"tokens/{code}.json", api_key=key).json() == [
        {"service_request_id": code, "token": code}
    ]
    uuid = str(Report.objects.get().uuid)
    assert get(f"tokens/{uuid}.json", api_key=key).json()[0]["service_request_id"] == code
    assert get(f"tokens/{code}.json").status_code == 404
    assert get("tokens/nonsense.json").status_code == 404
    assert codes(get("requests.json")) == []
    assert codes(get("requests.json", api_key=key)) == [code]


def test_nothing_sealed_leaves_even_to_its_sender(get: Ask, post: Ask, key: str) -> None:
    code = post().json()[0]["service_request_id"]
    report = Report.objects.get()
    SealedContent.objects.create(
        commune=report.commune, report=report, text=report.text, sealed_at=MONDAY
    )
    Report.objects.update(visibility="sealed", text=None, stream="denunciation")
    assert get(f"requests/{code}.json", api_key=key).status_code == 404
    assert codes(get("requests.json", api_key=key)) == []
    window = {"start_date": "2026-11-20T00:00:00Z", "end_date": "2026-11-30T00:00:00Z"}
    assert get("servicerequestupdates.json", api_key=key, **window).json() == []
    assert get(f"tokens/{code}.json", api_key=key).status_code == 404


@pytest.mark.parametrize(
    ("sensitivity", "seen"),
    [
        ("public", (22.321, 103.626, "Cạnh nhà ông Pâng, bản Chu Va 12, ", "BL-02")),
        ("village", (22.317, 103.63, "bản Chu Va 12, ", "BL-02")),
        ("never", (22.334, 103.622, "", None)),
    ],
)
def test_the_place_is_as_near_as_the_category_allows(
    get: Ask,
    town: Commune,
    send: Callable[..., Report],
    sensitivity: str,
    seen: tuple[float, float, str, str | None],
) -> None:
    *point, address, code = seen
    from uuid import uuid4

    Category.objects.filter(code="ROAD-DAMAGE").update(sensitivity=sensitivity)
    Catalogue.objects.update(stamp=uuid4())
    Commune.objects.filter(pk=town.pk).update(lat=22.3341, lon=103.6221)
    place = actions.Place(lat=22.32149, lon=103.62551, landmark="Cạnh nhà ông Pâng")
    report = send(place=place)
    from xaso.kernel.web.middleware import directory

    directory.forget()
    (row,) = get(f"requests/{report.code}.json").json()
    assert [row["lat"], row["long"]] == point
    assert row["address"] == f"{address}xã Bình Lư, tỉnh Lai Châu"
    assert row["address_id"] == code


def test_an_answer_stays_open_until_it_is_accepted(
    get: Ask, published: Report, office: Office
) -> None:
    office.accept(published)
    answered = actions.answer(published, answering(), by=office.head)
    (row,) = get(f"requests/{published.code}.json").json()
    assert (row["status"], row["status_notes"]) == ("open", answered.answer.text)
    with clock.at(MONDAY + timedelta(days=30)):
        actions.close_what_is_over()
        (row,) = get(f"requests/{published.code}.json").json()
    closed = Report.objects.get()
    assert row["status"] == "closed"
    assert datetime.fromisoformat(row["updated_datetime"]) == closed.closed_at.replace(
        microsecond=0
    )
    assert codes(get("requests.json", status="open")) == []


def test_a_duplicate_has_the_status_of_its_parent(
    get: Ask, send: Callable[..., Report], clerk_actor: Actor, unit: Unit, head_actor: Actor
) -> None:
    first, second = send(), send()
    actions.mark_duplicate(second, first, by=clerk_actor)
    assert get(f"requests/{second.code}.json").json()[0]["status"] == "open"
    assert set(codes(get("requests.json", status="open"))) == {first.code, second.code}
    reason = "Việc này không thuộc xã, bà con liên hệ tỉnh giúp."
    actions.reject(first, "spam", reason, by=clerk_actor)
    Report.objects.filter(pk=first.pk).update(visibility="public")
    assert get(f"requests/{second.code}.json").json()[0]["status"] == "closed"
    assert set(codes(get("requests.json", status="closed"))) == {first.code, second.code}
    assert codes(get("requests.json", status="open")) == []
    assert reason in get(f"requests/{first.code}.json").json()[0]["status_notes"]


def test_a_list_of_fifty_costs_two_statements(get: Ask, send: Callable[..., Report]) -> None:
    for number in range(6):
        send(MONDAY - timedelta(minutes=number))
    get("requests.json")
    with CaptureQueriesContext(connection) as said:
        assert len(codes(get("requests.json", page_size=50))) == 6
    assert len(spent(said)) <= 2
    with CaptureQueriesContext(connection) as said:
        get("requests.json", page_size=50, extensions="true")
    assert len(spent(said)) <= 4


def test_filters(get: Ask, send: Callable[..., Report]) -> None:
    old = send(MONDAY - timedelta(days=100))
    road = send(MONDAY - timedelta(days=2))
    waste = send(MONDAY - timedelta(days=1), category="WASTE")
    assert codes(get("requests.json")) == [waste.code, road.code]
    assert codes(get("requests.json", service_code="WASTE,NOPE,\x00")) == [waste.code]
    assert codes(get("requests.json", service_code="NOPE")) == []
    assert codes(get("requests.json", status="")) == [waste.code, road.code]
    assert codes(get("requests.json", status="open,closed")) == [waste.code, road.code]
    asked = f"{road.code},111111111,{old.code}"
    assert codes(get("requests.json", service_request_id=asked, status="x")) == [
        road.code,
        old.code,
    ]
    assert codes(get("requests.json", service_request_id="\x00,abc,999999999")) == []
    many = ",".join(str(n) for n in range(101))
    assert get("requests.json", service_request_id=many).status_code == 400
    page = get("requests.json", page=2, page_size=1)
    assert codes(page) == [road.code]
    assert page["X-Total-Count"] == "2"
    assert "Link" not in page
    first = get("requests.json", page_size=1)
    assert first["Link"].endswith('/open311/v2/requests.json?page_size=1&page=2>; rel="next"')
    empty = get("requests.xml", status="closed", start_date="2026-11-01T00:00:00+07:00")
    assert empty.content == b'<?xml version="1.0" encoding="utf-8"?>\n<service_requests/>'


def test_more_than_a_thousand_are_not_counted(
    get: Ask, send: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        send(MONDAY - timedelta(minutes=number))
    monkeypatch.setattr(open311, "MOST_COUNTED", 3)
    page = get("requests.json", page_size=2)
    assert (len(codes(page)), "X-Total-Count" in page, "Link" in page) == (2, False, True)
    page = get("requests.json", page_size=2, page=2)
    assert (len(codes(page)), "X-Total-Count" in page, "Link" in page) == (2, False, False)
    monkeypatch.setattr(open311, "MOST_COUNTED", 4)
    assert get("requests.json", page_size=2)["X-Total-Count"] == "4"
    behind = get("requests.json", page_size=2, page=3)
    assert (codes(behind), "X-Total-Count" in behind) == ([], False)
    assert get("requests.json", service_code="NOPE")["X-Total-Count"] == "0"


def test_periods(get: Ask, client: Client, send: Callable[..., Report], monday: datetime) -> None:
    old = send(datetime.fromisoformat("2026-08-01T10:00:00+07:00"))
    new = send(monday - timedelta(days=1))
    at = "2026-08-01T10:00:00+07:00"
    assert codes(get("requests.json", start_date=at, end_date=at)) == [old.code]
    assert codes(get("requests.json", start_date="2026-07-31T00:00:00Z")) == [old.code]
    assert codes(get("requests.json", end_date="2026-08-02T00:00:00Z")) == [old.code]
    assert codes(get("requests.json", start_date="2026-11-22T00:00:00.123Z")) == [new.code]
    lost_plus = client.get(f"{V2}/requests.json?start_date=2026-11-22T00:00:00+07:00")
    assert codes(lost_plus) == [new.code]
    whole = {"start_date": "2026-08-01T00:00:00Z", "end_date": "2026-10-30T00:00:00Z"}
    assert codes(get("requests.json", **whole)) == [old.code]
    longer = get("requests.json", **(whole | {"end_date": "2026-10-30T00:00:01Z"}))
    assert longer.status_code == 400
    assert codes(get("requests.json", updated_after="2026-11-22T07:00:00Z")) == [new.code]
    assert codes(get("requests.json", updated_before="2026-11-22T00:00:00Z")) == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"status": "done"}, ["status"]),
        ({"start_date": "2026-11-01"}, ["start_date"]),
        ({"start_date": "2026-11-01T00:00:00"}, ["start_date"]),
        ({"start_date": "2026-13-01T00:00:00Z", "end_date": "x"}, ["start_date", "end_date"]),
        (
            {"start_date": "2026-11-02T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"},
            ["start_date"],
        ),
        ({"page": "0"}, ["page"]),
        ({"page": "99999999999999999999"}, ["page"]),
        ({"page": "1000000", "page_size": "1000"}, ["page"]),
        ({"page_size": "1001"}, ["page_size"]),
        ({"page_size": "٣"}, ["page_size"]),
        ({"updated_after": "yesterday", "status": "?"}, ["status", "updated_after"]),
        ({"updated_before": "9999-12-31T23:59:59-14:00"}, ["updated_before"]),
    ],
)
def test_filters_that_cannot_be_are_named(
    get: Ask, asked: dict[str, str], words: list[str]
) -> None:
    answer = get("requests.json", **asked)
    assert answer.status_code == 400
    assert [e["description"].partition(": ")[0] for e in answer.json()] == words
    root = ElementTree.fromstring(get("requests.xml", **asked).content)
    assert [e.findtext("code") for e in root.iter("error")] == ["400"] * len(words)


def test_extensions_are_shown_when_asked_for(
    get: Ask, post: Ask, key: str, clerk_actor: Actor, unit: Unit
) -> None:
    post()
    report = Report.objects.get()
    actions.publish(report, "Lời đã duyệt", by=clerk_actor)
    actions.accept(report, actions.Accepting(unit.pk), by=clerk_actor)
    (row,) = get(f"requests/{report.code}.json", extensions="true").json()
    assert row["extended_attributes"] == {
        "channel": "open311",
        "state": "accepted",
        "location_precision_m": 76,
        "village_code": "BL-02",
        "photos": [],
        "followers": 0,
    }
    assert row["attributes"] == [
        {"code": "PASSABLE", "label": "Xe nào còn đi được?", "value": "Xe máy"}
    ]
    assert [note["type"] for note in row["notes"]] == ["receive", "accept"]
    xml = get("requests.xml", extensions="true").content
    (shown,) = ElementTree.fromstring(xml).findall("request")
    assert shown.findtext("attributes/attribute/value") == "Xe máy"
    assert len(shown.findall("notes/note")) == 2
    assert shown.find("extended_attributes/photos") is not None


def test_the_words_of_a_stranger_never_break_the_list(
    get: Ask, send: Callable[..., Report], clerk_actor: Actor
) -> None:
    report = send()
    odd = "a\x0bb\x00 ]]> <![CDATA[ &amp; <script>alert('x')</script> \ufffe \u202e"
    Report.objects.filter(pk=report.pk).update(public_text=odd.replace("\x00", ""))
    root = ElementTree.fromstring(get("requests.xml").content)
    assert "<script>" in root.findtext("request/description")
    assert "\x0b" not in get("requests.json").json()[0]["description"]


def test_discovery_tells_where_everything_is(client: Client, get: Ask) -> None:
    with clock.at(datetime.fromisoformat("2026-11-23T09:00:00+07:00")):
        Catalogue.objects.update(changed_at=clock.now())
        from xaso.reports import catalogue

        catalogue._kept.clear()
    said = client.get(f"{ROOT}/discovery.json").json()
    assert said == get("discovery.json").json()
    assert said == {
        "changeset": "2026-11-23 09:00",
        "contact": "UBND xã Bình Lư, tỉnh Lai Châu",
        "key_service": "Xin khóa tại văn phòng UBND xã",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": "http://testserver/binh-lu/open311/v2",
                "changeset": "2026-11-23 09:00",
                "type": "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    assert client.get(f"{ROOT}/discovery.xml")["Content-Type"] == "text/xml; charset=utf-8"


def test_the_readable_page(client: Client) -> None:
    for path in (ROOT, f"{ROOT}/"):
        page = client.get(path)
        assert page.status_code == 200
        assert "ROAD-BLOCKED" in page.content.decode()
        assert len(page.content) < 50_000


def test_every_error_has_the_format_of_the_request(client: Client, get: Ask) -> None:
    for path, status in (
        ("requests/482915709.json", 404),
        ("requests/482915709.xml", 404),
        ("nothing.json", 404),
        ("nothing/at/all.xml", 404),
        ("requests", 400),
        ("requests.csv", 400),
        ("services/WASTE", 400),
    ):
        answer = get(path)
        assert answer.status_code == status, path
        assert answer["Access-Control-Allow-Origin"] == "*"
        if path.endswith(".json"):
            assert answer["Content-Type"] == "application/json; charset=utf-8"
            assert answer.json()[0]["code"] == str(status)
        else:
            assert answer["Content-Type"] == "text/xml; charset=utf-8"
            root = ElementTree.fromstring(answer.content)
            assert (root.tag, root.findtext("error/code")) == ("errors", str(status))


def test_other_methods_are_answered_in_format(client: Client) -> None:
    for method in ("put", "patch", "delete"):
        answer = getattr(client, method)(f"{V2}/requests.json")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")
        assert answer.json()[0]["code"] == "405"
    assert client.post(f"{V2}/services.xml").status_code == 405
    options = client.options(f"{V2}/requests.json")
    assert (options.status_code, options.content) == (204, b"")
    assert "Access-Control-Allow-Origin" not in options
    head = client.head(f"{V2}/services.xml")
    assert (head.status_code, head["Content-Type"]) == (200, "text/xml; charset=utf-8")


def test_headers_of_every_answer(client: Client, post: Ask) -> None:
    read, sent = client.get(f"{V2}/services.json"), post()
    assert read["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in sent
    assert "Accept-Encoding" in read["Vary"]
    assert "Accept-Encoding" in sent["Vary"]
    assert sent["Cache-Control"] == "no-store"


def test_a_doubled_slash_is_taken_and_nothing_redirects(client: Client) -> None:
    assert client.get(f"{V2}//services.json").status_code == 200
    assert client.get(f"{V2}/services.json/").status_code in (400, 404)
    assert client.get(f"{V2}/").status_code == 404


def test_what_is_too_big_is_refused_in_format(client: Client, form: dict[str, Any]) -> None:
    body = "description=" + "x" * 1_100_000
    kind = "application/x-www-form-urlencoded"
    answer = client.post(f"{V2}/requests.json", body, content_type=kind)
    assert answer.status_code == 413
    assert answer.json()[0]["code"] == "413"
    fields = "&".join(f"a{n}=1" for n in range(1_200))
    answer = client.post(f"{V2}/requests.xml", fields, content_type=kind)
    assert answer.status_code == 413
    assert ElementTree.fromstring(answer.content).tag == "errors"
    broken = client.post(f"{V2}/requests.json", b"x", content_type="multipart/form-data")
    assert broken.status_code == 400
    assert broken.json()[0]["code"] == "400"


def test_our_own_mistake_is_answered_in_format(
    town: Commune, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xaso.reports.queries import open311_services

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("mistake")

    monkeypatch.setattr(open311_services, "services", broken)
    answer = Client(raise_request_exception=False).get(f"{V2}/services.json")
    assert answer.status_code == 500
    assert answer.json()[0]["code"] == "500"
    assert "mistake" not in answer.content.decode()


def test_a_wrong_key_is_told_and_none_is_fine(get: Ask) -> None:
    assert get("requests.json", api_key="").status_code == 200
    assert get("requests.json", api_key="xaso_nope").status_code == 403
    assert get("servicerequestupdates.json").status_code == 403


def test_limits_are_told_in_format(get: Ask, key: str) -> None:
    for _ in range(60):
        assert get("services.json").status_code == 200
    answer = get("services.json")
    assert answer.status_code == 429
    assert answer.json()[0]["code"] == "429"
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert get("services.json", api_key=key).status_code == 200


def test_writes_are_limited_by_key(post: Ask, make_key: Callable[..., str]) -> None:
    for _ in range(60):
        assert post().status_code == 200
    assert post().status_code == 429
    assert post({"api_key": make_key()}).status_code == 200


def test_without_a_commune_there_is_an_error_in_format(client: Client) -> None:
    answer = client.get("/open311/v2/services.json")
    assert answer.status_code == 404
    assert json.loads(answer.content)[0]["code"] == "404"


def test_another_communes_request_is_unknown(
    client: Client, published: Report, ban_bo: Commune
) -> None:
    answer = client.get(f"/ban-bo/open311/v2/requests/{published.code}.json")
    assert answer.status_code == 404


def test_changed_categories_cost_each_process_three_statements_once(
    get: Ask, town: Commune
) -> None:
    from xaso.reports import catalogue

    get("services.json")
    catalogue._kept.clear()
    with CaptureQueriesContext(connection) as cold:
        get("services.json")
    with CaptureQueriesContext(connection) as warm:
        get("services.json")
    assert len(spent(warm)) == 1
    assert len(spent(cold)) == 4


# What a document of GeoReport v2 holds, in order, and of what kind: written from the published
# specification. `?` may be empty, `*` is a list of the element behind the colon.
_SHAPES: dict[str, dict[str, str]] = {
    "services": {"*": "service"},
    "service": {
        "service_code": "code", "service_name": "text", "description": "text?",
        "metadata": "flag", "type": "kind", "keywords": "text?", "group": "text?",
    },
    "service_definition": {"service_code": "code", "attributes": "*attribute"},
    "attribute": {
        "variable": "flag", "code": "code", "datatype": "datatype", "required": "flag",
        "datatype_description": "text?", "order": "count", "description": "text",
        "values": "*value",
    },
    "value": {"key": "text", "name": "text"},
    "service_requests": {"*": "request"},
    "request": {
        "service_request_id": "code", "status": "status", "status_notes": "text?",
        "service_name": "text", "service_code": "code", "description": "text?",
        "agency_responsible": "text?", "service_notice": "text?", "requested_datetime": "moment",
        "updated_datetime": "moment", "expected_datetime": "moment?", "address": "text?",
        "address_id": "text?", "zipcode": "text?", "lat": "degree", "long": "degree",
        "media_url": "link?",
    },
    "errors": {"*": "error"},
    "error": {"code": "count", "description": "text"},
    "discovery": {
        "changeset": "text", "contact": "text", "key_service": "text", "endpoints": "*endpoint",
    },
    "endpoint": {
        "specification": "link", "url": "link", "changeset": "text", "type": "place",
        "formats": "*format",
    },
}  # fmt: skip
_KINDS = {
    "code": r"[A-Za-z0-9_-]+", "text": r"(?s).+", "flag": "true|false",
    "kind": "realtime|batch|blackbox", "count": r"[1-9][0-9]*", "status": "open|closed",
    "datatype": "string|number|datetime|text|singlevaluelist|multivaluelist",
    "moment": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)",
    "degree": r"-?\d+(\.\d+)?", "link": r"https?://\S+", "place": "production|test",
}  # fmt: skip


def faults_of(element: Any, shape: str) -> list[str]:
    """Return where an element differs from its shape."""
    if shape == "format":
        return [] if element.text in ("text/xml", "application/json") else [element.tag]
    told = _SHAPES[shape]
    if "*" in told:
        return _faults_of_list(element, told["*"])
    if [child.tag for child in element] != list(told):
        return [f"{shape}: {[child.tag for child in element]}"]
    found = []
    for child, kind in zip(element, told.values(), strict=True):
        if kind.startswith("*"):
            found += _faults_of_list(child, kind[1:])
        elif not (kind.endswith("?") and not child.text and not len(child)) and not (
            not len(child) and re.fullmatch(_KINDS[kind.rstrip("?")], child.text or "")
        ):
            found.append(f"{shape}.{child.tag}: {child.text!r}")
    return found


def _faults_of_list(element: Any, member: str) -> list[str]:
    strangers = [child.tag for child in element if child.tag != member]
    return strangers + [fault for child in element for fault in faults_of(child, member)]


def test_every_xml_answer_has_the_published_shape(
    get: Ask, client: Client, send: Callable[..., Report]
) -> None:
    report = send()
    asked = {
        "services": f"{V2}/services.xml",
        "service_definition": f"{V2}/services/ROAD-BLOCKED.xml",
        "service_requests": f"{V2}/requests.xml",
        "errors": f"{V2}/requests/000000000.xml",
        "discovery": f"{ROOT}/discovery.xml",
    }
    for root, path in asked.items():
        answer = client.get(path)
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        tree = ElementTree.fromstring(answer.content)
        assert tree.tag == root
        assert faults_of(tree, root) == []
        assert len(tree)
    one = ElementTree.fromstring(client.get(f"{V2}/requests/{report.code}.xml").content)
    assert faults_of(one, "service_requests") == []
    one[0].find("status").text = "done"
    one[0].remove(one[0].find("zipcode"))
    assert faults_of(one, "service_requests") != []


def test_a_service_stands_in_several_groups(get: Ask, town: Commune) -> None:
    Category.objects.filter(commune=town, code="WASTE").update(also_in=["ROADS", "GONE"])
    Catalogue.objects.filter(commune=town).update(stamp=uuid4())
    (found,) = [s for s in get("services.json").json() if s["service_code"] == "WASTE"]
    assert (found["group"], "groups" in found) == ("Rác, môi trường", False)
    (found,) = [
        s for s in get("services.json", extensions="true").json() if s["service_code"] == "WASTE"
    ]
    assert found["groups"] == ["Rác, môi trường", "Đường, cầu"]
    tree = ElementTree.fromstring(get("services.xml", extensions="true").content)
    names = [g.text for g in tree.iter("groups") for g in g.iter("group")]
    assert "Đường, cầu" in names
