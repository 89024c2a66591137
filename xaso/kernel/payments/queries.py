"""Where a commune is paid, and the QR for an amount."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from xaso.kernel.payments import banks, vietqr
from xaso.kernel.payments.models import PayeeAccount
from xaso.kernel.places.models import Commune


@dataclass(frozen=True, slots=True)
class ToPay:
    """What stands beside a QR: people compare the name before they send money."""

    payload: str  # the text of the QR
    bank: str
    number: str  # in groups of four
    holder: str
    amount: int | None  # đồng
    purpose: str


def account(commune: Commune, on: date, use: str = "fees") -> PayeeAccount | None:
    """Return the account for a use on a day, or None when none is named."""
    rows = PayeeAccount.objects.filter(commune=commune, use=use, valid_from__lte=on)
    begun = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return begun.order_by("-valid_from").first()


def accounts(commune: Commune) -> QuerySet[PayeeAccount]:
    """Return every account ever named, the newest first."""
    return PayeeAccount.objects.filter(commune=commune).order_by("use", "-valid_from")


def to_pay(account: PayeeAccount, amount: int | None, purpose: str = "") -> ToPay:
    """Return the QR of a transfer to an account and the words beside it.

    `purpose` may carry marks; it is folded and refused (BadTransfer) beyond 25 characters.
    """
    said = vietqr.purpose(purpose)
    transfer = vietqr.Transfer(account.bin, account.number, amount, said)
    groups = [account.number[at : at + 4] for at in range(0, len(account.number), 4)]
    return ToPay(
        payload=vietqr.built(transfer),
        bank=banks.named(account.bin),
        number=" ".join(groups),
        holder=account.holder,
        amount=amount,
        purpose=said,
    )
