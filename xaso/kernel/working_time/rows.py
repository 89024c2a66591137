"""Tables to calendar and back."""

from collections.abc import Iterable

from xaso.kernel.working_time import library
from xaso.kernel.working_time.calendar import BadCalendar, Calendar, Kind, Season, Slots, Special
from xaso.kernel.working_time.models import CalendarDay, CalendarSeason, WorkCalendar


def build(version: WorkCalendar, around: int) -> Calendar:
    """Return the calendar of one version (two queries); years beyond it come from the library.

    Library days of years the version says nothing about are projections: answers that reach them
    are provisional, because `confirmed` holds the version's own years only.
    """
    said = list(version.days.order_by("date"))
    first, last = library.span(around)
    silent = set(range(first.year, last.year)) - {day.date.year for day in said}
    return Calendar(
        seasons(version.seasons.order_by("pk")),
        [*library.days(silent - set(version.years)), *(special(day) for day in said)],
        (first, last),
        identity=(str(version.pk), version.version or 0),
        confirmed=version.years,
    )


def seasons(rows: Iterable[CalendarSeason]) -> list[Season]:
    """Return rows of one weekday each as seasons of a week."""
    weeks: dict[tuple[str, str], tuple[dict[int, Slots], dict[int, Slots]]] = {}
    for row in rows:
        clock, reception = weeks.setdefault((row.from_md, row.to_md), ({}, {}))
        if row.clock:
            clock[row.weekday] = slots(row.slots)
        if row.reception:
            reception[row.weekday] = slots(row.slots)
    return [
        Season(_month_day(start), _month_day(end), clock, reception)
        for (start, end), (clock, reception) in weeks.items()
    ]


def special(row: CalendarDay) -> Special:
    """Return a row as an exception of its day."""
    return Special(row.date, Kind(row.kind), row.name, slots(row.slots), row.document_no)


def slots(pairs: object) -> Slots:
    """Return slots from JSON; raises BadCalendar when it holds anything but pairs of minutes."""
    if not isinstance(pairs, list):
        raise BadCalendar(pairs)
    try:
        return tuple((int(start), int(end)) for start, end in pairs)
    except (TypeError, ValueError) as error:
        raise BadCalendar(pairs) from error


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
