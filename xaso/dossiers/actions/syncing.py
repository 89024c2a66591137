"""Messages to other systems: one per step they must know, put into the outbox with the step.

Nothing is sent here. Each system that holds a copy has a row of state; the message id is stable, so
that the same message twice is harmless at the other side.
"""

import hashlib
from uuid import uuid5

from xaso.dossiers.models import Dossier, DossierEvent, OutMessage, Sync, SyncState, System

_KINDS = {
    "tiep_nhan": OutMessage.Kind.DOSSIER,
    "chuyen": OutMessage.Kind.PROGRESS,
    "tra_lai_buoc": OutMessage.Kind.PROGRESS,
    "yc_bo_sung": OutMessage.Kind.STATE,
    "nop_bo_sung": OutMessage.Kind.STATE,
    "yc_bs_dau_vao": OutMessage.Kind.STATE,
    "tu_choi": OutMessage.Kind.STATE,
    "gia_han": OutMessage.Kind.STATE,
    "xac_minh": OutMessage.Kind.STATE,
    "yc_nop_phi": OutMessage.Kind.STATE,
    "da_nop": OutMessage.Kind.MONEY,
    "yc_rut": OutMessage.Kind.STATE,
    "dong_y_rut": OutMessage.Kind.STATE,
    "tu_choi_rut": OutMessage.Kind.STATE,
    "khong_giai_quyet": OutMessage.Kind.STATE,
    "ky_ban_hanh": OutMessage.Kind.RESULT,
    "tra": OutMessage.Kind.STATE,
}
ACCEPT = "tiep_nhan"
TARGET = System.DVCQG  # the national portal is told of what we are the original of


def messages(dossier: Dossier, line: DossierEvent) -> list[OutMessage]:
    """Return what the national portal must know of a step, as rows not saved yet.

    Nothing for the copy of another system's dossier, and for steps that are the office's own.
    """
    kind = _KINDS.get(line.action)
    if kind is None or dossier.is_mirror:
        return []
    return [
        OutMessage(
            commune_id=dossier.commune_id,
            dossier=dossier if dossier.pk else None,
            target=TARGET,
            kind=kind,
            message_id=uuid5(dossier.uuid, f"{TARGET}/{kind}/{line.seq}"),
            seq=line.seq,
            payload_hash=hashlib.sha256(line.hash.encode()).hexdigest(),
            state=Sync.WAITING,
            next_try=line.server_time,
            created_at=line.server_time,
        )
    ]


def first_state(dossier: Dossier, line: DossierEvent) -> SyncState:
    """Return the row of state of a dossier that was just accepted, not saved yet."""
    return SyncState(
        commune_id=dossier.commune_id,
        dossier=dossier if dossier.pk else None,
        target=TARGET,
        state=Sync.WAITING,
        since=line.server_time,
    )


def note(dossier: Dossier, line: DossierEvent) -> None:
    """Note that a message waits; what must be reconciled first stays so."""
    if line.action not in _KINDS or dossier.is_mirror:
        return
    rows = SyncState.objects.filter(dossier=dossier, target=TARGET)
    if line.action == ACCEPT and not rows.exists():
        first_state(dossier, line).save()
        return
    waits = {"state": Sync.WAITING, "since": line.server_time}
    rows.exclude(state__in=[Sync.WAITING, Sync.TO_RECONCILE]).update(**waits)
