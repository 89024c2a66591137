"""Photographs of a report: those that come after the words, and those that come with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import parts
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.attachments.stores.receiving import Upload
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Refusal
from xaso.kernel.working_time import clock
from xaso.reports.actions import boxing, steps
from xaso.reports.models import Answer, Outcome, Photo, Report, SealedPhoto, State, Visibility
from xaso.reports.models.photos import MOST_PER_ROLE


class NotAnnounced(Refusal):
    """The report does not wait for this photo and takes no more."""

    sentence = _("Phản ánh này không nhận thêm ảnh. Bà con gửi phản ánh mới giúp.")
    status = 422


class Withdrawn(Refusal):
    """The report was taken back or its content deleted: nothing more is wanted of it."""

    sentence = _("Phản ánh này đã được rút hoặc đã xóa theo quy định. Không cần gửi nữa.")
    status = 410


@dataclass(frozen=True)
class Piece:
    """Some bytes of a photo, from byte `start`; `total` is the size of the whole photo."""

    upload: Upload
    start: int
    total: int


@dataclass(frozen=True)
class Progress:
    """How much of a photo is here, whether that is all, and whether it came just now."""

    have: int
    is_whole: bool
    is_new: bool


@transaction.atomic
def add_piece(report: Report, sha256: str, piece: Piece, *, by: Actor) -> Progress:
    """Take a piece of a photo; the last one makes it whole and stores it.

    Refuses with Withdrawn, NotAnnounced, Gap (the piece does not join on), and what the
    attachments refuse of the whole. A whole that is refused is forgotten: the next try is from
    the start.
    """
    current = steps.locked(report)
    refuse_if_over(current)
    if SealedPhoto.objects.filter(report=current, sha256=sha256).exists():
        return Progress(piece.total, is_whole=True, is_new=False)
    photo = Photo.objects.filter(report=current, sha256=sha256).first()
    if photo is not None and photo.state == Photo.State.RECEIVED:
        return Progress(piece.total, is_whole=True, is_new=False)
    if photo is None and not _has_room(current):
        raise NotAnnounced

    def keep_whole(whole: BinaryIO) -> None:
        add_photo(current, sha256, whole, by=by)

    return gathered(current, sha256, piece, attachments.PHOTO, keep_whole)


def gathered(
    report: Report, sha256: str, piece: Piece, limit: int, keep_whole: Callable[[BinaryIO], None]
) -> Progress:
    """Add a piece to what is here of a file; once it is whole, keep it and drop the pieces."""
    part = part_of(report, sha256)
    have = part.append(piece.upload, at=piece.start, limit=limit)
    if have < piece.total:
        return Progress(have, is_whole=False, is_new=True)
    try:
        with part.opened() as whole:
            keep_whole(whole)
    finally:
        part.drop()
    return Progress(have, is_whole=True, is_new=True)


def part_of(report: Report, sha256: str) -> parts.Part:
    """Return where the pieces of a photo gather."""
    return parts.Part(report.commune_id, f"{report.uuid}-{sha256}")


def refuse_if_over(report: Report) -> None:
    """Refuse with Withdrawn what comes for a report that was taken back or deleted."""
    if report.outcome == Outcome.WITHDRAWN or report.anonymised_at is not None:
        raise Withdrawn


@transaction.atomic
def add_photo(report: Report, sha256: str, upload: Upload, *, by: Actor) -> tuple[Photo, bool]:
    """Store a photo that a report announced; return it and whether it is new.

    One that was not announced is taken while the report is new and has room. Refuses with
    NotAnnounced and with what the attachments refuse (too big, no picture, other bytes).
    """
    current = steps.locked(report)
    if current.is_sealed:
        return _add_sealed(current, sha256, upload, by)
    photo = Photo.objects.filter(report=current, sha256=sha256).first()
    if photo is not None and photo.state == Photo.State.RECEIVED:
        return photo, False
    if photo is None and not _has_room(current):
        raise NotAnnounced
    name = f"{sha256[:12]}"
    stored = attachments.store_photo(
        upload, name=name, commune=current.commune_id, by=by, expected_sha256=sha256
    )
    if photo is None:
        return keep(current, [stored], Photo.Role.EVIDENCE)[0], True
    photo.attachment, photo.state = stored, Photo.State.RECEIVED
    photo.save(update_fields=["attachment", "state"])
    _ask_to_look(current)
    steps.announce(current)
    return photo, True


def _add_sealed(report: Report, sha256: str, upload: Upload, by: Actor) -> tuple[Photo, bool]:
    """Take an announced photo of a sealed report straight into the sealed store."""
    photo = Photo.objects.filter(report=report, sha256=sha256, state=Photo.State.EXPECTED).first()
    if photo is None:
        known = SealedPhoto.objects.filter(report=report, sha256=sha256).exists()
        if not known:
            raise NotAnnounced
        return Photo(report=report, sha256=sha256), False
    stored = attachments.store_photo(
        upload, name=sha256[:12], commune=report.commune_id, by=by, expected_sha256=sha256
    )
    photo.attachment, photo.state = stored, Photo.State.RECEIVED
    photo.save(update_fields=["attachment", "state"])
    boxing.take_photos(report, by=by)
    return photo, True


def keep(
    report: Report, files: Sequence[Attachment], role: str, answer: Answer | None = None
) -> list[Photo]:
    """Tie stored photos to a locked report; the same photo twice stays one row."""
    known = dict(Photo.objects.filter(report=report).values_list("sha256", "id"))
    fresh = list({file.sha256: file for file in files if file.sha256 not in known}.values())
    rows = [
        Photo(
            commune_id=report.commune_id,
            report=report,
            attachment=file,
            answer=answer,
            sha256=file.sha256,
            state=Photo.State.RECEIVED,
            role=role,
            order=len(known) + number,
            bytes=file.bytes,
            created_at=clock.now(),
        )
        for number, file in enumerate(fresh)
    ]
    Photo.objects.bulk_create(rows)
    if role != Photo.Role.AFTER and rows:
        Report.objects.filter(pk=report.pk).update(photo_count=report.photo_count + len(rows))
        report.photo_count += len(rows)
        _ask_to_look(report)
    return rows


def _ask_to_look(report: Report) -> None:
    """Note that a photo came after everything else had been decided on."""
    if report.visibility != Visibility.PUBLIC or report.look_since or report.is_drill:
        return
    report.look_since = clock.now()
    Report.objects.filter(pk=report.pk).update(look_since=report.look_since)


def _has_room(report: Report) -> bool:
    count = Photo.objects.filter(report=report, role=Photo.Role.EVIDENCE).count()
    return report.state == State.NEW and count < MOST_PER_ROLE
