"""Whom in the office a matter is told to beside the person in charge: code and state, no words."""

from django.db.models import Q, QuerySet

from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official, Unit
from xaso.reports.actions.telling import officials, send
from xaso.reports.models import Approval, Report, ReportEvent, RoutingTrace


def tell_also(report: Report, trace: RoutingTrace) -> None:
    """Tell those whom the deciding rule names beside the unit: heads of units, and people."""
    wanted = [str(each).partition(":") for each in trace.facts.get("tell", ())]
    units = [int(key) for kind, _colon, key in wanted if kind == "unit"]
    people = [int(key) for kind, _colon, key in wanted if kind == "person"]
    if not units and not people:
        return
    heads = Unit.objects.filter(commune=report.commune_id, pk__in=units).values("head")
    named = Official.objects.filter(Q(pk__in=people) | Q(pk__in=heads), is_active=True)
    send(report, _last(report), "routed", [*officials(named)])


def tell_deciders(report: Report, approval: Approval) -> None:
    """Tell who may say yes: the head of the unit and the leaders, never the one who asked."""
    head = report.unit.head_id if report.unit else None
    leaders = identity.members(report.commune_id, permission="reports.approve")
    keys = {head, *(person.pk for person in leaders)} - {approval.asked_by_id}
    people = _people(keys)
    send(report, _last(report), "approval_asked", [*officials(people)])


def tell_asker(report: Report, approval: Approval) -> None:
    """Tell the one who asked that it was decided; the answer stands on the report."""
    people = Official.objects.filter(pk=approval.asked_by_id, is_active=True)
    send(report, _last(report), "approval_decided", [*officials(people)])


def tell_unit(report: Report, what: str) -> None:
    """Tell the person in charge and the head of the unit."""
    keys = {report.assignee_id, report.unit.head_id if report.unit else None}
    people = _people(keys)
    send(report, _last(report), what, [*officials(people)])


def _people(keys: set[int | None]) -> QuerySet[Official]:
    known = [key for key in keys if key is not None]
    return Official.objects.filter(pk__in=known, is_active=True)


def _last(report: Report) -> ReportEvent:
    return ReportEvent.objects.filter(report=report).order_by("-seq")[:1].get()
