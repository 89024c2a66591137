"""Times that can be booked: the reception hours of the calendar, cut into slots of a group."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from xaso.dossiers.models import Booking, ServiceGroup
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.kernel.working_time import queries as working_time
from xaso.kernel.working_time.calendar import OutsideCalendar

Free = list[tuple[date, list[tuple[datetime, int]]]]


def of_day(commune: Commune, group: ServiceGroup, day: date) -> list[datetime]:
    """Return the moments at which a slot of a day begins; none when the group takes no bookings."""
    if not group.places_per_slot:
        return []
    try:
        open_hours = working_time.calendar(commune.id).reception(day)
    except OutsideCalendar:
        return []
    midnight = datetime(day.year, day.month, day.day, tzinfo=dates.ZONE)
    return [
        (midnight + timedelta(minutes=minute)).astimezone(UTC)
        for start, end in open_hours
        for minute in range(start, end - group.slot_minutes + 1, group.slot_minutes)
    ]


def free(commune: Commune, group: ServiceGroup, days: int) -> Free:
    """Return the days to come with their slots and how many places each still has."""
    now = clock.now()
    today = dates.local(now).date()
    taken = Counter(
        Booking.objects.filter(
            commune=commune, letter=group.letter, starts_at__gt=now, cancelled_at=None
        ).values_list("starts_at", flat=True)
    )
    found: Free = []
    for day in (today + timedelta(days=n) for n in range(days + 1)):
        left = [
            (at, group.places_per_slot - taken[at])
            for at in of_day(commune, group, day)
            if at > now and taken[at] < group.places_per_slot
        ]
        if left:
            found.append((day, left))
    return found
