"""What each unit made of a month: shares with both numbers, read from counters alone.

What follows from an answer is counted under the answer's day, so a share's parts are of one whole.
For everybody, a share of fewer than five cases is not shown: it could name a person. Where the
hidden ones could be worked out from the total, the next smallest are hidden with them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Sum

from xaso.kernel.identity.models import Unit
from xaso.kernel.measures.models import Counter
from xaso.kernel.places.models import Commune
from xaso.kernel.text import numbers, so
from xaso.kernel.working_time import clock
from xaso.reports import guards
from xaso.reports.actions import counting

LEAST = 5
_METRICS = (
    counting.RECEIVED, counting.REJECTED, counting.GIVEN, counting.ANSWERED, counting.REOPENED,
    counting.ACKNOWLEDGED_IN, counting.ANSWERED_IN, counting.EXTENDED_BEFORE, counting.ASKED,
    counting.RATED, counting.GATE_REFUSED,
)  # fmt: skip


@dataclass(frozen=True)
class Share:
    """So many of so many; hidden where it could name a person."""

    part: int = 0
    whole: int = 0
    is_hidden: bool = False

    @property
    def text(self) -> str:
        """Return the share in per cent; empty when there is nothing to share."""
        return "" if self.is_hidden else numbers.share(self.part, self.whole)

    @property
    def of(self) -> str:
        """Return both numbers."""
        return "" if self.is_hidden else f"{so(self.part)}/{so(self.whole)}"


@dataclass(frozen=True)
class Middle:
    """The median in working hours, and of how many."""

    hours: float | None = None
    n: int = 0
    is_hidden: bool = False

    @property
    def text(self) -> str:
        """Return the hours for reading; empty when nothing was measured."""
        return "" if self.hours is None or self.is_hidden else so(self.hours, 1)


@dataclass(frozen=True)
class Card:
    """One unit's month; `unit_id` None for the whole commune."""

    unit_id: int | None
    name: str
    given: int
    answered: int
    in_first: Share  # within the first promise / answered
    in_time: Share  # within the promise as it stood / answered
    extended: Share  # answers whose date had been moved / answered
    content: Share  # score 2 / rated
    accepting: Share  # score 2 or 1 / rated
    responding: Share  # rated / asked
    reopened: Share  # reopened / answered
    sent_back: Share  # refused by the gate / tries to answer
    acknowledged_in: Middle
    answered_in: Middle

    @property
    def is_small(self) -> bool:
        """Return whether every share that has cases is hidden: the unit had too few."""
        return all(
            figure.is_hidden or not figure.text
            for figure in (getattr(self, name) for name in (*_SHARES, *_MIDDLES))
        )


@dataclass(frozen=True)
class Scorecards:
    """A period of the commune: the whole, each unit, and what was not handled and why."""

    since: date
    until: date  # not included
    as_of: datetime
    received: int
    screened_out: Share
    reasons: Sequence[tuple[str, int]]
    whole: Card
    units: Sequence[Card] = field(default_factory=tuple)


_SHARES = (
    "in_first", "in_time", "extended", "content", "accepting", "responding", "reopened",
    "sent_back",
)  # fmt: skip
_MIDDLES = ("acknowledged_in", "answered_in")
Cells = list[tuple[str, Mapping[str, str], int]]


def read(commune: Commune, since: date, until: date) -> Scorecards:
    """Return the figures from a day up to but without another: two statements, no report read."""
    cells = _cells(commune, since, until)
    names = dict(Unit.objects.filter(commune=commune).values_list("pk", "name"))
    by_unit: dict[int, Cells] = defaultdict(list)
    for cell in cells:
        unit = cell[1].get("unit", "")
        if unit.isdigit() and int(unit) in names:
            by_unit[int(unit)].append(cell)
    units = [_card(key, names[key], own) for key, own in by_unit.items()]
    received = _sum(cells, counting.RECEIVED)
    return Scorecards(
        since=since,
        until=until,
        as_of=clock.now(),
        received=received,
        screened_out=Share(_sum(cells, counting.REJECTED), received),
        reasons=_reasons(cells),
        whole=_card(None, "", cells),
        units=sorted(units, key=lambda card: (-card.answered, card.name)),
    )


def published(found: Scorecards) -> Scorecards:
    """Return the same without what could name a person."""
    units = list(found.units)
    for name in _SHARES:
        hidden = _too_small({c.unit_id: getattr(c, name).whole for c in units})
        units = [_hidden(c, name, hidden) for c in units]
    for name in _MIDDLES:
        hidden = _too_small({c.unit_id: getattr(c, name).n for c in units})
        units = [_hidden(c, name, hidden) for c in units]
    whole = found.whole
    for name in (*_SHARES, *_MIDDLES):
        figure = getattr(whole, name)
        small = (figure.n if isinstance(figure, Middle) else figure.whole) < LEAST
        whole = _hidden(whole, name, {None} if small else set())
    reasons = [(text, n) for text, n in found.reasons if n >= LEAST]
    if (few := sum(n for _, n in found.reasons if n < LEAST)) >= LEAST:
        reasons.append(("", few))
    return replace(found, units=units, whole=whole, reasons=reasons)


def _too_small(sizes: Mapping[int | None, int]) -> set[int | None]:
    """Return whose figures are hidden: the small ones, and enough others to hide them among."""
    ordered = sorted((n, str(key), key) for key, n in sizes.items() if n)
    hidden = [(n, key) for n, _, key in ordered if n < LEAST]
    rest = [(n, key) for n, _, key in ordered if n >= LEAST]
    while hidden and rest and (len(hidden) == 1 or sum(n for n, _ in hidden) < LEAST):
        hidden.append(rest.pop(0))
    return {key for _, key in hidden}


def _hidden(card: Card, name: str, hidden: set[int | None]) -> Card:
    if card.unit_id not in hidden:
        return card
    changed = {name: replace(getattr(card, name), is_hidden=True)}
    return replace(card, **changed)


def _cells(commune: Commune, since: date, until: date) -> Cells:
    rows = Counter.objects.filter(
        commune_id=commune.id, metric__in=_METRICS, day__gte=since, day__lt=until
    )
    found = rows.values("metric", "dim1", "dim2").annotate(together=Sum("n")).order_by()
    return [
        (
            row["metric"],
            dict(d.split("=", 1) for d in (row["dim1"], row["dim2"]) if d),
            row["together"],
        )
        for row in found
    ]


def _sum(cells: Iterable[tuple[str, Mapping[str, str], int]], metric: str, **dims: str) -> int:
    return sum(
        n
        for name, known, n in cells
        if name == metric and all(known.get(k) == v for k, v in dims.items())
    )


def _card(unit: int | None, name: str, cells: Cells) -> Card:
    answered = _sum(cells, counting.ANSWERED)
    first = _sum(cells, counting.ANSWERED, on_time="first")
    later = _sum(cells, counting.ANSWERED, on_time="later")
    content, fair, bad = (_sum(cells, counting.RATED, score=s) for s in "210")
    rated = content + fair + bad
    back = _sum(cells, counting.GATE_REFUSED)
    return Card(
        unit_id=unit,
        name=name,
        given=_sum(cells, counting.GIVEN),
        answered=answered,
        in_first=Share(first, answered),
        in_time=Share(first + later, answered),
        extended=Share(_sum(cells, counting.EXTENDED_BEFORE), answered),
        content=Share(content, rated),
        accepting=Share(content + fair, rated),
        responding=Share(rated, _sum(cells, counting.ASKED)),
        reopened=Share(_sum(cells, counting.REOPENED), answered),
        sent_back=Share(back, back + answered),
        acknowledged_in=_middle(cells, counting.ACKNOWLEDGED_IN),
        answered_in=_middle(cells, counting.ANSWERED_IN),
    )


def _middle(cells: Cells, metric: str) -> Middle:
    """Return the median of what was counted by tenths of an hour."""
    counts: dict[int, int] = defaultdict(int)
    for name, dims, n in cells:
        if name == metric:
            counts[int(dims["tenths"])] += n
    total = sum(counts.values())
    if total <= 0:
        return Middle()
    ordered = [tenths for tenths in sorted(counts) for _ in range(counts[tenths])]
    low, high = ordered[(total - 1) // 2], ordered[total // 2]
    return Middle((low + high) / 20, total)


def _reasons(cells: Cells) -> list[tuple[str, int]]:
    """Return why reports were not handled, the most frequent first."""
    counts: dict[str, int] = defaultdict(int)
    for name, dims, n in cells:
        if name == counting.REJECTED:
            counts[dims.get("reason", "")] += n
    ordered = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return [(str(guards.REJECT_REASONS.get(code, "")), n) for code, n in ordered if n]
