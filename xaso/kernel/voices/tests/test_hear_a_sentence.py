"""A villager speaks a sentence; whoever chose that language hears it on the page."""

import json
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xaso.kernel.attachments.tests import sounds
from xaso.kernel.audit.actors import Actor
from xaso.kernel.audit.models import Entry
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.voices import actions, queries, sentences
from xaso.kernel.voices.models import Clip

KEY = "portal.home"
SOUND = sounds.ogg(b"Nghe")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def here(inside_binh_lu: Commune) -> Commune:
    return inside_binh_lu


@pytest.fixture
def head(here: Commune, official) -> Actor:
    return Actor("official", str(official("village_head", here).pk), "desk")


def _sound(extra: bytes = b"") -> BytesIO:
    return BytesIO(SOUND + (sounds.page([extra], flags=4) if extra else b""))


def test_a_clip_is_heard_by_everybody_on_the_page(
    here: Commune, head: Actor, client: Client
) -> None:
    assert "data-tieng" not in client.get("/binh-lu/").content.decode()
    actions.keep_clip(KEY, "hmv", _sound(), by=head, commune=here)
    page = client.get("/binh-lu/").content.decode()
    paths = json.loads(unescape(re.search(r'data-tieng="([^"]+)"', page)[1]))
    assert list(paths) == ["hmv"]
    heard = client.get(paths["hmv"])
    assert heard.status_code == 200
    assert heard["Content-Type"] == "audio/ogg"
    assert heard.content == SOUND


def test_a_new_recording_takes_the_old_ones_place(here: Commune, head: Actor) -> None:
    first = actions.keep_clip(KEY, "hmv", _sound(), by=head, commune=here)
    second = actions.keep_clip(KEY, "hmv", _sound(b"x"), by=head, commune=here)
    assert Clip.objects.get() == first
    assert first.recording != second.recording
    assert Entry.objects.filter(action="voices.clip_kept").count() == 2


def test_a_dropped_clip_is_heard_no_more(here: Commune, head: Actor, client: Client) -> None:
    clip = actions.keep_clip(KEY, "twh", _sound(), by=head, commune=here)
    actions.drop_clip(KEY, "twh", by=head, commune=here)
    assert queries.clips(here.id) == {}
    path = f"/binh-lu/tep/{clip.recording.sha256}/{clip.recording.original_name}"
    assert client.get(path).status_code == 404
    with pytest.raises(NotFound):
        actions.drop_clip(KEY, "twh", by=head, commune=here)


@pytest.mark.parametrize(("key", "lang"), [("no.such", "hmv"), (KEY, "xxx"), ("", "")])
def test_an_unknown_sentence_or_language_is_refused(
    here: Commune, head: Actor, key: str, lang: str
) -> None:
    with pytest.raises(NotFound):
        actions.keep_clip(key, lang, _sound(), by=head, commune=here)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n" + bytes(90),
        sounds.webm(bytes(1_100_000)),
    ],
)
def test_what_is_no_short_recording_is_refused(here: Commune, head: Actor, content: bytes) -> None:
    with pytest.raises(Refusal):
        actions.keep_clip(KEY, "hmv", BytesIO(content), by=head, commune=here)
    assert not Clip.objects.exists()


def test_a_changed_sentence_makes_its_clip_old(here: Commune, head: Actor) -> None:
    clip = actions.keep_clip(KEY, "hmv", _sound(), by=head, commune=here)
    assert [each.is_old for each in queries.spoken(here, "hmv") if each.address] == [False]
    Clip.objects.filter(pk=clip.pk).update(said="Câu ngày trước.")
    assert [each.is_old for each in queries.spoken(here, "hmv") if each.address] == [True]


def test_every_sentence_has_a_key_of_its_own_and_vietnamese_words() -> None:
    known = sentences.known()
    assert len(known) >= 16
    assert all(each.key == key and each.vietnamese for key, each in known.items())


def test_a_helper_records_on_the_screen_and_a_clerk_may_not(
    here: Commune, official, client_of
) -> None:
    head, clerk = (client_of(official(role, here)) for role in ("village_head", "one_stop_clerk"))
    address = "/binh-lu/can-bo/quan-tri/giong-noi/"
    assert clerk.get(address).status_code == 403
    page = head.get(address, {"tieng": "ium"})
    assert "Đã thu 0/" in page.content.decode()
    assert "microphone=(self)" in page["Permissions-Policy"]
    sent = {"tieng": "ium", "cau": KEY, "thu": SimpleUploadedFile("a.ogg", SOUND)}
    assert head.post(address, sent)["Location"].endswith(f"?tieng=ium#{KEY}")
    assert "Đã thu 1/" in head.get(address, {"tieng": "ium"}).content.decode()
    bad = sent | {"thu": SimpleUploadedFile("a.mp3", b"no sound at all")}
    assert head.post(address, bad).status_code == 302
    assert Clip.objects.count() == 1
    assert head.post(address, {"tieng": "ium", "cau": KEY, "bo": "1"}).status_code == 302
    assert not Clip.objects.exists()


def test_another_communes_clips_are_not_heard(
    here: Commune, head: Actor, ban_bo: Commune, client: Client
) -> None:
    actions.keep_clip(KEY, "hmv", _sound(), by=head, commune=here)
    assert "data-tieng" not in client.get("/ban-bo/").content.decode()
    assert "Tiếng Mông" in client.get("/binh-lu/nghe/").content.decode()
    assert "Chưa có tiếng nào" in client.get("/ban-bo/nghe/").content.decode()
