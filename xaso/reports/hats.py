"""Which hats an actor wears for one report: the same officer is `unit` here and `duty` there."""

from xaso.kernel.audit.actors import Actor
from xaso.kernel.workflow.table import Facts
from xaso.reports.models import Report

RESIDENT = "resident"  # tracking code and second factor, or the device that sent it
HELPER = "helper"  # village head, community team
DUTY = "duty"  # receives reports: one-stop clerk or officer
UNIT = "unit"  # officer of the responsible unit
LEAD = "lead"  # head of the responsible unit, or a leader
SUPERVISOR = "supervisor"  # leader of the commune
SYSTEM = "system"  # scheduled job
BODY = "body"  # an outside body, by the link it was given for this one report

LINK = "forward:"  # begins the key of a body that came by a link
_RECEIVING = ("one_stop_clerk", "officer")
_HELPING = ("village_head", "community_team")
# A partner's program stands for the resident whose words it passes on.
_PASSING_ON = ("api:open311.write", "api:open311.updates")


def worn(report: Report | None, by: Actor) -> frozenset[str]:
    """Return the hats of an actor; the report's unit must have been read with it."""
    if by.kind != "official":
        return _outside(by)
    hats: set[str] = set()
    if by.is_one_of(*_HELPING):
        hats.add(HELPER)
    if by.is_one_of(*_RECEIVING):
        hats.add(DUTY)
    if by.is_one_of("leader"):
        hats |= {SUPERVISOR, LEAD}  # whoever leads the commune leads its units
    if report is not None and report.unit_id:
        hats |= _of_unit(report, by)
    return frozenset(hats)


def _outside(by: Actor) -> frozenset[str]:
    """Return the hat of somebody who is no official."""
    if by.kind == "machine":
        if by.id.startswith(LINK):
            return frozenset({BODY})
        return frozenset({RESIDENT}) if by.is_one_of(*_PASSING_ON) else frozenset()
    hats = {"resident": RESIDENT, "system": SYSTEM, "helper": HELPER}
    found = {hats[by.kind]} if by.kind in hats else set()
    if by.is_one_of(*_HELPING):
        found.add(HELPER)
    return frozenset(found)


def parts(actor: Actor, facts: Facts) -> frozenset[str]:
    """Return the hats for the transition table; `report` is among the facts."""
    return worn(facts.get("report"), actor)


def role_shown(report: Report, by: Actor) -> str:
    """Return in which hat an actor acted, as the history keeps it."""
    order = (LEAD, UNIT, DUTY, HELPER, RESIDENT, SYSTEM, BODY)
    hats = worn(report, by)
    if by.is_one_of("leader"):
        return SUPERVISOR
    return next((hat for hat in order if hat in hats), by.kind)


def _of_unit(report: Report, by: Actor) -> set[str]:
    assert report.unit is not None  # noqa: S101  (for the type checker: unit_id is set)
    if str(report.unit.head_id) == by.id:
        return {UNIT, LEAD}
    if by.is_one_of("officer") and by.unit_id == report.unit_id:
        return {UNIT}
    if str(report.assignee_id) == by.id:
        return {UNIT}
    return set()
