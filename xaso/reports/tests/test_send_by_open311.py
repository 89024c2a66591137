"""Another program sends a report: form, answers, places, photos, once however often."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports.models import PartnerMedia, PartnerReport, Photo, Report, ReportEvent
from xaso.reports.tests.open311_stories import *  # noqa: F403  (fixtures)
from xaso.reports.tests.open311_stories import SCOPES, V2, Ask
from xaso.reports.tests.test_use_the_pages import jpeg

pytestmark = pytest.mark.django_db


def picture(name: str = "anh.jpg", body: bytes | None = None) -> BytesIO:
    file = BytesIO(body if body is not None else jpeg().getvalue())
    file.name = name
    return file


def test_a_report_arrives_like_from_any_other_channel(post: Ask) -> None:
    answer = post()
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    (said,) = answer.json()
    report = Report.objects.get()
    assert said == {
        "service_request_id": report.code,
        "service_notice": "Hẹn trả lời trước 14:00 ngày 25/11/2026",
        "account_id": None,
    }
    assert (report.channel, report.category.code) == ("open311", "ROAD-BLOCKED")
    assert report.answers == {"PASSABLE": "motorbike", "AFFECTED": "school,goods"}
    assert report.village.code == "BL-02"
    assert (report.lat, report.public_lat) == (22.31704, 22.317)
    assert report.reporter.phone == "+84912345678"
    event = ReportEvent.objects.get(report=report)
    assert (event.actor_kind, event.channel, event.actor_role) == ("machine", "open311", "resident")


def test_the_answer_is_the_same_in_xml(post: Ask) -> None:
    answer = post(path="requests.xml")
    code = Report.objects.get().code
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n<service_requests><request>'
        f"<service_request_id>{code}</service_request_id>"
        "<service_notice>Hẹn trả lời trước 14:00 ngày 25/11/2026</service_notice>"
        "<account_id/></request></service_requests>"
    )


def test_a_report_costs_at_most_twelve_statements(post: Ask, monday: datetime) -> None:
    """With everything: the key's note of the minute, its limit, a contact, a pin."""
    post({"description": "Lần đầu"})
    limit = 1  # counted on a connection of its own, which is not seen here
    with clock.at(monday + timedelta(minutes=2)), CaptureQueriesContext(connection) as said:
        assert post({"description": "Lần hai"}).status_code == 200
    request = ("SAVEPOINT", "RELEASE")  # in a test, the request's own transaction is one of these
    assert said[0]["sql"].startswith(request)
    assert said[-1]["sql"].startswith(request)
    real = [q["sql"] for q in said[1:-1] if "set_config" not in q["sql"]]
    assert any("last_used_at" in sql for sql in real if sql.startswith("UPDATE"))
    assert len(real) + limit <= 12, "\n".join(f"{n} {s[:110]}" for n, s in enumerate(real, 1))


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"api_key": None}, 403, ["api_key"]),
        ({"api_key": "xaso_0123456789_" + "a" * 43}, 403, ["api_key"]),
        ({"service_code": None}, 400, ["service_code"]),
        ({"service_code": "NOPE"}, 404, ["service_code"]),
        ({"service_code": "STAFF"}, 404, ["service_code"]),
        ({"service_code": "REGULATION"}, 404, ["service_code"]),
        ({"service_code": "HAZARD-GENERAL"}, 404, ["service_code"]),
        ({"service_code": "\x00"}, 404, ["service_code"]),
        ({"long": None}, 400, ["long"]),
        ({"lat": ""}, 400, ["lat"]),
        ({"lat": None, "long": None}, 400, ["location"]),
        ({"lat": "103.63", "long": "22.31"}, 400, ["lat"]),
        ({"lat": "22,31704"}, 400, ["lat"]),
        ({"lat": "nan"}, 400, ["lat"]),
        ({"lat": "1e1"}, 400, ["lat"]),
        ({"long": "180.5"}, 400, ["lat"]),
        ({"lat": None, "long": None, "address_id": "XX-99"}, 400, ["address_id"]),
        ({"attribute[PASSABLE]": "tank"}, 400, ["attribute[PASSABLE]"]),
        ({"attribute[AFFECTED][]": ["school", "x"]}, 400, ["attribute[AFFECTED]"]),
        ({"description": "x" * 4_001}, 400, ["description"]),
        ({"description": None}, 400, ["description"]),
        ({"email": "khong phai thu"}, 400, ["email"]),
        ({"phone": "12"}, 400, ["phone"]),
        (
            {"media_url": ["http://a/1"] * 1 + [f"http://a/{n}" for n in range(9)]},
            400,
            ["media_url"],
        ),
        ({"media_url": "http://a/" + "b" * 2_000}, 400, ["media_url"]),
        ({"media_url": ["http://a/1", "javascript:alert(1)"]}, 400, ["media_url"]),
        ({"media_url": "file:///etc/passwd"}, 400, ["media_url"]),
        ({"jurisdiction_id": "khac.gov.vn"}, 404, ["jurisdiction_id"]),
        ({"lat": None, "long": None, "description": "x" * 4_001}, 400, ["location", "description"]),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    post: Ask, changes: dict[str, Any], status: int, words: list[str]
) -> None:
    answer = post(changes)
    assert answer.status_code == status, answer.content.decode()
    said = answer.json()
    assert [line["description"].partition(": ")[0] for line in said] == words
    assert {line["code"] for line in said} == {str(status)}
    assert all(line["description"].partition(": ")[2] for line in said)
    assert not Report.objects.exists()
    assert not PartnerReport.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"lat": "", "long": "", "address_string": "Cạnh nhà văn hóa"},
        {"attribute[AFFECTED][]": None, "attribute[AFFECTED]": "school"},
        {"attribute[PASSABLE]": ["none", "all"]},
        {"attribute[PASSABLE]": None},
        {"description": "x" * 4_000},
        {"description": "a\r\n" * 2_000},
        {
            "description": "Cháy \U0001f525 ở Cháy]]> <b>&amp; \v\x00 \ud800".encode(
                "utf-8", "replace"
            ).decode()
        },
        {"jurisdiction_id": "BINH-LU"},
        {"jurisdiction_id": ""},
        {"phone": ""},
        {"attribute[fixmystreet_id]": "12", "attribute[title]": "Sạt lở"},
        {"attribute[": "x", "attribute[]": "y", "attribute[a][b]": "z", "x" * 300: "1"},
    ],
)
def test_odd_but_lawful_forms_are_taken(post: Ask, changes: dict[str, Any]) -> None:
    assert post(changes).status_code == 200
    assert Report.objects.count() == 1


def test_the_last_of_repeated_single_values_wins(post: Ask) -> None:
    post({"attribute[PASSABLE]": ["none", "all"]})
    assert Report.objects.get().answers["PASSABLE"] == "all"


def test_just_outside_is_taken_and_far_outside_is_not(post: Ask, town: Commune) -> None:
    ring = [[103.6, 22.3], [103.64, 22.3], [103.64, 22.34], [103.6, 22.34], [103.6, 22.3]]
    border = {"type": "Polygon", "coordinates": [ring]}
    Commune.objects.filter(pk=town.pk).update(boundary=border)
    directory.forget()
    assert post({"long": "103.6550"}).status_code == 200  # 1.5 km outside
    far = post({"long": "103.6650"})  # 2.6 km
    assert far.status_code == 400
    assert far.json()[0]["description"] == (
        "outside_jurisdiction: vị trí ở ngoài Xã Bình Lư khoảng 3 km, xin gửi cho nơi đó"
    )
    assert Report.objects.get().lon == 103.655


def test_words_are_kept_in_one_form_of_unicode(post: Ask) -> None:
    import unicodedata

    post({"description": unicodedata.normalize("NFD", "Sạt lở ở bản")})
    assert Report.objects.get().text == "Sạt lở ở bản"


def test_the_family_name_comes_first_and_whole(post: Ask) -> None:
    post({"first_name": "Lò", "last_name": "Văn Pâng", "email": "a@b.vn", "account_id": "77"})
    report = Report.objects.get()
    assert (report.reporter.name, report.reporter.email) == ("Lò Văn Pâng", "a@b.vn")
    assert "77" in report.partner.extra


def test_a_place_in_words_finds_its_village(post: Ask, town: Commune) -> None:
    nowhere = {"lat": None, "long": None}
    post(nowhere | {"address_string": "Qua cầu, bản Chu Va 12"})
    post(nowhere | {"address_string": "Giữa Nà Đon và Chu Va 12"})
    post(nowhere | {"address_id": "BL-01"})
    first, second, third = Report.objects.order_by("id")
    assert (first.village.code, first.public_lat, first.public_precision_m) == (
        "BL-02",
        22.317,
        1_500,
    )
    assert (second.village, second.landmark) == (None, "Giữa Nà Đon và Chu Va 12")
    assert third.village.code == "BL-01"


def test_what_nobody_asked_is_kept_sealed(post: Ask) -> None:
    post({"attribute[title]": "Sạt lở", "address_string": "Cạnh nhà ông Pâng"})
    row = PartnerReport.objects.get()
    assert "Sạt lở" in row.extra
    assert "Cạnh nhà ông Pâng" in row.extra
    with connection.cursor() as cursor:
        cursor.execute("SELECT extra FROM reports_partnerreport")
        assert "Sạt".encode() not in bytes(cursor.fetchone()[0])


def test_the_same_again_is_the_same_report(post: Ask, make_key: Callable[..., str]) -> None:
    first = post().json()
    assert post().json() == first
    assert post({"api_key": make_key()}).json() != first
    assert post({"description": "Lời khác"}).json() != first
    assert Report.objects.count() == 3


def test_a_day_later_it_is_another_report(post: Ask, monday: Any) -> None:
    from datetime import timedelta

    first = post().json()
    with clock.at(monday + timedelta(hours=23)):
        assert post().json()[0]["service_request_id"] == first[0]["service_request_id"]
    with clock.at(monday + timedelta(hours=25)):
        assert post().json()[0]["service_request_id"] != first[0]["service_request_id"]
        assert post().status_code == 200
    assert Report.objects.count() == 2


def test_a_partners_own_number_never_comes_twice(post: Ask, monday: Any) -> None:
    from datetime import timedelta

    own = {"attribute[fixmystreet_id]": "4711"}
    first = post(own).json()[0]["service_request_id"]
    with clock.at(monday + timedelta(days=60)):
        again = post(own | {"description": "Sửa lời"})
        assert again.json()[0]["service_request_id"] == first
    assert Report.objects.count() == 1


def test_an_idempotency_key_holds_one_content(post: Ask) -> None:
    header = {"headers": {"Idempotency-Key": "abc-123"}}
    first = post(**header).json()
    assert post(**header).json() == first
    other = post({"description": "Lời khác"}, **header)
    assert other.status_code == 400
    assert other.json()[0]["description"].startswith("other_content: ")
    assert Report.objects.count() == 1


def test_photos_come_with_the_form(post: Ask) -> None:
    one, two = picture(), picture("b.png", jpeg("red").getvalue())
    assert post({"media": one, "photo2": two}).status_code == 200
    assert Photo.objects.filter(state="received").count() == 2
    again = post({"media": picture(), "photo2": picture("b.png", jpeg("red").getvalue())})
    assert again.status_code == 200
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"#!/bin/sh\nrm -rf /", "a.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "a.svg"),
        (b"GIF89a\x01\x00\x01\x00", "a.gif"),
        (b"", "a.jpg"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, "a.jpg"),
        (b"%PDF-1.4", "a.pdf"),
    ],
)
def test_files_that_are_no_photos_are_refused(post: Ask, body: bytes, name: str) -> None:
    answer = post({"media": picture(name, body)})
    assert answer.status_code == 400
    assert answer.json()[0]["description"].startswith("media[1]: ")
    assert not Report.objects.exists()


def test_a_picture_of_a_billion_points_is_refused(post: Ask) -> None:
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
    assert post({"media": picture("a.png", bomb)}).status_code == 400


def test_more_than_six_photos_are_refused(client: Client, form: dict[str, Any]) -> None:
    files = [picture(f"{n}.jpg", jpeg(f"#00000{n}").getvalue()) for n in range(7)]
    answer = client.post(f"{V2}/requests.json", form | {"media[]": files})
    assert answer.status_code == 400
    assert answer.json()[0]["description"] == "media: nhiều nhất 6 ảnh"


def test_a_form_in_parts_without_files_is_a_form(client: Client, form: dict[str, Any]) -> None:
    assert client.post(f"{V2}/requests.json", form).status_code == 200


@pytest.mark.parametrize("kind", ["application/json", "text/xml", "text/plain"])
def test_only_forms_are_taken(client: Client, form: dict[str, Any], kind: str) -> None:
    answer = client.post(f"{V2}/requests.json", '{"service_code": "X"}', content_type=kind)
    assert answer.status_code == 400
    assert answer.json()[0]["description"].startswith("content_type: ")


def test_a_key_needs_the_scope(post: Ask, make_key: Callable[..., str]) -> None:
    answer = post({"api_key": make_key("open311.read", "reports.read")})
    assert answer.status_code == 403
    assert not Report.objects.exists()


def test_addresses_of_photos_are_text_and_nothing_asks_them(post: Ask) -> None:
    post({"media_url": ["http://127.0.0.1/a.jpg", "http://127.0.0.1/b.jpg"]})
    assert [m.state for m in PartnerMedia.objects.all()] == ["kept", "kept"]
    assert jobs.do_now() == 0


def test_with_the_switch_they_are_fetched_later_never_from_inside(
    post: Ask, make_key: Callable[..., str]
) -> None:
    fetching = make_key(*SCOPES, "open311.fetch_media")
    post({"api_key": fetching, "media_url": "http://127.0.0.1:5432/a.jpg"})
    assert PartnerMedia.objects.get().state == "waiting"
    assert jobs.do_now() == 1
    row = PartnerMedia.objects.get()
    assert (row.state, row.reason) == ("failed", "bad_port")
    assert ReportEvent.objects.filter(kind="media_failed").get().payload == {"reason": "bad_port"}
    assert not Photo.objects.exists()


def test_a_phone_number_never_comes_back(post: Ask, get: Ask, key: str, village: Village) -> None:
    text = "Gọi 0987 654 321 gặp tôi"
    code = post({"description": text, "first_name": "Lò", "email": "lo@x.vn"}).json()[0][
        "service_request_id"
    ]
    for path in (f"requests/{code}.json", f"requests/{code}.xml", "requests.json"):
        shown = get(path, api_key=key, extensions="true").content.decode()
        assert code in shown
        for secret in ("0987", "912345678", "lo@x.vn", "Lò", "22.31704"):
            assert secret not in shown, (path, secret)
