"""Somebody's residence on any day, derived from what happened. Pure: no tables, no clock.

Nothing is stored: a late event changes the past and every day after it at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from xaso.population.models.words import EventKind, Residence, ResidenceKind

_FOOTING = {
    ResidenceKind.PERMANENT: Residence.PERMANENT,
    ResidenceKind.TEMPORARY: Residence.TEMPORARY,
    ResidenceKind.LIVING: Residence.LIVING,
}
_ORDER = (ResidenceKind.PERMANENT, ResidenceKind.TEMPORARY, ResidenceKind.LIVING)


@dataclass(frozen=True)
class Span:
    """A membership: its footing, its first day and the first day it no longer holds."""

    kind: str
    first: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether the day lies in it."""
        return self.first <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Happened:
    """An event that was not reversed."""

    kind: str
    on: date
    until: date | None = None


def state(
    day: date, spans: Sequence[Span], events: Iterable[Happened], death: date | None = None
) -> str:
    """Return a person's state on a day.

    The order in which events are given does not matter. Someone nobody knows the place of is
    `unknown` until anything later is recorded; `left` is who belonged somewhere before.
    """
    if death is not None and death <= day:
        return Residence.DECEASED
    past = sorted((e for e in events if e.on <= day), key=_rank)
    if any(e.kind == EventKind.DEATH for e in past):
        return Residence.DECEASED
    if past and past[-1].kind == EventKind.UNKNOWN:
        return Residence.UNKNOWN
    held = [span.kind for span in spans if span.holds(day)]
    for kind in _ORDER:
        if kind in held:
            return _absent_or(kind, day, past)
    had = any(span.first <= day for span in spans) or any(e.kind in _OUT for e in past)
    return Residence.LEFT if had else Residence.UNKNOWN


def is_away(day: date, events: Iterable[Happened]) -> bool:
    """Return whether a declared absence is open on a day: begun, not ended, its end not passed."""
    told = [e for e in events if e.on <= day and e.kind in _AWAY]
    last = max(told, key=_rank, default=None)
    if last is None or last.kind != EventKind.ABSENCE:
        return False
    return last.until is None or day <= last.until


def _absent_or(kind: str, day: date, past: Sequence[Happened]) -> str:
    if kind == ResidenceKind.PERMANENT and is_away(day, past):
        return Residence.ABSENT
    return _FOOTING[ResidenceKind(kind)]


_AWAY = (EventKind.ABSENCE, EventKind.ABSENCE_END)
_OUT = (EventKind.PERMANENT_OUT, EventKind.TEMPORARY_OUT, EventKind.LIVING_OUT)
# Of several events of one day: what is not known is known less than what is.
_LATER = {EventKind.UNKNOWN: 0, EventKind.ABSENCE: 1, EventKind.ABSENCE_END: 2}


def _rank(event: Happened) -> tuple[date, int, str]:
    return event.on, _LATER.get(EventKind(event.kind), 3), event.kind
