"""Somebody says what they think of an answer instead of writing it: for officials alone."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.attachments.tests import sounds
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions, invitations, rulebook
from xaso.reports.actions import retaining, wiping
from xaso.reports.models import Feedback, Report, SealedContent, State
from xaso.reports.tests.conftest import MONDAY, RESIDENT
from xaso.reports.tests.test_work_on_a_report import answering

pytestmark = pytest.mark.django_db
DESK = "/binh-lu/can-bo/phan-anh/"
SOUND = sounds.webm(bytes(2_000), app=b"May cua Bia")


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def answered(report: Report, unit: Unit, clerk_actor: Actor, head_actor: Actor) -> Report:
    report = actions.accept(report, actions.Accepting(unit_id=unit.pk), by=clerk_actor)
    return actions.answer(report, answering(), by=head_actor)


@pytest.fixture
def door(answered: Report) -> str:
    """The link of the notice."""
    token = invitations.token(answered.code, answered.answer_id)
    return f"/binh-lu/phan-anh/{answered.code}/danh-gia/{token}/"


def _spoken(content: bytes = SOUND) -> SimpleUploadedFile:
    return SimpleUploadedFile("ghi-am.webm", content, "audio/webm")


@pytest.mark.parametrize(("face", "word"), [("2", {"score": "2"}), ("0", {"noi_them": "1"})])
def test_after_a_face_somebody_may_speak(
    client: Client, door: str, face: str, word: dict[str, str]
) -> None:
    assert "data-thu-am" not in client.get(door).content.decode()
    client.post(door, {"score": face})
    page = client.get(door).content.decode()
    assert page.count("data-thu-am") == 1
    assert "web/record" in page
    said = client.post(door, word | {"tieng": _spoken(), "tieng-giay": "9"}, follow=True)
    assert "Chỉ cán bộ xã nghe" in said.content.decode()
    row = Feedback.objects.get()
    assert (row.score, row.voice_seconds) == (int(face), 9)
    assert row.voice is not None
    assert not row.voice.is_public


def test_what_is_no_sound_or_has_no_face_is_said_and_nothing_kept(
    client: Client, door: str
) -> None:
    reply = client.post(door, {"score": "2", "tieng": _spoken(b"<html>")}, follow=True)
    assert not Feedback.objects.exists()
    assert 'class="note' in reply.content.decode() or "msg" in reply.content.decode()
    reply = client.post(door, {"tieng": _spoken()}, follow=True)
    assert "Bà con chọn một khuôn mặt." in reply.content.decode()
    long = client.post(door, {"score": "2", "tieng": _spoken(), "tieng-giay": "121"}, follow=True)
    assert "dài quá 2 phút" in long.content.decode()
    assert not Feedback.objects.exists()


@pytest.fixture
def spoken(answered: Report) -> Feedback:
    stored = actions.store_voice(_spoken(), commune=answered.commune, by=RESIDENT)
    voice = actions.Voice(stored.sha256, 9, stored)
    actions.rate(answered, actions.Rating(1, voice=voice), by=RESIDENT)
    return Feedback.objects.get()


def test_an_official_hears_it_and_writes_it_down(
    spoken: Feedback, client: Client, official: Callable, client_of: Callable
) -> None:
    town, code = spoken.commune, spoken.report.code
    clerk = client_of(official("one_stop_clerk", town))
    page = clerk.get(f"{DESK}{code}/").content.decode()
    address = page.split("Lời nói kèm đánh giá")[1].split('src="')[1].split('"')[0]
    assert clerk.get(address).status_code == 200
    assert client.get(address).status_code == 404
    here = f"{DESK}{code}/loi-danh-gia/{spoken.pk}/"
    assert "ghi lại lời nói" in clerk.post(here, {"text": " "}, follow=True).content.decode()
    told = clerk.post(here, {"text": "Cảm ơn xã, đường đã đi được."}, follow=True)
    assert "Cảm ơn xã, đường đã đi được." in told.content.decode()
    assert clerk.post(f"{DESK}{code}/loi-danh-gia/9999999/", {"text": "x"}).status_code == 404
    team = client_of(official("village_head", town))
    assert team.post(here, {"text": "x"}).status_code == 403
    assert client.post(here, {"text": "x"}).status_code == 302  # to the sign-in
    public = client.get(f"/binh-lu/phan-anh/{code}/").content.decode()
    assert "đường đã đi được" not in public
    assert address not in public


def test_a_new_recording_takes_the_place_and_its_words_with_it(
    spoken: Feedback, clerk_actor: Actor
) -> None:
    report = spoken.report
    actions.transcribe_rating(report, spoken.pk, "Được rồi.", by=clerk_actor)
    other = actions.store_voice(_spoken(sounds.webm(b"other")), commune=report.commune, by=RESIDENT)
    actions.rate(
        report, actions.Rating(1, voice=actions.Voice(other.sha256, 3, other)), by=RESIDENT
    )
    row = Feedback.objects.get()
    assert (row.voice, row.transcript, row.transcribed_by) == (other, "", None)
    actions.rate(report, actions.Rating(1, text="Thêm."), by=RESIDENT)
    assert Feedback.objects.get().voice == other


def test_it_goes_with_the_other_recordings(spoken: Feedback, town: Commune) -> None:
    spoken.report.refresh_from_db()
    assert spoken.report.state == State.CLOSED
    when = retaining.When(town.id, rulebook.of(town.id), clock.now())
    assert not retaining.BY_KEY["retain.voice"].due(when).exists()
    with clock.at(MONDAY + timedelta(days=500)):
        when = retaining.When(town.id, rulebook.of(town.id), clock.now())
        assert spoken.report in retaining.BY_KEY["retain.voice"].due(when)
        file = spoken.voice_id
        wiping.drop_voices(spoken.report, by=SYSTEM)
    assert not Attachment.objects.filter(pk=file).exists()
    assert Feedback.objects.get().score == 1


def test_a_report_that_is_sealed_keeps_no_voice_outside(
    spoken: Feedback, clerk_actor: Actor
) -> None:
    actions.transcribe_rating(spoken.report, spoken.pk, "Lời riêng.", by=clerk_actor)
    file = spoken.voice_id
    actions.seal(spoken.report, "denunciation", by=clerk_actor)
    row = Feedback.objects.get()
    assert (row.voice, row.transcript) == (None, "")
    assert not Attachment.objects.filter(pk=file).exists()
    assert SealedContent.objects.filter(report=spoken.report).exists()
    with pytest.raises(NotFound):
        actions.transcribe_rating(spoken.report, spoken.pk, "x", by=clerk_actor)


def test_nothing_is_written_down_without_words(spoken: Feedback, clerk_actor: Actor) -> None:
    with pytest.raises(Invalid):
        actions.transcribe_rating(spoken.report, spoken.pk, "  ", by=clerk_actor)
