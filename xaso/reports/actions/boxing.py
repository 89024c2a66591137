"""Move everything a report says into the sealed store, and back: words, contact, place, photos."""

import json
from base64 import b64decode, b64encode
from typing import Any

from django.db import connection
from django.db.models import Q

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import queries as files
from xaso.kernel.attachments.models import Attachment, State
from xaso.kernel.audit.actors import Actor
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, history, searching
from xaso.reports.models import (
    Answer,
    Approval,
    ClockEntry,
    DuplicateSuggestion,
    Feedback,
    Follower,
    Forward,
    Help,
    PartnerMedia,
    PartnerReport,
    Photo,
    Report,
    Reporter,
    ReportEvent,
    ReportTask,
    SealedContent,
    SealedPhoto,
    Visibility,
    VoiceNote,
    Wording,
)

_REDACT = "SELECT reports_redact(%s, %s::jsonb, %s)"
# What says where it is, what was answered, who helped: sealed with the words.
_EMPTY: dict[str, Any] = {
    "landmark": "", "km_post": "", "lat": None, "lon": None, "accuracy_m": None,
    "point_source": "none", "village_id": None, "answers": {}, "helper_id": None,
    "consent_id": None, "is_on_behalf": False,
}  # fmt: skip
# Never needed again: they lead to the sender's device, or to the public.
_GONE: dict[str, Any] = {
    "public_text": "", "cover": "", "public_lat": None, "public_lon": None,
    "public_precision_m": None, "device_hash": "", "ip_prefix_hash": "", "unit": None,
    "assignee": None, "answer": None, "outcome": "", "reason_code": "", "follower_count": 0,
    "answered_at": None, "closed_at": None, "objection_until": None, "parent": None,
    "wording": Wording.PENDING, "worded_by": "", "worded_at": None, "masks": [],
    "look_since": None,
}  # fmt: skip
CONTACT = ("name", "phone", "email", "zalo_user", "browser", "preferred", "is_anonymous")


def box(report: Report, *, by: Actor) -> SealedContent:
    """Seal a locked report: its row keeps code, stream and dates; the caller saves it."""
    papers = {
        "contact": _contact(report.reporter),
        "place": {name: getattr(report, name) for name in _EMPTY},
        "village": report.village.full_name if report.village else "",
        "category": report.category_id,
        **_papers(report),
    }
    content = SealedContent.objects.create(
        commune_id=report.commune_id,
        report=report,
        text=report.text or "",
        papers=json.dumps(papers, ensure_ascii=False, default=str),
        sealed_at=clock.now(),
    )
    _empty(report)
    redact(report, "sealed")
    _drop_around(report, by)
    take_photos(report, by=by)
    take_voices(report, by=by)
    return content


def unbox(report: Report, *, by: Actor) -> None:
    """Give a locked report its words, contact, place and photos back; history stays sealed."""
    content = SealedContent.objects.get(report=report)
    papers = json.loads(content.papers)
    report.text = content.text
    report.visibility = Visibility.PENDING
    for name, value in papers["place"].items():
        setattr(report, name, value)
    contact = papers["contact"]
    if any(contact.get(name) for name in ("name", "phone", "email")):
        report.reporter = Reporter.objects.create(
            commune_id=report.commune_id, created_at=clock.now(), **contact
        )
    content.delete()
    for kept in SealedPhoto.objects.filter(report=report):
        _give_back(report, kept, by)
    SealedPhoto.objects.filter(report=report).delete()


def erase(report: Report) -> None:
    """Drop what was sealed: it is in the police's hands or in the paper file now."""
    SealedContent.objects.filter(report=report).delete()
    SealedPhoto.objects.filter(report=report).delete()
    Photo.objects.filter(report=report).delete()
    VoiceNote.objects.filter(report=report).delete()


def redact(report: Report, mark: str) -> None:
    """Take the words out of a report's history, clock and answers; the chain of hashes holds."""
    lines = ReportEvent.objects.filter(report=report, digests="")
    digests = {str(line.seq): history.digests(line) for line in lines}
    with connection.cursor() as cursor:
        cursor.execute(_REDACT, [report.pk, json.dumps(digests), mark])


def take_photos(report: Report, *, by: Actor) -> None:
    """Move the photos that are here into the sealed store; announced ones follow on arrival."""
    rows = Photo.objects.filter(report=report, attachment__isnull=False)
    for photo in rows.select_related("attachment", "public_file").order_by("order", "id"):
        assert photo.attachment is not None  # noqa: S101  (filtered above)
        keep_photo(report, photo.sha256, photo.attachment, by=by)
        photo.delete()
        if photo.public_file is not None and photo.public_file.source_id:
            attachments.erase(photo.public_file, by=by)
        _drop(photo.attachment, by)


def keep_photo(report: Report, sha256: str, attachment: Attachment, *, by: Actor) -> None:
    """Keep one photo of a sealed report as sealed bytes."""
    ready = attachments.process(attachment)
    if ready.state != State.READY:
        return
    largest = ready.renditions.filter(media_type="image/jpeg").order_by("-step").first()
    if largest is None:
        return
    _keep(report, sha256, files.clean_content(largest), "image/jpeg")


def take_voices(report: Report, *, by: Actor) -> None:
    """Move the recordings that are here into the sealed store; announced ones follow."""
    rows = VoiceNote.objects.filter(report=report, attachment__isnull=False)
    for voice in rows.select_related("attachment").order_by("order", "id"):
        assert voice.attachment is not None  # noqa: S101  (filtered above)
        _keep(report, voice.sha256, files.content(voice.attachment), voice.attachment.media_type)
        voice.delete()
        _drop(voice.attachment, by)


def _keep(report: Report, sha256: str, body: bytes, media_type: str) -> None:
    SealedPhoto.objects.get_or_create(
        report=report,
        sha256=sha256,
        defaults={
            "commune_id": report.commune_id,
            "order": SealedPhoto.objects.filter(report=report).count(),
            "media_type": media_type,
            "body": b64encode(body).decode(),
            "sealed_at": clock.now(),
        },
    )


def _papers(report: Report) -> dict[str, Any]:
    """Return the words that stand in other rows of the report."""
    return {
        "events": [
            [e.seq, e.kind, e.public_text, e.internal_text, e.payload]
            for e in ReportEvent.objects.filter(report=report, digests="").order_by("seq")
        ],
        "clock": list(
            ClockEntry.objects.filter(report=report).exclude(text="").values_list("id", "text")
        ),
        "answers": list(Answer.objects.filter(report=report).values_list("sequence", "text")),
        "forwards": list(
            Forward.objects.filter(report=report).values_list("body__name", "asked", "reply_text")
        ),
        "tasks": list(ReportTask.objects.filter(report=report).values_list("kind", "text")),
        "media": list(PartnerMedia.objects.filter(report=report).values_list("url", flat=True)),
        "partner": list(
            PartnerReport.objects.filter(report=report).values_list("extra", flat=True)
        ),
        "helped": list(Help.objects.filter(report=report).values_list("helper", flat=True)),
        "spoken": list(
            VoiceNote.objects.filter(report=report)
            .exclude(transcript="")
            .values_list("order", "transcript")
        ),
        "approvals": list(
            Approval.objects.filter(report=report).values_list("kind", "order", "answer")
        ),
        "ratings": list(
            Feedback.objects.filter(report=report).exclude(text="").values_list("score", "text")
        ),
        "ratings_said": list(
            Feedback.objects.filter(report=report)
            .exclude(transcript="")
            .values_list("score", "transcript")
        ),
    }


def _drop_around(report: Report, by: Actor) -> None:
    """Drop what other tables say about the report: it is among the sealed papers now."""
    Forward.objects.filter(report=report).delete()
    ReportTask.objects.filter(report=report).delete()
    DuplicateSuggestion.objects.filter(Q(report=report) | Q(other=report)).delete()
    PartnerMedia.objects.filter(report=report).delete()
    Help.objects.filter(report=report).delete()
    Approval.objects.filter(report=report).delete()
    PartnerReport.objects.filter(report=report).update(extra="")
    for rating in Feedback.objects.filter(report=report).select_related("photo", "voice"):
        files = [file for file in (rating.photo, rating.voice) if file is not None]
        rating.photo, rating.voice, rating.text, rating.transcript = None, None, "", ""
        rating.save(update_fields=["photo", "voice", "text", "transcript"])
        for file in files:
            _drop(file, by)


def _contact(reporter: Reporter | None) -> dict[str, Any]:
    return {name: getattr(reporter, name) for name in CONTACT} if reporter else {}


def _empty(report: Report) -> None:
    """Take the words out of the row itself, and out of search."""
    reporter, report.reporter = report.reporter, None
    report.text, report.visibility = None, Visibility.SEALED
    for name, value in (_EMPTY | _GONE).items():
        setattr(report, name, value)
    searching.index(report, catalogue.of(report.commune_id).name(report.category_id))
    Report.objects.filter(pk=report.pk).update(reporter=None)
    if reporter is None:
        return
    Follower.objects.filter(report=report, reporter=reporter).update(reporter=None)
    others = Report.objects.filter(reporter=reporter).exists()
    if not others and not Follower.objects.filter(reporter=reporter).exists():
        reporter.delete()


def _drop(attachment: Attachment, by: Actor) -> None:
    """Erase the file itself, unless another report of the commune has the very same photo."""
    used = Photo.objects.filter(attachment=attachment).exists()
    if not used and not VoiceNote.objects.filter(attachment=attachment).exists():
        attachments.erase(attachment, by=by)


def _give_back(report: Report, kept: SealedPhoto, by: Actor) -> None:
    common = {"commune_id": report.commune_id, "report": report, "sha256": kept.sha256}
    common |= {"order": kept.order, "created_at": clock.now()}
    if kept.is_sound:
        ending = kept.media_type.rpartition("/")[2].replace("mpeg", "mp3").replace("mp4", "m4a")
        sound = attachments.store_recording(
            b64decode(kept.body), name=f"tieng-noi.{ending}", commune=report.commune_id, by=by
        )
        VoiceNote.objects.create(attachment=sound, state=VoiceNote.State.RECEIVED, **common)
        return
    stored = attachments.store_photo(
        b64decode(kept.body), name=f"{kept.sha256[:12]}.jpg", commune=report.commune_id, by=by
    )
    Photo.objects.create(
        attachment=stored, state=Photo.State.RECEIVED, bytes=stored.bytes, **common
    )
