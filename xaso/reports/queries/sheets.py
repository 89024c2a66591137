"""The sheet of the day: what an official, a unit or the commune has to do now, to be printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Sentence
from xaso.kernel.text import spoken_code
from xaso.reports import catalogue, readers
from xaso.reports.models import OPEN, Report, State
from xaso.reports.queries import board
from xaso.reports.queries.inbox import ends

MOST = 40  # ten sheets of paper; nobody does more in a day
MINE, UNIT, ALL = "toi", "don-vi", "xa"
WHOSE: dict[str, Sentence] = {MINE: _("Của tôi"), UNIT: _("Của đơn vị"), ALL: _("Cả xã")}


@dataclass(frozen=True)
class Paper:
    """One job on paper; no name and no phone, since paper is left lying about."""

    code: str
    title: str
    kind: str
    where: str
    state: str
    who: str
    due_at: datetime
    is_late: bool
    is_new: bool
    photos: int

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.code)


@dataclass(frozen=True)
class Day:
    """The jobs of a day, the most urgent first, and how many did not fit on the paper."""

    jobs: Sequence[Paper]
    left_out: int


def of_day(commune: Commune, whose: str, *, by: Actor, now: datetime) -> Day:
    """Return what is late, due today, or not looked at yet. Three statements."""
    kinds = catalogue.of(commune.id)
    tonight, _sunday = ends(now)
    running = Report.objects.filter(commune=commune, state__in=OPEN)
    rows = running.exclude(state=State.WAITING_INFO).exclude(visibility="sealed")
    rows = rows.filter(Q(due_at__lt=tonight) | Q(state=State.NEW))
    if whose == MINE:
        rows = rows.filter(assignee=int(by.id))
    elif whose == UNIT:
        rows = rows.filter(unit=by.unit_id) if by.unit_id else rows.none()
    rows = readers.hide(rows, by)
    there = rows.count()
    found = rows.select_related("village", "unit", "assignee").order_by("due_at", "id")[:MOST]
    return Day([_paper(row, kinds, now) for row in found], max(0, there - MOST))


def _paper(row: Report, kinds: catalogue.Categories, now: datetime) -> Paper:
    kind = kinds.name(row.category_id)
    village = row.village.full_name if row.village else ""
    return Paper(
        code=row.code,
        title=board.title(row.text or "", kind, village),
        kind=kind,
        where=row.where(),
        state=str(State(row.state).label),
        who=(row.assignee.full_name if row.assignee else row.unit.name if row.unit else ""),
        due_at=row.due_at,
        is_late=row.is_overdue(now),
        is_new=row.state == State.NEW,
        photos=row.photo_count,
    )
