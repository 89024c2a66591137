"""Which hats an actor wears for one dossier: holder here, counter there, leader everywhere."""

from xaso.dossiers.models import Dossier
from xaso.kernel.audit.actors import Actor
from xaso.kernel.workflow.table import Facts

CITIZEN = "citizen"
HELPER = "helper"  # with a consent that holds
COUNTER = "counter"  # one-stop clerk
CASHIER = "cashier"
OFFICER = "officer"  # of the unit that has it, or holding it
HOLDER = "holder"  # who has the dossier in hand
REVIEWER = "reviewer"  # head of the unit, or a leader
LEADER = "leader"
ASKED = "asked"  # a unit that was asked for its opinion
SYSTEM = "system"

ORDER = (LEADER, HOLDER, REVIEWER, OFFICER, COUNTER, ASKED, HELPER, CITIZEN, SYSTEM)
_HELPING = ("village_head", "community_team")


def worn(dossier: Dossier | None, by: Actor) -> frozenset[str]:
    """Return the hats of an actor; the dossier's unit must have been read with it."""
    if by.kind != "official":
        known = {"resident": CITIZEN, "helper": HELPER, "system": SYSTEM}
        return frozenset({known[by.kind]} if by.kind in known else ())
    hats: set[str] = set()
    if by.is_one_of("one_stop_clerk"):
        hats |= {COUNTER, CASHIER}
    if by.is_one_of("leader"):
        hats |= {LEADER, REVIEWER, OFFICER}
    if by.is_one_of(*_HELPING):
        hats.add(HELPER)
    if by.is_one_of("officer"):
        hats.add(ASKED)  # of which unit, the question says
    if dossier is not None:
        hats |= _of(dossier, by)
    return frozenset(hats)


def _of(dossier: Dossier, by: Actor) -> set[str]:
    """Return the hats that belong to this one dossier."""
    hats: set[str] = set()
    if dossier.holder_id is not None and str(dossier.holder_id) == by.id:
        hats |= {HOLDER, OFFICER}
    unit = dossier.unit
    if dossier.holder_id is None and unit is None and by.is_one_of("one_stop_clerk"):
        hats.add(HOLDER)  # still at the counter
    if unit is not None and str(unit.head_id) == by.id:
        hats |= {REVIEWER, OFFICER}
    if unit is not None and by.unit_id == unit.pk and by.is_one_of("officer"):
        hats.add(OFFICER)
        if dossier.holder_id is None:
            hats.add(HOLDER)  # it lies with the unit, anybody of it may take it
    return hats


def parts(actor: Actor, facts: Facts) -> frozenset[str]:
    """Return the hats for the transition table; `dossier` is among the facts."""
    return worn(facts.get("dossier"), actor)


def shown(dossier: Dossier, by: Actor) -> str:
    """Return in which hat an actor acted, as the history keeps it."""
    hats = worn(dossier, by)
    return next((hat for hat in ORDER if hat in hats), by.kind)
