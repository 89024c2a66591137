"""Calendars these tests start from: the four of the shared examples, and our own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from xaso.kernel.working_time.calendar import (
    DEFAULT_SLOTS,
    Calendar,
    Kind,
    Season,
    Slots,
    Special,
    every_weekday,
)

SPAN = (date(2020, 1, 1), date(2037, 1, 1))
WINTER_SLOTS: Slots = ((480, 720), (810, 1050))
ALL_YEAR = Season((1, 1), (12, 31), every_weekday(DEFAULT_SLOTS))
WINTER = Season((11, 1), (3, 31), every_weekday(WINTER_SLOTS))
SUMMER = Season((4, 1), (10, 31), every_weekday(DEFAULT_SLOTS))


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def slots(pairs: list[list[str]]) -> Slots:
    return tuple((minutes(a), minutes(b)) for a, b in pairs)


def read(said: Mapping[str, Any]) -> Calendar:
    """Build one calendar of the shared examples."""

    def md(text: str) -> tuple[int, int]:
        month, day = text.split("-")
        return int(month), int(day)

    seasons = [
        Season(md(s["from"]), md(s["to"]), every_weekday(slots(s["slots"])))
        for s in said["seasons"]
    ]
    specials = [
        *(Special(date.fromisoformat(d), Kind.OFF, n) for d, n in said["days_off"].items()),
        *(Special(date.fromisoformat(d), Kind.MAKE_UP, n) for d, n in said["make_up_days"].items()),
        *(
            Special(date.fromisoformat(c["date"]), Kind.CLOSURE, c["reason"], slots(c["open"]))
            for c in said["closures"]
        ),
    ]
    return Calendar(seasons, specials, SPAN)


def _off(*days: str) -> list[Special]:
    return [Special(date.fromisoformat(day), Kind.OFF, "ngày nghỉ") for day in days]


TET_2026 = _off("2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20")
AUTUMN_2026 = [
    *_off("2026-08-31", "2026-09-01", "2026-09-02", "2026-11-24"),
    Special(date(2026, 8, 22), Kind.MAKE_UP, "làm bù cho 31/08/2026"),
]
LANDSLIDE = [
    Special(date(2026, 8, 6), Kind.CLOSURE, "sạt lở đường"),
    Special(date(2026, 8, 7), Kind.CLOSURE, "sạt lở đường"),
    Special(date(2026, 8, 10), Kind.CLOSURE, "mất điện buổi chiều", ((450, 690),)),
]

PLAIN = Calendar([ALL_YEAR], [*TET_2026, *AUTUMN_2026], SPAN)
SEASONAL = Calendar([WINTER, SUMMER], [*TET_2026, *AUTUMN_2026], SPAN)
STORMY = Calendar([ALL_YEAR], [*TET_2026, *AUTUMN_2026, *LANDSLIDE], SPAN)
OURS = {"plain": PLAIN, "seasonal": SEASONAL, "stormy": STORMY}
