"""What the reports of a period say together: when, where, about what, and where it gathers.

Days, villages and categories come from counters. Only the map of spots reads reports, at most 90
days of them by the index of days. Sealed reports never appear in a place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from xaso.kernel.measures import queries as measures
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.text import dates
from xaso.reports import catalogue
from xaso.reports.actions import counting

SPOT_DAYS = 90  # the map of spots reads reports, hence a bound
CELL = 0.005  # degrees: about 500 m here, as indicator PA06 asks
HOT, HOT_DAYS = 3, 7  # so many of a kind in one cell within a week are a hot spot
_SPOTS = """
    SELECT round(lat / %(cell)s) * %(cell)s AS y, round(lon / %(cell)s) * %(cell)s AS x,
           category_id, count(*), count(*) FILTER (WHERE received_at >= %(recent)s)
    FROM reports_report
    WHERE commune_id = %(commune)s AND received_at >= %(since)s AND received_at < %(until)s
      AND lat IS NOT NULL AND visibility <> 'sealed' AND state <> 'duplicate'
      AND (%(category)s::bigint IS NULL OR category_id = %(category)s)
    GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 2000
"""


@dataclass(frozen=True)
class Period:
    """From a day up to and with a day, and one category or all (None)."""

    first: date
    last: date
    category: int | None = None

    @property
    def until(self) -> date:
        """Return the day after the last."""
        return self.last + timedelta(days=1)

    @property
    def days(self) -> int:
        """Return how many days it holds."""
        return (self.until - self.first).days


@dataclass(frozen=True)
class Bar:
    """What came and what was answered in one stretch of days. `answered` None: not told apart."""

    first: date
    last: date
    received: int
    answered: int | None


@dataclass(frozen=True)
class Named:
    """A count under a name."""

    key: int | None
    name: str
    n: int


@dataclass(frozen=True)
class Spot:
    """A square of about 500 m: how many reports, of which kind most, and whether it is hot."""

    lat: float
    lon: float
    n: int
    kind: str
    is_hot: bool


@dataclass(frozen=True)
class Insight:
    """Everything on the page of figures, true at `as_of`."""

    as_of: datetime
    period: Period
    received: int
    bars: Sequence[Bar]
    villages: Sequence[Named]  # the most first; key None: place unknown
    kinds: Sequence[Named]
    spots: Sequence[Spot]
    places: Sequence[Village]


def insight(
    commune: Commune, period: Period, kinds: catalogue.Categories, now: datetime
) -> Insight:
    """Return the figures of a period; six statements, whatever the size of the table."""
    known = places.villages(commune)
    dims = {"category": str(period.category)} if period.category else None
    by_day = measures.by_day(counting.RECEIVED, commune.id, period.first, period.until, dims)
    answered = (
        None
        if period.category
        else measures.by_day(counting.ANSWERED, commune.id, period.first, period.until)
    )
    by_village = measures.by_dim(
        "village", counting.RECEIVED, commune.id, period.first, period.until, dims=dims
    )
    by_kind = measures.by_dim("category", counting.RECEIVED, commune.id, period.first, period.until)
    return Insight(
        as_of=now,
        period=period,
        received=sum(day.n for day in by_day.values()),
        bars=_bars(period, by_day, answered),
        villages=_villages(by_village, known),
        kinds=[Named(int(k), kinds.name(int(k)), sums.n) for k, sums in by_kind.items() if k],
        spots=_spots(commune.id, period, kinds),
        places=known,
    )


def _bars(
    period: Period,
    received: Mapping[date, measures.Sums],
    answered: Mapping[date, measures.Sums] | None,
) -> list[Bar]:
    """Return the counts by day up to five weeks, by week up to half a year, else by 30 days."""
    step = timedelta(days=1 if period.days <= 35 else 7 if period.days <= 183 else 30)
    bars, first = [], period.first
    while first < period.until:
        end = min(first + step, period.until)
        within = [first + timedelta(days=n) for n in range((end - first).days)]
        got = sum(received[day].n for day in within if day in received)
        gave = None if answered is None else sum(answered[d].n for d in within if d in answered)
        bars.append(Bar(first, end - timedelta(days=1), got, gave))
        first = end
    return bars


def _villages(found: Mapping[str, measures.Sums], known: Sequence[Village]) -> list[Named]:
    names = {str(village.pk): village.full_name for village in known}
    return [Named(int(k) if k else None, names.get(k, ""), sums.n) for k, sums in found.items()]


def _spots(commune: UUID, period: Period, kinds: catalogue.Categories) -> list[Spot]:
    """Return the squares of the last 90 days of the period, fullest first."""
    first = max(period.first, period.until - timedelta(days=SPOT_DAYS))
    given: dict[str, Any] = {
        "cell": CELL,
        "commune": commune,
        "since": _midnight(first),
        "until": _midnight(period.until),
        "recent": _midnight(period.until - timedelta(days=HOT_DAYS)),
        "category": period.category,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPOTS, given)
        rows = cursor.fetchall()
    cells: dict[tuple[float, float], list[tuple[int, int, int]]] = {}
    for lat, lon, kind, n, recent in rows:
        cells.setdefault((lat, lon), []).append((kind, n, recent))
    spots = [
        Spot(
            lat,
            lon,
            sum(n for _kind, n, _recent in found),
            kinds.name(max(found, key=lambda each: each[1])[0]),
            any(recent >= HOT for _kind, _n, recent in found),
        )
        for (lat, lon), found in cells.items()
    ]
    return sorted(spots, key=lambda spot: -spot.n)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, dates.ZONE)
