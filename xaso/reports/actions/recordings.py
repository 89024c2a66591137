"""Voice notes of a report: those that come after the words, and what is written down from them."""

from collections.abc import Sequence
from io import BytesIO
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.text import clean_text
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, searching
from xaso.reports.actions import apart, boxing, photographs, steps
from xaso.reports.actions.given import NewReport, Voice
from xaso.reports.actions.photographs import NotAnnounced, Piece, Progress
from xaso.reports.history import Said
from xaso.reports.models import Feedback, Report, SealedPhoto, VoiceNote
from xaso.reports.models.recordings import LARGEST, LONGEST, MOST_VOICES


class TooLongToHear(Invalid):
    """A recording of more than two minutes, or larger than one can be."""

    sentence = _("Bản thu dài quá 2 phút. Bà con nói ngắn lại, hoặc chia làm hai lần gửi giúp.")


def store_voice(
    recording: BinaryIO, *, commune: Commune, by: Actor, expected_sha256: str = ""
) -> Attachment:
    """Keep a recording privately, known by its bytes.

    Refuses with TooLongToHear, and as `attachments.store_recording` does.
    """
    size = recording.seek(0, 2)
    recording.seek(0)
    if size > LARGEST:
        raise TooLongToHear
    name = f"tieng-noi.{_ending(recording)}"
    return attachments.store_recording(
        recording, name=name, commune=commune, by=by, expected_sha256=expected_sha256
    )


def rows(new: NewReport, report: Report) -> list[VoiceNote]:
    """Return one row per voice note of a new report: here already, or announced."""
    return [
        VoiceNote(
            commune_id=report.commune_id,
            attachment=voice.attachment,
            sha256=voice.sha256,
            state=VoiceNote.State.RECEIVED if voice.attachment else VoiceNote.State.EXPECTED,
            seconds=min(voice.seconds, LONGEST),
            lang=report.lang,
            order=order,
            created_at=report.received_at,
        )
        for order, voice in enumerate(new.voices)
    ]


def faults(voices: Sequence[Voice]) -> list[str]:
    """Return what is wrong with the voice notes of a new report."""
    if len(voices) > MOST_VOICES:
        return [str(_("Nhiều nhất 2 bản thu. Bà con bỏ bớt giúp."))]
    if any(voice.seconds > LONGEST for voice in voices):
        return [str(TooLongToHear.sentence)]
    return []


@transaction.atomic
def add_voice(report: Report, sha256: str, piece: Piece, *, by: Actor) -> Progress:
    """Take a piece of an announced voice note; the last one makes it whole and stores it.

    Refuses with Withdrawn, NotAnnounced, Gap, TooLongToHear, and what files refuse.
    """
    current = steps.locked(report)
    photographs.refuse_if_over(current)
    if SealedPhoto.objects.filter(report=current, sha256=sha256).exists():
        return Progress(piece.total, is_whole=True, is_new=False)
    voice = VoiceNote.objects.filter(report=current, sha256=sha256).first()
    if voice is None:
        raise NotAnnounced
    if voice.state == VoiceNote.State.RECEIVED:
        return Progress(piece.total, is_whole=True, is_new=False)
    if piece.total > LARGEST:
        raise TooLongToHear

    def keep(whole: BinaryIO) -> None:
        content = BytesIO(whole.read())
        voice.attachment = store_voice(
            content, commune=report.commune, by=by, expected_sha256=sha256
        )
        voice.state = VoiceNote.State.RECEIVED
        voice.save(update_fields=["attachment", "state"])
        if current.is_sealed:
            boxing.take_voices(current, by=by)
        steps.announce(current)

    return photographs.gathered(current, sha256, piece, LARGEST, keep)


@transaction.atomic
def transcribe(
    report: Report, voice_id: int, text: str, *, by: Actor, version: int | None = None
) -> Report:
    """Write down what a recording says, also again; the recording stays.

    A report without words gets these as its words, so that it is found and read like any other;
    words somebody wrote are never replaced. Refuses with NotFound and as steps do.
    """
    written = clean_text(text)[:4_000]
    step = steps.begin(report, "transcribe", by=by, version=version, text=written)
    current = step.report
    voice = VoiceNote.objects.select_for_update().filter(report=current, pk=voice_id).first()
    if voice is None:
        raise NotFound
    was_mine = not current.is_sealed and (current.text or "") in ("", voice.transcript)
    if was_mine:
        current.text = written
        apart.keep(current)
        kinds = catalogue.of(current.commune_id)
        searching.index(current, kinds.by_id[current.category_id].plain_name)
    voice.transcript, voice.transcribed_at = written, step.now
    voice.transcribed_by_id = int(by.id)
    voice.save(update_fields=["transcript", "transcribed_by", "transcribed_at"])
    return step.finish(Said(internal=written, facts={"voice": voice.sha256}), tells=False)


@transaction.atomic
def transcribe_rating(report: Report, key: int, text: str, *, by: Actor) -> Feedback:
    """Write down what somebody said beside the three faces, also again; the recording stays.

    Refuses with NotFound, and Invalid without words.
    """
    written = clean_text(text)[:4_000]
    current = steps.locked(report)
    rows = Feedback.objects.select_for_update().filter(report=current, voice__isnull=False, pk=key)
    found = rows.first()
    if found is None or current.is_sealed:
        raise NotFound
    if not written:
        raise Invalid(errors={"text": [str(_("Bác ghi lại lời nói trong bản thu."))]})
    found.transcript, found.transcribed_at = written, clock.now()
    found.transcribed_by_id = int(by.id)
    found.save(update_fields=["transcript", "transcribed_by", "transcribed_at"])
    audit.record("reports.rating_transcribed", found, by=by, commune=current.commune_id)
    return found


def _ending(recording: BinaryIO) -> str:
    """Return the file ending of what the bytes are."""
    start = recording.read(12)
    recording.seek(0)
    if start[4:8] == b"ftyp":
        return "m4a"
    marks = ((b"OggS", "ogg"), (b"\x1aE\xdf\xa3", "webm"), (b"RIFF", "wav"))
    return next((ending for mark, ending in marks if start.startswith(mark)), "mp3")
