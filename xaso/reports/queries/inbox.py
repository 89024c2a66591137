"""The officials' inbox: open reports by deadline, in groups, and everything else by day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Sentence
from xaso.kernel.text import dates, spoken_code
from xaso.kernel.working_time import clock
from xaso.reports import catalogue
from xaso.reports.models import OPEN, Report, State
from xaso.reports.queries import board
from xaso.reports.queries.finding import matching

PAGE = 50
_COLUMNS = (
    "id", "code", "category_id", "village__kind", "village__name", "landmark", "state",
    "state_since", "received_at", "due_at", "answered_at", "text", "visibility", "severity",
    "unit__name", "assignee__full_name", "photo_count", "follower_count", "is_held", "version",
)  # fmt: skip
GROUPS: dict[str, Sentence] = {
    "late": _("Quá hạn"),
    "today": _("Hôm nay"),
    "week": _("Trong tuần này"),
    "later": _("Sau tuần này"),
    "paused": _("Tạm dừng, đồng hồ không chạy"),
    "done": _("Đã trả lời, đã đóng"),
}


@dataclass(frozen=True)
class InboxFilter:
    """What an official wants to see. `state` is a state, or empty for all that is open."""

    words: str = ""
    state: str = ""
    unit: int | None = None
    is_mine: bool = False
    category: str = ""
    village: int | None = None
    group: str = ""
    page: int = 1


@dataclass(frozen=True)
class Job:
    """One line of the inbox."""

    code: str
    title: str
    about: str
    kind: str
    icon: str
    state: str
    group: str
    due_at: datetime | None
    paused_at: datetime | None
    done_at: datetime | None
    is_late: bool
    id: int = 0
    version: int = 0

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.code)


@dataclass(frozen=True)
class Inbox:
    """One page of the inbox, in groups, in order."""

    groups: Sequence[tuple[str, Sentence, Sequence[Job]]]
    page: int
    has_more: bool
    jobs: Sequence[Job] = field(default_factory=tuple)


def inbox(
    commune: Commune,
    wanted: InboxFilter,
    *,
    by: Actor,
    now: datetime | None = None,
    kinds: catalogue.Categories | None = None,
) -> Inbox:
    """Return a page of reports, by deadline while open, else newest first.

    One statement beside the categories, and as many at 100,000 reports as at 600: open reports come
    from a partial index, closed ones from an index by day.
    """
    now = now or clock.now()
    kinds = kinds or catalogue.of(commune.id)
    rows = _wanted(commune, wanted, kinds, by)
    if wanted.group:
        rows = rows.filter(group_condition(wanted.group, now))
    start = (max(1, wanted.page) - 1) * PAGE
    found = list(_ordered(rows, wanted).values(*_COLUMNS)[start : start + PAGE + 1])
    jobs = [_job(row, kinds, now) for row in found[:PAGE]]
    groups = [
        (name, label, members)
        for name, label in GROUPS.items()
        if (members := [job for job in jobs if job.group == name])
    ]
    return Inbox(groups, max(1, wanted.page), len(found) > PAGE, jobs)


def group_condition(group: str, now: datetime) -> Q:
    """Return which open reports belong to a group of the inbox."""
    tonight, sunday = ends(now)
    running = Q(state__in=[s for s in OPEN if s != State.WAITING_INFO])
    conditions = {
        "late": running & Q(due_at__lt=now),
        "today": running & Q(due_at__gte=now, due_at__lt=tonight),
        "week": running & Q(due_at__gte=max(now, tonight), due_at__lt=sunday),
        "later": running & Q(due_at__gte=sunday),
        "paused": Q(state=State.WAITING_INFO),
    }
    return conditions.get(group, Q(pk__in=[]))


def ends(now: datetime) -> tuple[datetime, datetime]:
    """Return the end of the local day and of the local week."""
    today = dates.local(now).date()
    tonight = datetime.combine(today + timedelta(days=1), time.min, dates.ZONE)
    return tonight, tonight + timedelta(days=6 - today.weekday())


def _wanted(
    commune: Commune, wanted: InboxFilter, kinds: catalogue.Categories, by: Actor
) -> QuerySet[Report]:
    rows = Report.objects.filter(commune=commune)
    if wanted.state in State.values:
        rows = rows.filter(state=wanted.state)
    elif not wanted.words:
        rows = rows.filter(state__in=OPEN)
    if wanted.unit:
        rows = rows.filter(unit=wanted.unit)
    if wanted.is_mine and by.kind == "official":
        rows = rows.filter(assignee=int(by.id))
    if wanted.category:
        kind = kinds.by_code.get(wanted.category)
        rows = rows.filter(category=kind.id) if kind else rows.none()
    if wanted.village:
        rows = rows.filter(village=wanted.village)
    return matching(rows, wanted.words, is_public=False)


def _ordered(rows: QuerySet[Report], wanted: InboxFilter) -> QuerySet[Report]:
    is_open = not wanted.words and (not wanted.state or wanted.state in OPEN)
    return rows.order_by("due_at", "id") if is_open else rows.order_by("-received_at", "-id")


def _job(row: dict[str, Any], kinds: catalogue.Categories, now: datetime) -> Job:
    kind = kinds.by_id[row["category_id"]]
    state = State(row["state"])
    name = row["village__name"]
    village = f"{row['village__kind'].capitalize()} {name}" if name else ""
    is_paused = state == State.WAITING_INFO
    is_running = state in OPEN and not is_paused
    words = "" if row["visibility"] == "sealed" else (row["text"] or "")
    return Job(
        id=row["id"],
        version=row["version"],
        code=row["code"],
        title=board.title(words, kind.name, village),
        about=_about(row, village),
        kind=kind.name,
        icon=kind.icon,
        state=str(state.label),
        group=_group(state, row["due_at"], now),
        due_at=row["due_at"],
        paused_at=row["state_since"] if is_paused else None,
        done_at=None if is_running or is_paused else row["answered_at"] or row["state_since"],
        is_late=is_running and row["due_at"] < now,
    )


def _about(row: dict[str, Any], village: str) -> str:
    place = row["landmark"] or village
    who = row["assignee__full_name"] or row["unit__name"] or ""
    parts = (str(State(row["state"]).label), place, who, spoken_code.grouped(row["code"]))
    return " · ".join(filter(None, parts))


def _group(state: State, due: datetime, now: datetime) -> str:
    if state not in OPEN:
        return "done"
    if state == State.WAITING_INFO:
        return "paused"
    tonight, sunday = ends(now)
    if due < now:
        return "late"
    if due < tonight:
        return "today"
    return "week" if due < sunday else "later"
