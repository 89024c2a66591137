"""Rounds as they are shown: to residents, on the desk, on the sheet of the day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from xaso.dossiers import proactive
from xaso.dossiers.models import Dossier, Round, State
from xaso.dossiers.proactive import Due, Rule
from xaso.kernel.notifications import queries as messages
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

MOST = 60
_TOLD = (Round.State.ANNOUNCED, Round.State.OPEN, Round.State.CANCELLED)


@dataclass(frozen=True)
class Board:
    """What became of the dossiers of a round: counts, and the rows, open ones first."""

    received: int
    returned: int
    ready: int
    by_village: Sequence[tuple[str, int]]
    by_procedure: Sequence[tuple[str, int]]
    rows: Sequence[Dossier]

    @property
    def left(self) -> int:
        """Return how many are neither returned nor ready to be."""
        return self.received - self.returned - self.ready


@dataclass(frozen=True)
class Group:
    """Everybody of the round's villages whom one reminder reaches."""

    rule: Rule
    people: Sequence[Due]


def listed(commune: Commune) -> Sequence[Round]:
    """Return the sixty latest rounds, the furthest ahead first; `received` counts."""
    rows = _rows(commune).annotate(received=Count("dossiers", distinct=True))
    return list(rows[:MOST])


def one(commune: Commune, key: UUID) -> Round:
    """Return a round with its villages and people. Refuses with NotFound."""
    found = _rows(commune).filter(uuid=key).first()
    if found is None:
        raise NotFound
    return found


def public(commune: Commune) -> Sequence[Round]:
    """Return what residents are told: announced rounds from today on, called-off ones too."""
    today = datetime.combine(dates.local(clock.now()).date(), time(), dates.ZONE)
    rows = _rows(commune).filter(announced_at__isnull=False, state__in=_TOLD, ends_at__gte=today)
    return list(rows.order_by("starts_at", "id")[:MOST])


def next_one(commune: Commune) -> Round | None:
    """Return the round residents may go to next, one statement."""
    return _coming(commune).first()


def next_by_village(commune: Commune) -> dict[int, Round]:
    """Return the next round residents of each village may go to; two statements."""
    rows = _coming(commune).prefetch_related("villages")
    found: dict[int, Round] = {}
    for row in rows[:MOST]:
        for each in row.villages.all():
            found.setdefault(each.village_id, row)
    return found


def same_day(round_: Round) -> Sequence[Round]:
    """Return the other places the same people go to that day, the earliest first."""
    first = datetime.combine(dates.local(round_.starts_at).date(), time(), dates.ZONE)
    team = round_.members.values("official")
    rows = Round.objects.filter(
        commune=round_.commune_id,
        starts_at__gte=first,
        starts_at__lt=first + timedelta(days=1),
        members__official__in=team,
    ).exclude(pk=round_.pk)
    return list(rows.exclude(state=Round.State.CANCELLED).distinct().order_by("starts_at", "id"))


def told(round_: Round) -> int:
    """Return how many people were sent a text about a round."""
    sent = messages.about(round_, commune=round_.commune_id)
    return len({each.recipient for each in sent})


def board(round_: Round) -> Board:
    """Return how the dossiers of a round stand; one statement."""
    rows = Dossier.objects.filter(commune=round_.commune_id, in_round__round=round_)
    found = list(rows.select_related("procedure", "village", "unit").order_by("promise_at", "id"))
    villages = Counter(row.village.full_name if row.village else "" for row in found)
    procedures = Counter(row.procedure.name for row in found)
    return Board(
        received=len(found),
        returned=sum(row.returned_at is not None for row in found),
        ready=sum(row.state == State.RESOLVED for row in found),
        by_village=villages.most_common(),
        by_procedure=procedures.most_common(),
        rows=sorted(found, key=lambda row: row.returned_at is not None),
    )


def to_bring(round_: Round) -> QuerySet[Dossier]:
    """Return results that wait and may be given there: of the round, and of its villages."""
    villages = round_.villages.values("village")
    return Dossier.objects.filter(
        Q(in_round__round=round_) | Q(village__in=villages),
        commune=round_.commune_id,
        is_mirror=False,
        state=State.RESOLVED,
    )


def taken_offline(round_: Round) -> Sequence[Dossier]:
    """Return what a machine without network took in then, of its villages or none, of no round."""
    villages = round_.villages.values("village")
    rows = Dossier.objects.filter(
        Q(village__in=villages) | Q(village__isnull=True),
        commune=round_.commune_id,
        is_offline=True,
        in_round__isnull=True,
        accepted_at__gte=round_.starts_at - timedelta(hours=1),
        accepted_at__lte=round_.ends_at + timedelta(hours=2),
    )
    return list(rows.select_related("procedure").order_by("accepted_at")[:MOST])


def due(round_: Round, day: date) -> Sequence[Group]:
    """Return who of the villages is due for something on a day, for the door-to-door sheet.

    Reminders that say something sensitive stay off the paper.
    """
    villages = frozenset(each.village_id for each in round_.villages.all())
    groups = []
    for rule in proactive.rules(round_.commune, day):
        if rule.is_on and not rule.needs_flags:
            found = proactive.due(round_.commune, rule, day, villages)
            if found:
                groups.append(Group(rule, found))
    return groups


def _coming(commune: Commune) -> QuerySet[Round]:
    rows = Round.objects.filter(
        commune=commune,
        state__in=(Round.State.ANNOUNCED, Round.State.OPEN),
        ends_at__gte=clock.now(),
    )
    return rows.order_by("starts_at", "id")


def _rows(commune: Commune) -> QuerySet[Round]:
    rows = Round.objects.filter(commune=commune).select_related("commune")
    return rows.prefetch_related("villages__village", "members__official")
