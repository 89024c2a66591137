"""Somebody who does not write says it: recorded, sent, played, written down by an official."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xaso.kernel.attachments.tests import sounds
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.workflow.table import GuardRefused
from xaso.reports import actions, queries
from xaso.reports.models import Report, ReportEvent, VoiceNote
from xaso.reports.tests.conftest import RESIDENT

pytestmark = pytest.mark.django_db
API = "/binh-lu/api/v1/reports"
SOUND = sounds.webm(bytes(3_000))
SHA = hashlib.sha256(SOUND).hexdigest()
Filled = Callable[..., actions.NewReport]


@pytest.fixture
def spoken(town: Commune, new_report: Filled) -> Report:
    """A report of which only the voice is known, and that is still on its way."""
    new = new_report(text="", voices=[actions.Voice(SHA, 7)], lang="hmv")
    return actions.receive(new, by=RESIDENT, commune=town).report


@pytest.fixture
def clerk(town: Commune, official: Callable, client_of: Callable) -> Client:
    return client_of(official("one_stop_clerk", town))


def _sent(client: Client, **more: object) -> tuple[str, dict]:
    key = str(uuid4())
    body = {"category": "WATER", "place": {"landmark": "cuối bản"}, **more}
    reply = client.put(f"{API}/{key}", body, content_type="application/json")
    return key, reply.json()


def test_a_voice_alone_is_a_report(spoken: Report) -> None:
    assert (spoken.text, spoken.photo_count, spoken.voice_count) == ("", 0, 1)
    assert spoken.voices.get().lang == "hmv"


def test_a_phone_announces_a_voice_and_sends_it_in_pieces(client: Client, town: Commune) -> None:
    key, said = _sent(client, voice=[{"sha256": SHA, "bytes": len(SOUND), "seconds": 7}])
    assert said["missing"] == [{"sha": SHA, "have": 0}]
    half = len(SOUND) // 2
    for start, piece, status in ((0, SOUND[:half], 202), (half, SOUND[half:], 201)):
        span = f"bytes {start}-{start + len(piece) - 1}/{len(SOUND)}"
        reply = client.put(
            f"{API}/{key}/voice/{SHA}", piece, content_type="audio/webm", HTTP_CONTENT_RANGE=span
        )
        assert reply.status_code == status
    assert reply.json()["missing"] == []
    again = client.put(f"{API}/{key}/voice/{SHA}", SOUND, content_type="audio/webm")
    assert again.status_code == 200
    assert VoiceNote.objects.get().attachment.is_public is False


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"<html>no sound</html>", "audio/webm", 422),  # other bytes than announced
        (SOUND, "image/jpeg", 415),
        (SOUND, "text/html", 415),
    ],
)
def test_what_is_not_the_announced_sound_is_refused(
    client: Client, town: Commune, content: bytes, kind: str, status: int
) -> None:
    key, _said = _sent(client, voice=[{"sha256": SHA, "bytes": len(SOUND), "seconds": 7}])
    reply = client.put(f"{API}/{key}/voice/{SHA}", content, content_type=kind)
    assert reply.status_code == status
    assert VoiceNote.objects.get().state == VoiceNote.State.EXPECTED


def test_a_voice_nobody_announced_is_refused(client: Client, town: Commune) -> None:
    key, _said = _sent(client, text="Mất nước ba hôm nay.")
    reply = client.put(f"{API}/{key}/voice/{SHA}", SOUND, content_type="audio/webm")
    assert reply.status_code == 422
    lost = client.put(f"{API}/{uuid4()}/voice/{SHA}", SOUND, content_type="audio/webm")
    assert lost.status_code == 404


def test_a_recording_named_twice_is_one_recording(town: Commune, new_report: Filled) -> None:
    new = new_report(text="", voices=[actions.Voice(SHA, 7)] * 3)
    report = actions.receive(new, by=RESIDENT, commune=town).report
    assert (report.voices.count(), report.voice_count) == (1, 1)


@pytest.mark.parametrize(
    "voices", [[actions.Voice(SHA, 121)], [actions.Voice(c * 64, 5) for c in "abc"]]
)
def test_too_long_or_too_many_is_said(
    town: Commune, new_report: Filled, voices: list[actions.Voice]
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.receive(new_report(voices=voices), by=RESIDENT, commune=town)
    assert list(refused.value.errors) == ["voice"]


def test_the_form_takes_a_recording_and_keeps_it_when_something_is_wrong(
    client: Client, town: Commune
) -> None:
    sent = {"uuid": str(uuid4()), "category": "WATER", "text": "", "landmark": "", "village": ""}
    sent |= {"tieng": SimpleUploadedFile("a.webm", SOUND), "tieng-giay": "7"}
    page = client.post("/binh-lu/phan-anh/gui/", sent)
    assert page.status_code == 422  # no place
    kept = page.content.decode().split('name="tieng-giu"')[1].split('value="')[1].split('"')[0]
    sent |= {"tieng-giu": kept, "landmark": "cuối bản"}
    del sent["tieng"]
    assert client.post("/binh-lu/phan-anh/gui/", sent).status_code == 302
    voice = VoiceNote.objects.get()
    assert (voice.sha256, voice.seconds, voice.state) == (SHA, 7, "received")
    program = SimpleUploadedFile("a.webm", b"MZ" + bytes(99))
    hostile = sent | {"uuid": str(uuid4()), "tieng": program}
    assert client.post("/binh-lu/phan-anh/gui/", hostile).status_code == 422


def test_an_official_writes_it_down_and_finds_it(
    spoken: Report, town: Commune, clerk: Client, clerk_actor: Actor
) -> None:
    actions.add_voice(spoken, SHA, actions.Piece(BytesIO(SOUND), 0, len(SOUND)), by=RESIDENT)
    here = f"/binh-lu/can-bo/phan-anh/{spoken.code}/"
    page = clerk.get(here).content.decode()
    assert "<audio" in page
    assert "chưa ai chép lời" in page
    voice = spoken.voices.get()
    said = {"voice": voice.pk, "text": "Cầu treo đứt một dây, trẻ con vẫn đi qua."}
    assert clerk.post(f"{here}chep-loi/", said).status_code == 302
    spoken.refresh_from_db()
    assert spoken.text == said["text"]
    found = queries.inbox(town, queries.InboxFilter(words="cau treo dut"), by=clerk_actor)
    assert [job.code for job in found.jobs] == [spoken.code]
    voice.refresh_from_db()
    assert (voice.transcript, voice.sha256) == (said["text"], SHA)


def test_a_transcript_can_be_mended_but_never_replaces_what_somebody_wrote(
    town: Commune, new_report: Filled, clerk_actor: Actor
) -> None:
    new = new_report(text="Mất nước.", voices=[actions.Voice(SHA, 7)])
    report = actions.receive(new, by=RESIDENT, commune=town).report
    voice = report.voices.get()
    for text in ("Mất nước ba hôm.", "Mất nước đã bốn hôm."):
        report = actions.transcribe(report, voice.pk, text, by=clerk_actor)
    voice.refresh_from_db()
    assert (report.text, voice.transcript) == ("Mất nước.", "Mất nước đã bốn hôm.")
    assert ReportEvent.objects.filter(report=report, kind="transcribe").count() == 2
    with pytest.raises(GuardRefused):
        actions.transcribe(report, voice.pk, "  ", by=clerk_actor)
    with pytest.raises(NotFound):
        actions.transcribe(report, voice.pk + 999, "Lời", by=clerk_actor)


def test_nobody_but_sender_and_officials_hears_it(
    spoken: Report, client: Client, clerk: Client
) -> None:
    actions.add_voice(spoken, SHA, actions.Piece(BytesIO(SOUND), 0, len(SOUND)), by=RESIDENT)
    assert "<audio" not in client.get(f"/binh-lu/phan-anh/{spoken.code}/").content.decode()
    path = f"/binh-lu/tep/{SHA}/tieng-noi.webm"
    assert client.get(path).status_code == 404
    assert clerk.get(path).status_code == 200
