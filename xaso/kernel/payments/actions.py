"""Name the account a commune is paid into."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.payments import banks, vietqr
from xaso.kernel.payments.models import PayeeAccount
from xaso.kernel.payments.refusals import BadTransfer
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line


@dataclass(frozen=True)
class NewAccount:
    """An account as the administrator enters it."""

    bin: str
    number: str
    holder: str
    valid_from: date
    source: str = ""
    use: str = "fees"


@transaction.atomic
def name_account(new: NewAccount, *, commune: Commune, by: Actor) -> PayeeAccount:
    """Name the account for a use from a day on; earlier rows stay as history.

    Refuses with Invalid (errors by field): unknown bank, no such number, no holder, a day taken.
    """
    number = "".join(new.number.split())
    errors = _errors(new, number, commune)
    if errors:
        raise Invalid(errors=errors)
    row = PayeeAccount.objects.create(
        commune=commune,
        use=new.use,
        bin=new.bin,
        number=number,
        holder=clean_line(new.holder)[:120],
        source=clean_line(new.source)[:300],
        valid_from=new.valid_from,
        made_by=by.id,
        made_at=timezone.now(),
    )
    changes = {"use": row.use, "bin": row.bin, "valid_from": row.valid_from.isoformat()}
    audit.record("payments.account_named", row, by=by, commune=commune.id, changes=changes)
    return row


@transaction.atomic
def end_account(row: PayeeAccount, last: date, *, by: Actor) -> PayeeAccount:
    """Use an account until a day and no longer. Refuses with Invalid (before it began)."""
    row = PayeeAccount.objects.select_for_update().get(pk=row.pk)
    if last < row.valid_from:
        raise Invalid(errors={"valid_to": [_("Ngày cuối phải sau ngày đầu.")]})
    row.valid_to = last
    row.save(update_fields=["valid_to"])
    audit.record("payments.account_ended", row, by=by, commune=row.commune_id)
    return row


def _errors(new: NewAccount, number: str, commune: Commune) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not banks.named(new.bin):
        errors["bin"] = [_("Bác chọn ngân hàng trong danh sách.")]
    try:
        vietqr.built(vietqr.Transfer("970403", number))
    except BadTransfer:
        errors["number"] = [_("Số tài khoản có từ 1 đến 19 chữ số. Bác xem lại giúp.")]
    if not clean_line(new.holder):
        errors["holder"] = [_("Bác ghi tên chủ tài khoản như ngân hàng hiện ra.")]
    taken = PayeeAccount.objects.filter(commune=commune, use=new.use, valid_from=new.valid_from)
    if taken.exists():
        errors["valid_from"] = [_("Ngày này đã ghi một tài khoản khác. Bác chọn ngày sau đó.")]
    return errors
