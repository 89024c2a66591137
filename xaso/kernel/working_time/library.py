"""Days off as the `holidays` library knows them, plus the decided swaps it misses.

The library only fills drafts: a published calendar never changes because a package did. The exact
Tết and 02/09 windows and all swaps are decided every year; an administrator compares, edits,
cites the decision and publishes.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import holidays

from xaso.kernel.working_time.calendar import (
    DEFAULT_SLOTS,
    Calendar,
    Kind,
    Season,
    Special,
    every_weekday,
)

SPAN_YEARS = 6  # a calendar reaches so many years back and ahead
LAST_DECIDED_YEAR = 2026  # later years are projections until their decision is entered

# Văn bản 12729/VPCP-KGVX of 25/12/2025: absent from `holidays` 0.109.
KNOWN_GAPS = (
    Special(date(2026, 1, 2), Kind.OFF, "hoán đổi sang 10/01/2026", document_no="12729/VPCP-KGVX"),
    Special(
        date(2026, 1, 10), Kind.MAKE_UP, "làm bù cho 02/01/2026", document_no="12729/VPCP-KGVX"
    ),
)
_INSTEAD_OF = re.compile(r"thay cho ngày (\d\d)/(\d\d)/(\d{4})")


def default_season() -> Season:
    """Return the usual office hours, all year: 7:30 to 11:30 and 13:00 to 17:00, Monday to Friday.

    Unverified for any one commune, so every commune can edit them.
    """
    return Season((1, 1), (12, 31), every_weekday(DEFAULT_SLOTS))


def days(years: Iterable[int]) -> list[Special]:
    """Return days off and make-up days of some years, in order: the library's and the gaps."""
    wanted = sorted(set(years))
    known = {special.day: special for special in _from_library(wanted)}
    known.update({gap.day: gap for gap in KNOWN_GAPS if gap.day.year in wanted})
    return [known[day] for day in sorted(known)]


def calendar(around: int) -> Calendar:
    """Return a calendar of the usual hours and the library's days off around a year."""
    years = range(around - SPAN_YEARS, around + SPAN_YEARS + 1)
    return Calendar(
        [default_season()],
        days(years),
        span(around),
        confirmed=[year for year in years if year <= LAST_DECIDED_YEAR],
    )


def span(around: int) -> tuple[date, date]:
    """Return the first day a calendar knows and the first it no longer knows."""
    return date(around - SPAN_YEARS, 1, 1), date(around + SPAN_YEARS + 1, 1, 1)


def _from_library(years: list[int]) -> Iterator[Special]:
    """Yield what the library knows, make-up days named after the day they pay back."""
    known = holidays.country_holidays("VN", language="vi", years=years)
    worked_for: dict[date, date] = {}
    for day, name in known.items():
        yield Special(day, Kind.OFF, name)
        if found := _INSTEAD_OF.search(name):
            worked_for[date(*(int(part) for part in reversed(found.groups())))] = day
    for day in sorted(getattr(known, "weekend_workdays", ())):
        if day.year in years:
            off = worked_for.get(day)
            yield Special(day, Kind.MAKE_UP, f"làm bù cho {off:%d/%m/%Y}" if off else "làm bù")


def next_year_is_missing(today: date, confirmed: Iterable[int]) -> bool:
    """Return whether next year's days off should be published by now: asked from 1 November."""
    ahead = today + timedelta(days=61)  # 1 November and later lead into the next year
    return ahead.year > today.year and ahead.year not in set(confirmed)
