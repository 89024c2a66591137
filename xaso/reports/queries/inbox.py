"""The officials' inbox: open reports by deadline, in groups, and everything else by day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from xaso.kernel.attachments import parts
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Sentence
from xaso.kernel.text import dates, spoken_code
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, readers
from xaso.reports.models import OPEN, Photo, Report, State, Visibility
from xaso.reports.queries import board
from xaso.reports.queries.finding import MOST_FOUND, matching

PAGE = 50
_COLUMNS = (
    "id", "code", "category_id", "village__kind", "village__name", "landmark", "state",
    "state_since", "received_at", "due_at", "answered_at", "text", "severity",
    "unit__name", "assignee__full_name", "photo_count", "follower_count", "is_held", "version",
)  # fmt: skip
_OPEN = frozenset(str(state) for state in OPEN)
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
    is_all: bool = False  # closed ones too


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
    rows = wanted_rows(commune, wanted, kinds, by)
    if wanted.group:
        rows = rows.filter(group_condition(wanted.group, now))
    start = (max(1, wanted.page) - 1) * PAGE
    rows = rows.annotate(photos_coming=_coming())
    found = list(
        _ordered(rows, wanted).values(*_COLUMNS, "photos_coming")[start : start + PAGE + 1]
    )
    drawer = _Drawer(kinds, now)
    jobs = [drawer.job(row) for row in found[:PAGE]]
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


def wanted_rows(
    commune: Commune, wanted: InboxFilter, kinds: catalogue.Categories, by: Actor
) -> QuerySet[Report]:
    """Return the reports a filter asks for, its group apart; without any words only open ones."""
    rows = Report.objects.filter(commune=commune).exclude(visibility=Visibility.SEALED)
    rows = readers.hide(rows.filter(is_drill=False), by)
    if wanted.state in State.values:
        rows = rows.filter(state=wanted.state)
    elif not (wanted.words or wanted.is_all):
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
    is_first = wanted == InboxFilter(words=wanted.words)
    most = PAGE + 1 if is_first else MOST_FOUND
    return matching(rows, wanted.words, is_public=False, most=most)


def _ordered(rows: QuerySet[Report], wanted: InboxFilter) -> QuerySet[Report]:
    is_open = not wanted.words and (not wanted.state or wanted.state in OPEN)
    return rows.order_by("due_at", "id") if is_open else rows.order_by("-received_at", "-id")


def _coming() -> Case:
    """Return how many announced photos are not here yet; asked only where there are any."""
    rows = Photo.objects.filter(report=OuterRef("pk"), state=Photo.State.EXPECTED).order_by()
    count = Subquery(rows.values("report").annotate(n=Count("pk")).values("n"))
    return Case(When(photo_count__gt=0, then=Coalesce(count, 0)), default=0)


class _Drawer:
    """Makes lines from rows; what is the same for every row is worked out once."""

    def __init__(self, kinds: catalogue.Categories, now: datetime) -> None:
        """Read the words of states and categories in the reader's language."""
        self.now = now
        self.tonight, self.sunday = ends(now)
        self.labels = {str(state): str(state.label) for state in State}
        self.kinds = {key: (kind.name, kind.icon) for key, kind in kinds.by_id.items()}

    def job(self, row: dict[str, Any]) -> Job:
        """Return the line of one row."""
        kind, icon = self.kinds[row["category_id"]]
        group = self.group(row["state"], row["due_at"])
        village = ""
        if row["village__name"]:
            village = f"{row['village__kind'].capitalize()} {row['village__name']}"
        words = row["text"] or ""
        who = row["assignee__full_name"] or row["unit__name"] or ""
        label, spoken = self.labels[row["state"]], spoken_code.grouped(row["code"])
        return Job(
            id=row["id"],
            version=row["version"],
            code=row["code"],
            title=board.title(words, kind, village),
            about=" · ".join(
                filter(None, (label, row["landmark"] or village, who, spoken, self.photos(row)))
            ),
            kind=kind,
            icon=icon,
            state=label,
            group=group,
            due_at=row["due_at"],
            paused_at=row["state_since"] if group == "paused" else None,
            done_at=(row["answered_at"] or row["state_since"]) if group == "done" else None,
            is_late=group == "late",
        )

    def photos(self, row: dict[str, Any]) -> str:
        """Return what is said of photos under way, nothing when all are here."""
        coming, count = row["photos_coming"], row["photo_count"]
        if not coming:
            return ""
        if self.now - row["received_at"] > parts.KEPT:
            return ngettext("%(n)s ảnh không tới", "%(n)s ảnh không tới", coming) % {"n": coming}
        return _say("ảnh đang tới %(d)s/%(a)s") % {"d": count - coming, "a": count}

    def group(self, state: str, due: datetime) -> str:
        """Return the group of the inbox a report belongs to."""
        if state not in _OPEN:
            return "done"
        if state == State.WAITING_INFO:
            return "paused"
        if due < self.now:
            return "late"
        if due < self.tonight:
            return "today"
        return "week" if due < self.sunday else "later"
