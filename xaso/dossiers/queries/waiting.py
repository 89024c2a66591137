"""Who waits, who is called, and how long it took; nothing here names a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from xaso.dossiers.actions import queueing
from xaso.dossiers.actions.furnishing import digest
from xaso.dossiers.models import Booking, CounterDesk, QueueDevice, ServiceGroup, Ticket
from xaso.kernel.audit.actors import Actor
from xaso.kernel.measures import queries as measures
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

SHOWN = 5  # numbers on the screen, the newest first


@dataclass(frozen=True)
class Call:
    """One number as the screen shows and speaks it."""

    ticket: int
    letter: str
    number: int
    counter: int
    calls: int
    called_at: datetime

    @property
    def label(self) -> str:
        """Return the number as it is printed."""
        return f"{self.letter} {self.number:03d}"


@dataclass(frozen=True)
class Standing:
    """Where one number stands: how many go before it, and what is called now in its group."""

    ticket: Ticket
    group: str
    ahead: int
    last_called: str
    counter: int | None


@dataclass(frozen=True)
class Spread:
    """How long it took: how many, and within how many minutes half and nine in ten were done.

    None for fewer than one; the last edge stands for "longer".
    """

    n: int
    p50: int | None
    p90: int | None


def groups(commune: Commune, *, is_open: bool | None = None) -> Sequence[ServiceGroup]:
    """Return the groups of services by letter."""
    rows = ServiceGroup.objects.filter(commune=commune)
    return list(rows if is_open is None else rows.filter(is_open=is_open))


def counters(commune: Commune) -> Sequence[CounterDesk]:
    """Return the counters by number, with who sits there."""
    return list(CounterDesk.objects.filter(commune=commune).select_related("official"))


def devices(commune: Commune) -> Sequence[QueueDevice]:
    """Return the machines, those in use first."""
    rows = QueueDevice.objects.filter(commune=commune)
    return sorted(rows, key=lambda device: (device.revoked_at is not None, device.kind))


def device_of(token: str, commune: Commune, kind: str) -> QueueDevice | None:
    """Return the machine a token belongs to, if it may still do its work."""
    if not token:
        return None
    rows = QueueDevice.objects.filter(
        commune=commune,
        digest=digest(token),
        kind=kind,
        revoked_at=None,
        expires_at__gt=clock.now(),
    )
    return rows.first()


def my_counter(commune: Commune, by: Actor) -> CounterDesk | None:
    """Return the counter an official sits at."""
    return CounterDesk.objects.filter(commune=commune, official_id=int(by.id)).first()


def at_counter(counter: CounterDesk) -> Ticket | None:
    """Return the number that is being served at a counter."""
    return Ticket.objects.filter(counter=counter, state=Ticket.State.CALLED).first()


def absent(commune: Commune, letters: Sequence[str]) -> Sequence[Ticket]:
    """Return today's numbers that were called and did not come, the newest first."""
    rows = Ticket.objects.filter(
        commune=commune, day=_today(), letter__in=letters, state=Ticket.State.ABSENT
    )
    return list(rows.order_by("-finished_at")[:SHOWN])


def waiting(commune: Commune) -> Mapping[str, Mapping[str, int]]:
    """Return by letter how many wait today, and how many of them go first, in one statement."""
    rows = (
        Ticket.objects.filter(commune=commune, day=_today(), state=Ticket.State.WAITING)
        .values("letter")
        .annotate(all=Count("id"), first=Count("id", filter=~Q(priority="")))
        .order_by("letter")
    )
    return {row["letter"]: {"all": row["all"], "first": row["first"]} for row in rows}


def calls(commune: Commune) -> Sequence[Call]:
    """Return what the screen shows: the numbers called last today, the newest first."""
    rows = (
        Ticket.objects.filter(commune=commune, day=_today(), last_call_at__isnull=False)
        .select_related("counter")
        .exclude(counter=None)
        .order_by("-last_call_at")[:SHOWN]
    )
    return [
        Call(
            row.pk,
            row.first_letter,
            row.number,
            row.counter.number if row.counter else 0,
            row.calls,
            row.last_call_at or row.issued_at,
        )
        for row in rows
    ]


def standing(commune: Commune, uuid: UUID) -> Standing | None:
    """Return where a number of today or before stands, or None for an unknown one."""
    ticket = Ticket.objects.select_related("counter").filter(commune=commune, uuid=uuid).first()
    if ticket is None:
        return None
    others = Ticket.objects.filter(commune=commune, day=ticket.day, letter=ticket.letter)
    before = others.filter(state=Ticket.State.WAITING, queued_at__lt=ticket.queued_at)
    ahead = before.count() if ticket.state == Ticket.State.WAITING else 0
    last = others.filter(called_at__isnull=False).order_by("-called_at").first()
    group = ServiceGroup.objects.filter(commune=commune, letter=ticket.letter).first()
    return Standing(
        ticket,
        group.name if group else "",
        ahead,
        last.label if last else "",
        ticket.counter.number if ticket.counter else None,
    )


def booking(commune: Commune, code: str) -> Booking | None:
    """Return a booking by its code."""
    rows = Booking.objects.filter(commune=commune, code=code, cancelled_at=None)
    return rows.first()


def spread(commune: Commune, metric: str, since: date, until: date, *, letter: str = "") -> Spread:
    """Return how long waits or services took from `since` up to but without `until`."""
    dims = {"group": letter} if letter else None
    found = measures.by_dim("to", metric, commune.id, since, until, dims=dims)
    edges = [str(edge) for edge in queueing.BUCKETS]
    counts = [found[edge].n if edge in found else 0 for edge in edges]
    n = sum(counts) + (found["inf"].n if "inf" in found else 0)
    return Spread(n, _within(counts, n, 50), _within(counts, n, 90))


def today_spreads(commune: Commune) -> tuple[Spread, Spread]:
    """Return how long people waited and were served today."""
    today = _today()
    until = today + timedelta(days=1)
    return (
        spread(commune, queueing.WAITED, today, until),
        spread(commune, queueing.SERVED, today, until),
    )


def _within(counts: Sequence[int], n: int, percent: int) -> int | None:
    """Return the first edge under which so many per cent lie."""
    if not n:
        return None
    seen = 0
    for edge, count in zip(queueing.BUCKETS, counts, strict=True):
        seen += count
        if seen * 100 >= n * percent:
            return edge
    return queueing.BUCKETS[-1]


def _today() -> date:
    return dates.local(clock.now()).date()
