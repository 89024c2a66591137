"""An official takes a report in, and gives it to a unit and a person."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official, Unit
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_text
from xaso.reports.actions import steps
from xaso.reports.history import Said
from xaso.reports.models import Report


@dataclass(frozen=True)
class Assigning:
    """To whom; the reason is asked for when another unit takes over."""

    unit_id: int | None = None
    assignee_id: int | None = None
    reason: str = ""


Accepting = Assigning


@transaction.atomic
def accept(report: Report, order: Accepting, *, by: Actor, version: int | None = None) -> Report:
    """Take a new report in and name the responsible unit; the person may follow later."""
    step = steps.begin(report, "accept", by=by, version=version, unit=order.unit_id)
    current = step.report
    current.acked_at = step.now
    _give(current, order)
    return step.finish(_said(current, order))


@transaction.atomic
def assign(report: Report, order: Assigning, *, by: Actor, version: int | None = None) -> Report:
    """Give a report to a unit and a person, also again; the clock runs on."""
    facts = {"unit": order.unit_id, "reason": order.reason}
    step = steps.begin(report, "assign", by=by, version=version, **facts)
    _give(step.report, order)
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
