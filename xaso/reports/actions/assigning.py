"""An official takes a report in, and gives it to a unit and a person."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official, Unit
from xaso.kernel.places.models import Village
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_text
from xaso.reports.actions import counting, steps, telling_office
from xaso.reports.history import Said
from xaso.reports.models import Report, RoutingTrace
from xaso.reports.models.words import VillageSource


@dataclass(frozen=True)
class Assigning:
    """To whom; the reason is asked for when it is not the unit the rules say, or another one.

    Taking in without a unit takes what the rules proposed. `village_id` confirms or corrects a
    village the machine guessed.
    """

    unit_id: int | None = None
    assignee_id: int | None = None
    reason: str = ""
    village_id: int | None = None


Accepting = Assigning


@transaction.atomic
def accept(report: Report, order: Accepting, *, by: Actor, version: int | None = None) -> Report:
    """Take a new report in and name the responsible unit; the person may follow later.

    Who takes another unit than the one a rule proposed says why.
    """
    current = steps.locked(report)
    trace = _trace(current)
    order = _proposed(order, trace)
    facts = {"unit": order.unit_id, "reason": order.reason, "trace": trace}
    step = steps.take(current, "accept", by=by, version=version, **facts)
    current.acked_at = step.now
    _give(current, order)
    _confirm_village(current, order.village_id)
    said = _said(current, order)
    said.facts["by_hand"] = trace is not None and trace.unit_id != order.unit_id
    done = step.finish(said)
    if trace is not None:
        telling_office.tell_also(done, trace)
    return done


@transaction.atomic
def assign(report: Report, order: Assigning, *, by: Actor, version: int | None = None) -> Report:
    """Give a report to a unit and a person, also again; the clock runs on."""
    facts = {"unit": order.unit_id, "reason": order.reason, "trace": _trace(report)}
    step = steps.begin(report, "assign", by=by, version=version, **facts)
    before = step.report.unit_id
    _give(step.report, order)
    if step.report.unit_id != before:
        counting.given(step.report, step.now)
    return step.finish(_said(step.report, order))


@transaction.atomic
def start(report: Report, *, by: Actor, version: int | None = None) -> Report:
    """Begin to work on it; who begins without being named takes it on."""
    mine = int(by.id) if by.kind == "official" else None
    step = steps.begin(report, "start", by=by, version=version, assignee=mine)
    if step.report.assignee_id is None:
        step.report.assignee_id = mine
    return step.finish()


@transaction.atomic
def note(report: Report, text: str, *, by: Actor, version: int | None = None) -> Report:
    """Write something down for colleagues; residents never see it."""
    step = steps.begin(report, "note", by=by, version=version, text=text)
    return step.finish(Said(internal=clean_text(text)[:4_000]), tells=False)


def _trace(report: Report) -> RoutingTrace | None:
    return RoutingTrace.objects.filter(report=report.pk).order_by("-id").first()


def _proposed(order: Accepting, trace: RoutingTrace | None) -> Accepting:
    """Return the order with what the rules proposed, where it names no unit."""
    if order.unit_id or trace is None or trace.unit_id is None:
        return order
    return replace(order, unit_id=trace.unit_id, assignee_id=order.assignee_id or trace.person_id)


def _confirm_village(report: Report, village_id: int | None) -> None:
    """Keep the village an official confirmed or chose in place of the guessed one."""
    if village_id is None:
        return
    found = Village.objects.filter(commune=report.commune_id, pk=village_id).first()
    if found is None:
        raise Invalid(errors={"village": [str(_("Bản này không thuộc xã. Bác chọn lại giúp."))]})
    report.village, report.village_source = found, VillageSource.CHOSEN


def _give(report: Report, order: Assigning) -> None:
    """Set unit and person. Refuses with Invalid for people who do not work there."""
    unit = Unit.objects.filter(
        commune=report.commune_id, pk=order.unit_id or 0, is_open=True
    ).first()
    if unit is None:
        raise Invalid(errors={"unit": [str(_("Đơn vị này không còn. Bác chọn đơn vị khác."))]})
    report.unit = unit
    report.assignee = _person(unit, order.assignee_id)


def _person(unit: Unit, key: int | None) -> Official | None:
    if key is None:
        return None
    people = identity.members(unit.commune_id, permission="reports.work")
    found = next((person for person in people if person.pk == key), None)
    if found is None:
        raise Invalid(
            errors={
                "assignee": [str(_("Người này không nhận việc phản ánh. Bác chọn người khác."))]
            }
        )
    return found


def _said(report: Report, order: Assigning) -> Said:
    facts = {
        "unit": report.unit_id,
        "unit_name": report.unit.name if report.unit else "",
        "assignee": report.assignee_id,
        "due_at": report.due_at.isoformat(),
    }
    return Said(internal=clean_text(order.reason), facts=facts)
