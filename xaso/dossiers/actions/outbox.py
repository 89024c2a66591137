"""Messages leave for another system as a file, its answer comes back: harmless when twice.

A message whose answer is unknown is never sent again blindly: it waits to be reconciled.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from xaso.dossiers.exchange import writing
from xaso.dossiers.models import Dossier, OutMessage, Sync, SyncState
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock

AT_ONCE = 500
ANSWERS = {"ok": Sync.CONFIRMED, "error": Sync.FAILED, "unknown": Sync.TO_RECONCILE}
_ONCE = (OutMessage.Kind.MONEY, OutMessage.Kind.RESULT)  # never sent again without an answer


@transaction.atomic
def hand_out(target: str, *, by: Actor, commune: Commune) -> list[dict[str, Any]]:
    """Take up to 500 messages that wait, mark them sent, and return what the file holds.

    The same message keeps its `MaThongDiep` for ever. One about money or a result that was sent
    and not answered is not among them.
    """
    now = clock.now()
    waiting = Q(state=Sync.WAITING) | (Q(state=Sync.FAILED) & ~Q(kind__in=_ONCE))
    rows = OutMessage.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        waiting, commune=commune, target=target
    )
    found = list(rows.order_by("id")[:AT_ONCE])
    dossiers = _read({each.dossier_id for each in found})
    letters = [_letter(each, dossiers[each.dossier_id], commune) for each in found]
    for each in found:
        each.state, each.sent_at = Sync.SENT, now
        each.attempts += 1
    OutMessage.objects.bulk_update(found, ["state", "sent_at", "attempts"])
    states = SyncState.objects.filter(dossier__in=list(dossiers), target=target)
    states.exclude(state=Sync.TO_RECONCILE).update(state=Sync.SENT, since=now)
    for each in found[:1]:
        changes = {"target": target, "messages": len(found)}
        audit.record("dossiers.messages_sent", each, by=by, commune=commune.id, changes=changes)
    return letters


@transaction.atomic
def take_answers(
    answers: Mapping[UUID, str], target: str, *, by: Actor, commune: Commune
) -> dict[str, int]:
    """Write what the other side said of messages; return how many of each.

    `ok`, `error` or `unknown`; a message we never sent is counted as strange.
    """
    now = clock.now()
    rows = OutMessage.objects.select_for_update().filter(
        commune=commune, target=target, message_id__in=list(answers)
    )
    found = list(rows)
    for each in found:
        each.state = ANSWERS.get(answers[each.message_id], Sync.TO_RECONCILE)
        each.answer = answers[each.message_id][:300]
        each.confirmed_at = now if each.state == Sync.CONFIRMED else None
    OutMessage.objects.bulk_update(found, ["state", "answer", "confirmed_at"])
    for each in found:
        _settle(each)
    for each in found[:1]:
        changes = {"target": target, "answers": len(found)}
        audit.record("dossiers.messages_answered", each, by=by, commune=commune.id, changes=changes)
    said = {str(state): sum(each.state == state for each in found) for state in ANSWERS.values()}
    return said | {"strange": len(answers) - len(found)}


def _settle(message: OutMessage) -> None:
    """Bring the state of a dossier's copy to its least settled message."""
    states = set(
        OutMessage.objects.filter(dossier=message.dossier_id, target=message.target)
        .values_list("state", flat=True)
    )  # fmt: skip
    order = (Sync.TO_RECONCILE, Sync.FAILED, Sync.WAITING, Sync.SENT, Sync.CONFIRMED)
    worst = next((state for state in order if state in states), Sync.NONE)
    rows = SyncState.objects.filter(dossier=message.dossier_id, target=message.target)
    rows.update(state=worst, since=clock.now())


def _read(keys: set[int]) -> dict[int, Dossier]:
    rows = Dossier.objects.filter(pk__in=keys).select_related("procedure", "unit")
    rows = rows.prefetch_related("components", "fees", "supplements", "results")
    return {each.pk: each for each in rows}


def _letter(message: OutMessage, dossier: Dossier, commune: Commune) -> dict[str, Any]:
    whole = message.kind in (OutMessage.Kind.DOSSIER, OutMessage.Kind.RESULT)
    body = writing.dossier(dossier, commune) if whole else writing.flat(dossier, commune)
    return {
        "MaThongDiep": str(message.message_id),
        "Loai": message.kind,
        "ThuTu": message.seq,
        "HoSo": body,
    }
