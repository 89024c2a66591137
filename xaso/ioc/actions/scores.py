"""Scores of the set 766: kept every day, closed on day 10 of the next month, never rewritten.

A later correction is a new run with a reason; nothing here changes what was counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.ioc.kpi import definition, gathering, reading, scoring, versions
from xaso.ioc.kpi.shipped import SHIPPED
from xaso.ioc.models import KpiRun, KpiScore, KpiSet
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock

CLOSING_DAY = 10  # of the following month
_FOUR = Decimal("0.0001")


class AlreadyClosed(Refusal):
    """The month has its final score."""

    sentence = gettext_lazy("Điểm tháng này đã chốt. Muốn sửa, bác tính lại và ghi lý do.")


class NotOverYet(Refusal):
    """The month still runs."""

    sentence = gettext_lazy("Tháng này chưa hết nên chưa chốt điểm được.")


@dataclass(frozen=True)
class NewSet:
    """Another version of the set; `body` is `kpi.definition.as_json`."""

    body: Mapping[str, Any]
    valid_from: date
    law_ref: str
    note: str = ""


@dataclass(frozen=True)
class _Line:
    metric: str
    part: Decimal | None
    whole: Decimal | None
    points: Decimal | None


@transaction.atomic
def keep_day(commune: Commune, *, by: Actor, day: date | None = None) -> KpiRun:
    """Compute and keep the score of a month up to `day` (today); a closed month is left alone.

    Refuses with AlreadyClosed.
    """
    day = day or dates.local(clock.now()).date()
    month = gathering.month_of(day)
    _lock(commune)
    if _newest(commune, month, revision=1):
        raise AlreadyClosed
    return _compute(commune, month, min(day, gathering.last_of(month)), by=by)


@transaction.atomic
def close_month(commune: Commune, month: date, *, by: Actor) -> KpiRun:
    """Compute a month's final score. Refuses with AlreadyClosed and NotOverYet."""
    last = _over(commune, month)
    if _newest(commune, month, revision=1):
        raise AlreadyClosed
    run = _compute(commune, month, last, by=by, revision=1)
    said = {"month": f"{month:%Y-%m}", "total": str(run.total)}
    audit.record("ioc.score_closed", run, by=by, commune=commune.id, changes=said)
    return run


@transaction.atomic
def correct_month(commune: Commune, month: date, reason: str, *, by: Actor) -> KpiRun:
    """Compute a closed month anew, as its next revision with a reason.

    Refuses with Invalid (no reason) and NotOverYet.
    """
    reason = clean_line(reason)[:300]
    if not reason:
        raise Invalid(errors={"reason": [_("Bác ghi vì sao phải tính lại.")]})
    last = _over(commune, month)
    before = _newest(commune, month, revision=1)
    revision = before.revision + 1 if before else 1
    run = _compute(commune, month, last, by=by, revision=revision, reason=reason)
    said = {"month": f"{month:%Y-%m}", "total": str(run.total), "reason": reason}
    audit.record("ioc.score_corrected", run, by=by, commune=commune.id, changes=said)
    return run


@transaction.atomic
def take_portal_scores(
    commune: Commune, month: date, name: str, content: bytes, *, by: Actor
) -> KpiRun:
    """Keep what the national portal says of a month. Refuses with Invalid, line by line."""
    last = gathering.last_of(month)
    wanted = versions.in_force(commune, last)
    rows = reading.read(name, content, wanted, f"{month:%Y-%m}")
    points = [row.points for row in rows if row.points is not None]
    maxima = {metric.code: metric.maximum for metric in wanted.metrics}
    backed = sum(maxima[row.metric] for row in rows if row.points is not None)
    _lock(commune)
    run = _keep(
        commune,
        month,
        [_Line(row.metric, row.part, row.whole, row.points) for row in rows],
        by=by,
        set_version=wanted.version,
        source=KpiRun.Source.PORTAL,
        as_of=last,
        total=sum(points, Decimal(0)),
        coverage=_decimal(backed / wanted.maximum),
    )
    said = {"month": f"{month:%Y-%m}", "total": str(run.total), "rows": len(rows)}
    audit.record("ioc.portal_score_taken", run, by=by, commune=commune.id, changes=said)
    return run


@transaction.atomic
def publish_set(new: NewSet, *, commune: Commune, by: Actor) -> KpiSet:
    """Publish another version of the set from a day on; months before keep theirs.

    Refuses with Invalid: a broken body, no legal reference, a day not after the newest version's.
    """
    groups, metrics = definition.read_body(new.body)
    law_ref = clean_line(new.law_ref)[:300]
    if not law_ref:
        raise Invalid(errors={"law_ref": [_("Bác ghi văn bản làm căn cứ.")]})
    _lock(commune)
    newest = versions.newest(commune)
    if new.valid_from <= newest.valid_from:
        raise Invalid(errors={"valid_from": [_("Ngày hiệu lực phải sau bản đang dùng.")]})
    row = KpiSet.objects.create(
        commune=commune,
        code=SHIPPED.code,
        version=newest.version + 1,
        valid_from=new.valid_from,
        law_ref=law_ref,
        sureness="commune",
        note=new.note[:2000],
        body=definition.as_json(groups, metrics),
        published_at=clock.now(),
        published_by=by.id,
    )
    said = {"version": row.version, "valid_from": new.valid_from.isoformat()}
    audit.record("ioc.score_set_published", row, by=by, commune=commune.id, changes=said)
    return row


def _compute(  # noqa: PLR0913 - what of which month, how final, why
    commune: Commune, month: date, last: date, *, by: Actor, revision: int = 0, reason: str = ""
) -> KpiRun:
    wanted = versions.in_force(commune, gathering.last_of(month))
    found = scoring.score(wanted, gathering.gather(commune, month, last))
    lines = [
        _Line(
            code,
            _decimal(m.ratio.part) if m.ratio else None,
            _decimal(m.ratio.whole) if m.ratio else None,
            _decimal(m.points) if m.points is not None else None,
        )
        for code, m in found.metrics.items()
    ]
    return _keep(
        commune,
        month,
        lines,
        by=by,
        set_version=wanted.version,
        source=KpiRun.Source.OWN,
        as_of=last,
        revision=revision,
        reason=reason,
        total=found.shown,
        coverage=_decimal(found.coverage),
    )


def _keep(
    commune: Commune, month: date, lines: Sequence[_Line], *, by: Actor, **values: object
) -> KpiRun:
    run = KpiRun.objects.create(
        commune=commune,
        set_code=SHIPPED.code,
        month=month,
        computed_at=clock.now(),
        computed_by=by.id,
        **values,
    )
    KpiScore.objects.bulk_create(
        KpiScore(
            commune=commune,
            run=run,
            metric=line.metric,
            part=line.part,
            whole=line.whole,
            points=line.points,
        )
        for line in lines
    )
    return run


def _over(commune: Commune, month: date) -> date:
    """Return the last day of a month that is over, holding the commune's scores."""
    last = gathering.last_of(month)
    if dates.local(clock.now()).date() <= last:
        raise NotOverYet
    _lock(commune)
    return last


def _newest(commune: Commune, month: date, *, revision: int) -> KpiRun | None:
    rows = KpiRun.objects.filter(
        commune=commune, month=month, source=KpiRun.Source.OWN, revision__gte=revision
    )
    return rows.first()


def _lock(commune: Commune) -> None:
    """Let one writer at a time number the commune's revisions and versions."""
    Commune.objects.select_for_update(of=("self",), no_key=True).get(pk=commune.pk)


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_FOUR)


def month_before(day: date) -> date:
    """Return the first day of the month before a day's."""
    return gathering.month_of(gathering.month_of(day) - timedelta(days=1))
