"""A working calendar as a plain immutable value: which minutes of which day are worked.

All times are naive local wall time (Asia/Ho_Chi_Minh), to the minute; slots are half-open
`[start, end)` in minutes after midnight. A calendar is built once per version for a span of days
and then answers by prefix sums; asking outside the span raises, it never guesses.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate

Slot = tuple[int, int]
Slots = tuple[Slot, ...]

DAY_MINUTES = 480  # "1 ngày làm việc = 8 giờ làm việc": a constant, not the sum of some day's slots
MONDAY = 1
SATURDAY = 6
MAX_SLOTS = 4
FULL_DAY = 24 * 60
DEFAULT_SLOTS: Slots = ((7 * 60 + 30, 11 * 60 + 30), (13 * 60, 17 * 60))  # unverified, editable

_AFTER_MIDNIGHT = [timedelta(minutes=minute) for minute in range(FULL_DAY + 1)]


class OutsideCalendar(LookupError):
    """The question reaches days the calendar does not know; no clamped answer is given."""


class BadCalendar(ValueError):
    """The rows do not make a calendar: slots overlap, run backwards or leave the day."""


class Kind(StrEnum):
    """What a dated exception does to its day, strongest last."""

    OFF = "off"  # holiday or swapped day
    MAKE_UP = "make_up"  # weekend day that works
    CLOSURE = "closure"  # closed by decision, all day or with slots of its own


_STRENGTH = {Kind.OFF: 0, Kind.MAKE_UP: 1, Kind.CLOSURE: 2}


@dataclass(frozen=True, slots=True)
class Season:
    """Weekly hours between two days of the year, both included; it may wrap over New Year.

    `clock` holds the slots in which deadlines run, `reception` those in which a counter is open,
    by ISO weekday (1 = Monday); a weekday without slots rests.
    """

    from_md: tuple[int, int]
    to_md: tuple[int, int]
    clock: Mapping[int, Slots]
    reception: Mapping[int, Slots] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse slots that no day can have."""
        for slots in (*self.clock.values(), *self.reception.values()):
            check_slots(slots)

    def covers(self, day: date) -> bool:
        """Return whether the day lies in the season."""
        md = (day.month, day.day)
        if self.from_md <= self.to_md:
            return self.from_md <= md <= self.to_md
        return md >= self.from_md or md <= self.to_md


@dataclass(frozen=True, slots=True)
class Special:
    """One dated exception: holiday, make-up day or closure, and the paper that decided it."""

    day: date
    kind: Kind
    name: str
    open: Slots = ()  # of a closure: what stays open
    document_no: str = ""

    def __post_init__(self) -> None:
        """Refuse slots that no day can have."""
        check_slots(self.open)


def check_slots(slots: Slots) -> None:
    """Raise BadCalendar unless slots are sorted, apart, inside one day and at most four."""
    if len(slots) > MAX_SLOTS:
        message = f"more than {MAX_SLOTS} slots a day"
        raise BadCalendar(message)
    before = 0
    for start, end in slots:
        if not before <= start < end <= FULL_DAY:
            message = f"slots overlap, run backwards or leave the day: {slots}"
            raise BadCalendar(message)
        before = end


def every_weekday(slots: Slots) -> dict[int, Slots]:
    """Return the same slots for Monday to Friday."""
    return dict.fromkeys(range(MONDAY, SATURDAY), slots)


class Calendar:
    """Working minutes of every day from `since` up to but without `until`.

    `confirmed` are the years whose days off were published by decision; in other years an answer
    is provisional. `id` and `version` say which published calendar it is.
    """

    __slots__ = (
        "_base",
        "_closings",
        "_cum",
        "_midnights",
        "_next",
        "_seasons",
        "_slots",
        "_specials",
        "_through",
        "_working",
        "confirmed",
        "id",
        "since",
        "until",
        "version",
    )

    def __init__(
        self,
        seasons: Iterable[Season],
        specials: Iterable[Special],
        span: tuple[date, date],
        *,
        identity: tuple[str, int] = ("", 0),
        confirmed: Iterable[int] = (),
    ) -> None:
        """Lay out every day of the span once (5 to 20 ms for 16 years)."""
        self.id, self.version = identity
        self.since, self.until = span
        self.confirmed = frozenset(confirmed)
        self._seasons = tuple(seasons)
        self._specials = _strongest(specials)
        self._base = self.since.toordinal()
        days = [date.fromordinal(n) for n in range(self._base, self.until.toordinal())]
        self._midnights = [datetime.combine(day, time.min) for day in days]
        self._slots = [self._lay_out(day) for day in days]
        self._cum = list(accumulate((sum(b - a for a, b in s) for s in self._slots), initial=0))
        self._next = _next_open(self._slots)
        self._closings = [
            midnight + _AFTER_MIDNIGHT[slots[-1][1]] if slots else None
            for midnight, slots in zip(self._midnights, self._slots, strict=True)
        ]
        # Working days by rank, and the rank of the first one after each day: the n-th is looked up.
        self._working = [i for i, slots in enumerate(self._slots) if slots]
        self._through = list(accumulate(bool(slots) for slots in self._slots))

    # --- one day ------------------------------------------------------------------------------
    def slots(self, day: date) -> Slots:
        """Return the slots in which deadlines run on that day."""
        return self._slots[self._index(day)]

    def reception(self, day: date) -> Slots:
        """Return the slots in which counters are open: never part of a deadline by themselves."""
        special = self._specials.get(day)
        if special and special.kind is Kind.CLOSURE:
            return special.open
        if special and special.kind is Kind.OFF:
            return ()
        season = self._season(day)
        if season is None:
            return ()
        weekday = MONDAY if special else day.isoweekday()
        return season.reception.get(weekday) or season.clock.get(weekday, ())

    def usual(self, day: date) -> Slots:
        """Return the slots of an ordinary Monday in the season of that day."""
        season = self._season(day)
        return season.clock.get(MONDAY, ()) if season else ()

    def seasons(self) -> tuple[Season, ...]:
        """Return the weekly hours, in the order in which they were given."""
        return self._seasons

    def special(self, day: date) -> Special | None:
        """Return the exception that rules that day, if any."""
        return self._specials.get(day)

    def specials(self) -> list[Special]:
        """Return every exception that rules a day, in order of days."""
        return [self._specials[day] for day in sorted(self._specials)]

    def is_working(self, day: date) -> bool:
        """Return whether any minute of that day is worked."""
        return bool(self.slots(day))

    def minutes(self, day: date) -> int:
        """Return how many minutes of that day are worked."""
        i = self._index(day)
        return self._cum[i + 1] - self._cum[i]

    def close(self, day: date) -> datetime:
        """Return the end of the day's last slot; raises OutsideCalendar when nothing is worked."""
        closing = self._closings[self._index(day)]
        if closing is None:
            message = f"no working minute on {day}"
            raise OutsideCalendar(message)
        return closing

    def roll(self, day: date) -> date:
        """Return the day itself when it works, else the first working day after it."""
        return date.fromordinal(self._base + self._open_from(self._index(day)))

    def nth(self, day: date, n: int) -> date:
        """Return the n-th working day strictly after the day, n at least 1."""
        rank = self._through[self._index(day)] + n - 1
        if not 0 <= rank < len(self._working):
            raise self._outside(self.until)
        return self._midnights[self._working[rank]].date()

    # --- instants -----------------------------------------------------------------------------
    def pos(self, t: datetime) -> int:
        """Return how many minutes are worked from the calendar's first day up to an instant."""
        i = t.toordinal() - self._base
        if not 0 <= i < len(self._slots):
            raise self._outside(t)
        minute = t.hour * 60 + t.minute
        worked = self._cum[i]
        for start, end in self._slots[i]:
            if minute <= start:
                break
            worked += (minute if minute < end else end) - start
        return worked

    def at(self, position: int) -> datetime:
        """Return the earliest instant before which so many minutes are worked."""
        i = bisect_left(self._cum, position) - 1
        if not 0 <= i < len(self._slots):
            raise self._outside(position)
        rest = position - self._cum[i]
        for start, end in self._slots[i]:
            if rest <= end - start:
                return self._midnights[i] + _AFTER_MIDNIGHT[start + rest]
            rest -= end - start
        raise self._outside(position)  # pragma: no cover - cum and slots come from one layout

    def up(self, t: datetime) -> datetime:
        """Return the first working instant at or after t; the end of a slot is already outside."""
        i = self._index(t)
        minute = t.hour * 60 + t.minute
        for start, end in self._slots[i]:
            if minute < end:
                return self._midnights[i] + _AFTER_MIDNIGHT[max(minute, start)]
        i = self._open_from(i + 1)
        return self._midnights[i] + _AFTER_MIDNIGHT[self._slots[i][0][0]]

    # --- inside -------------------------------------------------------------------------------
    def _lay_out(self, day: date) -> Slots:
        """Return a day's slots: closure before make-up before day off before the week."""
        special = self._specials.get(day)
        if special and special.kind is Kind.CLOSURE:
            return special.open
        if special and special.kind is Kind.OFF:
            return ()
        season = self._season(day)
        if season is None:
            return ()
        return season.clock.get(MONDAY if special else day.isoweekday(), ())

    def _season(self, day: date) -> Season | None:
        return next((season for season in self._seasons if season.covers(day)), None)

    def _index(self, day: date) -> int:
        i = day.toordinal() - self._base
        if not 0 <= i < len(self._slots):
            raise self._outside(day)
        return i

    def _open_from(self, i: int) -> int:
        """Return the index of the first working day at or after index i."""
        if i >= len(self._next) or self._next[i] >= len(self._slots):
            raise self._outside(self.until)
        return self._next[i]

    def _outside(self, asked: object) -> OutsideCalendar:
        return OutsideCalendar(f"{asked} is outside {self.since} .. {self.until}")


def _strongest(specials: Iterable[Special]) -> dict[date, Special]:
    """Return one exception per day: the strongest kind, and of one kind the last row."""
    ruling: dict[date, Special] = {}
    for special in specials:
        before = ruling.get(special.day)
        if before is None or _STRENGTH[special.kind] >= _STRENGTH[before.kind]:
            ruling[special.day] = special
    return ruling


def _next_open(slots: list[Slots]) -> list[int]:
    """Return, for every day, the index of the first working day at or after it."""
    found = [len(slots)] * len(slots)
    for i in range(len(slots) - 1, -1, -1):
        if slots[i]:
            found[i] = i
        elif i + 1 < len(slots):
            found[i] = found[i + 1]
    return found
