"""What a new calendar would change, before it is published."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from xaso.kernel.working_time.calendar import Calendar, Slots


@dataclass(frozen=True, slots=True)
class Change:
    """A day whose hours differ between two calendars."""

    day: date
    before: Slots
    after: Slots


def changes(before: Calendar, after: Calendar, since: date, until: date) -> Iterator[Change]:
    """Yield the days from `since` up to but without `until` whose hours differ."""
    day = since
    while day < until:
        had, has = before.slots(day), after.slots(day)
        if had != has:
            yield Change(day, had, has)
        day += timedelta(days=1)
