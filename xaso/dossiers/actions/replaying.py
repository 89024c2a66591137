"""What a counter machine took in without a network arrives: once each, or a human decides.

Words first, photos after; with the last photo the dossier is received by the same action and the
same guards as at the counter. What may not be decided by itself is kept as a conflict.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from xaso.documents import queries as documents
from xaso.documents.models import CheckKey
from xaso.dossiers import catalogue, codes, fees, machine_clock, offline_words
from xaso.dossiers.actions import drawing
from xaso.dossiers.actions.receiving import OtherContent, receive
from xaso.dossiers.blinds import NUMBER, PHONE
from xaso.dossiers.catalogue import NoVersionToday
from xaso.dossiers.given import Applicant, NewDossier, Paper
from xaso.dossiers.models import FINAL, Dossier, DossierCode, OfflinePhoto, OfflineReception
from xaso.dossiers.offline_words import Words
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import parts
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import dates, fold
from xaso.kernel.working_time import clock

State, Why = OfflineReception.State, OfflineReception.Why
_OLDEST = timedelta(days=30)
_NEAR = timedelta(days=1)
_MOST_VERSIONS = 5


@dataclass(frozen=True)
class Sent:
    """One reception as a machine sends it; `sent_at` is its clock at this try."""

    uuid: UUID
    kid: str
    body: str
    signature: str
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Piece:
    """A piece of a photo: its bytes, where they begin, how many the whole has."""

    upload: BinaryIO
    start: int
    total: int


class _Conflict(Exception):
    def __init__(self, why: str, detail: str, other: Dossier | None = None) -> None:
        super().__init__(why)
        self.why, self.detail, self.other = why, detail, other


@transaction.atomic
def take_in(sent: Sent, *, by: Actor, commune: Commune) -> OfflineReception:
    """Keep the words of a reception, and receive it when no photo is missing.

    A retry gets the first answer again. Refuses with UnknownDevice, WrongSignature, Unreadable;
    whatever else is wrong is kept and waits for a human.
    """
    machine = documents.device(sent.kid, commune=commune)
    documents.signed_by(machine, sent.body, sent.signature)
    words = offline_words.read(sent.body)
    _refuse_foreign_code(words, sent.kid)
    Commune.objects.select_for_update(no_key=True).get(pk=commune.pk)
    digest = hashlib.sha256(sent.body.encode()).hexdigest()
    rows = OfflineReception.objects.select_for_update().filter(commune=commune, uuid=sent.uuid)
    known = rows.filter(digest=digest).first()
    if known is not None:
        return known
    earlier = rows.order_by("id").first()
    if earlier is not None and rows.count() >= _MOST_VERSIONS:
        return earlier
    row = _written(sent, words, digest, machine, by=by, commune=commune)
    audit.record("dossier.offline_came", row, by=by, commune=commune.id, changes={"kid": row.kid})
    if earlier is not None:
        return _kept(row, _Conflict(Why.CONTENT, earlier.code, earlier.dossier))
    if fault := _device_fault(machine, row):
        return _kept(row, fault)
    return _finished(row, words, by=by, commune=commune)


@transaction.atomic
def add_file(
    row: OfflineReception, sha256: str, piece: Piece, *, by: Actor, commune: Commune
) -> tuple[OfflineReception, bool]:
    """Take a piece of a photo; return the reception, and whether that photo is whole.

    Refuses with NotFound (not announced), Gap. A photo that cannot be read makes it a conflict.
    """
    Commune.objects.select_for_update(no_key=True).get(pk=commune.pk)
    row = OfflineReception.objects.select_for_update().get(pk=row.pk)
    if sha256 not in row.files:
        raise NotFound
    if sha256 in row.arrived or not row.body:
        return row, True
    part = part_of(row, sha256)
    have = part.append(piece.upload, at=piece.start, limit=attachments.PHOTO)
    if have < piece.total:
        return row, False
    fault = _stored(row, sha256, part, by, commune)
    if fault is not None:
        row.files = [each for each in row.files if each != sha256]
        row.save(update_fields=["files"])
        return _kept(row, fault), True
    if row.state != State.WAITING:
        return row, True
    return _finished(row, offline_words.read(row.body or ""), by=by, commune=commune), True


def part_of(row: OfflineReception, sha256: str) -> parts.Part:
    """Return where the pieces of a photo gather."""
    return parts.Part(row.commune_id, f"{row.uuid}-{sha256}")


def filled(row: OfflineReception, words: Words, *, waived: str = "") -> NewDossier:
    """Return the dossier the words ask for, with the identity number a human corrected.

    `waived`: why papers without a file are not needed.
    """
    who = words.applicant
    is_old = not clock.now() - _OLDEST <= row.taken_at <= clock.now() + machine_clock.DRIFT
    return NewDossier(
        uuid=row.uuid,
        procedure=words.procedure,
        applicant=Applicant(
            name=who.name,
            kind=who.kind,
            id_number=(row.corrected_number or "") if row.corrected_at else who.id_number,
            phone=who.phone,
            address=who.address,
            village_id=_village(row.commune_id, who.village),
        ),
        papers=[_paper(row, each, waived) for each in words.papers],
        form=dict(words.form),
        sets=words.sets,
        note=words.note,
        offline_code=words.code,
        slip=words.slip,
        device_id=row.kid,
        device_time=row.taken_at,
        accepted_at=row.taken_at if row.is_clock_trusted and not is_old else None,
    )


def received(row: OfflineReception, dossier: Dossier) -> OfflineReception:
    """Tie a reception to its dossier; what the dossier holds now is not kept twice."""
    row.state, row.dossier, row.body, row.corrected_number = State.RECEIVED, dossier, "", ""
    row.save(update_fields=["state", "dossier", "body", "corrected_number"])
    return row


def _written(  # noqa: PLR0913  (one row)
    sent: Sent, words: Words, digest: str, machine: CheckKey, *, by: Actor, commune: Commune
) -> OfflineReception:
    return OfflineReception.objects.create(
        commune=commune,
        uuid=sent.uuid,
        digest=digest,
        kid=sent.kid,
        device=machine.name,
        code=words.code,
        procedure=words.procedure[:40],
        body=sent.body,
        signature=sent.signature,
        files=words.files,
        taken_at=words.taken_at,
        is_clock_trusted=_is_trusted(sent, words),
        came_at=clock.now(),
        sent_by=by.id,
        clerk=words.clerk[:64],
    )


def _refuse_foreign_code(words: Words, kid: str) -> None:
    """Refuse a provisional code of another machine: each counts its own."""
    if not codes.OFFLINE.fullmatch(words.code) or words.code.split("-")[1] != kid.upper():
        raise offline_words.Unreadable


def _is_trusted(sent: Sent, words: Words) -> bool:
    """Return whether the machine's moment counts: compared before, and not put wrong since."""
    if words.clock is None or sent.sent_at is None:
        return False
    is_right_now = abs(clock.now() - sent.sent_at) < machine_clock.DRIFT
    return (
        is_right_now
        and words.taken_at <= sent.sent_at
        and machine_clock.is_trusted(
            words.clock.token,
            kid=sent.kid,
            compared_at=words.clock.at,
            taken_at=words.taken_at,
        )
    )


def _device_fault(machine: CheckKey, row: OfflineReception) -> _Conflict | None:
    """Return why a machine that was taken out of use may not receive by itself.

    What it signed before it was retired stays good where its clock was checked, unless it was lost:
    whoever has a lost machine may put its clock back.
    """
    if machine.is_lost:
        return _Conflict(Why.DEVICE, _("Máy này đã báo mất."))
    is_before = row.is_clock_trusted and row.taken_at < (machine.valid_to or row.came_at)
    if machine.valid_to is not None and not is_before:
        return _Conflict(Why.DEVICE, _("Hồ sơ ghi sau khi máy bị thu hồi."))
    return None


def _finished(
    row: OfflineReception, words: Words, *, by: Actor, commune: Commune
) -> OfflineReception:
    """Receive what is whole; keep as a conflict what a machine may not decide."""
    if set(row.files) - row.arrived:
        return row
    try:
        with transaction.atomic():
            dossier = _received(row, words, by, commune)
    except _Conflict as fault:
        return _kept(row, fault)
    except OtherContent as refusal:
        return _kept(row, _Conflict(Why.CONTENT, str(refusal), refusal.dossier))
    except NoVersionToday as refusal:
        return _kept(row, _Conflict(Why.VERSION, str(refusal)))
    except Refusal as refusal:
        return _kept(row, _Conflict(Why.GUARD, in_words(refusal)))
    return received(row, dossier)


def _received(row: OfflineReception, words: Words, by: Actor, commune: Commune) -> Dossier:
    new = filled(row, words)
    day = dates.local(new.accepted_at or clock.now()).date()
    held = catalogue.held(commune.id, words.procedure, day)
    if held.frozen_id != words.frozen:
        raise _Conflict(Why.VERSION, _("Bản thủ tục trên máy không còn là bản đang áp dụng."))
    if taken := DossierCode.objects.filter(
        commune=commune, system=DossierCode.OFFLINE, code=words.code
    ).select_related("dossier"):
        raise _Conflict(Why.CODE, words.code, taken[0].dossier)
    if twin := same_matter(new, commune):
        raise _Conflict(Why.TWICE, twin.code, twin)
    bill = fees.bill(held.content, words.quantities, set(words.free), day)
    if bill.total != words.total:
        said = _("Máy tính %(machine)d đồng, bảng của xã tính %(ours)d đồng.")
        raise _Conflict(Why.MONEY, said % {"machine": words.total, "ours": bill.total})
    return receive(replace(new, fees=bill.lines), by=by, commune=commune).dossier


def same_matter(new: NewDossier, commune: Commune) -> Dossier | None:
    """Return a dossier of the same person and procedure that is open or came just before.

    Known by the identity number, else by name and phone together; never by a name alone.
    """
    number = drawing.id_of(new.applicant.id_number)
    phone = drawing.number_of(new.applicant.phone)
    if number:
        who = Q(id_index=blind(number, context=NUMBER))
    elif phone:
        name = fold(new.applicant.name)[:160]
        who = Q(phone_index=blind(phone, context=PHONE), fold=name)
    else:
        return None
    since = min(new.device_time or clock.now(), clock.now()) - _NEAR
    rows = Dossier.objects.filter(who, commune=commune, procedure__code=new.procedure)
    rows = rows.filter(~Q(state__in=FINAL) | Q(opened_at__gte=since)).exclude(uuid=new.uuid)
    return rows.order_by("-opened_at").first()


def in_words(refusal: Refusal) -> str:
    """Return everything a refusal says, in one line."""
    errors = refusal.errors if isinstance(refusal, Invalid) else {}
    said = [str(word) for words in errors.values() for word in words]
    return " ".join(said or [str(refusal)])[:500]


def _village(commune: UUID, key: int | None) -> int | None:
    """Return a village the commune has; one that is gone by now must not keep a reception out."""
    rows = Village.objects.filter(commune=commune, pk=key or 0)
    return rows.values_list("pk", flat=True).first()


def _paper(row: OfflineReception, sheet: offline_words.Sheet, waived: str) -> Paper:
    here = row.photos.filter(attachment__sha256=sheet.sha256).select_related("attachment").first()
    if here is not None:
        file = here.attachment
        name = sheet.name or f"{sheet.code}.jpg"
        return Paper(sheet.code, attachment=file, file_name=name, originals=sheet.count)
    return Paper(sheet.code, source="", waived=sheet.waived or waived, originals=sheet.count)


def _stored(
    row: OfflineReception, sha256: str, part: parts.Part, by: Actor, commune: Commune
) -> _Conflict | None:
    """Store a whole photo; return what is wrong with it, if anything is."""
    try:
        with transaction.atomic(), part.opened() as whole:
            photo = attachments.store_photo(
                whole, name=f"{row.code}.jpg", commune=commune, by=by, expected_sha256=sha256
            )
            OfflinePhoto.objects.create(commune=commune, reception=row, attachment=photo)
    except Refusal as refusal:
        return _Conflict(Why.PHOTO, in_words(refusal))
    finally:
        part.drop()
    return None


def _kept(row: OfflineReception, fault: _Conflict) -> OfflineReception:
    row.state, row.why = State.CONFLICT, fault.why
    row.detail, row.other = fault.detail[:500], fault.other
    row.save(update_fields=["state", "why", "detail", "other"])
    return row
