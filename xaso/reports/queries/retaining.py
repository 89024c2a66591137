"""What goes tonight, what went on the last nights, and what is kept as evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from xaso.kernel.places.models import Commune
from xaso.kernel.text import so
from xaso.kernel.working_time import clock
from xaso.reports import retention, rulebook
from xaso.reports.actions.retaining import BY_KEY, STEPS, When
from xaso.reports.models import ErasureRun, Hold, Sureness
from xaso.reports.rule_defaults import UNITS

NIGHTS = 30
_MANY = 50


@dataclass(frozen=True)
class Due:
    """One step of tonight's run: how many rows, and the rule with its source."""

    name: str
    count: int
    rule: str
    kept: str
    source: str
    sureness: str


@dataclass(frozen=True)
class Done:
    """What one step did on one day."""

    day: date
    name: str
    rows: int
    seconds: float
    is_whole: bool

    @property
    def pace(self) -> int:
        """Return the rows a second; nothing for so few that it would say nothing."""
        return round(self.rows / self.seconds) if self.seconds and self.rows >= _MANY else 0


def tonight(commune: Commune) -> Sequence[Due]:
    """Return what the next run erases as things stand now: one count for each step."""
    rules = rulebook.of(commune.id)
    when = When(commune.id, rules, clock.now())
    found = []
    for step in STEPS:
        held = rules.held(step.rule)
        kept = f"{so(held.amount or 0)} {_(UNITS[held.known.unit])}"
        found.append(
            Due(
                name=_(step.name),
                count=step.due(when).count(),
                rule=step.rule,
                kept=kept,
                source=held.source,
                sureness=str(Sureness(held.sureness).label),
            )
        )
    return found


def nights(commune: Commune) -> Sequence[Done]:
    """Return what was erased in the last thirty days, newest first."""
    since = retention.today() - timedelta(days=NIGHTS)
    rows = ErasureRun.objects.filter(commune=commune, day__gte=since, rows__gt=0)
    return [
        Done(
            run.day,
            _(BY_KEY[run.rule].name) if run.rule in BY_KEY else run.rule,
            run.rows,
            run.seconds,
            run.ended_at is not None,
        )
        for run in rows.order_by("-day", "pk")
    ]


def last_run(commune: Commune) -> ErasureRun | None:
    """Return the newest step that ran, whether it found anything or not."""
    return ErasureRun.objects.filter(commune=commune).order_by("-began_at").first()


def holds(commune: Commune) -> Sequence[Hold]:
    """Return the reports kept as evidence, the first to end first."""
    rows = Hold.objects.filter(commune=commune, ended_at__isnull=True)
    return list(rows.select_related("report", "held_by").order_by("until", "pk"))
