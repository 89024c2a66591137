"""Consent: somebody agreed to one purpose in one wording; silence is no consent."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock
from xaso.population import purposes
from xaso.population.actions.persons import locked
from xaso.population.models import ConsentRecord, Person, ProcessingPurpose
from xaso.population.queries import processing


class WitnessesMissing(Invalid):
    """Who cannot read has the text read out before two witnesses."""

    sentence = _("Đọc cho bà con nghe thì cần tên hai người làm chứng.")


class NeedsNoConsent(Invalid):
    """A purpose that rests on a legal duty is not asked about."""

    sentence = _("Việc này làm theo luật, không xin đồng ý. Bác chọn mục đích khác.")


@dataclass(frozen=True)
class Agreement:
    """What was agreed: which purpose, in which wording, read in which language, how."""

    purpose: ProcessingPurpose
    text_version: str
    language: str
    channel: str  # screen, paper, voice
    witnesses: tuple[str, ...] = ()
    evidence: str = ""  # SHA-256 of the paper or the recording


@transaction.atomic
def give_consent(person: Person, agreed: Agreement, *, by: Actor) -> ConsentRecord:
    """Keep that somebody agreed; an open consent to the same purpose stays the one there is.

    Refuses with WitnessesMissing (read out: two names), NeedsNoConsent.
    """
    row = locked(person)
    if agreed.purpose.basis != ProcessingPurpose.Basis.CONSENT:
        raise NeedsNoConsent
    names = [name for name in map(clean_line, agreed.witnesses) if name]
    if agreed.channel == ConsentRecord.Channel.VOICE and len(names) < 2:
        raise WitnessesMissing(errors={"witnesses": [str(WitnessesMissing.sentence)]})
    known = ConsentRecord.objects.filter(
        person=row, purpose=agreed.purpose, withdrawn_at__isnull=True
    ).first()
    if known is not None:
        return known
    kept = ConsentRecord.objects.create(
        commune_id=row.commune_id,
        person=row,
        purpose=agreed.purpose,
        text_version=agreed.text_version[:40],
        language=agreed.language[:30],
        channel=agreed.channel,
        witnesses="; ".join(names),
        evidence=agreed.evidence[:64],
        recorded_by=by.id[:64],
        given_at=clock.now(),
    )
    audit.record(
        "population.consent_given", kept, by=by, commune=row.commune_id,
        changes={"purpose": agreed.purpose.code, "channel": agreed.channel},
    )  # fmt: skip
    return kept


@transaction.atomic
def purpose(commune: Commune, code: str) -> ProcessingPurpose:
    """Return a purpose of the commune; one the program brings is written down the first time.

    Refuses with NotFound.
    """
    brought = purposes.KNOWN.get(code)
    if brought is not None:
        row = processing.shipped(commune, brought)
        row.text, row.retention = brought.text, brought.retention  # as they are written
        ProcessingPurpose.objects.bulk_create([row], ignore_conflicts=True)
    found = ProcessingPurpose.objects.filter(commune=commune, code=code, is_active=True).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def withdraw_consent(consent: ConsentRecord, *, by: Actor) -> ConsentRecord:
    """Keep the day somebody took their consent back; the second time changes nothing."""
    row = ConsentRecord.objects.select_for_update().filter(pk=consent.pk).first()
    if row is None:
        raise NotFound
    if row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
        audit.record("population.consent_withdrawn", row, by=by, commune=row.commune_id)
    return row
