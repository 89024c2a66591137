"""Baselines: the recorded value "before", without which no reduction is ever shown."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from xaso.ioc.models import Baseline
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock

_LARGEST = {
    Baseline.Meter.HOURS: Decimal(20_000),
    Baseline.Meter.PAPER: Decimal(100),
    Baseline.Meter.PER_OFFICER: Decimal(1_000),
}


@dataclass(frozen=True)
class NewBaseline:
    """A value as somebody recorded it; `first` and `last` are the days it was measured on."""

    meter: str
    value: Decimal
    first: date
    last: date
    method: str
    evidence: str
    key: str = ""
    cases: int | None = None


@transaction.atomic
def set_baseline(new: NewBaseline, *, commune: Commune, by: Actor) -> Baseline:
    """Record a baseline; the one in force for the same thing is taken back, not overwritten.

    Refuses with Invalid (errors by field).
    """
    method, evidence = clean_line(new.method)[:300], clean_line(new.evidence)[:300]
    _check(new, method, evidence)
    now = clock.now()
    same = Baseline.objects.select_for_update().filter(
        commune=commune, meter=new.meter, key=new.key, taken_back_at=None
    )
    same.update(taken_back_at=now, taken_back_by=by.id)
    row = Baseline.objects.create(
        commune=commune,
        meter=new.meter,
        key=new.key,
        first=new.first,
        last=new.last,
        value=new.value,
        cases=new.cases,
        method=method,
        evidence=evidence,
        set_at=now,
        set_by=by.id,
    )
    said = {"meter": new.meter, "key": new.key, "value": str(new.value)}
    audit.record("ioc.baseline_set", row, by=by, commune=commune.id, changes=said)
    return row


@transaction.atomic
def take_back_baseline(baseline: int, *, commune: Commune, by: Actor) -> Baseline:
    """Stop comparing with a baseline; its row stays. Refuses with NotFound."""
    rows = Baseline.objects.select_for_update()
    row = rows.filter(commune=commune, pk=baseline, taken_back_at=None).first()
    if row is None:
        raise NotFound
    row.taken_back_at, row.taken_back_by = clock.now(), by.id
    row.save(update_fields=["taken_back_at", "taken_back_by"])
    audit.record("ioc.baseline_taken_back", row, by=by, commune=commune.id)
    return row


def _check(new: NewBaseline, method: str, evidence: str) -> None:
    errors: dict[str, list[str]] = {}
    if new.meter not in _LARGEST:
        errors["meter"] = [_("Bác chọn thước đo trong danh sách.")]
    elif not 0 < new.value <= _LARGEST[Baseline.Meter(new.meter)]:
        errors["value"] = [_("Số mốc phải lớn hơn 0 và hợp lẽ với thước đo đã chọn.")]
    if new.first > new.last:
        errors["last"] = [_("Ngày cuối phải sau ngày đầu.")]
    elif new.last > dates.local(clock.now()).date():
        errors["last"] = [_("Mốc so sánh là số đã đo, ngày cuối không thể ở tương lai.")]
    if not method:
        errors["method"] = [_("Bác ghi đo bằng cách nào.")]
    if not evidence:
        errors["evidence"] = [_("Bác ghi số này lấy từ đâu: báo cáo, sổ, văn bản nào.")]
    if errors:
        raise Invalid(errors=errors)
