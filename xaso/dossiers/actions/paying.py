"""The money of a dossier: asked for, paid; the clock waits only where the version says so."""

from dataclasses import dataclass
from datetime import datetime

from xaso.dossiers.actions import steps, supplementing
from xaso.dossiers.actions.steps import NOTHING, Seen
from xaso.dossiers.history import Said
from xaso.dossiers.models import Dossier, DossierFee, Finance
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock


@dataclass(frozen=True)
class Paid:
    """How it was paid: cash, vietqr or dvcqg, with the receipt's number or code."""

    way: str
    receipt: str


@steps.action
def ask_payment(dossier: Dossier, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Ask for what is to be paid before work goes on."""
    step = steps.begin(dossier, "yc_nop_phi", by=by, seen=seen, to_pay=_to_pay(dossier))
    dossier.finance = Finance.DUE
    if step.content.time.is_paused_for_payment:
        dossier.paused_at = step.now
    return step.finish()


@steps.action
def note_payment(dossier: Dossier, paid: Paid, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Note that everything asked for was paid; a clock that waited goes on."""
    step = steps.begin(dossier, "da_nop", by=by, seen=seen, receipt=paid.receipt)
    _mark(dossier, paid, step.now)
    supplementing.resume(step)
    return step.finish(Said(facts={"way": paid.way}))


@steps.action
def settle_fees(dossier: Dossier, paid: Paid, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Note a payment at the counter that holds nothing up: the state stays as it is."""
    _mark(dossier, paid, clock.now())
    dossier.save(update_fields=["finance"])
    audit.record(
        "dossier.paid",
        dossier,
        by=by,
        commune=dossier.commune_id,
        changes={"way": paid.way, "finance": str(dossier.finance)},
    )
    return dossier


def _to_pay(dossier: Dossier) -> bool:
    return dossier.fees.filter(amount__gt=0, paid_at__isnull=True).exists()


def _mark(dossier: Dossier, paid: Paid, now: datetime) -> None:
    rows = DossierFee.objects.filter(dossier=dossier, amount__gt=0, paid_at__isnull=True)
    rows.update(paid_at=now, paid_by=paid.way[:20], receipt=clean_line(paid.receipt)[:60])
    dossier.finance = Finance.PAID
