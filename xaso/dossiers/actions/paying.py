"""The money of a dossier: asked for, paid; the clock waits only where the version says so."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy

from xaso.dossiers import codes, owing
from xaso.dossiers.actions import steps, supplementing
from xaso.dossiers.actions.steps import NOTHING, Seen
from xaso.dossiers.history import Said
from xaso.dossiers.models import Dossier, Finance
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock

CASH = "cash"


class NothingToPay(Refusal):
    """Everything was paid, nothing is taken for it, or it was refused or stopped."""

    sentence = gettext_lazy("Hồ sơ này không còn khoản nào phải nộp. Bác tải lại trang để xem.")


class NotProven(Refusal):
    """A transfer or an online payment without its number."""

    sentence = gettext_lazy("Bác ghi mã giao dịch hoặc số biên lai của khoản chuyển này.")


@dataclass(frozen=True)
class Paid:
    """How it was paid: cash, vietqr or dvcqg; the number of a book or bank, none for cash.

    Each payment gets the centre's own receipt number, whatever was typed.
    """

    way: str
    receipt: str

    @property
    def is_proven(self) -> bool:
        """Return whether somebody has it in hand, or something says that it came."""
        return self.way == CASH or bool(clean_line(self.receipt))


@steps.action
def ask_payment(dossier: Dossier, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Ask for what is to be paid before work goes on."""
    step = steps.begin(dossier, "yc_nop_phi", by=by, seen=seen, to_pay=owing.owed(dossier))
    dossier.finance = Finance.DUE
    if step.content.time.is_paused_for_payment:
        dossier.paused_at = step.now
    return step.finish()


@steps.action
def note_payment(dossier: Dossier, paid: Paid, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Note that everything asked for was paid; a clock that waited goes on."""
    step = steps.begin(dossier, "da_nop", by=by, seen=seen, receipt=paid.is_proven)
    mark(dossier, paid, step.now, by)
    supplementing.resume(step)
    return step.finish(Said(facts={"way": paid.way}))


@steps.action
def settle_fees(dossier: Dossier, paid: Paid, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Note a payment at the counter that holds nothing up: the state stays as it is.

    Refuses with NothingToPay (a second press, a dossier that was stopped) and NotProven.
    """
    if not owing.collects(dossier):
        raise NothingToPay
    if not paid.is_proven:
        raise NotProven
    mark(dossier, paid, clock.now(), by)
    dossier.save(update_fields=["finance"])
    write_down(dossier, paid, by)
    return dossier


def write_down(dossier: Dossier, paid: Paid, by: Actor) -> None:
    """Put into the log that money came beside a step: the way, never who paid."""
    audit.record(
        "dossier.paid",
        dossier,
        by=by,
        commune=dossier.commune_id,
        changes={"way": paid.way, "finance": str(dossier.finance)},
    )


def mark(dossier: Dossier, paid: Paid, now: datetime, by: Actor) -> None:
    """Mark every line that waits as paid, under one receipt number; the dossier is not saved."""
    rows = owing.lines(dossier)
    if rows.exists():
        rows.update(
            paid_at=now,
            paid_by=paid.way[:20],
            receipt=clean_line(paid.receipt)[:60],
            receipt_no=codes.take_receipt(dossier.commune_id, dates.local(now).date()),
            collector=by.id[:64] if by.kind == "official" else "",
        )
    dossier.finance = Finance.PAID
