"""Somebody of the village fills in a draft for a resident: agreed first, then written.

The applicant is never the helper: the helper's number is refused as the applicant's. The counter
completes and accepts the draft; a helper cannot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as gl

from xaso.dossiers import agreements, catalogue
from xaso.dossiers.actions.accepting import CONSENT_HOLDS
from xaso.dossiers.actions.drawing import WRONG_PHONE, number_of
from xaso.dossiers.actions.editing import edit
from xaso.dossiers.actions.receiving import Receipt, open_draft
from xaso.dossiers.blinds import PHONE
from xaso.dossiers.given import Applicant, Editing, NewDossier, Paper
from xaso.dossiers.models import Dossier, FilingConsent, HelpScope, State
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.models import Consent
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock

# What is read aloud; a changed wording gets a new version.
TEXT_VERSION = "2026-11"
TEXT = gl(
    "Tôi nhờ người này làm giúp hồ sơ. Xã dùng lời tôi kể, số điện thoại tôi cho để làm đúng việc "
    "này. Người giúp không hỏi mật khẩu, mã OTP, không mở VNeID của tôi. Tôi đổi ý lúc nào cũng "
    "được."
)


class AgreementEnded(Refusal):
    """The resident took the agreement back, or its days are over."""

    sentence = gl("Sự đồng ý của bà con đã hết hoặc đã rút. Bác hỏi lại bà con rồi ghi mới.")


@dataclass(frozen=True)
class NewAgreement:
    """To what a resident agreed, before anything personal is written."""

    uuid: UUID
    procedure: str
    scopes: tuple[str, ...]
    method: Consent.Method
    language: str  # ISO 639-3
    village_id: int
    helper_phone: str
    is_read_aloud: bool = False  # the resident cannot read: a witness is named
    witness: str = ""


@dataclass(frozen=True)
class Filled:
    """What a helper wrote: who it is for, answers by question, a word for the counter."""

    who: Applicant
    answers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@transaction.atomic
def agree_to_help(new: NewAgreement, *, by: Actor, commune: Commune) -> FilingConsent:
    """Write down that a resident agreed, once for each key; it holds for thirty days.

    Refuses with Invalid (errors by field), NotFound, NoVersionToday.
    """
    known = FilingConsent.objects.filter(commune=commune, uuid=new.uuid).first()
    if known is not None:
        return _own(known, by)
    if Dossier.objects.filter(commune=commune, uuid=new.uuid).exists():
        raise NotFound  # somebody else's: no agreement is written beside a dossier that is there
    if errors := _faults(new):
        raise Invalid(errors=errors)
    now = clock.now()
    catalogue.held(commune.id, new.procedure, dates.local(now).date())
    agreed = identity.Agreed(
        f"dossiers.help:{new.procedure}"[:60], f"{TEXT_VERSION}/{new.language}", new.method
    )
    consent = identity.give_consent(commune, _subject(new.uuid, by), agreed, by=by)
    return FilingConsent.objects.create(
        commune=commune,
        uuid=new.uuid,
        consent_id=consent.pk,
        helper_id=int(by.id),
        helper_index=blind(number_of(new.helper_phone), context=PHONE),
        procedure=new.procedure,
        scopes=sorted({HelpScope.PREPARE.value, *new.scopes}),
        language=new.language,
        witness=clean_line(new.witness)[:150],
        village_id=new.village_id,
        given_at=now,
        valid_until=now + CONSENT_HOLDS,
    )


@transaction.atomic
def file_for(agreed: FilingConsent, filled: Filled, *, by: Actor, commune: Commune) -> Receipt:
    """Keep a draft for the resident who agreed; a retry gets the first answer.

    Refuses with AgreementEnded, NotFound for another helper's, Invalid for the helper's own number
    as the applicant's, and as `open_draft` does.
    """
    row = _own(FilingConsent.objects.select_for_update().get(pk=agreed.pk), by)
    if row.withdrawn_at is not None or row.valid_until <= clock.now():
        raise AgreementEnded
    number = number_of(filled.who.phone)
    if number and blind(number, context=PHONE) == row.helper_index:
        said = _("Đây là số của người giúp. Ghi số của bà con, không có thì để trống.")
        raise Invalid(errors={"phone": [said]})
    new = NewDossier(
        uuid=row.uuid,
        procedure=row.procedure,
        applicant=replace(filled.who, village_id=row.village_id),
        form=dict(filled.answers),
        note=filled.note,
        helper_id=int(by.id),
        consent_id=row.consent_id,
    )
    subject = _subject(row.uuid, by).id
    return open_draft(new, by=replace(by, on_behalf_of=subject), commune=commune)


@transaction.atomic
def keep_evidence(agreed: FilingConsent, file: Attachment, *, by: Actor) -> FilingConsent:
    """Keep the signed paper or the spoken yes beside an agreement; a later one takes its place.

    Refuses with AgreementEnded, and with NotFound for another helper's.
    """
    row = _own(FilingConsent.objects.select_for_update().get(pk=agreed.pk), by)
    if row.withdrawn_at is not None or row.valid_until <= clock.now():
        raise AgreementEnded
    row.evidence, row.evidence_at, row.evidence_by = file, clock.now(), by.id[:64]
    row.save(update_fields=["evidence", "evidence_at", "evidence_by"])
    said = {"sha256": file.sha256}
    audit.record("dossiers.consent_evidence", row, by=by, commune=row.commune_id, changes=said)
    return row


@transaction.atomic
def add_papers(agreed: FilingConsent, papers: Sequence[Paper], *, by: Actor) -> Dossier:
    """Put photographed papers into the draft, or that the resident brings them.

    A paper sent again takes the place of its earlier photos. Refuses with AgreementEnded, with
    NotFound for another helper's or where no draft is, and as `edit` does.
    """
    row = _own(FilingConsent.objects.select_for_update().get(pk=agreed.pk), by)
    if row.withdrawn_at is not None or row.valid_until <= clock.now():
        raise AgreementEnded
    draft = agreements.draft_of(row)
    if draft is None or draft.state != State.DRAFT:
        raise NotFound
    told = replace(by, on_behalf_of=_subject(row.uuid, by).id)
    return edit(draft, Editing(papers=papers), by=told)


@transaction.atomic
def take_back_help(agreed: FilingConsent, *, by: Actor) -> FilingConsent:
    """End an agreement: nothing can be filed or handed in on it any more."""
    row = _own(FilingConsent.objects.select_for_update().get(pk=agreed.pk), by)
    if row.withdrawn_at is None:
        consent = Consent.objects.get(commune=row.commune_id, pk=row.consent_id)
        identity.withdraw_consent(consent, by=by)
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
    return row


def _faults(new: NewAgreement) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if set(new.scopes) - set(HelpScope.values):
        errors["scopes"] = [_("Chọn việc bà con nhờ.")]
    if not number_of(new.helper_phone):
        errors["helper_phone"] = [str(WRONG_PHONE)]
    needs_witness = new.is_read_aloud or new.method == Consent.Method.VOICE
    if needs_witness and len(clean_line(new.witness)) < 2:
        errors["witness"] = [_("Bà con nói lời, không đọc được thì ghi tên người chứng kiến.")]
    return errors


def _subject(uuid: UUID, by: Actor) -> Actor:
    return Actor("resident", f"dossier-{uuid}", by.channel)


def _own(row: FilingConsent, by: Actor) -> FilingConsent:
    """Return a row of the helper's own, or of anybody for the counter. Refuses with NotFound."""
    if str(row.helper_id) == by.id or by.is_one_of("one_stop_clerk"):
        return row
    raise NotFound
