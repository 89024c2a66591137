"""Whom a report is about is kept from it: noted from its words, mended by whoever reads it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import Invalid
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, named, readers
from xaso.reports.actions import steps
from xaso.reports.models import KeptFrom, Report
from xaso.reports.routing import reading


def keep(report: Report) -> None:
    """Keep a stored, locked report from whom its words name; the caller saves the report."""
    if not named.may_name(report, catalogue.of(report.commune_id)):
        return
    found = named.of(report, reading.around(report.commune_id, clock.now()))
    rows = found.rows(report)
    for row in rows:
        row.report = report
    KeptFrom.objects.bulk_create(rows, ignore_conflicts=True)
    report.is_apart = report.is_apart or bool(rows)


@transaction.atomic
def keep_from(report: Report, official: int, *, by: Actor) -> Report:
    """Keep a report from one more official, whom it is about.

    Refuses with NotFound whom it is about, and with Invalid who works elsewhere, or whoever would
    shut themselves out as the last reader.
    """
    current = _readable(report, by)
    people = {person.pk for person in identity.members(current.commune_id)}
    if official not in people:
        raise Invalid(errors={"official": [str(_("Bác chọn một cán bộ của xã."))]})
    KeptFrom.objects.get_or_create(
        commune_id=current.commune_id,
        report=current,
        official_id=official,
        unit=None,
        defaults={"created_at": clock.now()},
    )
    current.is_apart = True
    if current.is_sealed and not readers.people_of(current):
        raise Invalid(errors={"official": [str(_("Không còn ai khác đọc được đơn này."))]})
    current.save(update_fields=["is_apart"])
    changes = {"kept_from": official}
    audit.record("report.kept_from", current, by=by, commune=current.commune_id, changes=changes)
    return current


@transaction.atomic
def let_read(report: Report, row: int, *, by: Actor) -> Report:
    """Let a unit or official read again whom the words named by chance."""
    current = _readable(report, by)
    found = KeptFrom.objects.filter(report=current, pk=row).first()
    if found is None:
        return current
    changes = {"official": found.official_id, "unit": found.unit_id}
    found.delete()
    audit.record("report.let_read", current, by=by, commune=current.commune_id, changes=changes)
    return current


def _readable(report: Report, by: Actor) -> Report:
    current = steps.locked(report)
    readers.refuse_named(current, by)
    return current
