"""Erase dossiers whose time is over: proposed as a list, decided by an administrator, then erased.

Of each a stone stays, so that its key and code are used up and the figures stay true. The log book
holds nobody's words and is not touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID, uuid5

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.dossiers import keeping
from xaso.dossiers.models import (
    Difference,
    Dossier,
    DossierEvent,
    DossierHold,
    DossierStone,
    ErasureLine,
    ErasureList,
    FilingConsent,
    KeepingRule,
    OfflinePhoto,
    ProactiveDraft,
    Procedure,
    State,
    Sureness,
    Ticket,
)
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import queries as stored
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock

ERASE = "dossiers.erase"
MOST, AT_ONCE = 500, 50  # of a list, of a transaction
_BY_FUNCTION = {"dossierevent", "handover", "clockline"}
_MOST_MONTHS = 1_200


class NothingIsDue(Refusal):
    """No dossier's time is over by a rule that was compared with its document."""

    sentence = gettext_lazy("Chưa có hồ sơ nào hết hạn giữ theo quy tắc đã đối chiếu văn bản.")


class ListWaits(Refusal):
    """One list waits for a decision already."""

    sentence = gettext_lazy("Đang có một danh sách chờ quyết định. Bác xem danh sách đó trước.")


class DecidedMeanwhile(Refusal):
    """Somebody decided about the list."""

    sentence = gettext_lazy("Danh sách này đã có quyết định rồi.")


class ErasedBefore(Refusal):
    """The dossier was kept its time and erased; its key does not come back."""

    sentence = gettext_lazy("Hồ sơ này đã hết hạn giữ và đã hủy.")
    status = 410


@dataclass(frozen=True)
class NewKeeping:
    """How long dossiers of a procedure ("": all others) are kept, from a day on.

    Or another kind of things (`KeepingRule.Kind`), which has no procedure.
    """

    procedure: str
    months: int
    valid_from: date
    sureness: str
    source: str
    kind: str = KeepingRule.Kind.DOSSIER


@transaction.atomic
def set_keeping(commune: Commune, new: NewKeeping, *, by: Actor) -> KeepingRule:
    """Let a rule hold from a day on; refuses with Invalid, errors by field."""
    errors = {}
    known = Procedure.objects.filter(commune=commune, code=new.procedure).exists()
    if new.procedure and not known:
        errors["procedure"] = [_("Không có thủ tục này.")]
    if new.kind not in KeepingRule.Kind.values:
        errors["kind"] = [_("Bác chọn quy tắc này cho cái gì.")]
    elif new.kind and new.procedure:
        errors["procedure"] = [_("Quy tắc này chung cho mọi thủ tục: bác để “Mọi thủ tục khác”.")]
    if not 0 <= new.months <= _MOST_MONTHS:
        errors["months"] = [_("Số tháng từ 0 (giữ mãi) đến 1200.")]
    if new.sureness not in Sureness.values:
        errors["sureness"] = [_("Bác chọn mức chắc chắn.")]
    if not new.source.strip():
        errors["source"] = [_("Bác ghi văn bản, điều, khoản.")]
    if errors:
        raise Invalid(errors=errors)
    values = {
        "months": new.months,
        "sureness": new.sureness,
        "source": clean_line(new.source)[:300],
        "set_by": by.id[:64],
        "set_at": clock.now(),
    }
    row, _new = KeepingRule.objects.update_or_create(
        commune=commune, kind=new.kind, procedure=new.procedure, valid_from=new.valid_from,
        defaults=values,
    )  # fmt: skip
    changes = {"kind": new.kind, "procedure": new.procedure, "months": new.months}
    audit.record("dossiers.keeping_set", row, by=by, commune=commune.id, changes=changes)
    return row


@transaction.atomic
def hold(dossier: Dossier, reason: str, until: date, *, by: Actor) -> DossierHold:
    """Keep a dossier as evidence until a day; an earlier hold ends. Refuses with Invalid."""
    why = clean_line(reason)[:500]
    errors = {}
    if len(why) < 5:
        errors["reason"] = [_("Bác ghi lý do, ít nhất vài chữ.")]
    if until <= keeping.today():
        errors["until"] = [_("Bác chọn một ngày sau hôm nay.")]
    if errors:
        raise Invalid(errors=errors)
    Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    DossierHold.objects.filter(dossier=dossier, ended_at__isnull=True).update(ended_at=clock.now())
    row = DossierHold.objects.create(
        commune_id=dossier.commune_id, dossier=dossier, reason=why, until=until,
        held_by_id=int(by.id), held_at=clock.now(),
    )  # fmt: skip
    audit.record(
        "dossiers.held", dossier, by=by, commune=dossier.commune_id,
        changes={"until": until.isoformat()},
    )  # fmt: skip
    return row


@transaction.atomic
def end_hold(key: int, *, by: Actor) -> None:
    """Let a dossier go by the rules again. Refuses with NotFound."""
    row = DossierHold.objects.select_for_update().filter(pk=key, ended_at__isnull=True).first()
    if row is None:
        raise NotFound
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    audit.record("dossiers.hold_ended", row, by=by, commune=row.commune_id)


@transaction.atomic
def propose_erasing(commune: Commune, *, by: Actor) -> ErasureList:
    """Write down what is due by compared rules, to be decided about: a dry run that is kept.

    Refuses with ListWaits, NothingIsDue.
    """
    if ErasureList.objects.filter(commune=commune, state=ErasureList.State.PROPOSED).exists():
        raise ListWaits
    found = [each for each in keeping.due(commune.id) if each.rule.is_sure][:MOST]
    agreed = [each for each in keeping.agreements_due(commune.id) if each.rule.is_sure]
    agreed = agreed[: MOST - len(found)]
    if not found and not agreed:
        raise NothingIsDue
    made = ErasureList.objects.create(commune=commune, made_by=by.id[:64], made_at=clock.now())
    ErasureLine.objects.bulk_create(
        ErasureLine(
            commune=commune, list=made, dossier_key=each.dossier.pk, code=each.dossier.code,
            procedure=each.dossier.procedure.code, ended_on=each.ended_on, due_on=each.due_on,
            months=each.rule.months, source=each.rule.source,
        )
        for each in found
    )  # fmt: skip
    ErasureLine.objects.bulk_create(
        ErasureLine(
            commune=commune, list=made, agreement_key=each.agreement.pk,
            procedure=each.agreement.procedure, ended_on=each.ended_on, due_on=each.due_on,
            months=each.rule.months, source=each.rule.source,
        )
        for each in agreed
    )  # fmt: skip
    changes = {"count": len(found), "agreements": len(agreed)}
    audit.record("dossiers.erasing_proposed", made, by=by, commune=commune.id, changes=changes)
    return made


@transaction.atomic
def decide_erasing(key: UUID, note: str, *, is_approved: bool, by: Actor) -> ErasureList:
    """Say whether a list is erased; the work is done in the background, batch by batch.

    Refuses with NotFound, DecidedMeanwhile, Invalid (no words about the decision).
    """
    row = ErasureList.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise NotFound
    if row.state != ErasureList.State.PROPOSED:
        raise DecidedMeanwhile
    row.note = clean_line(note)[:500]
    if len(row.note) < 5:
        raise Invalid(errors={"note": [_("Bác ghi số quyết định hoặc lý do.")]})
    row.state = ErasureList.State.APPROVED if is_approved else ErasureList.State.DECLINED
    row.decided_by, row.decided_at = by.id[:64], clock.now()
    row.save()
    changes = {"state": row.state}
    audit.record("dossiers.erasing_decided", row, by=by, commune=row.commune_id, changes=changes)
    if is_approved:
        jobs.later(ERASE, commune=row.commune_id, key=str(row.pk), args={"list_": str(row.pk)})
    return row


@transaction.atomic
def erase_part(key: UUID) -> int:
    """Erase the next dossiers of an approved list; return how many lines were settled.

    Each is looked at once more: what is held now, or kept longer by now, stays. A cut leaves whole
    batches; the next run goes on.
    """
    row = ErasureList.objects.select_for_update().filter(pk=key).first()
    if row is None or row.state != ErasureList.State.APPROVED:
        return 0
    lines = list(row.lines.filter(outcome="")[:AT_ONCE])
    keys = [line.dossier_key for line in lines if line.dossier_key is not None]
    locked = Dossier.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    list(locked.order_by("pk"))
    still = {d.dossier.pk: d for d in keeping.due(row.commune_id, keys=keys) if d.rule.is_sure}
    erase([still[key] for key in keys if key in still], commune=row.commune_id, by_list=row)
    agreed = [line.agreement_key for line in lines if line.agreement_key is not None]
    forgotten = _forget_agreements(row.commune_id, agreed)
    for line in lines:
        is_gone = line.dossier_key in still or line.agreement_key in forgotten
        line.outcome = ErasureLine.Outcome.ERASED if is_gone else ErasureLine.Outcome.KEPT
    ErasureLine.objects.bulk_update(lines, ["outcome"])
    if row.lines.filter(outcome="").exists():
        jobs.later(ERASE, commune=row.commune_id, key=str(row.pk), args={"list_": str(row.pk)})
    else:
        row.state, row.ended_at = ErasureList.State.DONE, clock.now()
        row.save(update_fields=["state", "ended_at"])
    return len(lines)


def _forget_agreements(commune: UUID, keys: list[int]) -> set[int]:
    """Erase agreements that no dossier followed, with their files; return which are gone."""
    locked = FilingConsent.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    list(locked.order_by("pk"))
    due = [each for each in keeping.agreements_due(commune, keys=keys) if each.rule.is_sure]
    files = [each.agreement.evidence for each in due if each.agreement.evidence]
    for each in due:
        changes = {"source": each.rule.source}
        audit.record(
            "dossiers.agreement_erased", each.agreement, by=SYSTEM, commune=commune, changes=changes
        )
        each.agreement.delete()
    forget_files(files)
    return {key for key in keys if not FilingConsent.objects.filter(pk=key).exists()}


def forget_files(files: list[Attachment]) -> None:
    """Erase files that nothing names any more."""
    left = {each.pk: each for each in files}
    for key in stored.unnamed(left):  # the same bytes may be another dossier's
        attachments.erase(left[key], by=SYSTEM)


def erase(
    found: Sequence[keeping.Due], *, commune: UUID, by_list: ErasureList | None = None
) -> None:
    """Erase dossiers with all that belongs to them; of each a stone stays.

    The rows must be locked. `by_list` is none for what the nightly run erases.
    """
    gone = [each.dossier.pk for each in found]
    if not gone:
        return
    for each in found:
        _stone(each, by_list)
    files = _files(gone)
    notifications.forget_about(Dossier, gone, commune=commune)
    keys = [each.dossier.uuid for each in found]
    agreed = FilingConsent.objects.filter(commune=commune, uuid__in=keys)
    files += [each.evidence for each in agreed.select_related("evidence") if each.evidence]
    agreed.delete()
    Ticket.objects.filter(dossier__in=gone).update(dossier=None)
    Difference.objects.filter(dossier__in=gone).update(dossier=None)
    Difference.objects.filter(suggestion__in=gone).update(suggestion=None)
    of_gone = Q(reception__dossier__in=gone) | Q(reception__other__in=gone)
    photos = OfflinePhoto.objects.filter(of_gone).select_related("attachment")
    files += [each.attachment for each in photos]
    photos.delete()  # they hang on a reception, which hangs on the dossier
    for model, path in _belonging():
        rows: models.QuerySet[models.Model] = models.QuerySet(model).filter(**{f"{path}__in": gone})
        rows._raw_delete("default")  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute("SELECT dossiers_forget(%s)", [gone])
    forget_files(files)


def _stone(each: keeping.Due, by_list: ErasureList | None) -> None:
    dossier = each.dossier
    key = dossier.uuid
    if ProactiveDraft.objects.filter(dossier=dossier).exists() and dossier.state == State.DRAFT:
        key = uuid5(key, str(dossier.pk))  # the same reminder may prepare one for them again
    stone = DossierStone.objects.create(
        commune_id=dossier.commune_id,
        dossier_key=dossier.pk,
        uuid=key,
        code=dossier.code,
        procedure=dossier.procedure.code,
        state=dossier.state,
        opened_month=dates.local(dossier.opened_at).date().replace(day=1),
        ended_month=each.ended_on.replace(day=1),
        on_time_internal=dossier.on_time_internal,
        on_time_kpi=dossier.on_time_kpi,
        events=DossierEvent.objects.filter(dossier=dossier).count(),
        last_hash=dossier.last_hash,
        list=by_list,
        source=each.rule.source,
        erased_at=clock.now(),
    )
    changes = {"events": stone.events, "head": stone.last_hash, "source": each.rule.source}
    name = "dossiers.erased" if by_list else "dossiers.draft_erased"
    audit.record(name, dossier, by=SYSTEM, commune=dossier.commune_id, changes=changes)


def _files(gone: list[int]) -> list[Attachment]:
    keys: set[int] = set()
    for model, path in _belonging():
        for field in model._meta.fields:
            if field.related_model is Attachment:
                rows: models.QuerySet[models.Model] = models.QuerySet(model).filter(
                    **{f"{path}__in": gone}
                )
                keys |= set(rows.values_list(field.attname, flat=True))
    return list(Attachment.objects.filter(pk__in=keys - {None}))


@lru_cache(maxsize=1)
def _belonging() -> tuple[tuple[type[models.Model], str], ...]:
    """Return every table that belongs to a dossier, what hangs on others first.

    Read from the models: a table somebody adds later is dropped too.
    """
    loose = {Dossier, Ticket, Difference}
    near = [
        (rel.related_model, rel.field.name)
        for rel in Dossier._meta.get_fields(include_hidden=True)
        if isinstance(rel, models.ForeignObjectRel) and rel.related_model not in loose
    ]
    kept = [(m, way) for m, way in near if m._meta.model_name not in _BY_FUNCTION]
    return tuple(kept)
