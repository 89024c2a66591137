"""The person wants the papers back: the clock pauses until a leader decides."""

from xaso.dossiers.actions import steps, supplementing
from xaso.dossiers.actions.steps import NOTHING, Seen
from xaso.dossiers.history import Said
from xaso.dossiers.models import Dossier, DossierFee, Finance
from xaso.kernel.audit.actors import Actor
from xaso.kernel.text import clean_text


@steps.action
def ask_withdrawal(dossier: Dossier, reason: str, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Ask to withdraw; whoever was waited for before need not come any more for now."""
    step = steps.begin(dossier, "yc_rut", by=by, seen=seen, reason=reason)
    dossier.back_state = str(dossier.state)
    dossier.paused_at = dossier.paused_at or (step.now if dossier.accepted_at else None)
    return step.finish(Said(internal=clean_text(reason)[:1_000]))


@steps.action
def agree_withdrawal(
    dossier: Dossier, note: str = "", *, by: Actor, seen: Seen = NOTHING
) -> Dossier:
    """Agree: the dossier is stopped (Mẫu 05), and what was paid is put down to be refunded."""
    step = steps.begin(dossier, "dong_y_rut", by=by, seen=seen)
    dossier.ended_at = step.now
    dossier.paused_at = None
    refund(step)
    return step.finish(Said(public=clean_text(note)[:1_000]))


@steps.action
def refuse_withdrawal(dossier: Dossier, reason: str, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Do not agree: the dossier goes back to where it stood, and its clock goes on."""
    back = dossier.back_state
    step = steps.begin(dossier, "tu_choi_rut", by=by, seen=seen, reason=reason, to=back or None)
    if back not in {"CHO_BO_SUNG", "CHO_NGHIA_VU_TAI_CHINH"}:
        supplementing.resume(step)  # these two were waiting before, and wait on
    dossier.back_state = ""
    return step.finish(Said(public=clean_text(reason)[:1_000]))


def refund(step: steps.Step) -> None:
    """Put down a refund for each line that was paid; money itself is paid out elsewhere."""
    dossier = step.dossier
    paid = list(dossier.fees.filter(paid_at__isnull=False, amount__gt=0))
    for line in paid:
        step.rows.append(
            DossierFee(
                commune_id=dossier.commune_id,
                dossier=dossier,
                code=line.code,
                name=line.name,
                kind=DossierFee.Kind.REFUND,
                quantity=line.quantity,
                full_amount=0,
                amount=-line.amount,
                collect_at=line.collect_at,
                document_no=line.document_no,
                created_at=step.now,
            )
        )
    if paid:
        dossier.finance = Finance.REFUNDED
