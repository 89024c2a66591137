"""Everything that changes attachments."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from xaso.kernel.attachments import developing, workshop
from xaso.kernel.attachments.formats import names, notes, pictures, recordings, whole
from xaso.kernel.attachments.formats.boxes import Box, refuse_wrong_boxes
from xaso.kernel.attachments.models import Attachment, Kind, Rendition, State
from xaso.kernel.attachments.refusals import (
    BY_CODE,
    BrokenFile,
    HashMismatch,
    NotAPicture,
    NotARecording,
    NotReady,
    OriginalGone,
    TooManyPixels,
    WrongType,
)
from xaso.kernel.attachments.stores import choosing, receiving
from xaso.kernel.attachments.stores.receiving import Key, Received, Upload
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

_MB = 1024 * 1024
PHOTO, PDF, OFFICE, AUDIO = 15 * _MB, 30 * _MB, 20 * _MB, 25 * _MB
PIXELS = 50_000_000
POSITION_KEPT = timedelta(days=30)  # what the camera noted, unless a room took it over
PART_KEPT = timedelta(hours=48)
_OFFICE_START = b"PK\x03\x04"
_INSERT = """
    INSERT INTO attachments_attachment (commune_id, sha256, kind, media_type, bytes, width, height,
        original_name, state, refusal, is_public, has_avif, keeps_original, position, taken_at,
        received_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '', false, false, false, '', '', %s)
    ON CONFLICT (commune_id, sha256) DO NOTHING RETURNING *
"""


def store_photo(
    upload: Upload, *, name: str, commune: Commune | UUID, by: Actor, expected_sha256: str = ""
) -> Attachment:
    """Keep a photo privately and have it developed by a job; the same bytes again are one photo.

    Only the header and the structure are read here (type, size in pixels, whether it is there to
    its end), so that a request costs a hash and a file.
    A photo may carry the extension of another kind of picture, since phones and chat programs
    rename them, but not that of anything else.
    Refuses with EmptyFile, TooBig (15 MB), NotAPicture, TooManyPixels (50 million), BrokenFile,
    HashMismatch, NoSpace; and as at the first time when these bytes were refused before.
    """
    with receiving.received(upload, limit=PHOTO) as file:
        _refuse_other_bytes(file, expected_sha256)
        header = _header(file.path, name)
        new = Attachment(
            commune_id=_key(commune),
            sha256=file.sha256,
            kind=Kind.PHOTO,
            media_type=header.media_type,
            bytes=file.bytes,
            width=header.width,
            height=header.height,
            original_name=names.cleaned(name, header.media_type),
            state=State.RECEIVED,
        )
        return _recorded(new, file, by=by, task="attachments.develop")


def store_document(
    upload: Upload, *, name: str, commune: Commune | UUID, by: Actor, expected_sha256: str = ""
) -> Attachment:
    """Keep a PDF, DOCX, XLSX, ODT, ODS or CSV as it came, after the sandbox looked through it.

    Refuses with EmptyFile, TooBig (PDF 30 MB, others 20 MB), WrongType (also when the name says
    another type), BrokenFile, LockedFile, TooManyPages, DangerousDocument, HashMismatch, NoSpace.
    """
    limit = PDF if names.extension(name) == "pdf" else OFFICE
    with receiving.received(upload, limit=limit) as file:
        _refuse_other_bytes(file, expected_sha256)
        with file.path.open("rb") as content:
            media_type = _document_type(content, name)
        if names.extension(name) not in names.EXTENSIONS.get(media_type, ()):
            raise WrongType
        return _recorded(_plain(Kind.DOCUMENT, media_type, name, commune, file), file, by=by)


def store_recording(
    upload: Upload, *, name: str, commune: Commune | UUID, by: Actor, expected_sha256: str = ""
) -> Attachment:
    """Keep a sound recording (MP3, M4A, Ogg, WebM, WAV), known by its first bytes.

    What the recorder wrote beside the sound is blanked, so its digest is no longer that of the
    upload; the same upload becomes the same file. Refuses with EmptyFile, TooBig (25 MB),
    NotARecording, HashMismatch, NoSpace.
    """
    with receiving.received(upload, limit=AUDIO) as file:
        _refuse_other_bytes(file, expected_sha256)
        with file.path.open("rb") as content:
            media_type = recordings.media_type(content, file.bytes)
        if names.extension(name) not in names.EXTENSIONS.get(media_type, ()):
            raise NotARecording
        clean = replace(file, sha256=notes.blanked(file.path, media_type))
        return _recorded(_plain(Kind.AUDIO, media_type, name, commune, clean), clean, by=by)


@transaction.atomic
def keep_original(photo: Attachment, *, by: Actor) -> Attachment:
    """Keep the photo as it came, as evidence for officials, beside its clean picture.

    Refuses with OriginalGone once the photo was developed without it.
    """
    photo = Attachment.objects.select_for_update().get(pk=photo.pk)
    if not photo.keeps_original and photo.state != State.RECEIVED:
        raise OriginalGone
    photo.keeps_original = True
    photo.save(update_fields=["keeps_original"])
    audit.record("attachments.original_kept", photo, by=by, commune=photo.commune_id)
    return photo


@transaction.atomic
def publish(attachment: Attachment, *, by: Actor) -> Attachment:
    """Let everyone see the file; a photo shows as soon as it is developed.

    Refuses with NotReady when the file could not be read.
    """
    attachment = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if attachment.state == State.REFUSED:
        raise NotReady
    return _shown(attachment, by=by, to_all=True)


@transaction.atomic
def hide(attachment: Attachment, *, by: Actor) -> Attachment:
    """Take the file back from the public; officials keep seeing it."""
    return _shown(Attachment.objects.select_for_update().get(pk=attachment.pk), by=by, to_all=False)


@transaction.atomic
def blur(photo: Attachment, boxes: Sequence[Box], *, by: Actor) -> Attachment:
    """Return a new photo in which the boxes of a developed one will be burned, by a job.

    `boxes` are x, y, width, height in thousandths of the picture. The new photo is private, has an
    address nobody knew, and all its sizes are made anew; the first one stays as it is.
    Refuses with NotReady (not developed, or itself blurred), NoBoxes.
    """
    if photo.kind != Kind.PHOTO or photo.state != State.READY or photo.source_id:
        raise NotReady
    refuse_wrong_boxes(boxes)
    made = Attachment.objects.create(
        commune_id=photo.commune_id,
        sha256=token_hex(32),
        kind=Kind.PHOTO,
        media_type="image/jpeg",
        bytes=0,
        width=photo.width,
        height=photo.height,
        received_at=clock.now(),
        source=photo,
        boxes=[list(box) for box in boxes],
    )
    changes = {"boxes": len(boxes), "of": photo.sha256}
    audit.record("attachments.blurred", made, by=by, commune=made.commune_id, changes=changes)
    _put_off("attachments.develop", made)
    return made


@transaction.atomic
def erase(attachment: Attachment, *, by: Actor) -> None:
    """Drop a file with all its pictures and its row; what is shared with another row stays.

    For what must not be kept (sealed, too old). The bytes go once the transaction is committed.
    """
    found = Attachment.objects.select_for_update().filter(pk=attachment.pk).first()
    if found is None:
        return
    for derived in found.derived.all():
        erase(derived, by=by)
    made = [rendition.sha256 for rendition in found.renditions.all()]
    key = Key(found.commune_id, found.sha256)
    audit.record("attachments.erased", found, by=by, commune=found.commune_id)
    found.delete()
    still = Rendition.objects.filter(commune=key.commune, sha256__in=made)
    shared = set(still.values_list("sha256", flat=True))
    for gone in (key, *(Key(key.commune, sha, "made") for sha in set(made) - shared)):
        transaction.on_commit(partial(choosing.store().drop, gone))


def process(photo: Attachment, work: workshop.Work | None = None) -> Attachment:
    """Develop a received photo now: clean pictures are kept, the upload is dropped.

    A photo that cannot be read is marked refused, with the reason; nothing is raised. Developing
    twice changes nothing. `work` is what the sandbox made of the same bytes before, if it did.
    """
    if photo.kind != Kind.PHOTO or photo.state != State.RECEIVED:
        return photo
    try:
        work = work or developing.developed(photo)
    except Refusal as refusal:
        return _refused(photo, refusal.code)
    return _finished(photo, work)


def forget() -> None:
    """Forget in every commune what cameras noted 30 days ago, and uploads that no row needs.

    Such uploads are what killed processes and undone transactions left, after two days.
    """
    before = clock.now() - POSITION_KEPT
    for commune in places.communes():
        with tenancy.inside(commune.id):
            forget_notes(commune.id, before)
            _drop_unneeded(commune.id)
    receiving.sweep(PART_KEPT)


def noted(commune: UUID, before: datetime) -> QuerySet[Attachment]:
    """Return the photos received before a moment of which we still hold what the camera noted."""
    rows = Attachment.objects.filter(commune=commune, received_at__lt=before, keeps_original=False)
    return rows.exclude(position=b"", taken_at=b"")


def forget_notes(commune: UUID, before: datetime) -> int:
    """Forget what cameras noted in photos received before a moment; return of how many."""
    return noted(commune, before).update(position="", taken_at="")


def _key(commune: Commune | UUID) -> UUID:
    return commune.id if isinstance(commune, Commune) else commune


def _refuse_other_bytes(file: Received, expected_sha256: str) -> None:
    if expected_sha256 and expected_sha256.lower() != file.sha256:
        raise HashMismatch


def _header(path: Path, name: str) -> pictures.Header:
    """Return the header of a photo we take."""
    with path.open("rb") as content:
        header = pictures.header(content)
    given = names.extension(name)
    if header is None or (given and given not in names.PICTURES):
        raise NotAPicture
    if not header.width or not header.height:
        raise BrokenFile
    if header.width * header.height > PIXELS:
        raise TooManyPixels
    if not whole.is_whole(path, header.media_type):
        with path.open("rb") as content:  # cut short, or only odd: the sandbox has the last word
            workshop.opened("picture", content)
    return header


def _document_type(content: BinaryIO, name: str) -> str:
    """Return the media type of a document that the sandbox found harmless."""
    start = content.read(5)
    content.seek(0)
    if start == b"%PDF-":
        kind = "pdf"
    elif start[:4] == _OFFICE_START:
        kind = "office"
    elif names.extension(name) == "csv":
        kind = "csv"
    else:
        raise WrongType
    return str(workshop.opened(kind, content).facts["media_type"])


def _plain(
    kind: Kind, media_type: str, name: str, commune: Commune | UUID, file: Received
) -> Attachment:
    """Return the row of a file that is kept as it came."""
    return Attachment(
        commune_id=_key(commune),
        sha256=file.sha256,
        kind=kind,
        media_type=media_type,
        bytes=file.bytes,
        original_name=names.cleaned(name, media_type),
        state=State.READY,
    )


def _recorded(new: Attachment, file: Received, *, by: Actor, task: str = "") -> Attachment:
    """Keep the file, then write its row and what follows; or return the row that was there.

    File first: a full disk refuses before the database was touched, and no savepoint is needed.
    """
    key, store = Key(new.commune_id, new.sha256), choosing.store()
    store.keep(file.path, key)
    with transaction.atomic(savepoint=False):
        found = list(Attachment.objects.raw(_INSERT, _values(new)))
        if found:
            _said(found[0], by=by)
            if task:
                _put_off(task, found[0])
            return found[0]
        known = Attachment.objects.get(commune=new.commune_id, sha256=new.sha256)
    if known.state != State.RECEIVED and known.kind == Kind.PHOTO and not known.keeps_original:
        store.drop(key)  # developed before: the upload is not needed
    if known.state == State.REFUSED:
        raise BY_CODE.get(known.refusal, BrokenFile)
    return known


def _values(new: Attachment) -> list[object]:
    said = (new.kind, new.media_type, new.bytes, new.width, new.height, new.original_name)
    return [new.commune_id, new.sha256, *said, new.state, clock.now()]


def _said(file: Attachment, *, by: Actor) -> None:
    changes = {"sha256": file.sha256, "media_type": file.media_type, "bytes": file.bytes}
    audit.record("attachments.received", file, by=by, commune=file.commune_id, changes=changes)


def _put_off(task: str, photo: Attachment) -> None:
    jobs.later(task, commune=photo.commune_id, key=str(photo.pk), args={"attachment": photo.pk})


def _drop_unneeded(commune: UUID) -> None:
    """Drop uploads of a commune that no row needs: none is there, or it was developed without."""
    needed = Attachment.objects.filter(commune=commune).exclude(
        kind=Kind.PHOTO, keeps_original=False, state__in=(State.READY, State.REFUSED)
    )
    for sha256 in choosing.store().uploads(commune, clock.now() - PART_KEPT):
        if not needed.filter(sha256=sha256).exists():
            choosing.store().drop(Key(commune, sha256))


def _shown(attachment: Attachment, *, by: Actor, to_all: bool) -> Attachment:
    if attachment.is_public == to_all:
        return attachment
    attachment.is_public = to_all
    attachment.save(update_fields=["is_public"])
    action = "attachments.published" if to_all else "attachments.hidden"
    audit.record(action, attachment, by=by, commune=attachment.commune_id)
    return attachment


@transaction.atomic
def _refused(photo: Attachment, code: str) -> Attachment:
    photo = Attachment.objects.select_for_update().get(pk=photo.pk)
    if photo.state != State.RECEIVED:
        return photo
    photo.state, photo.refusal, photo.is_public = State.REFUSED, code, False
    photo.save(update_fields=["state", "refusal", "is_public"])
    audit.record(
        "attachments.refused", photo, by=SYSTEM, commune=photo.commune_id, changes={"code": code}
    )
    _drop_later(photo)
    return photo


@transaction.atomic
def _finished(photo: Attachment, work: workshop.Work) -> Attachment:
    """Keep the clean pictures and what the camera noted, then drop the upload."""
    photo = Attachment.objects.select_for_update().get(pk=photo.pk)
    if photo.state != State.RECEIVED:
        return photo
    facts = work.facts
    Rendition.objects.bulk_create(
        Rendition(
            commune_id=photo.commune_id,
            attachment=photo,
            sha256=choosing.put(body, photo.commune_id),
            bytes=len(body),
            **said,
        )
        for said, body in zip(facts["parts"], work.bodies, strict=True)
    )
    for name in ("width", "height", "phash", "has_avif", "position", "taken_at"):
        setattr(photo, name, facts[name])
    photo.state = State.READY
    photo.save()
    audit.record("attachments.developed", photo, by=SYSTEM, commune=photo.commune_id)
    if not photo.keeps_original:
        _drop_later(photo)
    return photo


def _drop_later(photo: Attachment) -> None:
    """Drop the upload once the row that no longer needs it is committed."""
    transaction.on_commit(partial(choosing.store().drop, Key(photo.commune_id, photo.sha256)))
