"""The money of one dossier as the counter sees it: lines, receipts, what is owed, where it goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from xaso.dossiers import receipts
from xaso.dossiers.models import Dossier, DossierFee
from xaso.kernel.payments import pictures
from xaso.kernel.payments import queries as payments
from xaso.kernel.payments.queries import ToPay
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock


@dataclass(frozen=True)
class Money:
    """`transfer` and `qr` (an SVG) are there while something is owed and an account is named."""

    standing: str  # in words: free, exempt, waits, paid
    lines: Sequence[DossierFee]
    payments: Sequence[receipts.Payment]
    to_pay: int  # đồng
    transfer: ToPay | None
    qr: str


def of(dossier: Dossier, commune: Commune) -> Money:
    """Return the money of a dossier; two statements at most."""
    lines = list(dossier.fees.all())
    to_pay = sum(each.amount for each in lines if each.amount > 0 and each.paid_at is None)
    transfer = transfer_of(dossier, to_pay, commune)
    return Money(
        standing=str(dossier.get_finance_display()),
        lines=lines,
        payments=receipts.payments(lines),
        to_pay=to_pay,
        transfer=transfer,
        qr=pictures.svg(transfer.payload) if transfer else "",
    )


def transfer_of(dossier: Dossier, to_pay: int, commune: Commune) -> ToPay | None:
    """Return the transfer of what is owed; None for nothing, or without an account of today."""
    account = payments.account(commune, dates.local(clock.now()).date()) if to_pay else None
    return payments.to_pay(account, to_pay, dossier.code) if account else None
