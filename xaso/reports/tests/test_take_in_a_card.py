"""An outbox on a memory card: read in once however often, odd files get a sentence."""

import base64
import hashlib
import io
import json
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from xaso.kernel.web.middleware import directory
from xaso.reports.models import Photo, Report
from xaso.reports.tests.test_use_the_pages import jpeg
from xaso.reports.views import cards

PAGE = "/binh-lu/can-bo/phan-anh/the-nho/"
JPEG = jpeg().getvalue()
SHA = hashlib.sha256(JPEG).hexdigest()


def card(**facts: Any) -> dict[str, Any]:
    """Return what a phone saves: one report with one photo."""
    body = {
        "v": 1,
        "category": "ROAD-DAMAGE",
        "text": "Đất sạt lấp nửa đường.",
        "place": {"village": "BL-02"},
        "photos": [{"sha256": SHA, "bytes": len(JPEG)}],
    }
    photo = {"sha": SHA, "type": "image/jpeg", "data": base64.b64encode(JPEG).decode()}
    item = {"id": str(uuid4()), "kind": "report", "body": body, "photos": [photo]} | facts
    return {"format": "xaso-outbox", "v": 1, "base": "https://xa.vn/", "items": [item]}


@pytest.fixture
def clerk(town, official, client_of) -> Client:
    directory.forget()
    return client_of(official("one_stop_clerk", town))


def give(clerk: Client, said: object) -> Any:
    text = said if isinstance(said, bytes) else json.dumps(said).encode()
    return clerk.post(PAGE, {"tep": SimpleUploadedFile("phan-anh.xaso.json", text)})


def test_a_card_twice_is_one_report(clerk: Client) -> None:
    whole = card()
    first, again = give(clerk, whole), give(clerk, whole)
    assert "Mới nhận" in first.content.decode()
    assert "Đã có từ trước" in again.content.decode()
    report = Report.objects.get()
    assert (report.channel, str(report.uuid)) == ("counter", whole["items"][0]["id"])
    assert Photo.objects.get().state == "received"


def test_the_phone_that_comes_online_later_is_told_the_same(clerk: Client) -> None:
    whole = card()
    give(clerk, whole)
    (item,) = whole["items"]
    address = f"/binh-lu/api/v1/reports/{item['id']}"
    answer = Client().put(address, item["body"], content_type="application/json")
    assert (answer.status_code, answer.json()["missing"]) == (200, [])
    assert answer.json()["code"] == Report.objects.get().code


def test_a_report_that_cannot_be_leaves_the_others_alone(clerk: Client) -> None:
    whole, other = card(), card(body={"v": 1, "category": "NOPE"})
    whole["items"] = [other["items"][0], *whole["items"]]
    answer = give(clerk, whole)
    html = answer.content.decode()
    assert "Bà con chọn giúp chuyện gì." in html
    assert "Mới nhận" in html
    assert Report.objects.count() == 1


def test_other_bytes_than_announced_are_said(clerk: Client) -> None:
    whole = card()
    whole["items"][0]["photos"][0]["data"] = base64.b64encode(b"khac").decode()
    assert "không trọn vẹn" in give(clerk, whole).content.decode()
    assert Photo.objects.get().state == "expected"


def test_strangers_and_residents_may_not(client: Client, town, official, client_of) -> None:
    directory.forget()
    assert client.get(PAGE).status_code == 302
    assert client_of(official("leader", town)).get(PAGE).status_code == 403


@pytest.mark.parametrize(
    "odd",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 9000, {"format": "xaso-outbox", "v": 1}],
)
def test_a_file_that_is_no_card_gets_a_sentence(clerk: Client, odd: object) -> None:
    answer = give(clerk, odd)
    assert answer.status_code == 422
    assert ".xaso.json" in answer.content.decode()


def test_no_file_gets_a_sentence_too(clerk: Client) -> None:
    assert clerk.post(PAGE, {}).status_code == 422


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "body", "photos", "sha", "data", "x"]), inner)
    ),
    max_leaves=12,
)


@given(items=JSON)
def test_whatever_a_card_holds_it_is_read_or_refused(items: object) -> None:
    text = json.dumps({"format": "xaso-outbox", "v": 1, "items": items}).encode()
    with suppress(cards.NotACard):
        list(cards.read(io.BytesIO(text)))


@given(raw=st.binary(max_size=200))
def test_whatever_bytes_come_they_are_refused(raw: bytes) -> None:
    with pytest.raises(cards.NotACard):
        list(cards.read(io.BytesIO(raw)))
