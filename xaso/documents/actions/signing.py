"""Sign, seal and issue: asked for in a request, done by a job, judged by our own rules.

The key is asked for in the job and never held. A device that says no leaves the document where it
stood, with the reason in words.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from xaso.documents import verdicts
from xaso.documents.actions import keys
from xaso.documents.actions.moving import Step, locked, moved
from xaso.documents.models import Certificate, Document, SignatureReport, State
from xaso.documents.refusals import AlreadyAsked, StampAway
from xaso.documents.signing import court
from xaso.documents.signing.parts import AGENCY, LACKING, PERSON, Proof, Verdict
from xaso.documents.states import TABLE
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import queries as files
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.kernel.working_time import clock

STAMP_AGAIN = timedelta(minutes=10)


@transaction.atomic
def ask_to_sign(uuid: UUID, sha256: str, *, commune: Commune, by: Actor) -> Document:
    """Sign a frozen document in a job; `sha256` is the digest of the bytes the signer looked at.

    Refuses as the table does, with NoCertificate, AlreadyAsked, and NotAllowed when the bytes the
    signer saw are not those that are frozen.
    """
    document = locked(uuid, commune=commune)
    seen = document.frozen if document.frozen and document.frozen.sha256 == sha256 else None
    _may(document, "sign", by, frozen=seen)
    keys.counting(commune, Certificate.Kind.PERSON, clock.now(), official=document.signer_id)
    return _asked(document, "documents.sign", by)


@transaction.atomic
def ask_to_seal(uuid: UUID, *, commune: Commune, by: Actor) -> Document:
    """Put the agency's signature on a signed document and issue it, in a job."""
    document = locked(uuid, commune=commune)
    _may(document, "seal", by)
    keys.counting(commune, Certificate.Kind.AGENCY, clock.now())
    return _asked(document, "documents.seal", by)


def sign(uuid: UUID, *, commune: Commune, by: Actor) -> Document:
    """Put the person's signature on the frozen bytes, here and now (what the job does)."""
    document = Document.objects.select_related("frozen").get(commune=commune, uuid=uuid)
    if document.state != State.NUMBERED or document.frozen is None:
        return document
    row = keys.counting(commune, Certificate.Kind.PERSON, clock.now(), official=document.signer_id)
    try:
        pdf, is_stamped = _signed(document.frozen, PERSON, row)
    except Refusal as refusal:
        return _in_trouble(uuid, str(refusal.sentence), commune=commune)
    verdict = court.verdict(pdf, verdicts.case_of(document, commune, needs_agency=False))
    if not (verdict.is_valid or _lacks_stamp_alone(verdict)):
        return _in_trouble(uuid, _why(verdict), commune=commune)
    with transaction.atomic():
        document = locked(uuid, commune=commune)
        document.signed = _kept(pdf, document, commune)
        document.awaits_stamp = not is_stamped
        document.is_asked, document.trouble = False, ""
        return moved(document, "sign", by=by, said=Step(row.name, document.signed.sha256))


def seal(uuid: UUID, *, commune: Commune, by: Actor) -> Document:
    """Put the agency's signature on, lists and time stamp with it, judge, and issue (the job)."""
    document = Document.objects.select_related("signed").get(commune=commune, uuid=uuid)
    if document.state != State.SIGNED or document.signed is None:
        return document
    row = keys.counting(commune, Certificate.Kind.AGENCY, clock.now())
    try:
        pdf, is_stamped = _signed(document.signed, AGENCY, row)
    except Refusal as refusal:
        return _in_trouble(uuid, str(refusal.sentence), commune=commune)
    with transaction.atomic():
        document = locked(uuid, commune=commune)
        document.original = _kept(pdf, document, commune)
        document.awaits_stamp = document.awaits_stamp or not is_stamped
        document.is_asked, document.trouble = False, ""
        moved(document, "seal", by=by, said=Step(row.name, document.original.sha256))
    return finish(uuid, commune=commune, by=by)


def finish(uuid: UUID, *, commune: Commune, by: Actor = SYSTEM) -> Document:
    """Add lists and a time stamp over the whole, judge by every rule, and issue what is valid.

    Without a time stamp the document waits, and a job tries again; a verdict that is not valid
    leaves it sealed and says why.
    """
    document = Document.objects.select_related("original").get(commune=commune, uuid=uuid)
    if document.state != State.SEALED or document.original is None:
        return document
    row = keys.counting(commune, Certificate.Kind.AGENCY, clock.now())
    try:
        pdf = _for_long(document, row, commune)
    except StampAway as refusal:
        return _wait_for_stamp(uuid, str(refusal.sentence), commune=commune)
    verdict = court.verdict(pdf, verdicts.case_of(document, commune, needs_agency=True))
    with transaction.atomic():
        document = locked(uuid, commune=commune)
        file = _kept(pdf, document, commune)
        _reported(document, file, verdict)
        document.trouble = "" if verdict.is_valid else _why(verdict)
        document.save(update_fields=["trouble"])
        if not verdict.is_valid:
            return document
        document.original, document.awaits_stamp = file, False
        document.issued_at = clock.now()
        return moved(document, "issue", by=by, said=Step(sha256=file.sha256), is_valid=True)


def judge(document: Document, *, commune: Commune) -> Verdict:
    """Judge the original of a document anew, as of now, and keep the report."""
    if document.original is None:
        raise AlreadyAsked
    pdf = files.content(document.original)
    verdict = court.verdict(pdf, verdicts.case_of(document, commune, needs_agency=True))
    _reported(document, document.original, verdict)
    return verdict


def sign_many(
    wanted: Sequence[tuple[UUID, str]], *, commune: Commune, by: Actor
) -> list[tuple[UUID, str]]:
    """Ask for many signatures; return (document, why not), an empty text where it was asked."""
    said = []
    for uuid, sha256 in wanted:
        try:
            ask_to_sign(uuid, sha256, commune=commune, by=by)
        except Refusal as refusal:
            said.append((uuid, str(refusal.sentence)))
        else:
            said.append((uuid, ""))
    return said


def _may(document: Document, action: str, by: Actor, **facts: Any) -> None:  # noqa: ANN401
    known = {"signer": str(document.signer_id), "frozen": document.frozen, "reason": ""}
    TABLE.step(document.state, action, by, to=None, **{**known, **facts})
    if document.is_asked:
        raise AlreadyAsked


def _asked(document: Document, task: str, by: Actor) -> Document:
    document.is_asked, document.trouble = True, ""
    document.save(update_fields=["is_asked", "trouble"])
    args = {"document": str(document.uuid), "by": by.id, "roles": sorted(by.roles)}
    jobs.later(task, commune=document.commune_id, key=str(document.uuid), args=args)
    return document


def _signed(file: Attachment, who: str, row: Certificate) -> tuple[bytes, bool]:
    """Return the signed bytes and whether they carry a time stamp; without a service, B-B."""
    from xaso.documents.signing import engine  # noqa: PLC0415 - large, and few processes sign

    pdf, hand, stamper = files.content(file), keys.hand(row), keys.stamper(row)
    if stamper is not None:
        try:
            return engine.signed(pdf, who, hand, stamper=stamper), True
        except StampAway:
            pass
    return engine.signed(pdf, who, hand, stamper=None), False


def _for_long(document: Document, row: Certificate, commune: Commune) -> bytes:
    from xaso.documents.signing import engine  # noqa: PLC0415 - as above

    stamper = keys.stamper(row)
    if stamper is None or document.original is None:
        raise StampAway
    case = verdicts.plain_case(commune)
    people = Certificate.objects.filter(commune=commune).values_list("der", flat=True)
    return engine.kept_for_long(
        files.content(document.original),
        Proof(case.roots, [bytes(each) for each in people], case.crls),
        stamper=stamper,
    )


@transaction.atomic
def _wait_for_stamp(uuid: UUID, why: str, *, commune: Commune) -> Document:
    document = locked(uuid, commune=commune)
    document.awaits_stamp, document.trouble = True, why[:300]
    document.save(update_fields=["awaits_stamp", "trouble"])
    later = clock.now() + STAMP_AGAIN
    jobs.later(
        "documents.finish",
        commune=commune.id,
        key=str(uuid),
        args={"document": str(uuid)},
        run_at=later,
    )
    return document


@transaction.atomic
def _in_trouble(uuid: UUID, why: str, *, commune: Commune) -> Document:
    document = locked(uuid, commune=commune)
    document.is_asked, document.trouble = False, why[:300]
    document.save(update_fields=["is_asked", "trouble"])
    return document


def _kept(pdf: bytes, document: Document, commune: Commune) -> Attachment:
    return attachments.store_document(pdf, name=f"{document.code}.pdf", commune=commune, by=SYSTEM)


def _reported(document: Document, file: Attachment, verdict: Verdict) -> SignatureReport:
    return SignatureReport.objects.create(
        commune_id=document.commune_id,
        document=document,
        sha256=file.sha256,
        at=clock.now(),
        result=verdict.result,
        report=verdict.stored(),
    )


def _lacks_stamp_alone(verdict: Verdict) -> bool:
    return verdict.result == LACKING and {each.why for each in verdict.findings} == {"no_stamp"}


def _why(verdict: Verdict) -> str:
    return " ".join(sentence for _rule, sentence in verdicts.sentences(verdict.findings))
