"""Where a report should go: proposed when it arrives, again when it changes; kept with the why."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Refusal
from xaso.kernel.working_time import clock
from xaso.reports import catalogue
from xaso.reports.actions import assigning
from xaso.reports.models import Report, RoutingTrace, State
from xaso.reports.routing import deciding, reading
from xaso.reports.routing.rules import Around, By, Decision

_FROM_RULES = {State.ACCEPTED, State.IN_PROGRESS, State.FORWARDED}


def propose(
    report: Report, kinds: catalogue.Categories, there: Around, why: str = RoutingTrace.Why.RECEIVED
) -> RoutingTrace:
    """Return why a report goes where, not yet saved; costs no statement while rows are kept."""
    matter = reading.matter_of(report, kinds, there)
    decision = deciding.decide(reading.rules_of(there.book_id, there.book_stamp), matter, there)
    return RoutingTrace(
        commune_id=report.commune_id,
        report=report if report.pk else None,
        at=clock.now(),
        why=why,
        decided_by=str(decision.by),
        book_version=there.book_version,
        rule_id=decision.rule.id if decision.rule else None,
        unit_id=decision.unit_id,
        person_id=decision.person_id,
        steps=[step.stored() for step in decision.steps],
        facts=_facts(decision, matter.about_units, there),
        error=decision.error,
    )


@transaction.atomic
def propose_again(report: Report, why: str = RoutingTrace.Why.CHANGED) -> RoutingTrace | None:
    """Read the rules again for a report nobody took in yet, after it changed."""
    if report.state != State.NEW:
        return None
    there = reading.around(report.commune_id, clock.now())
    trace = propose(report, catalogue.of(report.commune_id), there, why)
    trace.save(force_insert=True)
    return trace


@transaction.atomic
def reroute(reports: Iterable[Report], *, by: Actor) -> tuple[int, list[str]]:
    """Send open reports where today's rules would send them; a report nobody took in is proposed.

    Returns how many moved, and a sentence for each that could not.
    """
    moved, refused = 0, []
    why = _("Theo danh sách luật mới")
    for report in reports:
        there = reading.around(report.commune_id, clock.now())
        trace = propose(report, catalogue.of(report.commune_id), there, RoutingTrace.Why.RULES)
        try:
            with transaction.atomic():
                trace.save(force_insert=True)
                if report.state in _FROM_RULES and trace.decided_by == By.RULE:
                    order = assigning.Assigning(trace.unit_id, trace.person_id, why)
                    assigning.assign(report, order, by=by)
                else:
                    audit.record("reports.rerouted", report, by=by, commune=report.commune_id)
        except Refusal as refusal:
            refused.append(f"{report.spoken}: {refusal}")
            continue
        moved += 1
    return moved, refused


def _facts(decision: Decision, about: frozenset[int], there: Around) -> dict[str, object]:
    facts: dict[str, object] = {}
    if decision.duty and decision.by is not By.RULE:
        facts["duty"] = decision.duty.source
    if about:
        facts["about"] = sorted(there.units.get(key, "") for key in about)
        facts["about_ids"] = sorted(about)
    if decision.rule and decision.rule.also_tell:
        facts["tell"] = list(decision.rule.also_tell)
    return facts
