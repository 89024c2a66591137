"""The rules a commune may change: streams, hazards, privacy, retention; dated, with their source.

A value comes from the newest row that began, else from `rule_defaults.KNOWN`. Rows are kept in
memory under the stamp of the categories, which changes with them: no statement while it stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports.models import Catalogue, Rule
from xaso.reports.rule_defaults import KNOWN, Known

_kept: dict[UUID, "Rules"] = {}


@dataclass(frozen=True)
class Held:
    """A rule as it holds on a day."""

    known: Known
    amount: int | None
    text: str
    sureness: str
    source: str
    valid_from: date | None  # None: as shipped


@dataclass(frozen=True)
class Rules:
    """All rows of a commune under one stamp, newest first by key."""

    stamp: UUID
    rows: Mapping[str, tuple[Rule, ...]]

    def held(self, key: str, day: date | None = None) -> Held:
        """Return a rule on a day, by default today; KeyError for one nobody knows."""
        known = KNOWN[key]
        on = day or dates.local(clock.now()).date()
        row = next((row for row in self.rows.get(key, ()) if row.valid_from <= on), None)
        if row is None:
            return Held(known, known.amount, known.text, known.sureness, known.source, None)
        return Held(known, row.amount, row.text, row.sureness, row.source, row.valid_from)

    def amount(self, key: str, day: date | None = None) -> int:
        """Return a rule's number on a day."""
        return self.held(key, day).amount or 0

    def text(self, key: str, day: date | None = None) -> str:
        """Return a rule's words on a day."""
        return self.held(key, day).text

    def lines(self, key: str) -> list[str]:
        """Return a rule's words line by line."""
        return [line.strip() for line in self.text(key).splitlines() if line.strip()]


def of(commune: UUID) -> Rules:
    """Return the rules of a commune, for one statement while nobody changed them."""
    stamp = Catalogue.objects.filter(commune=commune).values_list("stamp", flat=True).first()
    return stamped(commune, stamp or UUID(int=0))


def stamped(commune: UUID, stamp: UUID) -> Rules:
    """Return the rules under a stamp that was read together with something else."""
    kept = _kept.get(commune)
    if kept is None or kept.stamp != stamp:
        kept = _kept[commune] = Rules(stamp, _by_key(Rule.objects.filter(commune=commune)))
    return kept


def _by_key(rows: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return {
        key: tuple(sorted(of_key, key=lambda row: row.valid_from, reverse=True))
        for key, of_key in found.items()
    }
