"""A phone's queue sends when there is a network: every answer it may get, and photos in pieces."""

import hashlib
import io
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from xaso.kernel.attachments import parts
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune, Village
from xaso.reports import actions
from xaso.reports.models import Photo, Report
from xaso.reports.queries import detail
from xaso.reports.tests.conftest import RESIDENT

pytestmark = pytest.mark.django_db
API = "/binh-lu/api/v1/reports"
OURS = {"Origin": "http://testserver", "X-Xaso-Outbox": "1", "Sec-Fetch-Site": "same-origin"}


def noisy(side: int = 640) -> bytes:
    """Return a photo whose bytes do not compress away."""
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(out, "JPEG", quality=90)
    return out.getvalue()


PHOTO = noisy()
SHA = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def body(village: Village) -> dict[str, Any]:
    return {
        "v": 1,
        "category": "ROAD-DAMAGE",
        "text": "Đất sạt lấp nửa đường.",
        "place": {"village": village.code},
        "photos": [{"sha256": SHA, "bytes": len(PHOTO)}],
        "captured_at": "2026-11-23T14:00:00+07:00",
    }


@pytest.fixture
def phone() -> Client:
    return Client(headers=OURS)


@pytest.fixture
def sent(phone: Client, body: dict[str, Any]) -> str:
    """A report whose photo has not come yet; return its address."""
    address = f"{API}/{uuid4()}"
    assert phone.put(address, body, content_type="application/json").status_code == 201
    return address


@pytest.fixture
def put_piece(phone: Client, sent: str) -> Callable[..., Any]:
    """Return a function that sends bytes `a` to `b` of the photo, or those of another one."""

    def put(a: int, b: int, whole: bytes = PHOTO, sha: str = SHA, **headers: str) -> Any:
        told = {"Content-Range": f"bytes {a}-{b - 1}/{len(whole)}"} | headers
        address = f"{sent}/photos/{sha}"
        return phone.put(address, whole[a:b], content_type="image/jpeg", headers=told)

    return put


def test_the_browser_that_sent_it_is_its_sender(phone: Client, sent: str) -> None:
    code = phone.get(sent).json()["code"]
    assert "Số bí mật" in phone.get(f"/binh-lu/phan-anh/{code}/giay-hen/").content.decode()
    stranger = Client().get(f"/binh-lu/phan-anh/{code}/giay-hen/")
    assert stranger.status_code == 302


def test_another_site_may_not_send(body: dict[str, Any]) -> None:
    for headers in (
        {"Origin": "https://evil.example", "X-Xaso-Outbox": "1"},
        {"Origin": "null", "X-Xaso-Outbox": "1"},
        {"Origin": "http://testserver"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        answer = Client(headers=headers).put(
            f"{API}/{uuid4()}", body, content_type="application/json"
        )
        assert answer.status_code == 403, headers
        assert answer["X-Xaso"] == "1"
        assert "Access-Control-Allow-Origin" not in answer
    assert not Report.objects.exists()


def test_pieces_make_a_photo(put_piece: Callable[..., Any], phone: Client, sent: str) -> None:
    third = len(PHOTO) // 3
    first = put_piece(0, third)
    assert first.status_code == 202
    assert first.json()["missing"] == [{"sha": SHA, "have": third}]
    assert phone.get(sent).json()["missing"] == [{"sha": SHA, "have": third}]
    assert put_piece(third, 2 * third).status_code == 202
    last = put_piece(2 * third, len(PHOTO))
    assert (last.status_code, last.json()["missing"]) == (201, [])
    assert put_piece(0, third).status_code == 200
    photo = Photo.objects.get()
    assert (photo.state, photo.attachment.bytes) == ("received", len(PHOTO))
    assert not actions.part_of(photo.report, SHA).path.exists()


def test_a_piece_that_does_not_join_on_is_told_where_to_go_on(
    put_piece: Callable[..., Any],
) -> None:
    put_piece(0, 5_000)
    gap = put_piece(9_000, 12_000)
    assert gap.status_code == 416
    assert gap.json()["receipt"]["missing"] == [{"sha": SHA, "have": 5_000}]
    again = put_piece(3_000, 8_000)
    assert again.json()["missing"] == [{"sha": SHA, "have": 8_000}]
    assert put_piece(8_000, len(PHOTO)).status_code == 201


@pytest.mark.parametrize(
    "said", ["bytes 0-10/20", "bytes 5-2/20", "bytes */20", "nonsense", "bytes 0-99999/99999"]
)
def test_a_range_that_lies_is_refused(put_piece: Callable[..., Any], said: str) -> None:
    answer = put_piece(0, 100, **{"Content-Range": said})
    assert (answer.status_code, answer["X-Xaso"]) == (400, "1")


def test_a_cut_transfer_leaves_what_came(phone: Client, sent: str) -> None:
    cut = len(PHOTO) // 2
    address = f"{sent}/photos/{SHA}"
    wire = {"wsgi.input": io.BytesIO(PHOTO[:cut]), "CONTENT_LENGTH": str(len(PHOTO))}
    got = phone.generic("PUT", address, PHOTO, content_type="image/jpeg", **wire)
    assert got.status_code == 202
    assert phone.get(sent).json()["missing"] == [{"sha": SHA, "have": cut}]


def test_bytes_that_are_another_photo_start_anew(
    put_piece: Callable[..., Any], phone: Client, sent: str
) -> None:
    other = noisy(300)
    wrong = put_piece(0, len(other), other)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "hash_mismatch")
    assert phone.get(sent).json()["missing"] == [{"sha": SHA, "have": 0}]
    assert put_piece(0, len(PHOTO)).status_code == 201


def test_a_large_photo_is_taken_and_one_that_is_too_large_is_not(phone: Client, sent: str) -> None:
    large = noisy(2_200)
    assert len(large) > 3_000_000
    sha = hashlib.sha256(large).hexdigest()
    answer = phone.put(f"{sent}/photos/{sha}", large, content_type="image/jpeg")
    assert answer.status_code == 201
    huge = PHOTO + b"\0" * (15 * 1024 * 1024)
    sha = hashlib.sha256(huge).hexdigest()
    answer = phone.put(f"{sent}/photos/{sha}", huge, content_type="image/jpeg")
    assert (answer.status_code, answer["X-Xaso"]) == (413, "1")
    answer = phone.put(
        f"{sent}/photos/{sha}", b"\0" * (26 * 1024 * 1024), content_type="image/jpeg"
    )
    assert (answer.status_code, answer["X-Xaso"]) == (413, "1")


def test_a_photo_of_an_unknown_report_is_404(phone: Client) -> None:
    answer = phone.put(f"{API}/{uuid4()}/photos/{SHA}", PHOTO, content_type="image/jpeg")
    assert (answer.status_code, answer["X-Xaso"]) == (404, "1")


def test_strays_are_taken_while_there_is_room(put_piece: Callable[..., Any]) -> None:
    answers = []
    for _number in range(6):
        stray = noisy(64)
        answers.append(put_piece(0, len(stray), stray, hashlib.sha256(stray).hexdigest()))
    assert [a.status_code for a in answers] == [201] * 5 + [422]


def test_a_report_taken_back_is_gone(
    phone: Client, sent: str, body: dict[str, Any], put_piece: Callable[..., Any]
) -> None:
    report = Report.objects.get()
    actions.withdraw(report, by=Actor("resident", report.device_hash[:32], "web"))
    again = phone.put(sent, body, content_type="application/json")
    assert (again.status_code, again.json()["code"], again["X-Xaso"]) == (410, "withdrawn", "1")
    assert put_piece(0, len(PHOTO)).status_code == 410


def test_too_many_are_told_when_to_come_again(phone: Client, body: dict[str, Any]) -> None:
    answers = [
        phone.put(f"{API}/{uuid4()}", body, content_type="application/json") for _ in range(12)
    ]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0
    assert answers[-1]["X-Xaso"] == "1"


def test_too_much_text_is_413_and_broken_json_400(phone: Client, body: dict[str, Any]) -> None:
    long = body | {"text": "ạ" * 3_900, "answers": {"a": "ạ" * 2_000}}
    assert phone.put(f"{API}/{uuid4()}", long, content_type="application/json").status_code == 413
    broken = phone.put(f"{API}/{uuid4()}", b"{", content_type="application/json")
    assert (broken.status_code, broken["X-Xaso"]) == (400, "1")
    whole = phone.put(f"{API}/{uuid4()}", b"[" * 2_000_000, content_type="application/json")
    assert (whole.status_code, whole["X-Xaso"]) == (413, "1")


def test_parts_are_kept_two_days(town: Commune, report: Report) -> None:
    part = actions.part_of(report, SHA)
    part.append(PHOTO[:100], at=0, limit=1_000)
    old = part.path.stat().st_mtime - timedelta(hours=49).total_seconds()
    assert parts.sweep() == 0
    os.utime(part.path, (old, old))
    assert parts.sweep() >= 1
    assert part.have == 0


def test_a_piece_that_goes_over_the_limit_is_refused(report: Report) -> None:
    piece = actions.Piece(b"x" * 10, 0, 15 * 1024 * 1024 + 1)
    part = actions.part_of(report, SHA)
    part.path.parent.mkdir(parents=True, exist_ok=True)
    with part.path.open("wb") as file:
        file.truncate(15 * 1024 * 1024)
    late = actions.Piece(b"x" * 10, 15 * 1024 * 1024, 15 * 1024 * 1024 + 10)
    stray = report  # it announced nothing, and takes strays while it is new
    with pytest.raises(Exception, match="15"):
        actions.add_piece(stray, SHA, late, by=RESIDENT)
    part.drop()
    assert actions.add_piece(stray, SHA, piece, by=RESIDENT).is_whole is False
    part.drop()


def test_officials_see_what_still_comes_and_what_never_came(
    put_piece: Callable[..., Any], officer_actor: Actor
) -> None:
    report = Report.objects.get()
    now = report.received_at
    assert "0/1" in detail.file(report, by=officer_actor, now=now).missing
    late = detail.file(report, by=officer_actor, now=now + timedelta(hours=49)).missing
    assert "1 ảnh không tới" in late
    put_piece(0, len(PHOTO))
    assert detail.file(report, by=officer_actor, now=now).missing == ""
