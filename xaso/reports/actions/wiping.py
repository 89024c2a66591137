"""Take parts of what a report holds about people away: contact, files, words, the helper's proof.

The report goes on without them. Used by what a person asks for and by the rules of retention.
"""

import json
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import queries as stored
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.models import Consent
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, history, searching
from xaso.reports.actions import exposing
from xaso.reports.models import (
    Feedback,
    Follower,
    Help,
    Photo,
    Report,
    Reporter,
    ReportEvent,
    Visibility,
    VoiceNote,
)

_REDACT = "SELECT reports_redact_said(%s, %s::jsonb, 'erased')"


def forget_sender(report: Report) -> bool:
    """Forget how a locked report's sender is reached; return whether there was anything.

    What waits to be told to them stops. The row of the person goes with the last report or
    follower that names it.
    """
    who, report.reporter = report.reporter, None
    Help.objects.filter(report=report).update(may_follow_until=None)
    if who is None:
        return False
    Report.objects.filter(pk=report.pk).update(reporter=None)
    notifications.forget_recipient(f"reporter:{who.pk}", subject=report, commune=report.commune_id)
    forget_unnamed(report.commune_id, [who.pk])
    return True


def forget_follower(follower: Follower) -> bool:
    """Forget how a follower is reached, and their device; return whether there was anything."""
    who, follower.reporter = follower.reporter, None
    had_device = bool(follower.device_hash)
    follower.device_hash, follower.check_hash, follower.check_until = "", "", None
    follower.save(update_fields=["reporter", "device_hash", "check_hash", "check_until"])
    notifications.forget_recipient(
        f"follower:{follower.pk}", subject=follower.report, commune=follower.commune_id
    )
    if who is not None:
        forget_unnamed(follower.commune_id, [who.pk])
    return had_device or who is not None


def forget_unnamed(commune: UUID, people: Iterable[int | None]) -> None:
    """Drop those of some people whom no report and no follower of the commune names any more."""
    keys = [key for key in people if key is not None]
    named = [
        *Report.objects.filter(reporter__in=keys).values_list("reporter", flat=True),
        *Follower.objects.filter(reporter__in=keys).values_list("reporter", flat=True),
    ]
    rows = Reporter.objects.filter(commune=commune, pk__in=set(keys) - set(named))
    rows._raw_delete("default")  # noqa: SLF001  (nothing names them)


def end_consent(report: Report, *, by: Actor) -> None:
    """Note that the person's agreement to be helped has ended; the record of it stays."""
    found = Consent.objects.filter(commune=report.commune_id, pk=report.consent_id or 0).first()
    if found is not None:
        identity.withdraw_consent(found, by=by)


def drop_proof(report: Report, *, by: Actor) -> int:
    """Drop the signed paper or recording of an agreement; its digest stays in the record."""
    found = Consent.objects.filter(commune=report.commune_id, pk=report.consent_id or 0).first()
    if found is None or not found.evidence:
        return 0
    file = Attachment.objects.filter(commune=report.commune_id, sha256=found.evidence).first()
    return drop_files([file] if file else [], by=by)


def drop_photos(report: Report, follower: Follower | None, *, by: Actor) -> int:
    """Drop the photos somebody sent; those the commune took afterwards stay. Return how many."""
    rows = Photo.objects.filter(report=report, follower=follower).exclude(role=Photo.Role.AFTER)
    files = [photo.attachment for photo in rows.select_related("attachment") if photo.attachment]
    rows.delete()
    if follower is None:
        said = Feedback.objects.filter(report=report, person="sender", photo__isnull=False)
        files += [each.photo for each in said.select_related("photo") if each.photo]
        said.update(photo=None)
        left = Photo.objects.filter(report=report).exclude(role=Photo.Role.AFTER).count()
        report.cover, report.photo_count = "", left
        Report.objects.filter(pk=report.pk).update(cover="", photo_count=left)
    return drop_files(files, by=by)


def drop_voices(report: Report, *, by: Actor) -> int:
    """Drop the recordings of a report and of its ratings, with what was written down from them."""
    rows = VoiceNote.objects.filter(report=report)
    files = [voice.attachment for voice in rows.select_related("attachment") if voice.attachment]
    rows.delete()
    said = Feedback.objects.filter(report=report, voice__isnull=False).select_related("voice")
    files += [each.voice for each in said if each.voice]
    said.update(voice=None, voice_seconds=0, transcript="")
    report.voice_count = 0
    Report.objects.filter(pk=report.pk).update(voice_count=0)
    return drop_files(files, by=by)


def drop_files(files: Iterable[Attachment], *, by: Actor) -> int:
    """Erase those files that nothing names any more; the same bytes may be another report's."""
    left = {each.pk: each for each in files}
    blurred = Attachment.objects.filter(source__in=list(left))
    left |= {each.pk: each for each in blurred}
    gone = 0
    while unnamed := sorted(stored.unnamed(left)):  # a photo is named by its blurred picture
        for key in unnamed:
            attachments.erase(left.pop(key), by=by)
        gone += len(unnamed)
    return gone


def drop_words(report: Report) -> None:
    """Take the sender's words and exact place out of a locked report, and out of its history.

    It is no longer shown to everybody; what the commune answered stays. The chain still holds.
    """
    report.text, report.public_text, report.answers = "", "", {}
    report.landmark, report.km_post, report.lat, report.lon = "", "", None, None
    report.accuracy_m, report.masks, report.look_since = None, [], None
    report.masks, report.look_since = [], None
    if report.visibility == Visibility.PUBLIC:
        report.visibility = Visibility.PRIVATE
        exposing.settle(report, by=SYSTEM)
    searching.index(report, catalogue.of(report.commune_id).by_id[report.category_id].plain_name)
    report.save()
    Feedback.objects.filter(report=report, person="sender").update(text="", transcript="")
    lines = ReportEvent.objects.filter(report=report, actor_kind="resident", digests="")
    said = lines.exclude(public_text="", internal_text="")
    kept = {str(line.seq): history.digests(line) for line in said}
    with connection.cursor() as cursor:
        cursor.execute(_REDACT, [report.pk, json.dumps(kept)])


def forget_device(report: Report) -> None:
    """Forget by which device and from where a report came."""
    report.device_hash = report.ip_prefix_hash = ""
    Report.objects.filter(pk=report.pk).update(device_hash="", ip_prefix_hash="")


def now_marked(report: Report) -> None:
    """Mark that nothing more is wanted for this report: what a phone still sends is refused."""
    report.anonymised_at = clock.now()
    Report.objects.filter(pk=report.pk).update(anonymised_at=report.anonymised_at)
