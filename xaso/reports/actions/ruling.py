"""The administrator changes a rule: a new dated row, never an edit of what held before."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line, clean_text, dates, phone
from xaso.kernel.working_time import clock
from xaso.reports.models import Catalogue, Rule, Sureness
from xaso.reports.rule_defaults import KNOWN, PUBLICITY, Known

_LARGEST = 100_000
_BACK = timedelta(days=366)  # a decree found late still holds from its own day


@dataclass(frozen=True)
class NewRule:
    """A value from a day on, and where it stands written."""

    key: str
    valid_from: date
    amount: int | None = None
    text: str = ""
    sureness: str = Sureness.COMMUNE
    source: str = ""


@transaction.atomic
def set_rule(commune: Commune, new: NewRule, *, by: Actor) -> Rule:
    """Let a rule have another value from a day on; refuses with Invalid, errors by field."""
    known = KNOWN.get(new.key)
    errors = _faults(commune, known, new)
    if known is None or errors:
        raise Invalid(errors=errors)
    values = {
        "amount": new.amount if known.amount is not None else None,
        "text": "" if known.amount is not None else clean_text(new.text)[:4_000],
        "sureness": new.sureness,
        "source": clean_line(new.source)[:300],
        "set_by": by.id,
        "set_at": clock.now(),
    }
    row, _new = Rule.objects.update_or_create(
        commune=commune, key=new.key, valid_from=new.valid_from, defaults=values
    )
    Catalogue.objects.filter(commune=commune).update(stamp=uuid4())
    changes = {"key": new.key, "valid_from": new.valid_from.isoformat(), "amount": new.amount}
    audit.record("reports.rule_set", row, by=by, commune=commune.id, changes=changes)
    return row


def set_up(commune: Commune, *, by: Actor, on: date) -> None:
    """Write the rules shipped with the program as rows from a day on; known ones stay."""
    have = set(Rule.objects.filter(commune=commune).values_list("key", flat=True))
    Rule.objects.bulk_create(
        Rule(
            commune=commune,
            key=known.key,
            valid_from=on,
            amount=known.amount,
            text=known.text,
            sureness=known.sureness,
            source=known.source,
            set_by=by.id,
            set_at=clock.now(),
        )
        for known in KNOWN.values()
        if known.key not in have
    )


def _faults(commune: Commune, known: Known | None, new: NewRule) -> dict[str, list[str]]:
    if known is None:
        return {"key": [str(_("Không có quy tắc này."))]}
    errors: dict[str, list[str]] = {}
    if new.sureness not in Sureness.values:
        errors["sureness"] = [str(_("Bác chọn độ chắc chắn."))]
    if new.valid_from < dates.local(clock.now()).date() - _BACK:
        errors["valid_from"] = [str(_("Ngày áp dụng quá xa. Bác chọn trong một năm trở lại."))]
    if known.amount is not None:
        if new.amount is None or not 0 < new.amount <= _LARGEST:
            errors["amount"] = [str(_("Bác ghi một số lớn hơn 0."))]
    elif fault := _text_fault(commune, known, new.text.strip()):
        errors["text"] = [fault]
    if new.sureness in (Sureness.LAW, Sureness.SOURCE) and not new.source.strip():
        errors["source"] = [str(_("Bác ghi văn bản nào, số bao nhiêu."))]
    return errors


def _text_fault(commune: Commune, known: Known, text: str) -> str:
    """Return what is wrong with a rule's words, or nothing."""
    if known.unit == "publicity" and text not in PUBLICITY:
        return str(_("Bác chọn một cách công khai."))
    if known.unit == "publicity" and known.text == "never" and text != "never":
        return str(_("Loại đơn này luật không cho công khai, không đổi được."))
    if known.unit == "unit" and text and not Unit.objects.filter(commune=commune, code=text):
        return str(_("Không có đơn vị mang mã này."))
    if known.unit == "phone" and text and not _is_phone(text):
        return str(_("Số điện thoại chưa đúng. Ví dụ: 0213 3876 113 hoặc 114."))
    return ""


def _is_phone(text: str) -> bool:
    bare = text.replace(" ", "")
    if bare.isascii() and bare.isdigit() and len(bare) in (3, 4):
        return True
    try:
        return bool(phone.normalise(text))
    except ValueError:
        return False
