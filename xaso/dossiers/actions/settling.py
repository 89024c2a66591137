"""A human decides about what came from a machine and could not be received by itself."""

from dataclasses import replace
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.dossiers import catalogue, codes, fees, offline_words
from xaso.dossiers.actions import drawing, editing, replaying
from xaso.dossiers.actions.receiving import receive
from xaso.dossiers.catalogue import NoVersionToday
from xaso.dossiers.content import answers
from xaso.dossiers.content.shape import Content
from xaso.dossiers.given import Applicant, NewDossier, Paper
from xaso.dossiers.models import Dossier, DossierCode, OfflineReception
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock

State, Why = OfflineReception.State, OfflineReception.Why


class AlreadyDecided(Refusal):
    """Somebody decided it before."""

    sentence = gettext_lazy("Hồ sơ ghi khi mất mạng này đã có người xử lý rồi.")


class NothingToJoin(Refusal):
    """There is no dossier it could belong to."""

    sentence = gettext_lazy("Chưa có hồ sơ nào của người này để gộp vào.")


@transaction.atomic
def receive_anyway(
    row: OfflineReception, *, waived: str = "", by: Actor, commune: Commune
) -> Dossier:
    """Receive it as a dossier of its own, under the version that holds; fees reckoned by us.

    `waived`: why papers without a readable photo are not asked for. Refuses with AlreadyDecided
    and as `receive` does.
    """
    row = _open(row)
    words = offline_words.read(row.body or "")
    new = replaying.filled(row, words, waived=clean_line(waived))
    new = _under_own_key(row, new, commune)
    new, held = _on_its_day(new, commune)
    new = _asked(new, held.content)
    known = {each.code for each in held.content.components}
    given = [each for each in new.papers if each.code in known]
    missing = known - {each.code for each in given}
    reason = clean_line(waived)
    given += [Paper(code, source="", waived=reason) for code in sorted(missing)]
    day = dates.local(new.accepted_at or clock.now()).date()
    wanted = {each.code for each in held.content.fees}
    amounts = {code: many for code, many in words.quantities.items() if code in wanted}
    bill = fees.bill(held.content, amounts, set(words.free), day)
    receipt = receive(replace(new, papers=given, fees=bill.lines), by=by, commune=commune)
    if row.corrected_at is not None:
        editing.note(receipt.dossier, _("Số định danh máy ghi lúc mất mạng đã được sửa."), by=by)
    replaying.received(_decided(row, by, reason), receipt.dossier)
    audit.record("dossier.offline_received", row, by=by, commune=commune.id)
    return receipt.dossier


@transaction.atomic
def correct_number(
    row: OfflineReception, number: str, *, by: Actor, commune: Commune
) -> OfflineReception:
    """Write down the identity number that is meant, beside the signed words; empty: has none.

    Whether the commune has a dossier of this person is looked at again (`other`). The log says
    that it was corrected, and no number. The same number changes nothing. Refuses with
    AlreadyDecided and Invalid (`id_number`), as at the counter.
    """
    row = _open(row)
    words = offline_words.read(row.body or "")
    typed = drawing.id_of(number) or clean_line(number)
    faults = drawing.faults_of(Applicant(words.applicant.name, id_number=typed))
    if wrong := faults.get("id_number"):
        raise Invalid(errors={"id_number": wrong})
    before = replaying.filled(row, words).applicant.id_number
    if typed == (drawing.id_of(before) or clean_line(before)):
        return row
    row.corrected_number, row.corrected_at, row.corrected_by = typed, clock.now(), by.id[:64]
    fields = ["corrected_number", "corrected_at", "corrected_by"]
    if row.why not in (Why.CONTENT, Why.CODE):  # there the other one is known by its key
        row.other = replaying.same_matter(replaying.filled(row, words), commune)
        fields.append("other")
    row.save(update_fields=fields)
    said = {"field": "id_number", "had_one": bool(before), "has_one": bool(typed)}
    audit.record("dossier.offline_corrected", row, by=by, commune=commune.id, changes=said)
    return row


@transaction.atomic
def join(row: OfflineReception, *, by: Actor, commune: Commune) -> Dossier:
    """Say that it is the dossier the commune has already: its provisional code leads there too.

    Refuses with AlreadyDecided, NothingToJoin.
    """
    row = _open(row)
    dossier = row.other
    if dossier is None:
        raise NothingToJoin
    known = DossierCode.objects.filter(
        commune=commune, system=DossierCode.OFFLINE, code=row.code
    ).exists()
    if not known:
        line = codes.row(commune.id, DossierCode.OFFLINE, row.code, clock.now(), is_primary=False)
        line.dossier = dossier
        line.save()
    said = _("Giấy tiếp nhận khi mất mạng %(code)s là của hồ sơ này.") % {"code": row.code}
    editing.note(dossier, said, by=by)
    _decided(row, by, "")
    row.state, row.dossier = State.JOINED, dossier
    row.save(update_fields=["state", "dossier"])
    audit.record("dossier.offline_joined", row, by=by, commune=commune.id)
    return dossier


@transaction.atomic
def turn_down(
    row: OfflineReception, reason: str, *, by: Actor, commune: Commune
) -> OfflineReception:
    """Do not receive it, with a reason; the words stay as they came. Refuses with Invalid."""
    row = _open(row)
    if not clean_line(reason):
        raise Invalid(errors={"reason": [_("Bác ghi lý do để trả lời bà con.")]})
    _decided(row, by, clean_line(reason))
    row.state = State.REFUSED
    row.save(update_fields=["state"])
    audit.record("dossier.offline_refused", row, by=by, commune=commune.id)
    return row


def _open(row: OfflineReception) -> OfflineReception:
    row = OfflineReception.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != State.CONFLICT:
        raise AlreadyDecided
    return row


def _decided(row: OfflineReception, by: Actor, reason: str) -> OfflineReception:
    row.decided_by, row.decided_at, row.reason = by.id, clock.now(), reason[:500]
    row.save(update_fields=["decided_by", "decided_at", "reason"])
    return row


def _under_own_key(row: OfflineReception, new: NewDossier, commune: Commune) -> NewDossier:
    """Give a second version its own key, and leave a code that leads elsewhere where it is."""
    if Dossier.objects.filter(commune=commune, uuid=row.uuid).exists():
        new = replace(new, uuid=uuid5(row.uuid, row.digest))
    taken = DossierCode.objects.filter(
        commune=commune, system=DossierCode.OFFLINE, code=new.offline_code
    ).exists()
    return replace(new, offline_code="") if taken else new


def _asked(new: NewDossier, content: Content) -> NewDossier:
    """Keep the answers this version asks for; the others stand in the note, nothing is lost.

    What the version asks beyond them is asked before the first hand-over.
    """
    faults = answers.faults(content, new.form)
    known = {each.code for each in content.form}
    fits = {
        code: text for code, text in new.form.items() if code in known and f"q_{code}" not in faults
    }
    rest = [f"{code}: {text}" for code, text in new.form.items() if code not in fits]
    if not rest:
        return new
    note = "\n".join(filter(None, [new.note, _("Ghi trên máy khi mất mạng:"), *rest]))
    return replace(new, form=fits, note=note)


def _on_its_day(new: NewDossier, commune: Commune) -> tuple[NewDossier, catalogue.Held]:
    """Return the version of the day it was taken; where none held any more, that of today."""
    today = dates.local(clock.now()).date()
    day = dates.local(new.accepted_at).date() if new.accepted_at else today
    try:
        return new, catalogue.held(commune.id, new.procedure, day)
    except NoVersionToday:
        return replace(new, accepted_at=None), catalogue.held(commune.id, new.procedure, today)
