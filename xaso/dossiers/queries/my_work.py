"""What waits for one official among the dossiers: in their hands, of their unit, for their role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from xaso.dossiers.models import UNDER_WAY, Dossier, State
from xaso.dossiers.queries.listing import Line, asked_of, condition, lines_of
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune

MOST = 8
_OPEN = (State.WAITING, State.INTAKE_SUPPLEMENT, *UNDER_WAY, State.RESOLVED)


@dataclass(frozen=True)
class MyWork:
    """Counts by group of the list, and the most urgent lines of what is in one's hands."""

    counts: Mapping[str, int]
    lines: Sequence[Line]

    @property
    def all(self) -> int:
        """Return how much waits altogether."""
        told = {"late", "today", "unanswered"}  # among the others already
        return sum(n for name, n in self.counts.items() if name not in told)


def my_work(commune: Commune, by: Actor, now: datetime) -> MyWork:
    """Return what waits for an official; three statements, however many dossiers there are.

    `held`: in their hands, with `late` and `today` among them. `unit`: lies with their unit. For a
    clerk `new`, `ready` and `unanswered` (what a machine did not ask); for a leader `approve` and
    `withdrawing`; `asked`: open questions to their unit.
    """
    mine = Q(holder=int(by.id))
    asked = {
        "held": mine & Q(state__in=UNDER_WAY, is_mirror=False),
        "late": mine & condition("late", now),
        "today": mine & condition("today", now),
    }
    if by.unit_id and by.is_one_of("officer"):
        asked["unit"] = condition("unit", now) & Q(unit=by.unit_id)
        asked["asked"] = condition("asked", now) & Q(asked_of(by.unit_id))
    if by.is_one_of("one_stop_clerk"):
        asked |= {name: condition(name, now) for name in ("new", "ready", "unanswered")}
    if by.is_one_of("leader"):
        asked |= {name: condition(name, now) for name in ("approve", "withdrawing")}
    rows = Dossier.objects.filter(commune=commune, state__in=_OPEN).order_by()
    found = rows.aggregate(**{name: Count("pk", filter=each) for name, each in asked.items()})
    counts = {name: int(n or 0) for name, n in found.items()}
    if not counts.get("unanswered"):
        counts.pop("unanswered", None)  # rare: nothing is said where there is none
    held = rows.filter(asked["held"]).order_by(
        F("paused_at").asc(nulls_first=True), "promise_at", "id"
    )
    return MyWork(counts, lines_of(held, commune, now, MOST) if counts["held"] else ())
