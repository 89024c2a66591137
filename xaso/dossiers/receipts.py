"""The printed receipt of fees: one for each payment, under a number without gaps.

It is the centre's own paper: lines, why less was taken, the sum in figures and words, who took it.
It does not replace the electronic receipt that decree 123/2020/NĐ-CP asks of the treasury's system,
and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from xaso.documents import actions as documents
from xaso.documents.actions.rendering import Rendered
from xaso.dossiers.models import Dossier, DossierFee
from xaso.dossiers.printing import head, official
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import dates, in_words

FORM = "phieu-thu"


@dataclass(frozen=True)
class Payment:
    """What was paid at one time: lines of one number, and those that were free altogether."""

    number: str
    paid_at: datetime
    way: str
    proof: str
    collector: str
    lines: Sequence[DossierFee]
    free: Sequence[DossierFee]

    @property
    def key(self) -> int:
        """Return the line by which the receipt is asked for."""
        return self.lines[0].pk

    @property
    def total(self) -> int:
        """Return what was paid, in đồng."""
        return sum(each.amount for each in self.lines)


def payments(fees: Sequence[DossierFee]) -> list[Payment]:
    """Return the payments of one dossier's lines, the first one first."""
    free = [each for each in fees if each.amount == 0 and each.full_amount]
    groups: dict[str, list[DossierFee]] = {}
    for each in fees:
        if each.receipt_no:
            groups.setdefault(each.receipt_no, []).append(each)
    return [
        Payment(
            number, rows[0].paid_at, rows[0].paid_by, rows[0].receipt, rows[0].collector, rows, free
        )
        for number, rows in groups.items()
        if rows[0].paid_at is not None
    ]


def printed(dossier: Dossier, line: int, output: str, *, commune: Commune) -> Rendered:
    """Return the receipt a line of money belongs to as `pdf`, `pdf80` or `docx`, in Vietnamese.

    Refuses with NotFound (nothing was paid under a number), and as `documents.render` does.
    """
    found = [
        each
        for each in payments(list(dossier.fees.all()))
        if line in {row.pk for row in each.lines}
    ]
    if not found:
        raise NotFound
    with override("vi"):
        day = dates.local(found[0].paid_at).date()
        return documents.render(FORM, _data(dossier, found[0], commune), day, output)


def _data(dossier: Dossier, paid: Payment, commune: Commune) -> dict[str, Any]:
    return head(commune) | {
        "dated": dates.local(paid.paid_at).date(),
        "number": paid.number,
        "dossier": {
            "code": dossier.code,
            "procedure": dossier.subject or dossier.procedure.name,
        },
        "payer": {"name": dossier.applicant, "address": dossier.address},
        "lines": [_line(each) for each in (*paid.lines, *paid.free)],
        "total": paid.total,
        "words": in_words.money(paid.total),
        "paid_at": paid.paid_at,
        "way": _way(paid.way),
        "proof": paid.proof,
        "collector": {"name": official(paid.collector)},
    }


def _line(each: DossierFee) -> dict[str, Any]:
    return {
        "name": each.name,
        "quantity": each.quantity,
        "full": each.full_amount,
        "amount": each.amount,
        "reason": _reason(each),
        "basis": each.document_no,
    }


def _reason(each: DossierFee) -> str:
    """Return why less than the full price was taken, with its law."""
    saved = each.full_amount - each.amount
    if saved <= 0:
        return ""
    group, law = each.exemption.get("group", ""), each.exemption.get("law", "")
    return ", ".join(filter(None, (group, law))) or _("Được miễn, giảm")


def _way(way: str) -> str:
    return {
        "cash": _("Tiền mặt"),
        "vietqr": _("Chuyển khoản"),
        "dvcqg": _("Cổng Dịch vụ công quốc gia"),
    }.get(way, way)
