"""Voice notes as pages play them; never to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xaso.kernel.attachments import queries as attachments
from xaso.kernel.identity.models import Consent
from xaso.kernel.voices.sentences import LANGUAGES
from xaso.reports.models import Feedback, Report, VoiceNote


@dataclass(frozen=True)
class Heard:
    """One voice note: where it plays (empty while it is on its way), how long, what it says."""

    id: int
    address: str
    media_type: str
    about: str
    transcript: str


def heard(report: Report, *, is_lent: bool) -> Sequence[Heard]:
    """Return the voice notes of a report, one statement if it has any; a sealed one has none.

    `is_lent` opens them for some minutes to whoever holds the address: for the sender.
    """
    if not report.voice_count or report.is_sealed:
        return []
    rows = VoiceNote.objects.filter(report=report).select_related("attachment")
    return [_heard(row, is_lent=is_lent) for row in rows]


def rated(report: Report) -> Sequence[Heard]:
    """Return what people said beside the three faces; no statement before there is an answer."""
    if report.answered_at is None or report.is_sealed:
        return []
    rows = Feedback.objects.filter(report=report, voice__isnull=False).select_related("voice")
    return [of_rating(row) for row in rows.order_by("-at")]


def of_rating(row: Feedback) -> Heard:
    """Return one spoken comment, read with its recording."""
    assert row.voice is not None  # noqa: S101  (the caller left the others out)
    about = _("%(seconds)s giây") % {"seconds": row.voice_seconds}
    address = attachments.address(row.voice)
    return Heard(row.pk, address, row.voice.media_type, about, row.transcript)


def agreed(report: Report) -> Heard | None:
    """Return the recording in which a resident agreed to have it sent for them, if there is one.

    One statement for a report sent on behalf, two when there is a recording.
    """
    if report.consent_id is None or report.is_sealed:
        return None
    given = Consent.objects.filter(commune=report.commune_id, pk=report.consent_id).first()
    if given is None or given.method != Consent.Method.VOICE or not given.evidence:
        return None
    proof = attachments.by_sha256(report.commune_id, given.evidence)
    if proof is None:
        return None
    lang = given.text_version.rpartition("/")[2]
    about = _("Bà con đồng ý nhờ gửi hộ · %(language)s") % {"language": LANGUAGES.get(lang, lang)}
    return Heard(given.pk, attachments.address(proof), proof.media_type, about, "")


def _heard(row: VoiceNote, *, is_lent: bool) -> Heard:
    address = ""
    if row.attachment is not None:
        address = attachments.address(row.attachment)
        address += f"?xem={attachments.lend(row.attachment)}" if is_lent else ""
    about = str(LANGUAGES.get(row.lang, row.lang))
    if row.seconds:
        about = _("%(seconds)s giây · %(language)s") % {"seconds": row.seconds, "language": about}
    return Heard(
        id=row.pk,
        address=address,
        media_type=row.attachment.media_type if row.attachment else "",
        about=about,
        transcript=row.transcript,
    )
