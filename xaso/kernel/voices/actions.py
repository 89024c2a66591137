"""Keep and drop recordings of sentences."""

from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.voices import queries, sentences
from xaso.kernel.voices.models import Clip
from xaso.kernel.working_time import clock

LARGEST = 1024 * 1024  # a minute of speech is a tenth of it


class ClipTooLong(Invalid):
    """A recording far longer than a sentence."""

    sentence = _("Bản thu dài quá. Mỗi câu chỉ cần vài giây, bác thu lại ngắn hơn giúp.")


@transaction.atomic
def keep_clip(key: str, lang: str, recording: BinaryIO, *, by: Actor, commune: Commune) -> Clip:
    """Keep a recording as the clip of a sentence in a language; it takes an older one's place.

    Everybody may hear it from then on. Refuses with NotFound (no such sentence or language),
    ClipTooLong (over 1 MB), and as `attachments.store_recording` does.
    """
    sentence = sentences.known().get(key)
    if sentence is None or lang not in sentences.LANGUAGES:
        raise NotFound
    if recording.seek(0, 2) > LARGEST:
        raise ClipTooLong
    recording.seek(0)
    name = _name(recording, key, lang)
    stored = attachments.store_recording(recording, name=name, commune=commune, by=by)
    attachments.publish(stored, by=by)
    facts = {
        "said": sentence.vietnamese,
        "recording": stored,
        "recorded_by_id": int(by.id),
        "recorded_at": clock.now(),
    }
    clip, _new = Clip.objects.update_or_create(commune=commune, key=key, lang=lang, defaults=facts)
    changes = {"key": key, "lang": lang, "sha256": stored.sha256}
    audit.record("voices.clip_kept", clip, by=by, commune=commune.id, changes=changes)
    queries.forget(commune.id)
    return clip


@transaction.atomic
def drop_clip(key: str, lang: str, *, by: Actor, commune: Commune) -> None:
    """Take a clip away; its file stays, private. Refuses with NotFound."""
    rows = Clip.objects.select_related("recording").select_for_update(of=("self",))
    clip = rows.filter(commune=commune, key=key, lang=lang).first()
    if clip is None:
        raise NotFound
    attachments.hide(clip.recording, by=by)
    audit.record("voices.clip_dropped", clip, by=by, commune=commune.id)
    clip.delete()
    queries.forget(commune.id)


def _name(recording: BinaryIO, key: str, lang: str) -> str:
    """Return a file name with the ending of what the bytes are."""
    start = recording.read(12)
    recording.seek(0)
    endings = ((b"OggS", "ogg"), (b"\x1aE\xdf\xa3", "webm"), (b"RIFF", "wav"))
    ending = next((name for mark, name in endings if start.startswith(mark)), "")
    if not ending:
        ending = "m4a" if start[4:8] == b"ftyp" else "mp3"
    return f"{key}-{lang}.{ending}"
