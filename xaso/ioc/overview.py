"""The figures of the overview board: open reports and counters, read once per snapshot.

No query here grows with the table of reports: open ones stand in a partial index, everything else
comes from counters. Sealed reports are not on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Min, Q

from xaso.dossiers import queries as dossiers
from xaso.ioc import queries
from xaso.kernel.identity.models import Unit
from xaso.kernel.measures import queries as measures
from xaso.kernel.measures.models import Counter
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.reports.actions import counting
from xaso.reports.models import OPEN, Report, State, Visibility
from xaso.reports.queries import looking
from xaso.reports.queries.alarms import Ringing, grouped, ringing
from xaso.reports.queries.figures import Event, last_events

DAYS = 30
RANK_DAYS = 90
SMALLEST = 10  # a share of fewer cases says nothing and may point at someone
_LAST = 5


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """Return the percentage, or None for fewer than ten cases."""
        return round(100 * self.part / self.whole, 1) if self.whole >= SMALLEST else None


@dataclass(frozen=True)
class Spot:
    """A village's open reports; `village_id` None: place unknown."""

    village_id: int | None
    open: int
    late: int
    waiting: int  # for the sender; their clock stands still
    due_today: int
    unseen: int  # nobody accepted them yet
    oldest_due: datetime | None


@dataclass(frozen=True)
class OneStop:
    """The one-stop counter: dossiers under way, and those of 30 days that ended in time."""

    board: dossiers.Board
    on_time: Share
    score: Decimal | None  # of the set 766: the newest of this month, or of the month before


@dataclass(frozen=True)
class Overview:
    """Everything on the board, true at `as_of`. Days without a report count 0."""

    as_of: datetime
    spots: Sequence[Spot]
    received: Mapping[date, int]  # the last 30 days, today last
    answered: Mapping[date, int]
    on_time: Share  # "giữ đúng hẹn": in the first promise / answered or overdue, 30 days
    answered_on_time: Share  # "đúng hẹn đầu": answered ones alone, as on every other page
    answered_on_time_before: Share  # those of the 30 days before
    units: Sequence[tuple[str, Share]]  # 90 days
    happened: Sequence[Event]
    alarms: Sequence[Ringing] = ()
    counter: OneStop | None = None  # no dossier yet: nothing to show
    looks: int = 0  # reports whose words or photos wait for somebody to look at them

    @property
    def open(self) -> int:
        """Return how many residents wait for an answer."""
        return sum(spot.open for spot in self.spots)

    @property
    def late(self) -> int:
        """Return how many promises have passed."""
        return sum(spot.late for spot in self.spots)

    @property
    def today(self) -> date:
        """Return the local day of the figures."""
        return dates.local(self.as_of).date()


def read(commune: Commune, now: datetime) -> Overview:
    """Return the figures of a commune at a moment."""
    today = dates.local(now).date()
    since = today - timedelta(days=DAYS - 1)
    until = today + timedelta(days=1)
    spots = _spots(commune.id, now)
    received = measures.by_day(counting.RECEIVED, commune.id, since, until)
    answers = _answers(commune.id, today - timedelta(days=RANK_DAYS - 1), until)
    late = sum(spot.late for spot in spots)
    days = [since + timedelta(days=n) for n in range(DAYS)]
    return Overview(
        as_of=now,
        spots=spots,
        received={day: received[day].n if day in received else 0 for day in days},
        answered={day: sum(a.n for a in answers if a.day == day) for day in days},
        on_time=_share(answers, since, until, late),
        answered_on_time=_share(answers, since, until, 0),
        answered_on_time_before=_share(answers, since - timedelta(days=DAYS), since, 0),
        units=_units(commune.id, answers),
        happened=last_events(commune, _LAST),
        alarms=grouped(ringing(commune)),
        counter=_counter(commune, now),
        looks=looking.count(commune.id),
    )


def _counter(commune: Commune, now: datetime) -> OneStop | None:
    """Return the dossiers' figures: running ones by their index, everything else from counters."""
    found = dossiers.board(commune.id, now, DAYS)
    if not (found.running or found.received or found.resolved):
        return None
    score = queries.newest_total(commune, dates.local(now).date())
    return OneStop(found, Share(found.on_time, found.resolved), score)


@dataclass(frozen=True)
class _Answers:
    """How many answers a unit gave on a day, in time or not."""

    day: date
    unit: str
    in_time: bool
    n: int


def _spots(commune: UUID, now: datetime) -> list[Spot]:
    """Return the open reports by village, in one query over the open ones alone."""
    paused = Q(state=State.WAITING_INFO)
    evening = dates.local(now).replace(hour=23, minute=59, second=59)
    late = ~paused & Q(due_at__lt=now)
    rows = (
        Report.objects.filter(commune=commune, state__in=OPEN, is_drill=False)
        .exclude(visibility=Visibility.SEALED)
        .values("village_id")
        .annotate(
            open=Count("id"),
            late=Count("id", filter=late),
            waiting=Count("id", filter=paused),
            due_today=Count("id", filter=~paused & Q(due_at__gte=now, due_at__lte=evening)),
            unseen=Count("id", filter=Q(state=State.NEW)),
            oldest_due=Min("due_at", filter=late),
        )
        .order_by("village_id")
    )
    merged: dict[int | None, Spot] = {}
    for row in rows:
        spot = Spot(**row)
        merged[spot.village_id] = _sum(merged.get(spot.village_id), spot)
    return list(merged.values())


def _sum(one: Spot | None, other: Spot) -> Spot:
    if one is None:
        return other
    dues = [d for d in (one.oldest_due, other.oldest_due) if d]
    return Spot(
        one.village_id,
        one.open + other.open,
        one.late + other.late,
        one.waiting + other.waiting,
        one.due_today + other.due_today,
        one.unseen + other.unseen,
        min(dues, default=None),
    )


def _answers(commune: UUID, since: date, until: date) -> list[_Answers]:
    rows = Counter.objects.filter(
        commune_id=commune, metric=counting.ANSWERED, day__gte=since, day__lt=until
    )
    found = []
    for row in rows:
        dims = dict(dim.split("=", 1) for dim in (row.dim1, row.dim2) if dim)
        unit, in_time = dims.get("unit", ""), dims.get("on_time") == "first"
        found.append(_Answers(row.day, unit, in_time, row.n))
    return found


def _share(answers: Sequence[_Answers], since: date, until: date, late: int) -> Share:
    """Return the share answered in the first promise; what is late now counts against it."""
    those = [a for a in answers if since <= a.day < until]
    return Share(sum(a.n for a in those if a.in_time), sum(a.n for a in those) + late)


def _units(commune: UUID, answers: Sequence[_Answers]) -> list[tuple[str, Share]]:
    """Return the units that answered, the most punctual first; those with few cases last."""
    names = dict(Unit.objects.filter(commune=commune).values_list("pk", "name"))
    shares: dict[str, Share] = {}
    for a in answers:
        name = names.get(int(a.unit)) if a.unit else None
        if name:
            old = shares.get(name, Share(0, 0))
            shares[name] = Share(old.part + a.n * a.in_time, old.whole + a.n)
    return sorted(
        shares.items(),
        key=lambda row: (row[1].percent is None, -(row[1].percent or 0), -row[1].whole),
    )
